"""Every page, wide and narrow, light and dark: no complaint, nothing beyond the edge."""

import pytest

from pages import PAGES, open_page


@pytest.fixture(scope="module")
def lived_in(shared):
    """The site after a rename, a review list and an ended job, and a browser that looks at it."""
    photo = shared.site.id("photo")
    shared.journal = shared.ask("POST", f"/v1/attachments/{photo}/filename", {
        "name": "a-mountain-bike", "keep_old": "24h"})["journal"]
    shared.ask("POST", f"/v1/attachments/{shared.site.id('alpha')}/metadata", {
        "fields": ["alt"], "overwrite": True})
    shared.job = shared.ask("POST", "/v1/jobs", {"kind": "scan"})["id"]
    # Ends with the job.
    shared.ask("GET", f"/v1/jobs/{shared.job}/events")
    shared.looker = shared.browser()
    return shared


def addresses(scene):
    photo = scene.site.id("photo")
    return PAGES | {
        f"/images/{photo}": "#references-found, #references table", "/images?q=bike": "main h1",
        "/images?missing=alt": "main h1", f"/history/{scene.journal}": "main h1",
        f"/jobs/{scene.job}": "main h1",
        "/nothing-here": "#problem-message",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
def test_every_page_is_calm_and_fits(lived_in, width, scheme):
    browser = lived_in.looker
    browser.resize(width)
    browser.prefer(scheme)
    failures = []
    for path, complete in addresses(lived_in).items():
        open_page(browser, path, complete)
        name = path.strip("/").replace("/", "-").replace("?", "-").replace("=", "-") or "overview"
        name = name.replace(lived_in.journal, "change").replace(lived_in.job, "job")
        browser.screenshot(f"{name}-{width}-{scheme}")
        inner, outer = browser.run(
            "return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
        if inner > outer:
            wide = browser.run(
                "return [...document.querySelectorAll('body *')].filter(it => "
                "it.getBoundingClientRect().right > innerWidth + 1).slice(0, 5)"
                ".map(it => it.tagName + '#' + it.id + '.' + it.className)")
            failures.append(f"{path}: {inner} px wide at {width}: {wide}")
        complaints = [
            text for text in browser.complaints()
            # The page that says that there is none is answered with 404.
            if not (path == "/nothing-here" and "404" in text)]
        failures += [f"{path}: {text}" for text in complaints]
    assert not failures


def test_the_colours_follow_the_scheme(lived_in):
    browser = lived_in.looker
    colours = []
    for scheme in ("light", "dark"):
        browser.prefer(scheme)
        open_page(browser, "/")
        colours.append(browser.run("return getComputedStyle(document.body).backgroundColor"))
    assert colours[0] != colours[1]


def test_navigation_reaches_every_page(lived_in):
    browser = lived_in.looker
    browser.resize(1280)
    open_page(browser, "/")
    links = [link.get_attribute("href").removeprefix(browser.address)
             for link in browser.all("#navigation a")]
    assert sorted(links) == sorted(set(PAGES) - {"/settings/data"})
    for path in links:
        complete = PAGES[path]
        browser.submit(f'#navigation a[href="{path}"]')
        browser.visible(complete)
        current = browser.find('#navigation [aria-current="page"]')
        assert current.get_attribute("href") == browser.address + path
    browser.expect_calm()
