// What every page does: times in the reader's own zone, dialogs that open and close by buttons.

for (const time of document.querySelectorAll("time[datetime]")) localise(time);

/** Writes a time as people here write it. */
export function localise(time) {
  const date = new Date(time.dateTime);
  if (Number.isNaN(date.getTime())) return;
  time.title = time.textContent;
  time.textContent = date.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens)?.showModal();
  const closer = event.target.closest("[data-closes]");
  if (closer) closer.closest("dialog")?.close();
});
