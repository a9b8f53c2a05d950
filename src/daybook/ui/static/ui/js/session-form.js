// The session form: the end follows the service's usual length, and moving the start moves the end.
import { $, each } from "./dom.js";

const minutesOf = (text) => { const [hours, minutes] = text.split(":").map(Number); return hours * 60 + minutes; };
const textOf = (minutes) => `${String(Math.floor(minutes / 60) % 24).padStart(2, "0")}:${String(minutes % 60).padStart(2, "0")}`;

each("form[data-session-form]", (form) => {
  const source = $("script[type='application/json']", form);
  const usual = source ? JSON.parse(source.textContent) : {};
  const field = (name) => form.elements[name];
  let length = 0;
  const measure = () => {
    if (!field("start")?.value || !field("end")?.value) return;
    length = (minutesOf(field("end").value) - minutesOf(field("start").value) + 1440) % 1440;
  };
  const settle = () => { if (field("start").value && length) field("end").value = textOf(minutesOf(field("start").value) + length); };
  measure();
  field("end")?.addEventListener("input", measure);
  field("start")?.addEventListener("input", settle);
  field("service")?.addEventListener("change", () => {
    const minutes = usual[field("service").value];
    if (!minutes) return;
    length = minutes;
    settle();
    form.dispatchEvent(new Event("input"));
  });
  form.dispatchEvent(new Event("input"));
});
