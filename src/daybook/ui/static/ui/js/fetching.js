// Pages and forms by fetch: a fragment (the page without its frame) comes back, and a part of it is put in place.
import { $, $$, enliven } from "./dom.js";
import { keepToasts, showToasts, toast } from "./toasts.js";
import { say } from "./words.js";

let running = 0;

export function loading(by) {
  running = Math.max(0, running + by);
  document.documentElement.classList.toggle("is-loading", running > 0);
}

/** GET or POST; answers {response, page}, `page` a parsed document, or null where there was nothing to parse. */
export async function load(url, options = {}) {
  const headers = { "HX-Request": "true", Accept: "text/html", ...options.headers };
  if (options.method && options.method !== "GET") headers["X-CSRFToken"] = document.body.dataset.csrf;
  loading(1);
  try {
    const response = await fetch(url, { credentials: "same-origin", ...options, headers });
    const type = response.headers.get("Content-Type") ?? "";
    const page = type.startsWith("text/html") ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
    return { response, page };
  } finally {
    loading(-1);
  }
}

/** What the answer's HX-Trigger header says: notices, and events for the page. */
export function triggers(response) {
  const header = response.headers?.get?.("HX-Trigger");
  if (!header) return {};
  const events = header.startsWith("{") ? JSON.parse(header) : Object.fromEntries(header.split(",").map((name) => [name.trim(), {}]));
  for (const [name, detail] of Object.entries(events)) document.dispatchEvent(new CustomEvent(name, { detail }));
  return events;
}

/** Say what went wrong with a request that has no better place for it. */
export function failed(response, page) {
  if (triggers(response)["daybook:notice"]) return;
  const said = page && ($(".error-page p", page) ?? $("h1", page));
  toast({ text: said?.textContent.trim() || say("failed"), kind: "bad" });
}

const seen = new Set($$("script[src]").map((script) => script.src));

/** Scripts that a fragment asks for, each once. */
function runScripts(page) {
  for (const script of $$("script[src]", page)) {
    const source = new URL(script.getAttribute("src"), location.href).href;
    if (seen.has(source)) continue;
    seen.add(source);
    if (script.type === "module") import(source);
    else document.head.append(Object.assign(document.createElement("script"), { src: source }));
  }
}

/** Where the focus was, so that it can be found again after a swap. */
function focusBefore(region) {
  const active = document.activeElement;
  if (!active || active === document.body || !region.contains(active)) return null;
  const named = (name) => active.getAttribute(name) && `${active.localName}[${name}="${CSS.escape(active.getAttribute(name))}"]`;
  const selectors = [active.id && `#${CSS.escape(active.id)}`, named("data-sort"), named("rel"), named("name"), named("href"), named("data-post"), named("popovertarget")];
  return { selectors: selectors.filter(Boolean), start: active.selectionStart ?? null };
}

function focusAfter(region, before) {
  if (!before) return;
  const found = before.selectors.map((selector) => region.querySelector(selector)).find(Boolean);
  const target = found ?? region;
  if (!found && !region.hasAttribute("tabindex")) region.setAttribute("tabindex", "-1");
  target.focus({ preventScroll: true });
  if (found && before.start !== null && found.setSelectionRange) {
    try { found.setSelectionRange(before.start, before.start); } catch { /* not a text field */ }
  }
}

/** Put the nodes of `source` in place of those of `region`, keeping focus; elements with data-keep stay as they are. */
export function fill(region, source, page) {
  const before = focusBefore(region);
  const kept = $$("[data-keep]", region).map((element) => [element, $(`#${CSS.escape(element.id)}`, source)]).filter(([, stand]) => stand);
  if (kept.length && source.children.length) {
    for (const [element, stand] of kept) stand.replaceWith(element);
  }
  region.replaceChildren(...source.childNodes);
  enliven(region);
  if (page) {
    runScripts(page);
    showToasts($$("[hx-swap-oob] [data-toast]", page));
  }
  focusAfter(region, before);
}

/** What of a fragment is the page itself. */
export function mainOf(page) {
  const holder = document.createElement("div");
  const content = $("#content", page);
  const nodes = content ? content.childNodes : page.body.childNodes;
  holder.append(...[...nodes].filter((node) => !(node instanceof Element && (node.hasAttribute("hx-swap-oob") || node.matches("script[src], title")))));
  return holder;
}

/** Show `url` in the page's own place, without its frame. */
export async function visit(url, { push = true } = {}) {
  const { response, page } = await load(url);
  if (!page || !response.ok) return location.assign(url);
  return settle(response.url, page, push);
}

export function settle(url, page, push = true) {
  const target = new URL(url, location.href);
  if (target.pathname !== location.pathname) {
    keepToasts($$("[hx-swap-oob] [data-toast]", page));
    return location.assign(url);
  }
  if (push && target.href !== location.href) history.pushState({ daybook: true }, "", target);
  if ($("title", page)) document.title = $("title", page).textContent;
  fill($("#content"), mainOf(page), page);
  return null;
}

/** After something was saved elsewhere: renew what is shown, unless the page does it by itself. */
export async function saved(detail = {}) {
  const event = new CustomEvent("daybook:saved", { detail, cancelable: true });
  if (!document.dispatchEvent(event)) {
    if (detail.page) showToasts($$("[hx-swap-oob] [data-toast]", detail.page));
    return;
  }
  if (detail.page && detail.url) settle(detail.url, detail.page);
  else if ($("#content")) await visit(detail.url ?? location.href, { push: Boolean(detail.url) });
}

/** Whether the deed is done, and then on to what comes after it. A refusal or a form to mend is the caller's. */
export async function done(response, page) {
  const onward = response.headers.get("HX-Redirect");
  if (response.status !== 204 && !response.redirected && !onward) return false;
  triggers(response);
  if (onward && new URL(onward, location.href).pathname !== location.pathname) {
    const event = new CustomEvent("daybook:saved", { detail: { url: onward }, cancelable: true });
    if (document.dispatchEvent(event)) location.assign(onward);
    return true;
  }
  await saved({ url: response.redirected ? response.url : onward, page: response.redirected ? page : null });
  return true;
}

/** Send a form (or a bare address) by POST. Answers what came back: {response, page}. */
export function send(url, body) {
  return load(url, { method: "POST", body });
}
