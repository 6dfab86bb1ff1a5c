// What works without this file works the same; it only makes a few things quicker.
import { initAll } from "./from_npm/components.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// "All" above a list ticks every box of its table.
for (const all of document.querySelectorAll("[data-ticks]")) {
  all.closest(".al-all").hidden = false;
  all.addEventListener("change", () => {
    for (const box of document.querySelectorAll(all.dataset.ticks)) box.checked = all.checked;
  });
}
