// Dialogs that say what a job will do, and start it.
import { element, newKey, notify, sentence, startJob } from "./api.js";

/** The ids of the images that are selected on the page. */
export function selectedImages() {
  return [...document.querySelectorAll('input[name="image"]:checked')].map((box) => Number(box.value));
}

for (const form of document.querySelectorAll("form[data-job-kind]")) {
  const dialog = form.closest("dialog");
  const failure = form.querySelector("[data-job-failure]");
  const start = form.querySelector('button[value="start"]');
  // The same key until the job is known to be there: a second click starts no second job.
  let key = newKey();
  dialog.addEventListener("close", () => { failure.hidden = true; });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const options = {};
    if (form.elements.used?.checked) options.used = true;
    if (form.elements.keep_old) options.keep_old = form.elements.keep_old.value;
    if (form.dataset.jobSelection) options.attachments = selectedImages();
    start.disabled = true;
    failure.hidden = true;
    try {
      const job = await startJob(form.dataset.jobKind, options, key);
      key = newKey();
      dialog.close();
      notify("success", "The job has been started. ", element("a", { href: "/jobs#" + job.id, "data-started-job": job.id }, "Follow it under Jobs"));
      document.dispatchEvent(new CustomEvent("moniker:job-started", { detail: job }));
    } catch (error) {
      failure.textContent = sentence(error);
      failure.hidden = false;
      key = newKey();
    } finally {
      start.disabled = false;
    }
  });
}
