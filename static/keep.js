// Keeps what is typed in a form until the form has been sent, so that a lost connection, a closed tab or another
// device loses nothing: in this browser at once, and on the site as soon as it can be reached. For a week, under the
// form's own name; what is in this browser is forgotten when its person signs out.

const WEEK = 7 * 24 * 3600 * 1000;
const PREFIX = `kept ${document.body.dataset.person ?? ""} `;
const fields = (form) => [...form.elements].filter(
  (field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && field.name !== "csrfmiddlewaretoken",
);
const valueOf = (field) => (/^(checkbox|radio)$/.test(field.type) ? (field.checked ? "on" : "") : field.value);
const watched = new WeakSet();
// What a field held when it came, whatever was typed since.
function came(field) {
  if (/^(checkbox|radio)$/.test(field.type)) return field.defaultChecked ? "on" : "";
  if (field.options) return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.defaultValue;
}
const latest = new WeakMap(); // what was last kept of each
const name = (form) => PREFIX + form.dataset.keep;

function say(form, words, undo) {
  let place = form.querySelector("[data-kept]");
  if (!place) {
    place = document.createElement("p");
    place.className = "hint";
    place.dataset.kept = "";
    form.append(place);
  }
  place.setAttribute("role", "status");
  place.textContent = words;
  if (!undo) return;
  const button = document.createElement("button");
  Object.assign(button, { type: "button", className: "plain", textContent: "Forget it" });
  button.addEventListener("click", undo);
  place.append(" ", button);
}

// --- On the site ---

const drafts = document.body.dataset.drafts;
const waiting = new Map(); // what is still to be told to the site, by the form's name
const token = () => document.querySelector("[name=csrfmiddlewaretoken]")?.value;

// Answers when the site kept it, by its own clock; nothing where it could not be told.
async function tellSite(key, typed) {
  if (!drafts || !token()) return null;
  const body = new URLSearchParams({ name: key, typed: JSON.stringify(typed), csrfmiddlewaretoken: token() });
  const small = body.toString().length < 60000; // as much as a browser sends after its page is gone
  const answer = await fetch(drafts, { method: "POST", body, keepalive: small }).catch(() => null);
  return answer?.ok ? (await answer.json().catch(() => null))?.at : null;
}

function tellSiteSoon(form, typed) {
  const key = form.dataset.keep;
  clearTimeout(waiting.get(key)?.timer);
  const timer = setTimeout(async () => {
    waiting.delete(key);
    const told = await tellSite(key, typed);
    if (!told || !form.isConnected || waiting.has(key)) return;
    const own = here(form);
    if (own) store(form, { ...own, told });
    if (Object.keys(typed).length) say(form, "Kept until it is sent, for your other devices too.");
  }, 1500);
  waiting.set(key, { timer, typed });
}

function tellSiteNoMore(key) {
  clearTimeout(waiting.get(key)?.timer);
  waiting.delete(key);
}

addEventListener("pagehide", () => {
  for (const [key, { timer, typed }] of waiting) {
    clearTimeout(timer);
    tellSite(key, typed);
  }
  waiting.clear();
});

function forget(key) {
  tellSiteNoMore(key);
  localStorage.removeItem(PREFIX + key);
  tellSite(key, {});
}

// --- In this browser ---

function typedIn(form) {
  const typed = {};
  fields(form).forEach((field, at) => {
    if (valueOf(field) !== came(field)) typed[`${at} ${field.name}`] = valueOf(field);
  });
  return typed;
}

// `told`: when the site kept the same; none where the site is still to be told.
const store = (form, kept) => localStorage.setItem(name(form), JSON.stringify(kept));

function keep(form) {
  const typed = typedIn(form);
  const any = Object.keys(typed).length > 0;
  // Leaving a field changes nothing; words that come or go now would move the button from under the pointer.
  if (JSON.stringify(typed) === latest.get(form)) return;
  latest.set(form, JSON.stringify(typed));
  tellSiteSoon(form, typed);
  try {
    if (any) store(form, { at: Date.now(), typed });
    else localStorage.removeItem(name(form));
    say(form, any ? "Kept in this browser until it is sent." : "");
  } catch {
    say(form, drafts ? "" : "This browser keeps nothing: send the form before you close the page.");
  }
}

function set(field, value) {
  if (/^(checkbox|radio)$/.test(field.type)) field.checked = value === "on";
  else field.value = value;
}

function putBack(form, kept) {
  fields(form).forEach((field, at) => {
    const value = kept.typed[`${at} ${field.name}`];
    if (value !== undefined) set(field, value);
  });
  const when = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  say(form, `What you typed here on ${when} is back.`, () => {
    for (const field of fields(form)) set(field, came(field));
    forget(form.dataset.keep);
    say(form, "");
  });
}

function here(form) {
  try {
    const kept = JSON.parse(localStorage.getItem(name(form)) ?? "null");
    if (kept && Date.now() - kept.at <= WEEK) return kept;
    localStorage.removeItem(name(form));
  } catch {
    // Then this browser keeps nothing.
  }
  return null;
}

async function asked(query) {
  const answer = drafts && (await fetch(`${drafts}?${new URLSearchParams(query)}`).catch(() => null));
  return answer?.ok ? answer.json().catch(() => ({})) : {};
}

async function restore(form, known) {
  const own = here(form);
  if (own) putBack(form, own);
  const before = JSON.stringify(typedIn(form));
  const at = (await known)[form.dataset.keep];
  // Another device went on from what both knew. What the site was not told yet is newer than all it has.
  if (!at || (own && own.told === undefined) || own?.told === at) return;
  const other = await asked({ name: form.dataset.keep });
  if (other.typed && JSON.stringify(typedIn(form)) === before) putBack(form, other);
}

function watch(root) {
  const forms = [...root.querySelectorAll("form[data-keep]")].filter((form) => !watched.has(form));
  if (!forms.length) return;
  // A form that comes back with what was typed in it, to be put right, is newer than what is kept.
  const back = document.querySelector("main .summary[role=alert]");
  const known = back ? null : asked({}).then((said) => said.drafts ?? {});
  for (const form of forms) {
    watched.add(form);
    if (!back) restore(form, known);
    if (Object.keys(typedIn(form)).length && !here(form)) keep(form); // typed before anybody watched
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
  }
}

// Sent means that the server took it: another page came, or another card in the place of this one.
const sent = [];
document.addEventListener("submit", ({ target }) => {
  if (target.matches("form[data-keep]")) {
    tellSiteNoMore(target.dataset.keep);
    if (!target.hasAttribute("hx-post")) sent.push(target.dataset.keep);
  }
  if (target.action.endsWith("/logout/")) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("kept ")) localStorage.removeItem(key);
  }
});
addEventListener("pagehide", () => {
  if (sent.length) sessionStorage.setItem("sent", JSON.stringify(sent));
});
for (const key of JSON.parse(sessionStorage.getItem("sent") ?? "[]")) {
  // Back at the same form, without a word on what is wrong with it: then it never arrived.
  const back = [...document.querySelectorAll("form[data-keep]")].some((form) => form.dataset.keep === key);
  if (!back) forget(key);
}
sessionStorage.removeItem("sent");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  if (form?.matches?.("form[data-keep]") && detail.xhr.status < 400 && !detail.serverResponse.includes('role="alert"')) {
    forget(form.dataset.keep);
  }
});
document.addEventListener("htmx:afterSettle", () => watch(document));
for (const failed of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(failed, ({ detail }) => {
    const form = detail.elt.closest?.("form");
    const why = failed === "htmx:responseError" ? "The site could not take it." : "There is no connection.";
    if (form) say(form, `${why} Nothing was sent, and nothing is lost: press the button again.`);
  });
}
watch(document);
