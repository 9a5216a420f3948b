"""A service on a real WordPress, and browsers that look at it."""

import pytest

from browser import SCREENSHOTS, Browser
from live_service import LiveService, TestSite
from pages import PASSWORD, log_in


class Scene:
    """A fresh copy of the test site with its service, and the browsers of a test."""

    def __init__(self, engine, *arguments):
        self.site = TestSite(engine)
        self.site.moniker("password", text=PASSWORD + "\n")
        self.token = self.site.token("admin")
        self.service = LiveService(self.site, "--provider", "offline", *arguments)
        self.browsers = []
        self.cookie = None

    def browser(self, logged_in=True, **looks):
        browser = Browser(self.service.address, **looks)
        self.browsers.append(browser)
        if logged_in and self.cookie:
            # Five logins at once are allowed, so further browsers take the session of the first.
            browser.open("/login")
            browser.driver.add_cookie(self.cookie)
            browser.open("/")
        elif logged_in:
            log_in(browser)
            cookie = browser.driver.get_cookies()[0]
            self.cookie = {"name": cookie["name"], "value": cookie["value"]}
        return browser

    def ask(self, method, path, body=None):
        status, answer = self.service.ask(method, path, self.token, body)
        assert status < 400, answer
        return answer

    def close(self):
        for browser in self.browsers:
            browser.close()
        try:
            self.service.close()
        finally:
            self.site.close()


@pytest.fixture
def scene(request):
    """A site of its own, for tests that change it; on MariaDB unless the test says otherwise."""
    scene = Scene(getattr(request, "param", "mariadb"))
    yield scene
    scene.close()


@pytest.fixture
def quick():
    """A site of its own without a database server, for tests that are not about the database."""
    scene = Scene("sqlite")
    yield scene
    scene.close()


@pytest.fixture(scope="module")
def shared():
    """One site for a file of tests that only look."""
    scene = Scene("sqlite")
    yield scene
    scene.close()


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Keeps what a failed test saw: the page, its source, and the end of the service's log."""
    outcome = yield
    report = outcome.get_result()
    if report.when != "call" or not report.failed:
        return
    for scene in (it for it in item.funcargs.values() if isinstance(it, Scene)):
        for number, browser in enumerate(scene.browsers):
            name = f"failed-{item.name}-{number}".replace("/", "-")[:120]
            browser.screenshot(name)
            (SCREENSHOTS / f"{name}.html").write_text(
                f"<!-- {browser.driver.current_url} -->\n{browser.driver.page_source}")
        report.sections.append(("the service", "\n".join(scene.service.log().splitlines()[-6:])))
