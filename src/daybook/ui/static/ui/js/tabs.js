// Rows of tabs that are wider than the page: the chosen one is brought into view, and a fading edge says that there is more.
import { each } from "./dom.js";

each(".tabs", (row) => {
  const mark = () => {
    row.classList.toggle("has-before", row.scrollLeft > 2);
    row.classList.toggle("has-after", row.scrollLeft + row.clientWidth < row.scrollWidth - 2);
  };
  row.addEventListener("scroll", mark, { passive: true });
  new ResizeObserver(mark).observe(row);
  const chosen = row.querySelector("[aria-current], [aria-selected=true]");
  if (chosen && row.scrollWidth > row.clientWidth) row.scrollLeft = chosen.offsetLeft - row.offsetLeft - (row.clientWidth - chosen.offsetWidth) / 2;
  mark();
});
