// Changes a file's name: what would change is shown while the name is typed, and exactly that is done.
import { element, newKey, notify, post, sentence } from "./api.js";
import { notifyReverted, revert, summary } from "./revert.js";

const dialog = document.getElementById("filename-dialog");
const form = document.getElementById("filename-form");
const input = document.getElementById("filename-name");
const keep = document.getElementById("filename-keep");
const preview = document.getElementById("filename-preview");
const apply = document.getElementById("filename-apply");
const now = document.getElementById("filename-now");
const suggest = document.getElementById("filename-suggest");

const pause = 450;
const mostShown = 100;
let image = null;
let file = "";
let planned = null;
let timer = 0;
let request = null;

const address = () => "/v1/attachments/" + encodeURIComponent(image) + "/filename";
const baseName = (path) => path.slice(path.lastIndexOf("/") + 1);
const stem = (name) => name.replace(/\.[^.]*$/, "");

function forget() {
  clearTimeout(timer);
  request?.abort();
  request = null;
  planned = null;
  apply.disabled = true;
}

function say(kind, text) {
  preview.replaceChildren(element("p", kind ? { class: "notice notice-" + kind } : { class: "muted" }, text));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-rename]");
  if (!button) return;
  forget();
  image = button.dataset.rename;
  file = button.dataset.file;
  now.textContent = file;
  input.value = stem(file);
  say("", "Type another name to see what would change.");
  dialog.showModal();
  input.select();
});

dialog.addEventListener("close", forget);

input.addEventListener("input", () => {
  forget();
  const name = input.value.trim();
  if (!name || name === stem(file) || name === file) {
    say("", "Type another name to see what would change.");
    return;
  }
  say("", "Looking at what would change…");
  timer = setTimeout(look, pause);
});
keep.addEventListener("change", () => { if (planned) input.dispatchEvent(new Event("input")); });

/** Plans the change and shows it; without a name one is made from the texts. */
async function look({ suggests = false, note = null } = {}) {
  forget();
  const mine = new AbortController();
  request = mine;
  const body = { dry_run: true, keep_old: keep.value };
  if (!suggests) body.name = input.value.trim();
  try {
    const report = await post(address(), body, { signal: mine.signal });
    if (request !== mine) return;
    if (suggests) {
      const made = report.changes.find((change) => change.kind === "file" && baseName(change.before) === file);
      if (made) input.value = stem(baseName(made.after));
    }
    show(report, note);
    planned = { name: input.value.trim(), keep: keep.value, hash: report.plan_hash, key: newKey() };
    apply.disabled = false;
  } catch (error) {
    if (error.name === "AbortError" || request !== mine) return;
    say("error", sentence(error));
  }
}

function change(line) {
  const place = line.kind === "file" ? [] : [
    element("strong", {}, line.kind === "cell"
      ? line.table + " " + Object.values(line.key ?? {}).join(", ") + ", " + line.column : line.file ?? ""),
    element("br"),
  ];
  return element("li", { class: "preview-change", "data-kind": line.kind }, ...place,
    element("del", { class: "mono" }, line.before), " → ", element("ins", { class: "mono" }, line.after));
}

function show(report, note) {
  const files = report.changes.filter((line) => line.kind === "file");
  const places = report.changes.filter((line) => line.kind !== "file");
  const parts = [];
  if (note) parts.push(element("p", { class: "notice notice-warning" }, note));
  parts.push(element("p", { id: "filename-summary" }, "This changes " + summary(report) + "."));
  const list = (title, lines) => {
    if (!lines.length) return;
    const shown = lines.slice(0, mostShown).map(change);
    if (lines.length > mostShown) shown.push(element("li", { class: "muted small" }, "and " + (lines.length - mostShown) + " more"));
    parts.push(element("details", lines.length <= 12 ? { open: true } : {}, element("summary", {}, title + " (" + lines.length + ")"),
      element("ul", { class: "plain-list", tabindex: "0", "aria-label": title }, ...shown)));
  };
  list("Files", files);
  list("Places that name them", places);
  if (report.opaque.length) parts.push(element("p", { class: "notice notice-warning" }, report.opaque.length + " values cannot be read with certainty and stay as they are; old names that they use go on working."));
  for (const [host, count] of Object.entries(report.foreign)) {
    parts.push(element("p", { class: "notice" }, "Another host, " + host + ", is named " + (count === 1 ? "once" : count + " times") + "; its addresses stay as they are."));
  }
  preview.replaceChildren(...parts);
}

suggest.addEventListener("click", () => {
  say("", "Looking at what would change…");
  look({ suggests: true });
});

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const plan = planned;
  if (!plan) return;
  apply.disabled = true;
  apply.textContent = "Changing…";
  try {
    const report = await post(address(), { name: plan.name, keep_old: plan.keep, expected_plan: plan.hash }, { key: plan.key });
    dialog.close();
    done(report);
  } catch (error) {
    if (error.code === "stale-plan") {
      await look({ note: "The site has changed since this was planned, so nothing was done. This is what would change now." });
    } else {
      say("error", sentence(error));
      planned = error.code === "busy" || error.code === "unreachable" ? plan : null;
      apply.disabled = !planned;
    }
  } finally {
    apply.textContent = "Change filename";
  }
});

/** Says what was done, and offers to take it back. */
function done(report) {
  const link = element("a", { href: "/history/" + encodeURIComponent(report.journal), "data-journal": report.journal, id: "filename-journal" }, "Show the change");
  const back = element("button", { type: "button", class: "small", id: "filename-revert" }, "Revert");
  const key = newKey();
  back.addEventListener("click", async () => {
    back.disabled = true;
    try {
      notifyReverted(await revert(report.journal, null, key));
      document.dispatchEvent(new CustomEvent("moniker:changed", { detail: report }));
    } catch (error) {
      back.disabled = false;
      notify("error", sentence(error));
    }
  });
  notify("success", "The name was changed: " + summary(report) + ". ", link, " ", back);
  document.dispatchEvent(new CustomEvent("moniker:changed", { detail: report }));
}
