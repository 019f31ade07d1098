"use strict";
// The page is whole without this. It adds a field to long lists that hides what does not hold the words, and unfolds answers for print.
for (const section of document.querySelectorAll("[data-filter]")) {
  const rows = [...section.querySelectorAll("[data-row]")];
  if (rows.length < 12) continue;
  const folds = [...section.querySelectorAll("details")];
  const label = document.createElement("label");
  const field = document.createElement("input");
  const told = document.createElement("output");
  field.type = "search";
  label.className = "filter";
  label.append(section.dataset.filter + " shown here: ", field, " ", told);
  section.querySelector("h2, h3").after(label);
  field.addEventListener("input", () => {
    const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
    let left = 0;
    for (const row of rows) {
      row.hidden = !words.every((word) => row.textContent.toLowerCase().includes(word));
      left += row.hidden ? 0 : 1;
    }
    for (const fold of folds) {
      fold.hidden = words.length > 0 && !fold.querySelector("[data-row]:not([hidden])");
      fold.open = words.length > 0 && !fold.hidden;
    }
    told.textContent = words.length ? left + " of " + rows.length : "";
  });
}
addEventListener("beforeprint", () => {
  for (const fold of document.querySelectorAll(".opens details, .issue details")) fold.open = true;
});
