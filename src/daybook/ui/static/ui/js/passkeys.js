// Passkeys: the browser asks for one by itself; what it answers goes along with the form.
import { $, $$, each, on } from "./dom.js";
import { failed } from "./fetching.js";
import { say } from "./words.js";

const there = window.isSecureContext && Boolean(navigator.credentials) && Boolean(window.PublicKeyCredential);

each("[data-passkey-way]", (element) => { if (!there) element.hidden = true; });
each("[data-passkey-missing]", (element) => { if (!there) element.hidden = false; });

on("click", "[data-passkey]", async (event, button) => {
  event.preventDefault();
  const form = button.form;
  const makes = button.dataset.passkey === "create";
  if (button.getAttribute("aria-busy") === "true" || (makes && !form.reportValidity())) return;
  button.setAttribute("aria-busy", "true");
  tell(form, "");
  try {
    const options = await ask(button.dataset.options, button.dataset.passkey);
    if (!options) return rest(button);
    const answer = makes ? await navigator.credentials.create({ publicKey: forCreating(options) }) : await navigator.credentials.get({ publicKey: forAsking(options) });
    $("[name=passkey]", form).value = JSON.stringify(written(answer));
    form.daybookClean?.();
    return form.submit();
  } catch (error) {
    tell(form, said(error));
    return rest(button);
  }
});

const rest = (button) => button.removeAttribute("aria-busy");
addEventListener("pageshow", (event) => { if (event.persisted) $$("[data-passkey]").forEach(rest); });

/** What the browser is to be asked; nothing where the answer leads elsewhere, or a notice says why not. */
async function ask(url, purpose) {
  const headers = { "HX-Request": "true", "X-CSRFToken": document.body.dataset.csrf };
  const response = await fetch(url, { method: "POST", body: new URLSearchParams({ purpose }), headers, credentials: "same-origin" });
  const onward = response.headers.get("HX-Redirect");
  if (onward) location.assign(onward);
  else if (response.ok) return response.json();
  else failed(response, null);
  return null;
}

function tell(form, text) {
  const place = $("[data-passkey-said]", form);
  place.textContent = text;
  place.hidden = !text;
}

function said(error) {
  if (error.name === "InvalidStateError") return say("passkey_known");
  if (error.name === "SecurityError") return say("passkey_address");
  if (error.name === "NotAllowedError" || error.name === "AbortError") return say("passkey_stopped");
  return say("failed");
}

// bytes as text, both ways: not every browser has the methods for this, and not every password manager keeps them whole

function bytes(text) {
  return Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (character) => character.charCodeAt(0));
}

function text(buffer) {
  return btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

const described = (list) => list.map((each) => ({ ...each, id: bytes(each.id) }));

function forCreating(options) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) return PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return { ...options, challenge: bytes(options.challenge), user: { ...options.user, id: bytes(options.user.id) }, excludeCredentials: described(options.excludeCredentials) };
}

function forAsking(options) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) return PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return { ...options, challenge: bytes(options.challenge), allowCredentials: described(options.allowCredentials) };
}

function written({ id, rawId, type, response }) {
  const parts = { clientDataJSON: text(response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (response[name]) parts[name] = text(response[name]);
  }
  if (response.attestationObject) parts.transports = response.getTransports?.() ?? [];
  return { id, rawId: text(rawId), type, response: parts };
}
