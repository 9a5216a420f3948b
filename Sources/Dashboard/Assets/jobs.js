// Starting jobs, following them as they go on, and stopping them.
import { announce, get, notify, notifyFailure, post, remove } from "./work.js";

// Jobs of one page are followed by their events; each stream holds a connection, of which browsers
// allow six, so the rest is asked for from time to time.
const mostStreams = 3;
const streams = new Map();

const rows = () => [...document.querySelectorAll("tr[data-job]")];
const part = (row, name) => row.querySelector('[data-part="' + name + '"]');

// As the server writes it.
function duration(seconds) {
  if (seconds < 10) return "a few seconds";
  if (seconds < 90) return seconds + " seconds";
  if (seconds < 5400) return Math.floor((seconds + 30) / 60) + " minutes";
  if (seconds < 172800) return Math.floor((seconds + 1800) / 3600) + " hours";
  return Math.floor((seconds + 43200) / 86400) + " days";
}

const classes = { done: "badge-ok", partial: "badge-warning", paused: "badge-warning", failed: "badge-error", running: "badge-info" };
const ended = ["done", "partial", "failed", "cancelled"];

function show(row, job) {
  const isFinal = ended.includes(job.state);
  const was = row.dataset.state;
  row.dataset.state = job.state;
  row.dataset.final = String(isFinal);
  const badge = part(row, "state");
  badge.className = "badge " + (classes[job.state] ?? "");
  badge.textContent = job.request ? job.state + ", to " + job.request : job.state;
  const head = document.getElementById("job-state-badge");
  if (head) {
    head.className = badge.className;
    head.textContent = badge.textContent;
  }
  const bar = part(row, "progress");
  bar.hidden = job.total === 0;
  bar.max = Math.max(1, job.total);
  bar.value = job.done;
  const eta = job.eta_seconds === null || isFinal ? "" : ", about " + duration(job.eta_seconds) + " left";
  part(row, "progress-text").textContent = (job.total > 0 ? job.done + " of " + job.total : isFinal ? "" : job.phase) + eta;
  const items = job.items;
  part(row, "result").textContent = items.applied + " applied, " + items.review + " for review, " + items.skipped + " skipped, " + items.failed + " failed";
  const can = {
    pause: !job.request && ["queued", "running"].includes(job.state),
    resume: job.state === "paused" || job.request === "pause",
    cancel: !isFinal && job.request !== "cancel",
    retry: ["partial", "failed"].includes(job.state),
  };
  for (const button of row.querySelectorAll("[data-control]")) button.hidden = !can[button.dataset.control];
  if (isFinal && was !== job.state && was) {
    announce(row.querySelector("th").textContent.trim() + ": " + job.state);
    // The page of one job shows its images and its change set once it has ended.
    if (document.getElementById("items") && !ended.includes(was)) location.reload();
  }
}

function follow(row) {
  const id = row.dataset.job;
  if (streams.has(id) || streams.size >= mostStreams || row.dataset.state !== "running") return;
  const source = new EventSource("/v1/jobs/" + encodeURIComponent(id) + "/events");
  streams.set(id, source);
  const end = () => {
    source.close();
    streams.delete(id);
  };
  source.addEventListener("progress", (event) => show(row, JSON.parse(event.data)));
  source.addEventListener("end", (event) => {
    end();
    show(row, JSON.parse(event.data));
  });
  // Where the stream breaks, the browser begins it again after the last event; where it is refused,
  // asking from time to time is enough.
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) end();
  });
}

async function look() {
  for (const row of rows()) {
    if (row.dataset.final === "true" || streams.has(row.dataset.job)) continue;
    try {
      show(row, await get("/v1/jobs/" + encodeURIComponent(row.dataset.job)));
    } catch (error) {
      if (error.status !== 0) notifyFailure(error);
    }
    follow(row);
  }
  if (rows().some((row) => row.dataset.final !== "true")) setTimeout(look, document.hidden ? 10000 : 2000);
}

for (const row of rows()) follow(row);
if (rows().some((row) => row.dataset.final !== "true")) setTimeout(look, 1000);

// Control

function confirmed(text, yes) {
  const dialog = document.getElementById("confirm-dialog");
  document.getElementById("confirm-text").textContent = text;
  const button = document.getElementById("confirm-yes");
  button.textContent = yes;
  return new Promise((resolve) => {
    const accept = () => {
      button.removeEventListener("click", accept);
      dialog.close("yes");
    };
    button.addEventListener("click", accept);
    dialog.addEventListener("close", () => {
      button.removeEventListener("click", accept);
      const isYes = dialog.returnValue === "yes";
      dialog.returnValue = "";
      resolve(isYes);
    }, { once: true });
    dialog.showModal();
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-control]");
  if (button) {
    const row = button.closest("tr");
    const verb = button.dataset.control;
    const name = row.querySelector("th a").textContent;
    if (verb === "cancel" && !(await confirmed("“" + name + "” ends for good. What it has written already stays and can be taken back in History.", "Cancel the job"))) return;
    button.disabled = true;
    try {
      const job = await post("/v1/jobs/" + encodeURIComponent(row.dataset.job) + "/" + verb);
      show(row, job);
      announce(name + ": " + job.state);
      row.querySelector("[data-control]:not([hidden])")?.focus();
      setTimeout(look, 500);
    } catch (error) {
      notifyFailure(error);
    }
    button.disabled = false;
    return;
  }
  const schedule = event.target.closest("[data-remove-schedule]");
  if (schedule) {
    if (!(await confirmed("No further jobs begin by this schedule. Those that it has made stay.", "Remove the schedule"))) return;
    try {
      await remove("/v1/schedules/" + encodeURIComponent(schedule.dataset.removeSchedule));
      schedule.closest("li").remove();
      notify("success", "The schedule is removed.");
    } catch (error) {
      notifyFailure(error);
    }
  }
});

// Starting

const form = document.getElementById("job-form");

function kind() {
  return form.elements.kind.value;
}

function showOptions() {
  for (const option of form.querySelectorAll("[data-for]")) {
    option.hidden = !option.dataset.for.split(" ").includes(kind());
  }
}

function wanted() {
  const fields = form.elements;
  const options = {};
  const says = (name) => fields[name].value.trim();
  if (["missing-alt", "complete-metadata", "metadata-and-filename"].includes(kind())) {
    if (fields.used.checked) options.used = true;
    if (kind() !== "missing-alt" && fields.overwrite.checked) options.overwrite = true;
    if (says("limit")) options.limit = Number(says("limit"));
    if (says("language")) options.language = says("language");
    if (says("mode")) options.mode = says("mode");
  }
  if (kind() === "scan" && fields.full.checked) options.full = true;
  if (kind() === "clear") {
    options.fields = [...form.querySelectorAll('[name="clear-field"]:checked')].map((box) => box.value);
    options.ai_only = fields.ai_only.checked;
  }
  return { kind: kind(), options, priority: Number(says("priority") || 0) };
}

if (form) {
  showOptions();
  form.addEventListener("change", showOptions);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const job = wanted();
    if (job.kind === "clear" && job.options.fields.length === 0) {
      notify("warning", "Choose at least one text to clear.");
      form.querySelector('[name="clear-field"]').focus();
      return;
    }
    const destroys = job.kind === "clear" || job.options.overwrite;
    if (destroys && !(await confirmed(job.kind === "clear" ? "The chosen texts of all images become empty. History can take it back." : "Texts that are there are overwritten, also good ones. History can take it back.", "Start"))) return;
    const button = document.getElementById("job-start");
    button.disabled = true;
    try {
      const cron = form.elements.cron.value.trim();
      if (cron) {
        await post("/v1/schedules", { ...job, cron });
        location.assign("/jobs#schedules");
        location.reload();
      } else {
        const made = await post("/v1/jobs", job);
        location.assign("/jobs/" + encodeURIComponent(made.id));
      }
    } catch (error) {
      notifyFailure(error);
      button.disabled = false;
    }
  });
}
