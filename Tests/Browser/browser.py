"""Debian's Chromium, driven by Selenium, with an ear for what must not happen on a page."""

import pathlib
import sys

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, WebDriverException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support import expected_conditions
from selenium.webdriver.support.ui import WebDriverWait

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Support/service"))

from live_service import PACKAGE  # noqa: E402

SCREENSHOTS = PACKAGE / ".test/screenshots"
SECONDS = 30
# What chromedriver says instead of "stale element" when the page goes while it looks at it.
LEFT = "does not belong to the document"

# Runs before anything of a page does. Payloads call `moniker_canary`.
LISTENERS = """
window.canaries = [];
window.moniker_canary = what => window.canaries.push(String(what));
window.alert = window.confirm = window.prompt = what => { window.canaries.push('dialog ' + what); };
window.violations = [];
document.addEventListener('securitypolicyviolation', event => window.violations.push(
    event.effectiveDirective + ' ' + event.blockedURI + ' ' + event.sourceFile + ':' + event.lineNumber));
window.faults = [];
window.addEventListener('error', event => window.faults.push(String(event.message || event.target.src)), true);
window.addEventListener('unhandledrejection', event => window.faults.push(String(event.reason)));
"""


class Browser:
    """A window of Chromium with a profile of its own, at a service."""

    def __init__(self, address, width=1280, height=900, scheme="light"):
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in (
                "--headless=new", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--disable-background-networking", "--disable-component-update",
                "--force-device-scale-factor=1", "--hide-scrollbars", "--lang=en",
                # Chromium has no sandbox for root, as in a container of CI.
                "--no-sandbox"):
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(
            options=options, service=Service("/usr/bin/chromedriver"))
        self.address = address
        self.driver.set_page_load_timeout(SECONDS)
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": LISTENERS})
        self.resize(width, height)
        self.prefer(scheme)

    def close(self):
        self.driver.quit()

    # -- Looks

    def resize(self, width, height=900):
        # Not the window: one of a headless browser has a least width.
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": False})

    def prefer(self, scheme):
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": scheme},
                         {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def screenshot(self, name):
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))

    # -- Going and looking

    def open(self, path):
        self.driver.get(self.address + path)
        return self

    @property
    def path(self):
        return self.driver.current_url.removeprefix(self.address)

    def find(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css="main"):
        return self.find(css).text

    def run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def wait(self, condition, what=""):
        """Waits for a condition of Selenium, or a function of this browser, and returns its value.

        What a page took along while it was being left is asked for again on the next one.
        """
        selenium = getattr(condition, "__module__", "").startswith("selenium")
        subject = self.driver if selenium else self

        def holds(_):
            try:
                return condition(subject)
            except WebDriverException as error:
                if isinstance(error, StaleElementReferenceException) or LEFT in str(error):
                    return False
                raise

        return WebDriverWait(self.driver, SECONDS).until(holds, what)

    def visible(self, css):
        return self.wait(
            expected_conditions.visibility_of_element_located((By.CSS_SELECTOR, css)), css)

    def clickable(self, css):
        return self.wait(
            expected_conditions.element_to_be_clickable((By.CSS_SELECTOR, css)), css)

    def click(self, css):
        self.clickable(css).click()

    def submit(self, css):
        """Clicks what leads to another page, and waits until this one is gone."""
        button = self.clickable(css)
        button.click()
        self.wait(expected_conditions.staleness_of(button), f"{css} leads to no other page")

    def gone(self, css):
        return self.wait(
            expected_conditions.invisibility_of_element_located((By.CSS_SELECTOR, css)), css)

    def fill(self, css, text):
        field = self.clickable(css)
        field.clear()
        field.send_keys(text)

    # -- Keys

    def press(self, *keys):
        webdriver.ActionChains(self.driver).send_keys(*keys).perform()

    @property
    def focused(self):
        return self.driver.switch_to.active_element

    def tab_to(self, css, most=200):
        """Presses Tab until an element has the focus; fails when it cannot be reached so."""
        for _ in range(most):
            if self.run("return document.activeElement.matches(arguments[0])", css):
                return self.focused
            self.press(Keys.TAB)
        raise AssertionError(f"{css} cannot be reached with the Tab key")

    # -- What must not happen

    def complaints(self):
        """Errors of scripts and of the console, and violations of the content security policy."""
        found = [f"console: {entry['message']}" for entry in self.driver.get_log("browser")
                 if entry["level"] in ("SEVERE", "ERROR")]
        for kind in ("violations", "faults", "canaries"):
            found += [f"{kind}: {what}" for what in self.run(f"return window.{kind} || []")]
        return found

    def expect_calm(self, allowed=()):
        complaints = [
            complaint for complaint in self.complaints()
            if not any(part in complaint for part in allowed)]
        assert not complaints, f"{self.path}: {complaints}"
