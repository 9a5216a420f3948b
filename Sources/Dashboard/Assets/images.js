import "./filename.js";
import "./generate.js";

const boxes = [...document.querySelectorAll('input[name="image"]')];
const all = document.getElementById("select-all");

/** Says how many images are selected, wherever the page says so. */
function count() {
  const selected = boxes.filter((box) => box.checked).length;
  const words = selected === 1 ? "1 image" : selected + " images";
  for (const place of document.querySelectorAll("[data-selected-count]")) place.textContent = words;
  for (const button of document.querySelectorAll("[data-needs-selection]")) button.disabled = selected === 0;
  if (all) {
    all.checked = selected > 0 && selected === boxes.length;
    all.indeterminate = selected > 0 && selected < boxes.length;
  }
}

all?.addEventListener("change", () => {
  for (const box of boxes) box.checked = all.checked;
  count();
});
for (const box of boxes) box.addEventListener("change", count);
count();
