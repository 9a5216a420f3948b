// Taking a change back: look first, then do exactly what was seen.
import { element, newKey, notify, notifyFailure, post, sentence } from "./api.js";

const number = (count, one, many) => new Intl.NumberFormat("en").format(count) + " " + (count === 1 ? one : many);

/** What a change did or would do, in words. */
export function summary(report) {
  const parts = [];
  if (report.files) parts.push(number(report.files, "file", "files"));
  if (report.references) parts.push(number(report.references, "reference", "references")
    + " in " + number(report.cells, "place", "places"));
  return parts.length ? parts.join(", ") : "nothing";
}

/** Takes a change set back at once; returns the report. */
export async function revert(id, expectedPlan, key = newKey()) {
  const body = expectedPlan ? { expected_plan: expectedPlan } : {};
  return await post("/v1/journal/" + encodeURIComponent(id) + "/revert", body, { key });
}

/** Says that a change was taken back. */
export function notifyReverted(report) {
  const partial = report.state === "partial";
  notify(partial ? "warning" : "success",
    partial
      ? "Most of it was taken back (" + summary(report) + "); what somebody had changed since was left. "
      : "Taken back: " + summary(report) + ". ",
    element("a", { href: "/history/" + encodeURIComponent(report.journal), "data-journal": report.journal }, "Show the change"));
}

const dialog = document.getElementById("revert-dialog");
if (dialog) {
  const preview = document.getElementById("revert-preview");
  const apply = document.getElementById("revert-apply");
  let wanted = null;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-revert]");
    if (!button) return;
    const id = button.dataset.revert;
    wanted = { id, plan: null, key: newKey() };
    apply.disabled = true;
    preview.replaceChildren(element("p", { class: "muted" }, "Looking at what would change…"));
    dialog.showModal();
    await look();
  });

  async function look() {
    const current = wanted;
    try {
      const report = await post("/v1/journal/" + encodeURIComponent(current.id) + "/revert", { dry_run: true });
      if (current !== wanted) return;
      current.plan = report.plan_hash;
      const lines = [element("p", {}, "This puts back " + summary(report) + " as before " + current.id + ".")];
      const left = report.conflicts.length + report.skipped.length;
      if (left) lines.push(element("p", { class: "notice notice-warning" }, number(left, "place was", "places were") + " changed by somebody since, and stay as they are."));
      preview.replaceChildren(...lines);
      apply.disabled = false;
    } catch (error) {
      if (current !== wanted) return;
      preview.replaceChildren(element("p", { class: "notice notice-error", role: "alert" }, sentence(error)));
    }
  }

  dialog.querySelector("form").addEventListener("submit", async (event) => {
    event.preventDefault();
    apply.disabled = true;
    try {
      const report = await revert(wanted.id, wanted.plan, wanted.key);
      dialog.close();
      notifyReverted(report);
      document.dispatchEvent(new CustomEvent("moniker:changed", { detail: report }));
    } catch (error) {
      if (error.code === "stale-plan") {
        wanted.key = newKey();
        preview.prepend(element("p", { class: "notice notice-warning", role: "alert" }, "Something has changed since; this is what would be done now."));
        await look();
        return;
      }
      dialog.close();
      notifyFailure(error);
    }
  });
}
