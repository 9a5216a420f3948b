#!/usr/bin/env python3
"""Makes a sample WordPress site on SQLite from nothing: pictures, sizes, posts, settings.

    make-site.py FOLDER

Pictures and their sizes are drawn by libvips' command-line tools. Serialized values are built with
lengths counted from their bytes, so they are right by construction.
"""

import base64
import concurrent.futures
import json
import pathlib
import re
import sqlite3
import subprocess
import sys
import urllib.parse

import scenes

URL = "https://example.com/wp-content/uploads/"
MONTH = "2024/05"

# File, width, title, alternative text, sky, parts.
PICTURES = [
    ("IMG_2041.jpg", 1600, "Red mountain bike", "A red mountain bike on a green hill", "day", "clouds hills bicycle"),
    ("DSC00017.jpg", 2700, "Lake below the mountains", "A lake below grey mountains", "dawn", "sun mountains sea"),
    ("IMG_2042.jpg", 1600, "Sailing boat at sunset", "A sailing boat at sunset", "dusk", "sun sea boat"),
    ("scan0003.png", 900, "White lighthouse", "A white lighthouse above the sea", "grey", "clouds sea lighthouse"),
    ("photo-1.webp", 1400, "City at night", "A city with lit windows at night", "night", "stars city"),
    ("IMG_20.jpg", 1200, "Hot-air balloons", "Three hot-air balloons over hills", "day", "clouds hills balloon"),
    ("IMG_204.jpg", 1200, "House in a meadow", "A house in a meadow of flowers", "day", "sun hills house flowers"),
    ("DSC00018.jpg", 1600, "Forest trail", "A forest below the mountains", "grey", "mountains forest"),
    ("WhatsApp-Image-2024-05-02.jpeg", 1200, "Desert dunes", "Dunes in the evening", "dusk", "sun dunes"),
    ("Screenshot_20240503.png", 1000, "Winter stars", "Stars above a mountain forest", "night", "stars mountains forest"),
    ("unnamed.jpg", 1300, "Spring meadow", "A meadow full of flowers", "dawn", "sun hills flowers"),
    ("a1b2c3d4.webp", 1400, "Harbour in the morning", "A boat in the morning", "dawn", "clouds sea boat"),
    ("P1010007.jpg", 1500, "Lighthouse at night", "A lighthouse under the stars", "night", "stars sea lighthouse"),
    ("image0.jpg", 1200, "Cycling in the desert", "A bicycle between dunes", "day", "sun dunes bicycle"),
]
# Uploaded and forgotten: WordPress made the title of the file name, and there is no alternative text.
UNDESCRIBED = {4, 7, 10, 11, 12}
TYPES = {"jpg": "image/jpeg", "jpeg": "image/jpeg", "png": "image/png", "webp": "image/webp"}
WIDTHS = {"medium": 300, "medium_large": 768, "large": 1024}


def php(value):
    """A value as PHP's serialize() writes it."""
    if value is None:
        return "N;"
    if isinstance(value, bool):
        return f"b:{int(value)};"
    if isinstance(value, int):
        return f"i:{value};"
    if isinstance(value, float):
        return f"d:{value!r};"
    if isinstance(value, str):
        return f's:{len(value.encode())}:"{value}";'
    pairs = enumerate(value) if isinstance(value, list) else value.items()
    body = "".join(php(key) + php(entry) for key, entry in pairs)
    return f"a:{len(value)}:{{{body}}}"


def block(name, attributes, html):
    """A block as WordPress's editor stores it."""
    text = json.dumps(attributes, ensure_ascii=False, separators=(",", ":"))
    for plain, escaped in (("--", "\\u002d\\u002d"), ("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
        text = text.replace(plain, escaped)
    return f"<!-- wp:{name} {text} -->\n{html}\n<!-- /wp:{name} -->"


def php_json(value):
    """JSON as PHP writes it by default: slashes escaped."""
    return json.dumps(value, separators=(",", ":")).replace("/", "\\/")


def vips(*arguments):
    subprocess.run(arguments, check=True, stdout=subprocess.DEVNULL)


def draw(uploads, number, picture):
    """Draws a picture and its sizes; returns what WordPress would record of them."""
    name, width, title, alt, sky, parts = picture
    folder = uploads / MONTH
    stem, kind = name.rsplit(".", 1)
    height = width * 2 // 3
    work = folder / f".{stem}"
    svg = work.with_suffix(".svg")
    svg.write_text(scenes.scene(number, sky, parts.split(), width, height))
    flat, grain, mixed = (work.with_suffix(suffix) for suffix in (".flat.v", ".grain.v", ".mixed.v"))
    # A little grain, as a camera would add.
    vips("vips", "flatten", str(svg), str(flat))
    vips("vips", "gaussnoise", str(grain), str(width), str(height), "--sigma", "7", "--mean", "0")
    vips("vips", "add", str(flat), str(grain), str(mixed))
    options = "" if kind == "png" else "[Q=82]"
    vips("vips", "cast", str(mixed), f"{folder / name}{options}", "uchar")
    for file in (svg, flat, grain, mixed):
        file.unlink()

    attached = name
    extra = {}
    if width > 2560:
        attached = f"{stem}-scaled.{kind}"
        vips("vipsthumbnail", str(folder / name), "--size", "2560x", "-o", f"{folder / attached}{options}")
        extra["original_image"] = name
        width, height = 2560, round(height * 2560 / width)
    sizes = {"thumbnail": size(folder, name, f"{stem}-150x150.{kind}", "150x150", 150, 150)}
    for label, wide in WIDTHS.items():
        if wide < width:
            high = round(wide * height / width)
            sizes[label] = size(folder, name, f"{stem}-{wide}x{high}.{kind}", f"{wide}x{high}!", wide, high)
    path = f"{MONTH}/{attached}"
    return {
        "id": number, "title": title, "alt": alt, "path": path, "type": TYPES[kind],
        "sizes": {label: f"{MONTH}/{entry['file']}" for label, entry in sizes.items()},
        "metadata": {"width": width, "height": height, "file": path,
                     "filesize": (folder / attached).stat().st_size, "sizes": sizes,
                     "image_meta": {"aperture": "0", "caption": "", "keywords": []}} | extra,
    }


def size(folder, name, made, geometry, width, height):
    crop = ["--smartcrop", "attention"] if width == height else []
    vips("vipsthumbnail", str(folder / name), "--size", geometry, *crop, "-o", str(folder / made))
    kind = made.rsplit(".", 1)[1]
    return {"file": made, "width": width, "height": height, "mime-type": TYPES[kind],
            "filesize": (folder / made).stat().st_size}


def posts(pictures):
    """The site's posts: title, content, meta. Each shows its pictures in another dress."""
    def url(number, label=None):
        picture = pictures[number - 1]
        return URL + (picture["sizes"][label] if label else picture["path"])

    def image_block(number):
        return block("image", {"id": number, "sizeSlug": "large", "linkDestination": "none"},
                     f'<figure class="wp-block-image size-large"><img src="{url(number, "large")}" '
                     f'alt="{pictures[number - 1]["alt"]}" class="wp-image-{number}"/></figure>')

    raw_html = base64.b64encode(urllib.parse.quote(f'<img src="{url(14)}">').encode()).decode()
    gallery = "\n".join(image_block(number) for number in (5, 8, 11))
    elementor = [{"id": "5a1f", "elType": "section", "settings": {"background_image": {"url": url(3), "id": 3}},
                  "elements": [{"elType": "widget", "widgetType": "image", "settings": {"image": {"url": url(10), "id": 10}}},
                               {"elType": "widget", "widgetType": "text-editor",
                                "settings": {"editor": f'<p><img src="{url(9, "medium")}"></p>'}}]}]
    return [
        ("A day on the trail", "\n\n".join([
            image_block(1),
            "<!-- wp:paragraph -->\n<p>My camera calls it IMG_2041.jpg; now you know why nobody finds it.</p>\n<!-- /wp:paragraph -->",
            block("cover", {"url": url(2), "id": 2, "dimRatio": 30},
                  f'<div class="wp-block-cover"><img src="{url(2)}" alt=""/></div>'),
            f'<!-- wp:html -->\n<a href="https://www.facebook.com/sharer.php?u={urllib.parse.quote(url(1), safe="")}">Share</a>\n<!-- /wp:html -->',
         ]), {"_thumbnail_id": "1"}),
        ("How we wrote posts ten years ago",
         f'<p><a href="{url(6)}"><img class="size-medium wp-image-6" src="{url(6, "medium")}" '
         f'srcset="{url(6, "medium")} 300w, {url(6, "large")} 1024w, {url(6)} 1200w" alt="Balloons" /></a></p>\n'
         f'[caption id="attachment_7" width="300"]<img src="{url(7, "medium")}" /> The house[/caption]\n'
         f"<div style=\"background-image:url('/wp-content/uploads/{pictures[3]['path']}')\"></div>\n"
         f'<img src="//example.com/wp-content/uploads/{pictures[12]["path"]}?ver=2#top">', {}),
        ("Three pictures of one summer",
         block("gallery", {"linkTo": "none"}, f'<figure class="wp-block-gallery">{gallery}</figure>')
         + '\n\n[gallery ids="2,3,12"]', {}),
        ("Built with a page builder", "", {
            "_elementor_data": php_json(elementor),
            "_elementor_page_settings": php({"background": {"url": url(12, "large"), "id": 12}, "ratio": 1.5})}),
        ("Notes in Markdown", f"![Meadow]({url(11, 'medium')}) and ![Night]({url(13)} \"IMG_20.jpg\")\n\n"
                              f"[vc_raw_html]{raw_html}[/vc_raw_html]", {
            "gallery_file": pictures[7]["path"],
            "_downloadable_files": php({"d1": {"name": "Wallpaper", "file": url(5)}})}),
        ("Not ours to change", "https://photos.example.org/wp-content/uploads/2024/05/IMG_2041.jpg\n"
                               f"{URL}2024/05/IMG_2041.jpg.bak and IMG_20.jpg in a sentence", {}),
    ]


def options(pictures):
    def url(number, label=None):
        picture = pictures[number - 1]
        return URL + (picture["sizes"][label] if label else picture["path"])

    return {
        "siteurl": "https://example.com", "home": "https://example.com", "blogname": "Out and about",
        "upload_path": "", "upload_url_path": "", "uploads_use_yearmonth_folders": "1",
        "stylesheet": "plain", "template": "plain",
        "widget_text": php({2: {"title": "Über uns", "text": f'<img src="{url(1, "medium")}" alt="">', "filter": True},
                            "_multiwidget": 1}),
        "widget_media_image": php({3: {"attachment_id": 13, "url": url(13), "size": "full"}, "_multiwidget": 1}),
        "theme_mods_plain": php({"header_image": url(2), "background_image": url(4), "custom_logo": 4}),
        "slider_settings": php({"slides": php([{"image": url(14), "duration": 0.1}]),
                                "json": php_json({"image": url(6, "large")})}),
    }


def tables(database, pictures):
    schema = pathlib.Path(__file__).with_name("schema.sql").read_text()
    database.executescript(schema)
    when = "2024-05-04 10:00:00"

    def post(title, content, kind, **more):
        fields = {"post_author": 1, "post_date": when, "post_date_gmt": when, "post_modified": when,
                  "post_modified_gmt": when, "post_content": content, "post_title": title, "post_type": kind,
                  "post_name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")} | more
        names = ", ".join(fields)
        marks = ", ".join("?" * len(fields))
        return database.execute(f"INSERT INTO wp_posts ({names}) VALUES ({marks})", list(fields.values())).lastrowid

    def meta(post_id, key, value):
        database.execute("INSERT INTO wp_postmeta (post_id, meta_key, meta_value) VALUES (?, ?, ?)", (post_id, key, value))

    for picture in pictures:
        is_described = picture["id"] not in UNDESCRIBED
        name = pathlib.PurePath(picture["path"]).stem
        number = post(picture["title"] if is_described else name, "", "attachment", post_status="inherit", post_mime_type=picture["type"],
                      guid=URL + picture["path"])
        assert number == picture["id"]
        meta(number, "_wp_attached_file", picture["path"])
        meta(number, "_wp_attachment_metadata", php(picture["metadata"]))
        if is_described:
            meta(number, "_wp_attachment_image_alt", picture["alt"])
    for title, content, metas in posts(pictures):
        number = post(title, content, "post")
        for key, value in metas.items():
            meta(number, key, value)
    css = f".hero{{background:url(\"{URL + pictures[7]['path']}\")}} .foot{{background:url({URL + pictures[8]['sizes']['large']})}}"
    post("plain", css, "custom_css")
    for name, value in options(pictures).items():
        database.execute("INSERT INTO wp_options (option_name, option_value) VALUES (?, ?)", (name, value))
    database.execute("INSERT INTO wp_comments (comment_post_ID, comment_author, comment_date, comment_content) "
                     "VALUES (15, 'Ada', ?, ?)", (when, f"Lovely: {URL + pictures[9]['path']}."))
    database.execute("INSERT INTO wp_terms VALUES (1, 'Outdoors', 'outdoors')")
    database.execute("INSERT INTO wp_termmeta (term_id, meta_key, meta_value) VALUES (1, 'thumbnail', ?)",
                     (URL + pictures[10]["sizes"]["thumbnail"],))
    database.execute("INSERT INTO wp_users VALUES (1, 'ada', 'ada@example.com', 'Ada')")
    database.execute("INSERT INTO wp_usermeta (user_id, meta_key, meta_value) VALUES (1, 'avatar', ?)",
                     (php({"full": URL + pictures[0]["path"]}),))
    for day, number in enumerate((1, 8, 2), 1):
        database.execute("INSERT INTO wp_tours VALUES ('alps', ?, ?)", (day, URL + pictures[number - 1]["path"]))


CONFIG = """<?php
define('DB_NAME', 'sample');
define('DB_USER', '');
define('DB_PASSWORD', '');
define('DB_HOST', '');
define('DB_CHARSET', 'utf8mb4');
$table_prefix = 'wp_';
if (!defined('ABSPATH')) {
    define('ABSPATH', __DIR__ . '/');
}
require_once ABSPATH . 'wp-settings.php';
"""


def main():
    # vipsthumbnail takes a relative output for one beside its input.
    site = pathlib.Path(sys.argv[1]).resolve()
    uploads = site / "wp-content/uploads"
    (uploads / MONTH).mkdir(parents=True)
    (site / "wp-content/database").mkdir()
    (site / "wp-config.php").write_text(CONFIG)
    (site / "wp-content/db.php").write_text("<?php\n// Where the SQLite plugin leaves its drop-in.\n")
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        pictures = list(pool.map(lambda pair: draw(uploads, *pair), enumerate(PICTURES, 1)))
    styles = uploads / "elementor/css"
    styles.mkdir(parents=True)
    (styles / "post-18.css").write_text(f'.hero{{background-image:url("{URL + pictures[2]["path"]}")}}\n')
    database = sqlite3.connect(site / "wp-content/database/.ht.sqlite")
    database.execute("PRAGMA journal_mode = WAL")
    with database:
        tables(database, pictures)
    database.close()
    # The names that the demo gives to pictures that nobody has described.
    lines = ["id,name"] + [
        f"{picture['id']},{re.sub(r'[^a-z0-9]+', '-', picture['title'].lower())}" for picture in pictures
        if picture["id"] in UNDESCRIBED - {12}]
    (site / "names.csv").write_text("\r\n".join(lines) + "\r\n")
    files = sum(1 for path in uploads.rglob("*") if path.is_file())
    print(f"{len(pictures)} pictures in {files} files, 6 posts, widgets, theme settings, a plugin's table")


if __name__ == "__main__":
    main()
