// Small helpers that every module here stands on. No dependencies.

export const $ = (selector, root = document) => root.querySelector(selector);
export const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Listen on the document for events of elements that match `selector`, now and later. */
export function on(type, selector, handler, options) {
  document.addEventListener(type, (event) => {
    const element = event.target instanceof Element ? event.target.closest(selector) : null;
    if (element) handler(event, element);
  }, options);
}

const starters = [];

/** Run `start` once for each element that matches, now and in whatever is swapped in later. */
export function each(selector, start) {
  starters.push([selector, start]);
  begin(document, selector, start);
}

function begin(root, selector, start) {
  const found = root instanceof Element && root.matches(selector) ? [root, ...$$(selector, root)] : $$(selector, root);
  for (const element of found) {
    const done = (element.daybookStarted ??= new Set());
    if (done.has(start)) continue;
    done.add(start);
    start(element);
  }
}

/** Bring new markup to life: our parts, and htmx's attributes. */
export function enliven(root) {
  for (const [selector, start] of starters) begin(root, selector, start);
  if (window.htmx) window.htmx.process(root);
}

document.addEventListener("htmx:load", (event) => {
  for (const [selector, start] of starters) begin(event.detail.elt, selector, start);
});

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(name, classes = "") {
  const space = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(space, "svg");
  svg.setAttribute("class", `icon ${classes}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `${document.body.dataset.icons}#${name}`);
  svg.append(use);
  return svg;
}

export function cookie(name, value) {
  const age = value === "" ? 0 : 31536000;
  document.cookie = `${name}=${encodeURIComponent(value)}; path=/; max-age=${age}; samesite=lax`;
}

export function debounce(wait, call) {
  let timer;
  return (...values) => {
    clearTimeout(timer);
    timer = setTimeout(() => call(...values), wait);
  };
}

export const announce = (text) => {
  let region = $("#announcements");
  if (!region) {
    region = make("div", { id: "announcements", class: "visually-hidden", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  region.textContent = text;
};
