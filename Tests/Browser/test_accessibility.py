"""What axe-core finds on every page and in every dialog, and what it does not look for."""

import importlib.util
import pathlib

import pytest

from pages import PAGES, FilenameDialog, open_page

# The one of the package from PyPI; its own Selenium part is not used.
AXE = pathlib.Path(importlib.util.find_spec("axe_core_python").origin).with_name("axe.min.js")


def violations(browser):
    browser.run(AXE.read_text())
    result = browser.driver.execute_async_script(
        "const done = arguments[arguments.length - 1];"
        "axe.run(document, {resultTypes: ['violations']}).then(done, error => done({error: String(error)}))")
    assert "error" not in result, result
    assert len(result["passes"]) > 5, "axe has looked at something"
    return [
        f"{violation['id']}: {node['html'][:150]} ({(node.get('failureSummary') or '')[:300]})"
        for violation in result["violations"] for node in violation["nodes"]]


@pytest.fixture(scope="module")
def lived_in(shared):
    photo = shared.site.id("photo")
    shared.journal = shared.ask("POST", f"/v1/attachments/{photo}/filename", {
        "name": "a-mountain-bike", "keep_old": "24h"})["journal"]
    shared.ask("POST", f"/v1/attachments/{shared.site.id('alpha')}/metadata", {
        "fields": ["alt"], "overwrite": True})
    shared.looker = shared.browser()
    return shared


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_axe_finds_nothing_on_any_page(lived_in, width, scheme):
    browser = lived_in.looker
    browser.resize(width)
    browser.prefer(scheme)
    failures = []
    for path, complete in (PAGES | {
            f"/images/{lived_in.site.id('photo')}": "#references-found, #references table",
            f"/history/{lived_in.journal}": "main h1"}).items():
        open_page(browser, path, complete)
        failures += [f"{path} {text}" for text in violations(browser)]
    assert not failures


def test_axe_finds_nothing_at_the_login(lived_in):
    browser = lived_in.browser(logged_in=False)
    browser.open("/login")
    assert violations(browser) == []
    browser.fill("#password", "wrong password 123")
    browser.click("#login")
    browser.visible("#login-error")
    assert violations(browser) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs(lived_in, scheme):
    browser = lived_in.looker
    browser.resize(360)
    browser.prefer(scheme)
    photo = lived_in.site.id("photo")
    open_page(browser, f"/images/{photo}")
    FilenameDialog(browser).open(photo).type("another-bike").wait_for_preview()
    browser.screenshot(f"filename-dialog-360-{scheme}")
    failures = violations(browser)
    open_page(browser, "/")
    browser.click(f'[data-revert="{lived_in.journal}"]')
    browser.clickable("#revert-apply:not([disabled])")
    browser.screenshot(f"revert-dialog-360-{scheme}")
    failures += violations(browser)
    open_page(browser, "/")
    browser.click("#open-metadata-and-filename")
    browser.wait(lambda it: it.all("dialog[open]"))
    failures += violations(browser)
    assert not failures


def test_every_page_has_one_heading_and_a_title_of_its_own(lived_in):
    browser = lived_in.looker
    browser.resize(1280)
    titles = []
    for path, complete in PAGES.items():
        open_page(browser, path, complete)
        titles.append(browser.driver.title)
        assert len(browser.all("h1")) == 1, path
        levels = [int(heading.tag_name[1]) for heading in browser.all("h1, h2, h3, h4, h5, h6")
                  if heading.is_displayed()]
        assert all(after <= before + 1 for before, after in zip(levels, levels[1:])), path
        assert browser.find("html").get_attribute("lang") == "en"
    assert len(set(titles)) == len(titles)


def test_controls_are_large_enough_for_fingers(lived_in):
    """WCAG 2.2, 2.5.8: 24 by 24 pixels (a layout may lose a fraction), but for links in text."""
    browser = lived_in.looker
    browser.resize(360)
    small = []
    for path, complete in PAGES.items():
        open_page(browser, path, complete)
        small += [f"{path} {text}" for text in browser.run(
            "return [...document.querySelectorAll('button, select, input:not([type=hidden]), a.button, nav a')]"
            ".map(it => { const label = it.labels && it.labels[0]; const box = it.getBoundingClientRect();"
            " const more = label ? label.getBoundingClientRect() : box;"
            " return [it, box, Math.max(box.height, more.height)]; })"
            ".filter(([it, box, height]) => box.width > 1 && box.height > 1 && (height < 23.9 || box.width < 23.9 && !(it.labels && it.labels.length)))"
            ".map(([it, box]) => it.outerHTML.slice(0, 100) + ' ' + box.width + 'x' + box.height)")]
    assert not small
