"""Titles, texts, file names and names of tokens that are scripts must be shown, and never run."""

import pytest

from pages import PAGES, FilenameDialog, open_page

PAYLOADS = [
    "<script>moniker_canary(1)</script>",
    "\"><img src=x onerror=moniker_canary(2)>",
    "'><svg onload=moniker_canary(3)>",
    "</title></textarea></select><script>moniker_canary(4)</script>",
    "<a href=\"javascript:moniker_canary(5)\">click</a>",
    "{{constructor.constructor('moniker_canary(6)')()}} {{{x}}} {{>layout}}",
    "\u0301\"\u0301 onmouseover=moniker_canary(7) x=\u0301\"",
    "<iframe srcdoc='<script>parent.moniker_canary(8)</script>'></iframe>",
    "<style>body{display:none}</style><base href=//evil.example.com>",
    "<!--><script>moniker_canary(9)</script-->",
    "\u202egpj.<img src=x onerror=moniker_canary(10)>",
]


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


@pytest.fixture(scope="module")
def hostile(shared):
    """The site after somebody has put scripts wherever texts can come from."""
    site = shared.site
    images = sorted(known["id"] for known in site.attachments.values())[:len(PAYLOADS)]
    statements = []
    for image, payload in zip(images, PAYLOADS):
        text = quoted(payload)
        statements += [
            f"UPDATE wp_posts SET post_title = {text}, post_excerpt = {text}, "
            f"post_content = {text} WHERE ID = {image};",
            f"DELETE FROM wp_postmeta WHERE post_id = {image} AND meta_key = '_wp_attachment_image_alt';",
            "INSERT INTO wp_postmeta (post_id, meta_key, meta_value) "
            f"VALUES ({image}, '_wp_attachment_image_alt', {text});",
        ]
    statements.append(
        f"UPDATE wp_posts SET post_title = {quoted(PAYLOADS[1])} WHERE post_type IN ('post', 'page');")
    # A file whose name is a script, as an upload by FTP can have it.
    named = images[0]
    old = site.sql(
        f"SELECT meta_value FROM wp_postmeta WHERE post_id = {named} "
        "AND meta_key = '_wp_attached_file';").strip()
    file = "x\"><img src=x onerror=moniker_canary(11)>.jpg"
    new = old.rsplit("/", 1)[0] + "/" + file
    (site.uploads / new).write_bytes((site.uploads / old).read_bytes())
    statements.append(
        f"UPDATE wp_postmeta SET meta_value = {quoted(new)} WHERE post_id = {named} "
        "AND meta_key = '_wp_attached_file';")
    site.sql("\n".join(statements))
    for payload in PAYLOADS[:4]:
        site.moniker("token", "create", "--name", payload, "--scope", "read")
    # Into the journal as well: a change of such an image, by a token with such a name.
    shared.journal = shared.ask("POST", f"/v1/attachments/{images[1]}/filename", {
        "name": "harmless", "keep_old": "none"})["journal"]
    shared.ask("POST", f"/v1/attachments/{images[2]}/metadata", {
        "fields": ["alt", "title"], "overwrite": True})
    shared.images = images
    shared.looker = shared.browser()
    return shared


def expect_harmless(browser, where):
    assert browser.complaints() == [], where
    assert browser.run("return getComputedStyle(document.body).display") != "none", where
    assert browser.run(
        "return document.querySelectorAll('base, iframe, [onerror], [onload], [onmouseover], "
        "a[href^=\"javascript:\"]').length") == 0, where


def test_payloads_never_run_on_any_page(hostile):
    browser = hostile.looker
    shown = ""
    for path, complete in (PAGES | {f"/history/{hostile.journal}": "main h1"} | {
            f"/images/{image}": "#references-found, #references table"
            for image in hostile.images}).items():
        open_page(browser, path, complete)
        expect_harmless(browser, path)
        shown += browser.text("body")
    for number in range(1, 12):
        assert f"moniker_canary({number})" in shown, "it is shown as text"
    browser.screenshot("payloads")


def test_payloads_never_run_in_dialogs_and_search(hostile):
    browser = hostile.looker
    for image in hostile.images[:3]:
        open_page(browser, f"/images/{image}", "#references-found, #references table")
        FilenameDialog(browser).open(image).type("quiet-name").wait_for_preview()
        expect_harmless(browser, f"the preview of {image}")
    for payload in PAYLOADS:
        open_page(browser, "/images")
        browser.run("document.getElementById('filter-q').value = arguments[0]", payload)
        browser.submit("#apply-filters")
        browser.visible("#image-list, #no-images")
        expect_harmless(browser, payload)
        assert browser.find("#filter-q").get_property("value") == payload


def test_the_ear_hears(hostile):
    """The listeners would have noticed: a script that runs, and one that the policy stops."""
    browser = hostile.looker
    open_page(browser, "/")
    browser.run("moniker_canary('heard')")
    browser.run(
        "const it = document.createElement('div'); it.innerHTML = "
        "'<img src=x onerror=moniker_canary(12)>'; document.body.append(it);"
        "const script = document.createElement('script'); script.textContent = 'moniker_canary(13)';"
        "document.body.append(script)")
    browser.wait(lambda it: len(it.run("return window.violations")) >= 2)
    assert browser.run("return window.canaries") == ["heard"], "the policy stops inline scripts"
