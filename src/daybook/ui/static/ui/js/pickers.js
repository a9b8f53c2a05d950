// The combobox and the two-block picker. Both drive a <select>, which is what the form sends.
import { $, $$, announce, debounce, each, icon, make } from "./dom.js";
import { say } from "./words.js";

let count = 0;

each("[data-combobox]", (host) => {
  const select = $("select", host);
  const many = select.multiple;
  const url = host.dataset.url;
  const id = `combobox-${++count}`;
  const label = $(`label[for="${CSS.escape(select.id)}"]`);
  const input = make("input", { type: "text", role: "combobox", id: `${id}-input`, "aria-expanded": "false", "aria-controls": `${id}-list`, "aria-autocomplete": "list", autocomplete: "off", spellcheck: "false", placeholder: host.dataset.placeholder ?? "" });
  for (const name of ["aria-describedby", "aria-invalid", "aria-label", "aria-labelledby"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  const listbox = make("div", { class: "listbox", role: "listbox", id: `${id}-list`, hidden: true, "aria-label": label?.textContent.trim() ?? select.getAttribute("aria-label") ?? "" });
  const box = make("div", { class: "combobox-box" }, input, make("span", { class: "combobox-open", "aria-hidden": "true" }, icon("chevron-down")));
  if (label) { label.htmlFor = input.id; }
  select.hidden = true;
  select.tabIndex = -1;
  select.removeAttribute("required");
  host.append(box, listbox);
  if (select.disabled) input.disabled = true;
  let rows = [];
  let at = -1;
  let turn = 0;

  const options = () => [...select.options].filter((option) => option.value !== "");
  const chosen = () => options().filter((option) => option.selected);

  function face() {
    for (const pill of $$(".pill", box)) pill.remove();
    if (!many) { input.value = chosen()[0]?.textContent.trim() ?? ""; return; }
    input.before(...chosen().map((option) => make("span", { class: "pill" }, option.textContent.trim(),
      make("button", { type: "button", "aria-label": `${say("remove")} ${option.textContent.trim()}`, onclick: () => { option.selected = false; changed(); input.focus(); } }, icon("close")))));
    input.value = "";
  }
  function changed() { face(); select.dispatchEvent(new Event("input", { bubbles: true })); select.dispatchEvent(new Event("change", { bubbles: true })); }

  function close() { listbox.hidden = true; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); at = -1; turn++; }
  function mark(index) {
    at = rows.length ? (index + rows.length) % rows.length : -1;
    for (const [number, row] of $$("[role=option]", listbox).entries()) { row.classList.toggle("is-active", number === at); if (number === at) { row.scrollIntoView({ block: "nearest" }); input.setAttribute("aria-activedescendant", row.id); } }
  }
  function draw(items) {
    rows = items;
    const values = new Set(chosen().map((option) => option.value));
    listbox.replaceChildren(...items.map((item, index) => {
      const row = make("div", { role: "option", id: `${id}-${index}`, "aria-selected": String(values.has(item.value)) }, make("span", { class: "truncate" }, item.label));
      if (item.sub) row.append(make("span", { class: "sub" }, item.sub));
      if (values.has(item.value)) row.append(icon("check", "icon-s"));
      row.addEventListener("pointerdown", (event) => { event.preventDefault(); pick(index); });
      return row;
    }));
    if (!items.length) listbox.append(make("div", { class: "none", role: "option", "aria-disabled": "true", "aria-selected": "false" }, say("none")));
    listbox.hidden = false;
    input.setAttribute("aria-expanded", "true");
    mark(items.length ? 0 : -1);
  }
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  async function search(text) {
    const mine = ++turn;
    if (!url) {
      const wanted = plain(text);
      const rank = (option) => { const text = plain(option.textContent.trim()); return text.startsWith(wanted) ? 0 : text.includes(` ${wanted}`) ? 1 : 2; };
      return draw(options().filter((option) => plain(option.textContent).includes(wanted)).sort((a, b) => (wanted ? rank(a) - rank(b) : 0)).slice(0, 60).map((option) => ({ value: option.value, label: option.textContent.trim(), sub: option.dataset.sub })));
    }
    const target = new URL(url, location.href);
    target.searchParams.set("q", text);
    const response = await fetch(target, { headers: { Accept: "application/json" } });
    if (response.ok && mine === turn && document.activeElement === input) draw((await response.json()).items ?? []);
    return null;
  }
  const later = debounce(url ? 120 : 0, () => search(input.value));
  function pick(index) {
    const item = rows[index];
    if (!item) return;
    let option = options().find((each) => each.value === item.value);
    if (!option) { option = make("option", { value: item.value }, item.label); select.append(option); }
    if (many) option.selected = !option.selected; else { for (const each of select.options) each.selected = false; option.selected = true; }
    close();
    changed();
    announce(item.label);
  }
  input.addEventListener("input", (event) => { event.stopPropagation(); later(); });
  input.addEventListener("change", (event) => event.stopPropagation());
  input.addEventListener("click", () => { if (listbox.hidden) { input.select(); search(many || chosen().length ? "" : input.value); } });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (listbox.hidden) search(""); else mark(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter" && !listbox.hidden) { event.preventDefault(); pick(at); }
    else if (event.key === "Escape" && !listbox.hidden) { event.preventDefault(); event.stopPropagation(); close(); face(); }
    else if (event.key === "Backspace" && many && !input.value) { const last = chosen().at(-1); if (last) { last.selected = false; changed(); } }
  });
  input.addEventListener("blur", () => {
    close();
    if (!many && !input.value.trim() && chosen().length) { for (const option of select.options) option.selected = option.value === ""; changed(); }
    else face();
  });
  box.addEventListener("pointerdown", (event) => { if (event.target !== input && !event.target.closest("button")) { event.preventDefault(); input.focus(); input.click(); } });
  select.addEventListener("daybook:reset", face);
  select.form?.addEventListener("reset", () => setTimeout(face));
  face();
});

each("[data-two-block]", (host) => {
  const select = $("select", host);
  select.hidden = true;
  const side = (title, kind) => {
    const list = make("ul", { class: "list" });
    const number = make("span", { class: "count" });
    const search = make("input", { type: "search", placeholder: say("search"), "aria-label": `${say("search")}: ${title}` });
    search.addEventListener("input", (event) => { event.stopPropagation(); draw(); });
    const section = make("section", { "aria-label": title }, make("header", {}, make("span", {}, title), number), search, list);
    return { section, list, number, search, kind };
  };
  const left = side(host.dataset.available, "plus");
  const right = side(host.dataset.chosen, "close");
  const block = make("div", { class: "two-block" }, left.section, right.section);
  host.append(block);
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  function draw() {
    for (const [place, selected] of [[left, false], [right, true]]) {
      const options = [...select.options].filter((option) => option.selected === selected);
      const shown = options.filter((option) => plain(option.textContent).includes(plain(place.search.value)));
      place.number.textContent = options.length;
      place.list.replaceChildren(...shown.map((option) => {
        const text = option.textContent.trim();
        return make("li", {}, make("button", { type: "button", onclick: () => { move(option, place); } }, text, icon(place.kind)));
      }));
    }
  }
  function move(option, from) {
    const index = $$("li", from.list).findIndex((item) => item.contains(document.activeElement));
    option.selected = !option.selected;
    draw();
    const items = $$("button", from.list);
    (items[Math.min(index, items.length - 1)] ?? from.search).focus();
    announce(`${option.textContent.trim()}: ${option.selected ? host.dataset.chosen : host.dataset.available}`);
    select.dispatchEvent(new Event("change", { bubbles: true }));
  }
  draw();
});
