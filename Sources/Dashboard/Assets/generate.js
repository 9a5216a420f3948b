// Generates the missing texts of one image.
import { element, newKey, notify, notifyFailure, post } from "./api.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-generate]");
  if (!button || button.disabled) return;
  const id = button.dataset.generate;
  const words = button.textContent;
  button.disabled = true;
  button.textContent = "Generating…";
  try {
    const report = await post("/v1/attachments/" + encodeURIComponent(id) + "/metadata", {}, { key: newKey() });
    const details = element("a", { href: "/images/" + encodeURIComponent(id) }, "Show the image");
    if (report.journal) {
      notify("success", "The missing texts of image " + id + " were written. ", details);
      button.dispatchEvent(new CustomEvent("moniker:changed", { bubbles: true, detail: report }));
    } else if (report.review?.length) {
      notify("warning", "The texts of image " + id + " are uncertain and wait for you. ", element("a", { href: "/review" }, "Review them"));
    } else if (report.failed?.length) {
      notify("error", "Image " + id + " could not be described: " + report.failed[0].detail + ". ");
    } else {
      notify("success", "Nothing was missing: image " + id + " has its texts. ", details);
    }
  } catch (error) {
    notifyFailure(error);
  } finally {
    button.disabled = false;
    button.textContent = words;
  }
});
