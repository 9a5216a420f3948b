"""Logging in and out, sessions that end, and requests that other pages forge."""

import http.server
import re
import sqlite3
import threading
import urllib.request

import pytest

from oracles import attached_file
from pages import PAGES, PASSWORD, FilenameDialog, open_page


def end_sessions(scene, column):
    """Lets the time of all sessions be up, as the clock would."""
    with sqlite3.connect(scene.site.home / "access.sqlite") as database:
        changed = database.execute(f"UPDATE session SET {column} = {column} - 86400").rowcount
    database.close()
    assert changed > 0


def test_whoever_has_no_session_is_sent_to_the_login_and_back(quick):
    browser = quick.browser(logged_in=False)
    for path, complete in PAGES.items():
        browser.open(path)
        browser.visible("#password")
        assert browser.path.startswith("/login")
    browser.open("/images?q=photo")
    browser.fill("#password", PASSWORD)
    browser.submit("#login")
    browser.visible("#image-list, #no-images")
    assert browser.path == "/images?q=photo"
    browser.expect_calm()


@pytest.mark.parametrize("next", [
    "https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "javascript:alert(1)",
    "/%0d%0aSet-Cookie:a=b"])
def test_the_login_leads_nowhere_else(quick, next):
    browser = quick.browser(logged_in=False)
    browser.open("/login?next=" + urllib.request.quote(next, safe=""))
    browser.fill("#password", PASSWORD)
    browser.submit("#login")
    browser.wait(lambda it: it.driver.get_cookies() and not it.all("#password"))
    assert browser.driver.current_url.startswith(browser.address + "/")
    assert [cookie["name"] for cookie in browser.driver.get_cookies()] == ["moniker"]
    browser.expect_calm(allowed=["404"])


def test_a_wrong_password_is_told_by_a_sentence_and_no_more_than_that(quick):
    browser = quick.browser(logged_in=False)
    browser.open("/login")
    browser.fill("#password", "wrong horse battery staple")
    browser.click("#login")
    sentence = browser.visible("#login-error").text
    assert sentence == "This is not the password."
    assert browser.driver.get_cookies() == []
    assert "wrong horse" not in browser.driver.page_source
    assert browser.find("#password").get_attribute("aria-invalid") == "true"
    # Guessing is slowed down, also for whoever has the right one by then.
    for _ in range(6):
        browser.fill("#password", "wrong horse battery staple")
        browser.submit("#login")
        sentence = browser.visible("#login-error").text
        if "Too many attempts" in sentence:
            break
    assert re.search(r"wait \d+ seconds", sentence)
    assert "wrong horse" not in quick.service.log()


def test_the_cookie_is_for_the_browser_and_this_site_alone(quick):
    browser = quick.browser()
    cookies = browser.driver.get_cookies()
    assert [cookie["name"] for cookie in cookies] == ["moniker"]
    assert cookies[0]["httpOnly"] and cookies[0]["sameSite"] == "Strict"
    assert cookies[0]["path"] == "/" and "expiry" not in cookies[0]
    assert browser.run("return document.cookie") == ""
    assert browser.run("return localStorage.length + sessionStorage.length") == 0
    assert cookies[0]["value"] not in browser.driver.page_source


def test_logging_out_ends_the_session_for_good(quick):
    browser = quick.browser()
    cookie = browser.driver.get_cookies()[0]
    browser.submit("#logout")
    browser.visible("#password")
    assert browser.driver.get_cookies() == []
    browser.driver.add_cookie({"name": "moniker", "value": cookie["value"]})
    browser.open("/images")
    browser.visible("#password")
    # Nor does the button "back" show what was there.
    browser.driver.back()
    browser.visible("#password")


@pytest.mark.parametrize("column", ["used", "created"])
def test_a_session_whose_time_is_up_leads_to_the_login(quick, column):
    photo = quick.site.id("photo")
    browser = quick.browser()
    open_page(browser, f"/images/{photo}")
    dialog = FilenameDialog(browser).open(photo).type("too-late").wait_for_preview()
    end_sessions(quick, column)
    browser.click("#filename-apply")
    browser.visible("#password")
    assert "too-late" not in attached_file(quick, photo)
    browser.fill("#password", PASSWORD)
    browser.submit("#login")
    browser.visible("main h1")
    assert browser.path == f"/images/{photo}"


class ForeignPage:
    """A page of another site, which the owner has open in the same browser."""

    def __init__(self, html):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(html.encode())

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()
        # Another name of this machine is another site to the browser.
        self.address = f"http://localhost:{self.server.server_port}/"

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


def test_other_sites_can_change_nothing_and_show_nothing(quick):
    before = quick.site.snapshot()
    photo = quick.site.id("photo")
    browser = quick.browser()
    page = ForeignPage(f"""
        <title>Foreign</title>
        <form id=form method=post action="{browser.address}/v1/attachments/{photo}/filename"
            enctype="text/plain"><input name='{{"name":"forged","x":"' value='"}}'></form>
        <form id=logout method=post action="{browser.address}/logout"></form>
        <iframe id=frame src="{browser.address}/images"></iframe>
        <script>
        const ask = (path, options) => fetch("{browser.address}" + path,
            {{credentials: "include", ...options}}).then(it => "read " + it.status, it => "refused");
        window.asked = Promise.all([
            ask("/v1/attachments"),
            ask("/v1/attachments/{photo}/filename", {{method: "POST", body: '{{"name":"forged"}}'}}),
            ask("/v1/attachments/{photo}/filename", {{method: "POST", body: '{{"name":"forged"}}',
                headers: {{"Content-Type": "application/json"}}}}),
            ask("/v1/attachments/{photo}/filename", {{method: "POST", mode: "no-cors",
                body: '{{"name":"forged"}}'}}).then(it => it === "read 0" ? "refused" : it),
            ask("/logout", {{method: "POST", mode: "no-cors"}}).then(it => it === "read 0" ? "refused" : it),
        ]);
        </script>""")
    try:
        browser.driver.get(page.address)
        answers = browser.driver.execute_async_script(
            "const done = arguments[0]; window.asked.then(done)")
        assert answers == ["refused"] * 5
        framed = browser.driver.find_element("id", "frame")
        browser.driver.switch_to.frame(framed)
        assert not browser.all("#navigation, #image-list, #password")
        browser.driver.switch_to.default_content()
        for form in ("form", "logout"):
            browser.driver.get(page.address)
            browser.run(f"document.getElementById('{form}').submit()")
            browser.wait(lambda it: it.driver.current_url.startswith(it.address))
            assert quick.site.snapshot() == before
    finally:
        page.close()
    # The session is still there: nobody could end it.
    browser.open("/")
    browser.visible("#logout")


def test_every_page_has_a_strict_policy(quick):
    browser = quick.browser()
    cookie = browser.driver.get_cookies()[0]["value"]
    for path in [*PAGES, "/login", "/nothing-here"]:
        request = urllib.request.Request(
            browser.address + path, headers={"Cookie": f"moniker={cookie}", "Accept": "text/html"})
        try:
            answer = urllib.request.urlopen(request)
        except urllib.error.HTTPError as error:
            answer = error
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy, path
        for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"):
            assert part in policy, f"{path}: {policy}"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert "no-store" in answer.headers["Cache-Control"], path
        assert answer.headers["Referrer-Policy"] in ("no-referrer", "same-origin"), path
