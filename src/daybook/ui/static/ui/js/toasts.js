// Notices that rise, stay while they are read, and go. With Undo where undo is real.
import { $, $$, icon, make, on } from "./dom.js";
import { say } from "./words.js";

const STAY = 6000;
const KEPT = "daybook-toasts";

function region() {
  const element = $("#toasts");
  if (element && element.showPopover) {
    if (element.matches(":popover-open")) element.hidePopover();
    element.showPopover();
  }
  return element;
}

function wait(element) {
  let timer;
  const start = () => { timer = setTimeout(() => element.remove(), element.classList.contains("toast-bad") ? STAY * 2 : STAY); };
  const stop = () => clearTimeout(timer);
  element.addEventListener("pointerenter", stop);
  element.addEventListener("pointerleave", start);
  element.addEventListener("focusin", stop);
  element.addEventListener("focusout", start);
  start();
}

/** Show toasts made by the server. */
export function showToasts(elements) {
  if (!elements.length) return;
  const place = region();
  for (const element of elements) {
    const own = document.adoptNode(element);
    place.append(own);
    wait(own);
  }
}

/** Show one of our own: {text, kind: good|attention|bad, undo: address}. */
export function toast({ text, kind = "good", undo = "", undoLabel = say("undo") }) {
  const children = [icon(kind === "good" ? "circle-check" : "alert"), make("span", {}, text)];
  if (undo) children.push(make("button", { type: "button", "data-undo": undo }, undoLabel));
  children.push(make("button", { type: "button", class: "toast-close", "data-close": true, "aria-label": say("close") }, icon("close")));
  showToasts([make("div", { class: `toast toast-${kind}`, "data-toast": true }, ...children)]);
}

/** Keep toasts for the page that is about to be opened. */
export function keepToasts(elements) {
  if (elements.length) sessionStorage.setItem(KEPT, elements.map((element) => element.outerHTML).join(""));
}

on("click", ".toast [data-close]", (event, button) => button.closest(".toast").remove());

const kept = sessionStorage.getItem(KEPT);
if (kept) {
  sessionStorage.removeItem(KEPT);
  showToasts($$("[data-toast]", new DOMParser().parseFromString(kept, "text/html")));
}
showToasts($$("#toasts [data-toast]"));
for (const name of ["toast", "daybook:notice"]) document.addEventListener(name, (event) => { if (event.detail?.text) toast(event.detail); });
