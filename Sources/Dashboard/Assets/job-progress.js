// Shows how far jobs have come, as the service tells it (server-sent events).
import { announce } from "./api.js";

const number = new Intl.NumberFormat("en");

/** How long something will take, roughly. */
function duration(seconds) {
  if (seconds < 10) return "a few seconds";
  if (seconds < 90) return Math.round(seconds) + " seconds";
  if (seconds < 5400) return Math.round(seconds / 60) + " minutes";
  return Math.round(seconds / 3600) + " hours";
}

/** Follows the job of an element with data-job; `ended` hears of its end. */
export function follow(element, ended = () => {}) {
  const source = new EventSource("/v1/jobs/" + encodeURIComponent(element.dataset.job) + "/events");
  const show = (job) => {
    const bar = element.querySelector("progress");
    if (job.total > 0) {
      bar.max = job.total;
      bar.value = job.done;
    }
    element.dataset.state = job.state;
    element.querySelector("[data-job-state]").textContent = job.state;
    element.querySelector("[data-job-progress]").textContent =
      job.total > 0 ? number.format(job.done) + " of " + number.format(job.total) : job.phase;
    element.querySelector("[data-job-remaining]").textContent =
      typeof job.eta_seconds === "number" && job.state === "running" ? ", about " + duration(job.eta_seconds) + " left" : "";
  };
  source.addEventListener("progress", (event) => show(JSON.parse(event.data)));
  source.addEventListener("end", (event) => {
    const job = JSON.parse(event.data);
    show(job);
    source.close();
    announce("A job has ended: " + job.state + ".");
    ended(job);
  });
}
