// Choosing a file: its name is shown, and it is sent at once; another layout or zone is read at once too.
import { each } from "./dom.js";

each("[data-import-drop]", (form) => {
  const input = form.querySelector("input[type=file]");
  const area = form.querySelector(".import-drop-area");
  const name = form.querySelector("[data-import-name]");
  input.addEventListener("change", () => {
    if (!input.files.length) return;
    name.textContent = input.files[0].name;
    form.requestSubmit();
  });
  for (const type of ["dragenter", "dragover"]) area.addEventListener(type, () => area.classList.add("is-over"));
  for (const type of ["dragleave", "drop"]) area.addEventListener(type, () => area.classList.remove("is-over"));
});

each("[data-import-reading]", (form) => {
  for (const id of ["layout", "zone"]) form.querySelector(`#${id}`).addEventListener("change", () => form.requestSubmit());
});
