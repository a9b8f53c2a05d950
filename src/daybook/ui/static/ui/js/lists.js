// Lists: filters, search, sort and pages change the address and swap the list; ticked rows raise a bar.
import { $, $$, cookie, each, on } from "./dom.js";
import { fill, load, settle } from "./fetching.js";

let running = 0;

/** Swap #list (or the whole page where there is none) for what `url` shows. */
export async function go(url, { push = true } = {}) {
  const turn = ++running;
  const list = $("#list");
  list?.classList.add("is-stale");
  const { response, page } = await load(url);
  if (turn !== running) return;
  list?.classList.remove("is-stale");
  if (!page || !response.ok) return location.assign(url);
  const fresh = $("#list", page);
  if (!list || !fresh || response.redirected) return settle(response.url, page, push);
  if (push && new URL(url, location.href).href !== location.href) history.pushState({ daybook: true }, "", url);
  if ($("title", page)) document.title = $("title", page).textContent;
  const holder = document.createElement("div");
  holder.append(...fresh.childNodes);
  fill(list, holder, page);
  follow(page);
  raise();
  return null;
}

/** What stands above the list and speaks of it: the count, and the links that export it as it is filtered. */
function follow(page) {
  const head = $(".page-head-title", page);
  if (head) $(".page-head-title")?.replaceChildren(...head.childNodes);
  const fresh = $$("[data-export]", page);
  $$("[data-export]").forEach((link, index) => { if (fresh[index]) link.href = fresh[index].getAttribute("href"); });
}

on("click", "a[data-swap]", (event, link) => {
  if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  const paging = link.rel === "next" || link.rel === "prev";
  go(link.href).then(() => {
    if (!paging || !$("#list")) return;
    const top = $("#list").getBoundingClientRect().top;
    if (top < 0) scrollBy({ top: top - 72, behavior: "instant" });
  });
});
addEventListener("popstate", () => { if ($("#list")) go(location.href, { push: false }).then(syncSearch); else location.reload(); });

// search while typing; the form is kept through swaps, so what is typed meanwhile is not lost
let timer;
function search(input, wait) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const url = new URL(location.href);
    if (input.value.trim()) url.searchParams.set("q", input.value.trim());
    else url.searchParams.delete("q");
    url.searchParams.delete("page");
    if (url.href !== location.href) go(url.href, { push: true });
  }, wait);
}
function syncSearch() {
  const input = $("[data-list-search]");
  if (input) input.value = new URL(location.href).searchParams.get("q") ?? "";
}
on("input", "[data-list-search]", (event, input) => search(input, 180));
on("submit", "form[data-search]", (event, form) => { event.preventDefault(); search($("[data-list-search]", form), 0); });
on("click", "[data-search-clear]", (event, button) => {
  const input = $("[data-list-search]", button.closest("form"));
  input.value = "";
  input.focus();
  search(input, 0);
});
on("keydown", "[data-list-search]", (event, input) => {
  if (event.key === "Escape" && input.value) { event.preventDefault(); event.stopPropagation(); input.value = ""; search(input, 0); }
});

// selects and inputs that filter: a GET form with data-filter
on("change", "form[data-filter]", (event, form) => {
  const url = new URL(form.getAttribute("action") || location.pathname, location.href);
  for (const [name, value] of new FormData(form)) if (value !== "") url.searchParams.append(name, value);
  go(url.href);
});

// columns
on("change", "[data-columns] input", (event, input) => {
  const menu = input.closest("[data-columns]");
  const hidden = $$("input:not(:checked)", menu).map((each) => each.value);
  cookie(`daybook_columns_${menu.dataset.columns}`, hidden.join(".") || "-");
  go(location.href, { push: false }).then(() => {
    const again = $(`[data-columns="${menu.dataset.columns}"]`);
    again?.showPopover?.();
    $(`input[value="${CSS.escape(input.value)}"]`, again)?.focus();
  });
});

// ticked rows
let lastTicked = null;
function boxes() { return $$("[data-check]"); }
function raise() {
  const bar = $("[data-bulk-bar]");
  const all = boxes();
  const ticked = all.filter((box) => box.checked);
  const head = $("[data-check-all]");
  if (head) { head.checked = ticked.length > 0 && ticked.length === all.length; head.indeterminate = ticked.length > 0 && ticked.length < all.length; }
  if (!bar) return;
  bar.hidden = ticked.length === 0;
  const count = $("[data-bulk-count]", bar);
  if (count) count.textContent = ticked.length;
}
on("click", "[data-check]", (event, box) => {
  if (event.shiftKey && lastTicked) {
    const all = boxes();
    const [from, to] = [all.indexOf(lastTicked), all.indexOf(box)].sort((a, b) => a - b);
    if (from >= 0) for (const each of all.slice(from, to + 1)) each.checked = box.checked;
  }
  lastTicked = box;
  raise();
});
on("change", "[data-check-all]", (event, head) => { for (const box of boxes()) box.checked = head.checked; raise(); });
on("click", "[data-bulk-clear]", () => { for (const box of boxes()) box.checked = false; raise(); });
each("[data-bulk-bar]", raise);

// a row is a link as a whole, save where it has links and boxes of its own
on("click", "tr[data-href]", (event, row) => {
  if (event.target.closest("a, button, input, label, select, .menu") || getSelection().toString()) return;
  if (event.metaKey || event.ctrlKey) window.open(row.dataset.href, "_blank", "noopener");
  else location.assign(row.dataset.href);
});

