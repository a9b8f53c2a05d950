// The page that says that Daybook is away: look whether it is back, then load the page again, or say so beside a form.
import { $ } from "./dom.js";

const place = $("[data-waiting]");
let pause = 2000;

async function look() {
  const answer = await fetch("/healthz", { cache: "no-store" }).catch(() => null);
  if (answer?.ok) {
    if (place.dataset.waiting === "reload") return location.reload();
    place.textContent = place.dataset.back;
    return $("[data-again]")?.focus();
  }
  pause = Math.min(10000, pause * 1.5);
  return setTimeout(look, pause);
}

setTimeout(look, pause);
