import { follow } from "./job-progress.js";
import "./revert.js";

for (const element of document.querySelectorAll("[data-job]")) {
  follow(element, () => setTimeout(() => location.reload(), 800));
}
document.addEventListener("moniker:job-started", () => setTimeout(() => location.reload(), 800));
