"""Flow 1 without a mouse: Tab, Enter, Escape and letters alone."""

from selenium.webdriver.common.keys import Keys

from oracles import judge
from pages import PASSWORD


def has_visible_focus(browser):
    """Whether the focused element shows it by an outline or a shadow."""
    return browser.run(
        "const style = getComputedStyle(document.activeElement);"
        "return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0"
        " || style.boxShadow !== 'none'")


def test_change_a_filename_with_the_keyboard_alone(scene):
    photo = scene.site.id("photo")
    browser = scene.browser(logged_in=False)
    browser.open("/login")
    browser.tab_to("#password")
    browser.press(PASSWORD, Keys.ENTER)
    browser.visible("#logout")

    # The skip link is the first stop, shows itself, and leads past the navigation.
    browser.open(f"/images/{photo}")
    browser.press(Keys.TAB)
    assert browser.focused.get_attribute("class") == "skip-link"
    box = browser.focused.rect
    assert box["x"] >= 0 and box["y"] >= 0 and box["width"] > 50
    assert has_visible_focus(browser)
    browser.press(Keys.ENTER)
    browser.wait(lambda it: it.focused.get_attribute("id") == "main")
    browser.press(Keys.TAB)
    assert browser.run("return document.getElementById('main').contains(document.activeElement)")

    browser.tab_to("#change-filename")
    assert has_visible_focus(browser)
    browser.press(Keys.ENTER)
    browser.visible("#filename-dialog[open]")
    browser.wait(lambda it: it.focused.get_attribute("id") == "filename-name")
    # Escape leaves it, and the focus is where it was.
    browser.press(Keys.ESCAPE)
    browser.gone("#filename-dialog")
    assert browser.focused.get_attribute("id") == "change-filename"

    browser.press(Keys.ENTER)
    browser.visible("#filename-dialog[open]")
    # The old name is selected, so typing replaces it.
    browser.wait(lambda it: it.focused.get_attribute("id") == "filename-name")
    browser.press("keyboard-bike")
    browser.visible("#filename-summary")
    browser.tab_to("#filename-keep")
    # The letter chooses "no time".
    browser.press("no")
    browser.wait(lambda it: it.find("#filename-keep").get_property("value") == "none")
    browser.visible("#filename-summary")
    browser.clickable("#filename-apply:not([disabled])")
    browser.tab_to("#filename-apply")
    assert has_visible_focus(browser)
    browser.screenshot("keyboard-dialog")
    browser.press(Keys.ENTER)
    browser.visible("#filename-journal")
    judge(scene, {photo: "keyboard-bike"})

    browser.tab_to("#filename-revert")
    browser.press(Keys.ENTER)
    browser.wait(lambda it: "Taken back" in it.text("#notices"))
    judge(scene, {})
    browser.expect_calm()


def test_a_dialog_keeps_the_focus(shared):
    photo = shared.site.id("photo")
    browser = shared.browser()
    browser.open(f"/images/{photo}")
    browser.tab_to("#change-filename")
    browser.press(Keys.ENTER)
    browser.visible("#filename-dialog[open]")
    outside = []
    for _ in range(20):
        browser.press(Keys.TAB)
        outside += browser.run(
            "const it = document.activeElement;"
            "return it === document.body || it.closest('dialog') ? [] : [it.outerHTML]")
    assert outside == []
