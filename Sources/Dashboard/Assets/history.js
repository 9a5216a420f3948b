// Taking a change set back: first what would be taken back, then that and nothing else.
import { announce, element, notify, post, sentence } from "./work.js";

const journal = document.getElementById("change-set")?.dataset.journal;
const dialog = document.getElementById("revert-dialog");
const shown = document.getElementById("revert-plan");
const confirm = document.getElementById("revert-confirm");
const mostChanges = 50;
let plan = null;
let opener = null;

const path = "/v1/journal/" + encodeURIComponent(journal) + "/revert";

function count(number, one, many) {
  return number + " " + (number === 1 ? one : many);
}

function place(item) {
  if (item.file) return item.file;
  const key = item.key ? " (" + Object.values(item.key).join(", ") + ")" : "";
  if (item.table) return item.table + "." + item.column + key;
  return "image " + item.attachment + (item.field ? ", " + item.field : "");
}

// Only the middle, which differs, is marked: the server's page does the rest.
function difference(before, after) {
  const left = Array.from(before);
  const right = Array.from(after);
  let start = 0;
  while (start < left.length && start < right.length && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < left.length - start && end < right.length - start && left[left.length - 1 - end] === right[right.length - 1 - end]) end += 1;
  const side = (name, all, tag) => {
    const middle = all.slice(start, all.length - end).join("");
    return element("p", { class: name.toLowerCase() },
      element("span", { class: "difference-side" }, name), " ",
      all.slice(0, start).join(""), ...(middle ? [element(tag, {}, middle)] : []), all.slice(all.length - end).join(""));
  };
  return element("div", { class: "difference" }, side("Now", left, "del"), side("Then", right, "ins"));
}

function summary(report) {
  return count(report.attachments, "image", "images") + ", " + count(report.files, "file", "files") + " and "
    + count(report.references, "reference", "references") + " in " + count(report.cells, "place", "places");
}

function left(report) {
  const items = [
    ...report.conflicts.map((item) => place(item) + ": somebody has changed it since, so it stays as they left it (" + item.reason + ")"),
    ...report.opaque.map((item) => place(item) + ": it is not certain what it means, so it stays (" + item.reason + ")"),
    ...report.skipped.map((item) => "Image " + item.attachment + ": " + item.detail),
  ];
  if (items.length === 0) return [];
  return [
    element("p", {}, element("strong", {}, count(items.length, "thing stays as it is:", "things stay as they are:"))),
    element("ul", { id: "revert-left" }, ...items.slice(0, mostChanges).map((text) => element("li", {}, text))),
  ];
}

async function propose(button) {
  const which = button.dataset.revert;
  const wish = which === "all" ? {} : { only: [Number(which)] };
  opener = button;
  plan = null;
  confirm.disabled = true;
  document.getElementById("revert-dialog-title").textContent = which === "all" ? "Revert this change" : "Revert image " + which + " only";
  shown.replaceChildren(element("p", {}, "Looking at what would be taken back…"));
  dialog.showModal();
  try {
    const report = await post(path, { ...wish, dry_run: true });
    const changes = report.changes ?? [];
    const list = element("ul", { class: "plain-list", id: "revert-changes" },
      ...changes.slice(0, mostChanges).map((change) => element("li", { class: "change" },
        element("p", { class: "label" }, change.kind === "file" ? "File of image " + change.attachment : place(change)),
        difference(change.before, change.after))));
    shown.replaceChildren(element("p", { id: "revert-summary" }, "This takes back " + summary(report) + "."), ...left(report), list);
    if (changes.length > mostChanges) shown.append(element("p", { class: "muted" }, "And " + (changes.length - mostChanges) + " more."));
    plan = { ...wish, expected_plan: report.plan_hash };
    confirm.disabled = false;
    // What would be taken back is to be read first.
    confirm.focus({ preventScroll: true });
  } catch (error) {
    shown.replaceChildren(element("p", { class: "notice notice-error", role: "alert" }, sentence(error)), ...advice(error));
  }
}

function advice(error) {
  if (error.code === "already-reverted") return [element("p", {}, "Nothing of it is in effect any more.")];
  if (error.code === "name-taken") return [element("p", {}, "Another file has the old name now. Rename that one first, or revert single images.")];
  if (error.code === "busy") return [element("p", {}, "A job or another person changes the site right now. Try again when it has ended.")];
  return [];
}

for (const button of document.querySelectorAll("[data-revert]")) button.addEventListener("click", () => propose(button));

confirm?.addEventListener("click", async () => {
  if (!plan) return;
  confirm.disabled = true;
  confirm.textContent = "Reverting…";
  try {
    const report = await post(path, plan);
    dialog.close();
    for (const button of document.querySelectorAll("[data-revert]")) {
      if (plan.only === undefined || button === opener) button.remove();
    }
    const badge = document.querySelector("#change-set .badge");
    badge.className = plan.only === undefined && report.state !== "partial" ? "badge" : "badge badge-warning";
    badge.textContent = plan.only === undefined && report.state !== "partial" ? "taken back" : "partly taken back";
    const text = (report.state === "partial" ? "Taken back in part: " : "Taken back: ") + summary(report) + ". ";
    notify(report.state === "partial" ? "warning" : "success", text, element("a", { href: "/history/" + report.journal, id: "revert-result" }, "See what was done"));
    document.getElementById("notices").querySelector(".notice").focus();
    const rest = left(report);
    if (rest.length > 0) document.getElementById("notices").firstChild.append(...rest);
    announce(text);
  } catch (error) {
    shown.replaceChildren(element("p", { class: "notice notice-error", role: "alert" }, sentence(error)), ...advice(error));
    if (error.code === "stale-plan") shown.append(element("p", {}, "The site has changed since you looked. Close this and look again."));
    plan = null;
  }
  confirm.textContent = "Revert";
});

dialog?.addEventListener("close", () => {
  if (opener?.isConnected) opener.focus();
});

// The list leads here with #revert: the button is what was meant.
if (location.hash === "#revert") document.getElementById("revert-all")?.focus();
