// The one script of every page. Parts that few pages need are fetched when they are met.
import { $, each } from "./dom.js";
import { failed, loading } from "./fetching.js";
import "./appearance.js";
import "./forms.js";
import "./keys.js";
import "./lists.js";
import "./pickers.js";
import "./tabs.js";
import { openDrawer, openPopover, openPopup, place, showPopover } from "./layers.js";
import { toast } from "./toasts.js";
import { say } from "./words.js";

window.daybook = { openDrawer, openPopover, openPopup, place, showPopover, toast };

// htmx: our token, our progress line, our words for what fails
document.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = document.body.dataset.csrf; });
document.addEventListener("htmx:beforeRequest", () => loading(1));
document.addEventListener("htmx:afterRequest", () => loading(-1));
document.addEventListener("htmx:responseError", (event) => event.detail.xhr.getResponseHeader("HX-Trigger") ?? failed(event.detail.xhr, new DOMParser().parseFromString(event.detail.xhr.responseText ?? "", "text/html")));
document.addEventListener("htmx:sendError", () => toast({ text: say("offline"), kind: "bad" }));

each("[data-chart]", () => import("./charts.js"));
each("[data-waiting]", () => import("./waiting.js"));

let alpine = false;
each("[x-data]", () => {
  if (alpine) return;
  alpine = true;
  const script = document.createElement("script");
  script.src = document.body.dataset.alpine;
  script.defer = true;
  document.head.append(script);
});

// the first thing that is wrong gets the focus
const wrong = $("main [data-form-errors], main [aria-invalid=true]");
if (wrong) wrong.focus();
