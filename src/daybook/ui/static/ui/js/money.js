// Grids of accounting: rows that can be added and pasted into, names suggested while typing.
import { $, $$, each, on } from "./dom.js";

/** A fresh, empty copy of a table's last row. */
function addRow(table, selector) {
  const rows = $$(selector, table);
  const copy = rows[rows.length - 1].cloneNode(true);
  for (const wrong of $$(".field-error, .sub", copy)) wrong.remove();
  for (const input of $$("input", copy)) {
    input.removeAttribute("aria-invalid");
    input.removeAttribute("readonly");
    if (input.type !== "date" && input.name !== "quantity") input.value = "";
  }
  rows[rows.length - 1].after(copy);
  return copy;
}

on("click", "[data-line-add]", (event, button) => {
  $("input:not([type=hidden])", addRow($("[data-lines]", button.closest("form")), "[data-line]")).focus();
});
on("click", "[data-grid-add]", (event, button) => {
  $("input", addRow($("table", button.closest("form")), "[data-grid-row]")).focus();
});

each("form[data-grid]", (form) => {
  const people = $("#grid-people", form);
  let timer;
  let asked = "";

  form.addEventListener("input", (event) => {
    tell();
    if (event.target.name !== "client") return;
    clearTimeout(timer);
    timer = setTimeout(async () => {
      const text = event.target.value.trim();
      if (text.length < 2 || text === asked) return;
      asked = text;
      const response = await fetch(`${form.dataset.people}?q=${encodeURIComponent(text)}`);
      if (!response.ok) return;
      const { items } = await response.json();
      people.replaceChildren(...items.map((item) => Object.assign(document.createElement("option"), { value: item.label, label: item.sub })));
    }, 150);
  });

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData.getData("text/plain");
    const row = event.target.closest("[data-grid-row]");
    if (!row || !/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    const from = $$("input, select", row).indexOf(event.target);
    let current = row;
    for (const line of text.replace(/\r/g, "").split("\n").filter((each) => each.trim())) {
      current ??= addRow($("table", form), "[data-grid-row]");
      const cells = $$("input, select", current);
      line.split("\t").forEach((value, index) => put(cells[from + index], value.trim()));
      current = current.nextElementSibling;
    }
    tell();
  });

  function put(cell, value) {
    if (!cell || !value) return;
    if (cell.tagName === "SELECT") {
      const option = $$("option", cell).find((each) => [each.value, each.textContent.toLowerCase()].includes(value.toLowerCase()));
      if (option) cell.value = option.value;
    } else if (cell.type === "date") {
      const parts = value.match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/);
      cell.value = parts ? `${parts[3]}-${parts[2].padStart(2, "0")}-${parts[1].padStart(2, "0")}` : value;
    } else cell.value = value;
  }

  function tell() {
    const filled = $$("[data-grid-amount]", form).filter((input) => input.value.trim()).length;
    $("[data-grid-count]", form).textContent = filled || "";
  }
  tell();
});
