// The keyboard: Ctrl-K, /, ?, c, and "g" with a letter. Silent while somebody types.
import { $, make, on } from "./dom.js";
import { openPalette, shortcuts } from "./palette.js";

const typing = (target) => target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable=true]");
let first = "";
let timer;

const list = $("#keys-list");
if (list) for (const item of shortcuts) list.append(make("dt", {}, ...item.keys.split(" ").flatMap((key) => [make("kbd", {}, key), " "])), make("dd", {}, item.label));

export function showKeys() { const dialog = $("#keys"); if (dialog && !dialog.open) dialog.showModal(); }
on("click", "[data-keys]", showKeys);

/** The help of this page; where there is none (before signing in), the keys. */
function showHelp() { const help = $("a[data-help]"); if (help) help.click(); else showKeys(); }

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openPalette();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || $("dialog[open]")) return;
  const pressed = event.key;
  const both = first ? `${first} ${pressed}` : pressed;
  first = "";
  clearTimeout(timer);
  const found = shortcuts.find((item) => item.keys === both);
  if (found) { event.preventDefault(); location.assign(found.url); return; }
  if (pressed === "g") { first = "g"; timer = setTimeout(() => { first = ""; }, 1200); return; }
  if (pressed === "?") { event.preventDefault(); showHelp(); }
  else if (pressed === "/") { const input = $("[data-list-search]"); event.preventDefault(); if (input) { input.focus(); input.select(); } else openPalette(); }
  else if (pressed === "c") { const menu = $("#menu-create"); if (menu) { event.preventDefault(); menu.showPopover(); $("a", menu)?.focus(); } }
});
