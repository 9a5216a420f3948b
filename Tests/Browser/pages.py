"""What the pages of the dashboard can do, in the words of the tests."""

PASSWORD = "correct horse battery staple"

# Every page that is reached without an id, and what is on it once it is complete.
PAGES = {
    "/": "main h1", "/images": "#image-list, #no-images", "/review": "main h1", "/jobs": "main h1",
    "/history": "main h1", "/analysis": "main h1", "/settings": "main h1", "/settings/data": "main h1",
}


def log_in(browser, password=PASSWORD, path="/login"):
    browser.open(path)
    browser.fill("#password", password)
    browser.click("#login")
    browser.visible("#logout")


def open_page(browser, path, complete="main h1"):
    """Opens a page and waits until nothing of it is still to come."""
    browser.open(path)
    browser.visible(complete)
    # The first reading of the library reloads the page.
    browser.wait(lambda it: not it.all("#first-reading"), "the library is read")
    browser.visible(complete)
    browser.wait(lambda it: not it.all("#references-status"), "references are found")
    browser.wait(
        lambda it: it.run(
            "return document.readyState === 'complete' && "
            "[...document.images].every(image => image.complete || image.loading === 'lazy')"),
        "pictures are there")


class FilenameDialog:
    """Change filename, with what will change."""

    def __init__(self, browser):
        self.browser = browser

    def open(self, attachment):
        self.browser.click(f'[data-rename="{attachment}"]')
        self.browser.visible("#filename-dialog[open]")
        return self

    def keep_old(self, choice):
        self.browser.click(f'#filename-keep option[value="{choice}"]')
        return self

    def type(self, name):
        self.browser.fill("#filename-name", name)
        return self

    def wait_for_preview(self):
        self.browser.visible("#filename-summary")
        self.browser.clickable("#filename-apply:not([disabled])")
        return self

    @property
    def previewed_files(self):
        """The old and the new path of each file, as the preview has them."""
        return {
            line.find_element("css selector", "del").get_property("textContent"):
            line.find_element("css selector", "ins").get_property("textContent")
            for line in self.browser.all('#filename-preview [data-kind="file"]')}

    def apply(self):
        """Carries it out; the journal id."""
        self.browser.click("#filename-apply")
        return self.browser.visible("#filename-journal").get_attribute("data-journal")


class RevertDialog:
    """Taking a change set back, from a list of changes."""

    def __init__(self, browser):
        self.browser = browser

    def revert(self, journal):
        self.browser.click(f'[data-revert="{journal}"]')
        self.browser.visible("#revert-dialog[open]")
        self.browser.click("#revert-apply:not([disabled])")
        return self.browser.visible("#notices .notice-success [data-journal]")


class ChangeSetPage:
    """One change set, with what can be taken back of it."""

    def __init__(self, browser, journal):
        self.browser = browser
        open_page(browser, f"/history/{journal}")

    def revert(self):
        self.browser.click("#revert-all")
        self.browser.visible("#revert-dialog[open]")
        self.browser.visible("#revert-confirm:not([disabled])")
        scrolled = self.browser.run("return document.getElementById('revert-dialog').scrollTop")
        assert scrolled == 0, "what would be taken back is seen first"
        self.browser.click("#revert-confirm:not([disabled])")
        self.browser.visible("#notices .notice-success")
        assert self.browser.text("#change-set .badge") == "taken back"
