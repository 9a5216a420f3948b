"""Blocks of text without references to the library."""

import random

WORDS = (
    "the of and to in a is that it was for on are with as his they at be this from have or by one had not but what all "
    "were when we there can an your which their said if do will each about how up out them then she many some so these "
    "would other into has more her two like him see time could no make than first been its who now people my made over "
    "did down only way find use may water long little very after words called just where most know morning evening "
    "harbour village bicycle kitchen mountain river bridge market summer winter letter window garden street camera "
    "café naïve Zürich façade São piñata “quoted” it&#8217;s 50&nbsp;% &amp; — … 東京 🚲"
).split()
BLOCKS = 3000


def blocks(seed):
    """The pool that posts draw from; all but a few speak of no uploads folder at all."""
    chance = random.Random(seed)

    def sentence(longest):
        words = chance.choices(WORDS, k=chance.randrange(5, longest))
        return " ".join(words).capitalize() + "."

    def text(sentences):
        return " ".join(sentence(18) for _ in range(sentences))

    pool = []
    for number in range(BLOCKS):
        kind = number % 30
        if number % 500 == 499:
            # Another site's picture, of a name that this library could have.
            url = f"https://images.example.org/wp-content/uploads/2016/05/IMG_{number}.jpg"
            pool.append(f'<!-- wp:html -->\n<img src="{url}" alt="">\n<!-- /wp:html -->')
        elif kind == 0:
            html = f'<h3 class="wp-block-heading">{sentence(8)}</h3>'
            pool.append(f'<!-- wp:heading {{"level":3}} -->\n{html}\n<!-- /wp:heading -->')
        elif kind == 1:
            items = "".join(f"<!-- wp:list-item -->\n<li>{sentence(12)}</li>\n<!-- /wp:list-item -->" for _ in range(5))
            pool.append(f'<!-- wp:list -->\n<ul class="wp-block-list">{items}</ul>\n<!-- /wp:list -->')
        elif kind < 5:
            link = f'<a href="https://example.com/20{chance.randrange(12, 24)}/{chance.choice(WORDS[:99])}-{number}/">'
            pool.append(f"<!-- wp:paragraph -->\n<p>{text(3)} {link}{sentence(7)}</a> {text(2)}</p>\n<!-- /wp:paragraph -->")
        elif kind == 5:
            pool.append(f"{text(6)}\r\n\r\n{text(3)}")
        elif kind == 6:
            html = f'<pre class="wp-block-code"><code>IMG_{number}.jpg\t\\d+\\.jpg</code></pre>'
            pool.append(f"<!-- wp:code -->\n{html}\n<!-- /wp:code -->")
        else:
            pool.append(f"<!-- wp:paragraph -->\n<p>{text(chance.randrange(3, 9))}</p>\n<!-- /wp:paragraph -->")
    return pool
