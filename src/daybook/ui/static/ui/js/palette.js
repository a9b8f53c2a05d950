// Search everything: pages and actions at once, records from the server while typing.
import { $, $$, icon, make, on } from "./dom.js";
import { openDrawer } from "./layers.js";

const dialog = $("#palette");
const input = dialog && $("input", dialog);
const list = dialog && $("#palette-list");
const own = dialog ? JSON.parse($("#palette-items")?.textContent || "[]") || [] : [];
let shown = [];
let at = 0;
let turn = 0;
let timer;

export function openPalette() {
  if (!dialog || dialog.open) return;
  input.value = "";
  dialog.showModal();
  input.focus();
  draw(own);
}

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function matches(text) {
  const words = plain(input.value).split(/\s+/).filter(Boolean);
  return own.filter((item) => words.every((word) => plain(`${item.label} ${item.words ?? ""}`).includes(word)));
}

/** The same order, but each group once: where its best match stands. */
function grouped(items) {
  const groups = new Map();
  for (const item of items) groups.set(item.group, [...(groups.get(item.group) ?? []), item]);
  return [...groups.values()].flat();
}

function draw(found) {
  const items = grouped(found);
  shown = items;
  at = 0;
  const nodes = [];
  let group = null;
  items.forEach((item, index) => {
    if (item.group !== group) {
      group = item.group;
      if (group) nodes.push(make("div", { class: "group", role: "presentation" }, group));
    }
    const row = make("div", { role: "option", id: `palette-${index}`, "aria-selected": index === 0 ? "true" : "false" }, icon(item.icon ?? "arrow-right"), make("span", { class: "truncate" }, item.label));
    if (item.sub) row.append(make("span", { class: "sub" }, item.sub));
    if (item.keys) row.append(make("span", { class: "sub" }, ...item.keys.split(" ").flatMap((key) => [make("kbd", {}, key), " "])));
    row.addEventListener("pointermove", () => mark(index));
    row.addEventListener("click", (event) => choose(index, event));
    nodes.push(row);
  });
  if (!items.length) nodes.push(make("p", { class: "empty empty-s", role: "presentation" }, list.dataset.none));
  list.replaceChildren(...nodes);
  if (items.length) input.setAttribute("aria-activedescendant", "palette-0");
  else input.removeAttribute("aria-activedescendant");
}

function mark(index) {
  if (!shown.length) return;
  at = (index + shown.length) % shown.length;
  for (const [number, row] of $$("[role=option]", list).entries()) {
    row.setAttribute("aria-selected", String(number === at));
    if (number === at) row.scrollIntoView({ block: "nearest" });
  }
  input.setAttribute("aria-activedescendant", `palette-${at}`);
}

function choose(index, event) {
  const item = shown[index];
  if (!item) return;
  dialog.close();
  if (item.drawer) openDrawer(item.url);
  else if (event.metaKey || event.ctrlKey) window.open(item.url, "_blank", "noopener");
  else location.assign(item.url);
}

async function ask() {
  const query = input.value.trim();
  const mine = ++turn;
  const here = matches(query);
  draw(here);
  if (query.length < 2 || !dialog.dataset.search) return;
  const response = await fetch(`${dialog.dataset.search}?q=${encodeURIComponent(query)}`, { headers: { Accept: "application/json" } });
  if (!response.ok || mine !== turn) return;
  const found = (await response.json()).items ?? [];
  draw([...found, ...here]);
}

if (dialog) {
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 90); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(at + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(at - 1); }
    else if (event.key === "Enter") { event.preventDefault(); choose(at, event); }
  });
  on("click", "[data-palette]", openPalette);
}
export const shortcuts = own.filter((item) => item.keys);
