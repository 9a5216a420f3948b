// Approving, editing and rejecting proposed texts, each in place.
import { announce, element, notify, notifyFailure, post, sentence } from "./api.js";

const updateContent = document.getElementById("update-content");
const total = document.getElementById("review-total");

const writing = () => (updateContent?.checked ? { update_content: true } : {});

for (const card of document.querySelectorAll(".proposal")) watch(card);

function watch(card) {
  const texts = [...card.querySelectorAll("textarea")];
  for (const text of texts) {
    text.dataset.proposed = text.value;
    text.addEventListener("input", () => showEdits(card));
  }
  card.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-action]");
    if (button) act(card, button.dataset.action);
  });
}

function edited(card) {
  return [...card.querySelectorAll("textarea")].filter((text) => text.value !== text.dataset.proposed);
}

function showEdits(card) {
  const isEdited = edited(card).length > 0;
  card.querySelector('[data-action="approve"]').hidden = isEdited;
  card.querySelector('[data-action="edit"]').hidden = !isEdited;
  card.querySelector('[data-action="reset"]').hidden = !isEdited;
}

async function act(card, action, more = {}) {
  const path = "/v1/review/" + card.dataset.attachment + "/";
  if (action === "reset") {
    for (const text of card.querySelectorAll("textarea")) text.value = text.dataset.proposed;
    showEdits(card);
    card.querySelector('[data-action="approve"]').focus();
    return;
  }
  const message = card.querySelector(".proposal-message");
  message.replaceChildren();
  setBusy(card, true);
  try {
    if (action === "reject") {
      await post(path + "reject");
      finish(card, "Rejected: these texts are not proposed again.");
    } else {
      const texts = Object.fromEntries(edited(card).map((text) => [text.dataset.text, text.value]));
      const body = action === "edit" ? { texts, ...more, ...writing() } : writing();
      const report = await post(path + (action === "edit" ? "edit" : "approve"), body);
      const left = report.skipped.find((item) => String(item.attachment) === card.dataset.attachment);
      if (left) {
        setBusy(card, false);
        message.replaceChildren(left.detail);
      } else {
        finish(card, action === "edit" ? "Your texts were written." : "Written.", report.journal);
      }
    }
  } catch (error) {
    setBusy(card, false);
    message.replaceChildren(sentence(error));
    if (action === "edit" && error.code === "held-back" && !more.force && !unsafe.has(error.details.reason)) {
      const force = element("button", { type: "button", class: "small" }, "Save them all the same");
      force.addEventListener("click", () => act(card, "edit", { force: true }));
      message.append(" ", force);
    } else if (error.code === "held-back") {
      message.append(" Edit the text above, then save it.");
    }
  }
}

function setBusy(card, isBusy) {
  card.setAttribute("aria-busy", String(isBusy));
  for (const button of card.querySelectorAll("button")) button.disabled = isBusy;
}

function finish(card, text, journal) {
  const name = card.querySelector("h2").textContent;
  const line = element("p", { class: "decided", tabindex: "-1" }, element("strong", {}, name), ": " + text);
  if (journal) line.append(" ", element("a", { href: "/history/" + journal }, "See or take back"));
  const held = card.contains(document.activeElement);
  card.removeAttribute("aria-busy");
  card.classList.add("is-decided");
  card.dataset.decided = "true";
  card.replaceChildren(line);
  if (total) total.textContent = String(Math.max(0, Number(total.textContent) - 1));
  announce(name + ": " + text);
  const next = document.querySelector(".proposal:not([data-decided]) [data-action]:not([hidden])");
  if (held) (next ?? line).focus();
  const all = document.getElementById("approve-all");
  if (all) {
    const left = waiting().length;
    all.textContent = "Approve all " + left + " shown…";
    all.hidden = left < 2;
  }
}

// Rules that keep pages safe, which nobody can overrule (docs/generation.md).
const unsafe = new Set([
  "empty", "too-long", "control-characters", "bidi", "invisible-characters", "mixed-scripts",
  "markup", "url", "prompt-leftover", "cannot-see", "decorative-with-alt",
]);

const waiting = () => [...document.querySelectorAll(".proposal:not([data-decided])")];

// All that are shown: a dry run first, then what was seen and nothing else.
const dialog = document.getElementById("approve-dialog");
const confirm = document.getElementById("approve-confirm");
let plan = null;

document.getElementById("approve-all")?.addEventListener("click", async () => {
  const touched = waiting().filter((card) => edited(card).length > 0);
  if (touched.length > 0) {
    notify("warning", "There are edited texts that are not saved: save or undo them first.");
    touched[0].querySelector("textarea").focus();
    return;
  }
  const attachments = waiting().map((card) => Number(card.dataset.attachment));
  const shown = document.getElementById("approve-plan");
  plan = null;
  confirm.disabled = true;
  shown.replaceChildren(element("p", {}, "Looking at what would be written…"));
  dialog.showModal();
  try {
    const body = { attachments, ...writing() };
    const report = await post("/v1/review/approve", { ...body, dry_run: true });
    const count = report.changes?.length ?? 0;
    shown.replaceChildren(
      element("p", {}, report.attachments + " images get their proposed texts: " + count + " changes, in one entry of History that can be taken back."));
    if (report.skipped.length > 0) {
      shown.append(
        element("p", {}, report.skipped.length + " are left out:"),
        element("ul", {}, ...report.skipped.map((item) => element("li", {}, "Image " + item.attachment + ": " + item.detail))));
    }
    plan = { ...body, expected_plan: report.plan_hash };
    confirm.disabled = report.attachments === 0;
    if (!confirm.disabled) confirm.focus();
  } catch (error) {
    shown.replaceChildren(element("p", { class: "notice notice-error", role: "alert" }, sentence(error)));
  }
});

confirm?.addEventListener("click", async () => {
  if (!plan) return;
  confirm.disabled = true;
  try {
    const report = await post("/v1/review/approve", plan);
    dialog.close();
    const left = new Set(report.skipped.map((item) => String(item.attachment)));
    for (const card of waiting()) {
      if (!left.has(card.dataset.attachment)) finish(card, "Written.", report.journal);
    }
    notify("success", report.attachments + " images have their texts. ", element("a", { href: "/history/" + report.journal }, "See or take back"));
  } catch (error) {
    dialog.close();
    notifyFailure(error);
  }
});
