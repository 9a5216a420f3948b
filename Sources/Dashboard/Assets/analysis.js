// Beginning an analysis, and showing its result when it has ended.
import { announce, get, notifyFailure, post } from "./work.js";

const button = document.getElementById("analyze");

button?.addEventListener("click", async () => {
  button.disabled = true;
  button.textContent = "Analyzing…";
  announce("The analysis has begun.");
  try {
    const job = await post("/v1/jobs", { kind: "analyze" });
    await wait(job.id);
  } catch (error) {
    notifyFailure(error);
    button.disabled = false;
    button.textContent = "Analyze again";
  }
});

async function wait(id) {
  for (;;) {
    const job = await get("/v1/jobs/" + encodeURIComponent(id));
    if (job.state === "done") {
      location.reload();
      return;
    }
    if (["failed", "cancelled", "paused"].includes(job.state)) {
      location.assign("/jobs/" + encodeURIComponent(id));
      return;
    }
    if (job.total > 0) button.textContent = job.phase + ": " + job.done + " of " + job.total;
    await new Promise((resolve) => setTimeout(resolve, document.hidden ? 5000 : 1000));
  }
}

const pending = document.getElementById("analysis-pending");
if (pending) wait(pending.dataset.job).catch(notifyFailure);
