"""Flow 1: change a filename, having seen what will change."""

import pytest

from oracles import attached_file, contents, judge
from pages import FilenameDialog, open_page


@pytest.mark.parametrize("scene", ["mariadb", "sqlite"], indirect=True)
def test_change_filename_with_preview_and_revert(scene):
    photo = scene.site.id("photo")
    before = scene.site.snapshot()
    files = contents(scene)
    old = attached_file(scene, photo)
    browser = scene.browser()
    open_page(browser, f"/images/{photo}")

    dialog = FilenameDialog(browser).open(photo).keep_old("none").type("red-mountain-bike")
    dialog.wait_for_preview()
    previewed = dialog.previewed_files
    browser.screenshot("flow-1-preview")
    assert scene.site.snapshot() == before, "a preview changes nothing"
    assert len(previewed) > 1

    journal = dialog.apply()
    browser.wait(lambda it: "red-mountain-bike" in it.text("main h1"))
    browser.screenshot("flow-1-done")
    judge(scene, {photo: "red-mountain-bike"})
    # What was previewed is what happened: to each file its new name, with the same bytes.
    now = contents(scene)
    new = attached_file(scene, photo)
    assert new != old
    # WordPress counts from uploads, sha256sum from "./".
    digests, digests_now = dict(files), dict(now)
    moved = {path: digest for path, digest in digests.items() if path not in digests_now}
    assert len(moved) == len(previewed)
    for path, name in previewed.items():
        source = next(there for there in digests if there.endswith("/" + path.split("/")[-1]))
        target = next(there for there in digests_now if there.endswith("/" + name.split("/")[-1]))
        assert digests[source] == digests_now[target]

    browser.click("#filename-revert")
    browser.wait(lambda it: "Taken back" in it.text("#notices"))
    assert scene.site.snapshot() == before
    entry = scene.ask("GET", f"/v1/journal/{journal}")
    assert entry["entry"]["state"] == "reverted"
    assert entry["requested_by"]["caller"] == "dashboard"
    browser.expect_calm()


def test_what_changed_since_the_preview_is_not_done(scene):
    photo = scene.site.id("photo")
    browser = scene.browser()
    open_page(browser, f"/images/{photo}")
    dialog = FilenameDialog(browser).open(photo).keep_old("none").type("from-the-browser")
    dialog.wait_for_preview()
    scene.ask("POST", f"/v1/attachments/{photo}/filename", {
        "name": "somebody-was-faster", "keep_old": "none"})
    browser.click("#filename-apply")
    browser.wait(lambda it: "has changed since" in it.text("#filename-preview"))
    assert "somebody-was-faster" in attached_file(scene, photo)
    # What is shown now can be carried out.
    dialog.wait_for_preview()
    dialog.apply()
    judge(scene, {photo: "from-the-browser"})
    # The facts of the image are soon those of its new name, also where no other page is opened.
    browser.wait(
        lambda it: "given by a camera" not in it.open(f"/images/{photo}").text("main"),
        "the name is no camera's any more")
    browser.expect_calm(allowed=["409"])


def test_names_that_cannot_be_given_are_refused_with_a_sentence(shared):
    photo = shared.site.id("photo")
    browser = shared.browser()
    open_page(browser, f"/images/{photo}")
    dialog = FilenameDialog(browser).open(photo)
    for name in ("shell.php", "../../evil", "???"):
        dialog.type(name)
        browser.visible("#filename-preview .notice-error")
        assert not browser.find("#filename-apply").is_enabled()
        assert len(browser.text("#filename-preview").split()) > 3
    browser.expect_calm(allowed=["422"])
