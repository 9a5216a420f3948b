"""The rows of the site: what posts, meta, options and comments say, with images in WordPress's dresses.

Every value depends on the seed, its number and the names of the library alone. So the same value made
from a library of new names is what a rename has to make of it.
"""

import base64
import random
import urllib.parse

from . import php, prose
from .library import HOST, UPLOADS

AVERAGE_CONTENT = 778_000_000 // 110_000
# A few posts are notes, a few are books.
LENGTHS = (0.1, 0.3, 0.5, 0.6, 0.8, 0.9, 1.0, 1.2, 1.6, 3.0)


class Site:
    """The rows of a site of `posts` posts and `meta` rows of post meta."""

    def __init__(self, seed, library, posts, meta, references=1, illustrated=0.75):
        self.seed = seed
        self.library = library
        self.posts = posts
        self.references = references
        self.illustrated = illustrated
        self.meta = max(meta, 3 * len(library))
        self.meta_of_posts = self.meta - 3 * len(library)
        self.pool = prose.blocks(seed)
        self.average_block = sum(map(len, (block.encode() for block in self.pool))) / len(self.pool) + 2

    def chance(self, kind, number):
        """Randomness of its own for each row, so that a row can be made alone."""
        return random.Random((self.seed << 40 | number) << 4 | kind)

    def picture(self, chance):
        return self.library.attachments[int(chance.random() * len(self.library))]

    # Posts

    def first_post(self):
        return len(self.library) + 1

    def content(self, number):
        """The post_content of the post with the id `number`."""
        chance = self.chance(1, number)
        images = ""
        if chance.random() < self.illustrated:
            count = (1 + int(chance.random() * 3)) * self.references
            images = self.illustration(chance, [self.picture(chance) for _ in range(count)])
        length = AVERAGE_CONTENT * LENGTHS[int(chance.random() * 10)]
        # What the images take on average is taken off the text, whatever this post's take.
        count = max(1, round((length - (1230 if self.illustrated else 0)) / self.average_block))
        text = chance.choices(self.pool, k=count)
        if images:
            text.insert(count // 2, images)
        return "\n\n".join(text)

    def illustration(self, chance, pictures):
        kind = chance.random()
        if kind < 0.62:
            blocks = "\n\n".join(map(image_block, pictures))
            return (
                '<!-- wp:gallery {"linkTo":"media"} -->\n<figure class="wp-block-gallery has-nested-images columns-default '
                f'is-cropped">{blocks}</figure>\n<!-- /wp:gallery -->')
        if kind < 0.84:
            return "\n".join(map(classic_image, pictures))
        if kind < 0.90:
            return "\n\n".join(map(cover_block, pictures))
        if kind < 0.95:
            return "\n".join(map(share_link, pictures))
        if kind < 0.98:
            return "\n".join(f"![{picture.title()}]({picture.url('medium')})" for picture in pictures)
        return "\n".join(map(raw_html, pictures))

    # Post meta

    def attachment_meta(self, picture):
        return (
            ("_wp_attached_file", picture.names["full"]),
            ("_wp_attachment_metadata", picture.metadata()),
            ("_wp_attachment_image_alt", picture.title()),
        )

    def post_meta(self, number):
        """The meta rows of the post with the id `number`; together they are as many as asked for."""
        place = number - self.first_post()
        count = (place + 1) * self.meta_of_posts // self.posts - place * self.meta_of_posts // self.posts
        chance = self.chance(2, number)
        rows = []
        if chance.random() < 0.12:
            rows.append(self.builder_meta(chance, number))
        if chance.random() < 0.5:
            rows.append(("_thumbnail_id", str(self.picture(chance).id)))
        rows.append(("_edit_lock", f"{1_500_000_000 + number}:1"))
        rows.append(("_edit_last", "1"))
        for extra in range(len(rows), count):
            rows.append((f"_plugin_field_{extra}", php.serialize({"views": number, "ratio": 0.1, "tags": ["a", "b"]})))
        return rows[:count]

    def builder_meta(self, chance, number):
        pictures = [self.picture(chance) for _ in range((1 + number % 3) * self.references)]
        kind = int(chance.random() * 6)
        if kind < 2:
            return "_elementor_data", php.json_encode([{
                "id": f"{number:x}", "elType": "section",
                "settings": {"background_image": {"url": picture.url(), "id": picture.id}},
                "elements": [
                    {"elType": "widget", "widgetType": "image", "settings": {
                        "image": {"url": picture.url("large"), "id": picture.id, "alt": "Über 5 €"}}},
                    {"elType": "widget", "widgetType": "text-editor", "settings": {
                        "editor": f'<p><img src="{picture.url("medium")}" alt="{picture.title()}"></p>'}}],
            } for picture in pictures])
        if kind == 2:
            return "_builder_layout", php.serialize({"version": 2.5, "rows": [
                {"title": "Grüße", "image": picture.url("large"), "id": picture.id, "lazy": True,
                 "data": php.json_encode({"full": picture.url()})} for picture in pictures]})
        if kind == 3:
            return "_downloadable_files", php.serialize({
                f"{picture.id:08x}": {"id": f"{picture.id:08x}", "name": "Wallpaper", "file": picture.url()}
                for picture in pictures})
        if kind == 4:
            return "hero_file", pictures[0].names["medium_large"]
        return "_custom_css", "".join(
            f'.hero-{picture.id}{{background:url("/wp-content/uploads/{picture.names["large"]}")}}\n'
            for picture in pictures)

    # The rest

    def options(self):
        """The options that matter, then as many as plugins leave behind."""
        chance = self.chance(3, 0)
        first, second = self.picture(chance), self.picture(chance)
        yield "siteurl", HOST
        yield "home", HOST
        yield "blogname", "A big site"
        yield "upload_path", ""
        yield "upload_url_path", ""
        yield "uploads_use_yearmonth_folders", "1"
        yield "stylesheet", "plain"
        yield "template", "plain"
        yield "active_plugins", php.serialize(["builder/builder.php", "shop/shop.php"])
        yield "theme_mods_plain", php.serialize({"header_image": first.url(), "custom_logo": first.id})
        yield "widget_text", php.serialize({
            2: {"title": "Über uns", "text": f'<img src="{second.url("medium")}" alt="">', "filter": True},
            "_multiwidget": 1})
        yield "widget_media_image", php.serialize({
            3: {"attachment_id": first.id, "url": first.url(), "size": "full"}, "_multiwidget": 1})
        for number in range(40):
            picture = self.picture(chance)
            yield f"slider_{number}", php.serialize({
                "slides": php.serialize([{"image": picture.url("large"), "duration": 0.1}]),
                "json": php.json_encode({"thumb": picture.url("thumbnail")})})
        for number in range(300):
            yield f"_transient_cache_{number}", php.serialize({"time": number, "list": ["x" * (number % 90)] * 5})

    def comments(self):
        return self.posts // 10

    def comment(self, number):
        chance = self.chance(4, number)
        text = " ".join(chance.choices(prose.WORDS, k=20))
        return f"{text} {self.picture(chance).url()}." if chance.random() < 0.01 else text

    def style_sheets(self):
        """The files that a page builder generates below uploads: path and text."""
        for number in range(count_of_style_sheets(self.posts)):
            picture = self.picture(self.chance(5, number))
            path = f"elementor/css/post-{self.first_post() + number}.css"
            yield path, f'.hero{{background-image:url("{picture.url()}")}}\n'


def count_of_style_sheets(posts):
    return min(posts // 50, 200)


def image_block(picture):
    attributes = php.block_attributes({"id": picture.id, "sizeSlug": "large", "linkDestination": "media"})
    return (
        f'<!-- wp:image {attributes} -->\n<figure class="wp-block-image size-large"><a href="{picture.url()}">'
        f'<img src="{picture.url("large")}" srcset="{picture.srcset()}" '
        f'sizes="(max-width: 1024px) 100vw, 1024px" alt="{picture.title()}" '
        f'class="wp-image-{picture.id}"/></a></figure>\n<!-- /wp:image -->')


def classic_image(picture):
    width, height = picture.dimensions("medium")
    return (
        f'[caption id="attachment_{picture.id}" align="alignleft" width="{width}"]<a href="{picture.url()}">'
        f'<img class="size-medium wp-image-{picture.id}" src="{picture.url("medium")}" srcset="{picture.srcset()}" '
        f'alt="{picture.title()}" width="{width}" height="{height}" /></a> {picture.title()}[/caption]')


def cover_block(picture):
    attributes = php.block_attributes({"url": picture.url(), "id": picture.id, "dimRatio": 30})
    return (
        f'<!-- wp:cover {attributes} -->\n<div class="wp-block-cover"><img class="wp-block-cover__image-background '
        f'wp-image-{picture.id}" alt="" src="{picture.url()}" data-object-fit="cover"/></div>\n<!-- /wp:cover -->')


def share_link(picture):
    target = urllib.parse.quote(picture.url("large"), safe="")
    return f'<a href="https://pin.example.net/create?media={target}&amp;description=x">Share</a>'


def raw_html(picture):
    html = urllib.parse.quote(f'<img src="{UPLOADS}{picture.names["large"]}">')
    return f"[vc_raw_html]{base64.b64encode(html.encode()).decode()}[/vc_raw_html]"
