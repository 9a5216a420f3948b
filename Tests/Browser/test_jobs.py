"""Flow 2 and 3: generate all texts and names offline to the end, and take it back by its id."""

import json

import pytest

from oracles import attached_file, contents, judge, texts
from pages import ChangeSetPage, RevertDialog, open_page


@pytest.mark.parametrize("scene", ["mariadb", "sqlite"], indirect=True)
def test_generate_all_and_revert_by_journal_id(scene):
    before = scene.site.snapshot()
    browser = scene.browser()
    open_page(browser, "/")
    browser.click("#open-metadata-and-filename")
    dialog = browser.wait(lambda it: next(iter(it.all("dialog[open]")), None))
    kind = dialog.find_element("css selector", "form").get_attribute("data-job-kind")
    assert kind == "metadata-and-filename"
    dialog.find_element("css selector", 'select[name="keep_old"] option[value="none"]').click()
    browser.screenshot("flow-2-dialog")
    dialog.find_element("css selector", 'button[value="start"]').click()
    job = browser.wait(lambda it: next(iter(scene.ask("GET", "/v1/jobs")["items"]), None))["id"]
    # Its end, as the page says it, and not the API.
    browser.wait(lambda it: it.all(f'[data-job="{job}"]') or it.all("[data-revert]"))
    browser.screenshot("flow-2-running")
    browser.wait(lambda it: it.all("[data-revert]"), "the change is listed")
    ended = scene.ask("GET", f"/v1/jobs/{job}")
    assert ended["state"] in ("done", "partial")
    assert ended["done"] == ended["total"] > 0
    assert ended["items"]["applied"] > 0
    journal = ended["journal"]

    # WordPress finds every file under its new name, and reads the texts that were written.
    assert scene.site.snapshot() != before
    entry = scene.ask("GET", f"/v1/journal/{journal}")
    moved = {file["new"]: file["attachment"] for file in entry["files"]}
    paths = {path.removeprefix("./") for path, _ in contents(scene)}
    assert moved and set(moved) <= paths
    for attachment in set(moved.values()):
        assert moved[attached_file(scene, attachment)] == attachment
    for text in (text for text in entry["texts"] if text["written"]):
        assert texts(scene, text["attachment"])[text["field"]] == text["after"]
    if scene.site.engine == "mariadb":
        verdict = json.loads(scene.site.php("judge-wordpress.php"))
        assert verdict["wrong"] == []

    open_page(browser, "/")
    browser.screenshot("flow-3-before")
    RevertDialog(browser).revert(journal)
    assert scene.site.snapshot() == before
    judge(scene, {})
    browser.screenshot("flow-3-reverted")
    browser.expect_calm()


@pytest.mark.parametrize("scene", ["mariadb", "sqlite"], indirect=True)
def test_a_change_is_taken_back_on_the_page_of_history(scene):
    before = scene.site.snapshot()
    journal = scene.ask("POST", f"/v1/attachments/{scene.site.id('photo')}/filename", {
        "name": "to-be-reverted", "keep_old": "none"})["journal"]
    browser = scene.browser()
    page = ChangeSetPage(browser, journal)
    assert "to-be-reverted" in browser.text()
    browser.screenshot("flow-3-history")
    page.revert()
    assert scene.site.snapshot() == before
    open_page(browser, "/history")
    assert journal in browser.run("return document.querySelector('main').innerHTML")
    browser.expect_calm()
