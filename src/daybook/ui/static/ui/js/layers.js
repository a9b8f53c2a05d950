// What opens over the page: menus, popovers, the drawer, popups. Esc closes the topmost; focus goes back where it was.
import { $, $$, enliven, make, on } from "./dom.js";
import { done, failed, fill, load, mainOf, saved, send } from "./fetching.js";
import { guard, isDirty } from "./forms.js";
import { say } from "./words.js";

// ── menus and popovers stand beside what opened them ─────────────
export function place(layer, anchor) {
  const box = anchor.getBoundingClientRect();
  const style = layer.style;
  const right = box.left + box.width / 2 > innerWidth / 2;
  const above = box.bottom > innerHeight * 0.62;
  style.left = right ? "auto" : `${Math.max(8, box.left)}px`;
  style.right = right ? `${Math.max(8, document.documentElement.clientWidth - box.right)}px` : "auto";
  style.top = above ? "auto" : `${box.bottom + 6}px`;
  style.bottom = above ? `${innerHeight - box.top + 6}px` : "auto";
}

let lastAnchor = null;
document.addEventListener("click", (event) => {
  const button = event.target instanceof Element && event.target.closest("[popovertarget], [data-popover]");
  if (button) lastAnchor = button;
}, true);

document.addEventListener("beforetoggle", (event) => {
  const layer = event.target;
  if (event.newState !== "open" || !layer.matches("[popover].menu")) return;
  const anchor = $$(`[popovertarget="${CSS.escape(layer.id)}"]`).find((button) => button === lastAnchor) ?? $(`[popovertarget="${CSS.escape(layer.id)}"]`);
  if (anchor) place(layer, anchor);
}, true);

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.("[popover].menu")) return;
  for (const button of $$(`[popovertarget="${CSS.escape(event.target.id)}"]`)) button.setAttribute("aria-expanded", String(event.newState === "open"));
}, true);

on("keydown", ".menu", (event, menu) => {
  const items = $$("a[href], button, input", menu).filter((item) => item.offsetParent !== null);
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
  const typing = event.target.matches("input:not([type=checkbox], [type=radio])") && event.key !== "ArrowDown";
  if (to === undefined || !items.length || typing) return;
  event.preventDefault();
  items[(to + items.length) % items.length].focus();
});
on("keydown", "[popovertarget]", (event, button) => {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (event.key !== "ArrowDown" || !menu?.matches(".menu")) return;
  event.preventDefault();
  lastAnchor = button;
  menu.showPopover();
  $("a[href], button, input", menu)?.focus();
});
on("click", ".menu a, .menu button:not([data-theme], [data-stay])", (event, item) => item.closest(".menu").hidePopover());

// ── the popover of reasons, and of anything small that is fetched ─
function waiting(body) {
  body.replaceChildren(...["skeleton-title", "", "", "skeleton-short"].map((name) => make("span", { class: `skeleton ${name}` })));
}

// ── a filter of many choices fetches them when it is opened ──────
const MANY = 12;
document.addEventListener("toggle", async (event) => {
  const menu = event.target;
  if (event.newState !== "open" || !menu.matches?.("[data-fetched]")) return;
  const inside = menu.contains(document.activeElement);
  waiting(menu);
  const { response, page } = await load(menu.dataset.fetched);
  const choices = page && $("[data-choices]", page);
  if (!choices) {
    menu.hidePopover();
    failed(response, page);
    return;
  }
  delete menu.dataset.fetched;
  const links = [...choices.childNodes];
  menu.replaceChildren(...(links.length > MANY ? [finder(menu, links)] : []), ...links);
  if (inside || menu.contains(document.activeElement)) $("a[href], input", menu)?.focus();
}, true);

const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

/** The field that shows of many choices only those that hold what is typed. */
function finder(menu, links) {
  const label = $(`[popovertarget="${CSS.escape(menu.id)}"]`)?.textContent.trim() ?? "";
  const seek = (event) => {
    const wanted = plain(event.target.value).split(" ");
    for (const link of links) link.hidden = !wanted.every((part) => plain(link.textContent).includes(part));
  };
  return make("input", { type: "search", class: "input-s menu-find", placeholder: say("search"), "aria-label": `${say("search")}: ${label}`, autocomplete: "off", oninput: seek });
}

export async function openPopover(url, anchor) {
  const layer = $("#popover");
  const body = $("#popover-body");
  waiting(body);
  place(layer, anchor);
  if (layer.matches(":popover-open")) layer.hidePopover();
  layer.showPopover();
  const { response, page } = await load(url);
  if (!response.ok || !page) {
    layer.hidePopover();
    return failed(response, page);
  }
  fill(body, mainOf(page), page);
  place(layer, anchor);
  layer.addEventListener("toggle", () => anchor.isConnected && document.activeElement === document.body && anchor.focus(), { once: true });
  return null;
}
/** The same popover with what the page knows already. */
export function showPopover(nodes, anchor) {
  const layer = $("#popover");
  $("#popover-body").replaceChildren(...nodes.filter(Boolean));
  if (layer.matches(":popover-open")) layer.hidePopover();
  layer.showPopover();
  place(layer, anchor);
  layer.addEventListener("toggle", () => anchor.isConnected && document.activeElement === document.body && anchor.focus(), { once: true });
  $("button, a[href]", layer)?.focus({ preventScroll: true });
}
on("click", "[data-popover]", (event, button) => {
  event.preventDefault();
  openPopover(button.dataset.popover || button.href, button);
});

// ── drawer and popup: a page beside the page ─────────────────────
let opener = null;

async function openInto(dialog, body, url) {
  opener = document.activeElement;
  dialog.dataset.url = url;
  waiting(body);
  if (!dialog.open) dialog.showModal();
  const { response, page } = await load(url);
  if (!page || (!response.ok && response.status !== 422)) {
    dialog.close();
    return failed(response, page);
  }
  show(dialog, body, page);
  return null;
}

function show(dialog, body, page) {
  const title = $(".page-head h1, h1", page);
  const heading = $("#drawer-title", dialog);
  if (heading) heading.textContent = title?.textContent.trim() ?? "";
  const source = mainOf(page);
  if (heading) $(".page-head", source)?.remove();
  dialog.classList.toggle("drawer-wide", Boolean($(".form-wide, .drawer-wide", source)));
  fill(body, source, page);
  const visible = (selector) => $$(selector, body).find((element) => element.offsetParent !== null && !element.disabled);
  const first = visible("[data-form-errors], [aria-invalid=true], [autofocus]") ?? visible("input:not([type=hidden]), select, textarea, a[href], button");
  first?.focus({ preventScroll: true });
  body.scrollTop = 0;
}

export const openDrawer = (url) => openInto($("#drawer"), $("#drawer-body"), url);
export const openPopup = (url) => openInto($("#popup"), $("#popup-body"), url);

function plainClick(event) {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}
on("click", "a[data-drawer], button[data-drawer]", (event, link) => {
  if (!plainClick(event)) return;
  event.preventDefault();
  openDrawer(link.dataset.drawer || link.href);
});
on("click", "a[data-popup], button[data-popup]", (event, link) => {
  if (!plainClick(event)) return;
  event.preventDefault();
  openPopup(link.dataset.popup || link.href);
});
on("click", "[data-dialog]", (event, button) => document.getElementById(button.dataset.dialog)?.showModal());

async function close(dialog) {
  if (dialog.id === "drawer" && isDirty(dialog) && !(await guard(dialog))) return;
  dialog.close();
}
on("click", "dialog [data-close]", (event, button) => { event.preventDefault(); close(button.closest("dialog")); });
on("click", "dialog .form-footer [data-cancel]", (event, link) => {
  event.preventDefault();
  close(link.closest("dialog"));
});
document.addEventListener("click", (event) => { if (event.target instanceof HTMLDialogElement) close(event.target); });
document.addEventListener("cancel", (event) => {
  if (event.target.id !== "drawer" || !isDirty(event.target)) return;
  event.preventDefault();
  close(event.target);
}, true);
document.addEventListener("close", (event) => {
  const body = $("#drawer-body, #popup-body", event.target);
  if (body) body.replaceChildren();
  if (opener?.isConnected) opener.focus({ preventScroll: true });
  opener = null;
}, true);

/** A form in a drawer or popup, and any form with data-swap, is sent without leaving the page. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-plain") || form.getAttribute("hx-post")) return;
  const dialog = form.closest("#drawer, #popup");
  if (!dialog && !form.hasAttribute("data-swap")) return;
  event.preventDefault();
  const body = new FormData(form, event.submitter);
  const url = event.submitter?.getAttribute("formaction") || form.getAttribute("action") || dialog?.dataset.url || location.href;
  try {
    const { response, page } = await send(url, body);
    await answered(form, dialog, response, page);
  } finally {
    form.daybookBusy?.(false);
  }
});

async function answered(form, dialog, response, page) {
  const settled = response.status === 204 || response.redirected || response.headers.has("HX-Redirect");
  if (settled && dialog) {
    form.daybookClean?.();
    dialog.close();
  }
  if (settled) await done(response, page);
  else if (page && (response.ok || response.status === 422) && page.body.textContent.trim()) {
    if (dialog) show(dialog, $("#drawer-body, #popup-body", dialog), page);
    else fill($("#content"), mainOf(page), page);
  } else failed(response, page);
}

// ── one-button verbs: data-post, and Undo ────────────────────────
async function post(url, button) {
  const body = new FormData();
  for (const [name, value] of Object.entries(JSON.parse(button.dataset.values ?? "{}"))) body.append(name, value);
  button.setAttribute("aria-busy", "true");
  const { response, page } = await send(url, body);
  button.removeAttribute("aria-busy");
  if (await done(response, page)) return;
  if (response.ok) await saved();
  else failed(response, page);
}
on("click", "[data-post]", (event, button) => { event.preventDefault(); post(button.dataset.post, button); });
on("click", "[data-undo]", async (event, button) => { await post(button.dataset.undo, button); button.closest(".toast")?.remove(); });

// tabs that are parts of one page
on("click", "[role=tab]", (event, tab) => select(tab));
on("keydown", "[role=tab]", (event, tab) => {
  const tabs = $$("[role=tab]", tab.closest("[role=tablist]"));
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = tabs[(tabs.indexOf(tab) + step + tabs.length) % tabs.length];
  select(next);
  next.focus();
});
function select(chosen) {
  for (const tab of $$("[role=tab]", chosen.closest("[role=tablist]"))) {
    const on = tab === chosen;
    tab.setAttribute("aria-selected", String(on));
    tab.tabIndex = on ? 0 : -1;
    const panel = document.getElementById(tab.getAttribute("aria-controls"));
    if (panel) panel.hidden = !on;
  }
  const panel = document.getElementById(chosen.getAttribute("aria-controls"));
  if (panel) enliven(panel);
}
