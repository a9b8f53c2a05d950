// Nothing typed is lost by a slip, and nothing is sent twice.
import { $, $$, each, make, on } from "./dom.js";
import { say } from "./words.js";

const picture = (form) => new URLSearchParams([...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrfmiddlewaretoken")).toString();

each("form[method=post]:not([data-careless])", (form) => {
  if (!$("input:not([type=hidden]), select, textarea", form)) return;
  let first = null;
  const note = () => { first ??= picture(form); };
  form.addEventListener("focusin", note, { once: true });
  form.addEventListener("pointerdown", note, { once: true });
  setTimeout(note, 300);
  form.daybookDirty = () => first !== null && form.isConnected && !form.daybookSent && picture(form) !== first;
  form.daybookClean = () => { form.daybookSent = true; };
});

export const isDirty = (root = document) => $$("form", root).some((form) => form.daybookDirty?.());

/** Ask before what was typed in a drawer goes. Answers whether to go on. */
export function guard(dialog) {
  return new Promise((resolve) => {
    const answer = (value) => { box.close(); box.remove(); resolve(value); };
    const box = make("dialog", { class: "popup", "aria-labelledby": "guard-title" },
      make("div", { class: "popup-body stack" },
        make("h2", { id: "guard-title" }, say("guard")),
        make("p", { class: "soft" }, say("guard_text")),
        make("div", { class: "cluster justify-content-end" },
          make("button", { type: "button", class: "btn", onclick: () => answer(true) }, say("guard_leave")),
          make("button", { type: "button", class: "btn btn-primary", autofocus: true, onclick: () => answer(false) }, say("guard_stay")))));
    box.addEventListener("cancel", (event) => { event.preventDefault(); answer(false); });
    dialog.after(box);
    box.showModal();
  });
}

addEventListener("beforeunload", (event) => { if (isDirty()) event.preventDefault(); });

// the second click of a double click does nothing
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.getAttribute("aria-busy") === "true") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const button = event.submitter ?? $("button:not([type=button]), input[type=submit]", form);
  form.daybookBusy = (busy) => {
    for (const element of [form, button]) {
      if (!element) continue;
      if (busy) element.setAttribute("aria-busy", "true");
      else element.removeAttribute("aria-busy");
    }
  };
  form.daybookBusy(true);
  form.daybookWasSent = !form.closest("dialog") && !form.hasAttribute("data-swap");
  if (form.daybookWasSent) form.daybookClean?.();
}, true);
addEventListener("pageshow", (event) => { if (event.persisted) for (const form of $$("form[aria-busy]")) { form.daybookBusy?.(false); form.daybookSent = false; } });

// what follows from the input, shown while typing: the form carries data-follow="address" and a place with data-follows
each("form[data-follow]", (form) => {
  const place = $("[data-follows]", form);
  let timer;
  let running;
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(async () => {
      running?.abort();
      running = new AbortController();
      try {
        const response = await fetch(form.dataset.follow, { method: "POST", body: new FormData(form), headers: { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf }, signal: running.signal });
        if (!response.ok) return;
        const fresh = new DOMParser().parseFromString(await response.text(), "text/html").body.childNodes;
        const focused = place.contains(document.activeElement) ? document.activeElement.id : "";
        place.replaceChildren(...fresh);
        if (focused) document.getElementById(focused)?.focus();
      } catch (error) { if (error.name !== "AbortError") throw error; }
    }, 250);
  });
});

// weekly availability
on("click", "[data-week-add]", (event, button) => {
  const day = button.closest("[data-day]");
  addWindow(day).querySelector("input").focus();
});
on("click", "[data-week-remove]", (event, button) => {
  const day = button.closest("[data-day]");
  button.closest(".week-window").remove();
  settleDay(day);
  $("[data-week-add]", day).focus();
});
on("click", "[data-week-copy]", (event, button) => {
  const day = button.closest("[data-day]");
  const windows = $$(".week-window", day).map((each) => $$("input", each).map((input) => input.value));
  for (let next = day.nextElementSibling; next; next = next.nextElementSibling) {
    for (const old of $$(".week-window", next)) old.remove();
    for (const values of windows) $$("input", addWindow(next)).forEach((input, index) => { input.value = values[index]; });
    settleDay(next);
  }
});
function addWindow(day) {
  const row = $("template", day).content.firstElementChild.cloneNode(true);
  const last = $$(".week-window", day).at(-1);
  if (last) {
    const end = $$("input", last)[1].value;
    const inputs = $$("input", row);
    if (end) { inputs[0].value = end; inputs[1].value = ""; }
  }
  $(".week-none", day).before(row);
  settleDay(day);
  return row;
}
function settleDay(day) {
  $(".week-none", day).hidden = $$(".week-window", day).length > 0;
  day.dispatchEvent(new Event("input", { bubbles: true }));
}

// a file dropped on its zone
each(".drop-zone", (zone) => {
  for (const type of ["dragenter", "dragover"]) zone.addEventListener(type, () => zone.classList.add("is-over"));
  for (const type of ["dragleave", "drop"]) zone.addEventListener(type, () => zone.classList.remove("is-over"));
  const input = $("input", zone);
  const name = $("[data-file-name]", zone);
  input?.addEventListener("change", () => { if (name) name.textContent = [...input.files].map((file) => file.name).join(", "); });
});
