import "./filename.js";
import "./generate.js";
import { announce } from "./api.js";

const section = document.getElementById("references");
const status = document.getElementById("references-status");

/** Searches all tables for what names the image, and shows it here. */
async function searchReferences() {
  status.textContent = "Searching all tables for references…";
  try {
    const answer = await fetch(section.dataset.source, { credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.getElementById("references-found");
    if (!found) throw new Error(page.getElementById("problem-message")?.textContent ?? "The session has ended: log in again.");
    status.remove();
    section.append(...document.adoptNode(found).children);
    announce("All references have been found.");
  } catch (error) {
    status.textContent = error.message;
  }
}

searchReferences();
// What was shown is no longer true; the notice stays, and says where to look.
document.addEventListener("moniker:changed", async () => {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.getElementById("main");
  if (!answer.ok || !fresh) return;
  document.title = page.title;
  for (const place of [".image-head", ".cards", "#files", ".change-list"]) {
    const [old, now] = [document.querySelector("#main " + place), fresh.querySelector(place)];
    if (old && now) old.replaceWith(document.adoptNode(now));
  }
});
