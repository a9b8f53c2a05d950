// Theme and rail: kept in cookies, so that the server draws the page right the first time.
import { $$, cookie, on } from "./dom.js";

on("click", "[data-theme]", (event, button) => {
  const theme = button.dataset.theme;
  cookie("daybook_theme", theme);
  if (theme) document.documentElement.dataset.bsTheme = theme;
  else delete document.documentElement.dataset.bsTheme;
  for (const each of $$("[data-theme]")) each.setAttribute("aria-pressed", String(each.dataset.theme === theme));
  document.dispatchEvent(new CustomEvent("daybook:theme"));
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new CustomEvent("daybook:theme")));

on("click", "[data-rail]", (event, button) => {
  const closed = document.body.classList.toggle("rail-closed");
  cookie("daybook_rail", closed ? "closed" : "");
  button.setAttribute("aria-expanded", String(!closed));
  for (const link of $$(".rail li > a")) {
    if (closed) link.title = link.querySelector("span").textContent;
    else link.removeAttribute("title");
  }
});
