// Keeps what is typed in a form in this browser until the form has been sent, so that a lost connection or a closed
// tab loses nothing. Kept for a week, under the form's own name; forgotten when its person signs out.

const WEEK = 7 * 24 * 3600 * 1000;
const PREFIX = `kept ${document.body.dataset.person ?? ""} `;
const fields = (form) => [...form.elements].filter(
  (field) => field.name && !/^(hidden|password|file|submit|button)$/.test(field.type) && field.name !== "csrfmiddlewaretoken",
);
const valueOf = (field) => (/^(checkbox|radio)$/.test(field.type) ? (field.checked ? "on" : "") : field.value);
const atFirst = new WeakMap(); // what each form held when it came
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

function keep(form) {
  const typed = {};
  fields(form).forEach((field, at) => {
    if (valueOf(field) !== atFirst.get(form)[at]) typed[`${at} ${field.name}`] = valueOf(field);
  });
  try {
    if (Object.keys(typed).length) {
      localStorage.setItem(name(form), JSON.stringify({ at: Date.now(), typed }));
      say(form, "What you type is kept in this browser until it is sent.");
    } else {
      localStorage.removeItem(name(form));
      say(form, "");
    }
  } catch {
    say(form, "This browser keeps nothing: send the form before you close the page.");
  }
}

function restore(form) {
  let kept;
  try {
    kept = JSON.parse(localStorage.getItem(name(form)) ?? "null");
  } catch {
    return;
  }
  if (!kept || Date.now() - kept.at > WEEK) return localStorage.removeItem(name(form));
  // A form that comes back with what was typed in it, to be put right, is newer than what is kept.
  if (document.querySelector("main .summary[role=alert]")) return;
  fields(form).forEach((field, at) => {
    const value = kept.typed[`${at} ${field.name}`];
    if (value === undefined) return;
    if (/^(checkbox|radio)$/.test(field.type)) field.checked = value === "on";
    else field.value = value;
  });
  const when = new Date(kept.at).toLocaleString("en-GB", { dateStyle: "long", timeStyle: "short" });
  say(form, `What you typed here on ${when} is back.`, () => {
    fields(form).forEach((field, at) => {
      if (/^(checkbox|radio)$/.test(field.type)) field.checked = atFirst.get(form)[at] === "on";
      else field.value = atFirst.get(form)[at];
    });
    localStorage.removeItem(name(form));
    say(form, "");
  });
}

function watch(root) {
  for (const form of root.querySelectorAll("form[data-keep]")) {
    if (atFirst.has(form)) continue;
    atFirst.set(form, fields(form).map(valueOf));
    restore(form);
    form.addEventListener("input", () => keep(form));
    form.addEventListener("change", () => keep(form));
  }
}

// Sent means that the server took it: another page came, or another card in the place of this one.
const sent = [];
document.addEventListener("submit", ({ target }) => {
  if (target.matches("form[data-keep]") && !target.hasAttribute("hx-post")) sent.push(name(target));
  if (target.action.endsWith("/logout/")) {
    for (const key of Object.keys(localStorage)) if (key.startsWith("kept ")) localStorage.removeItem(key);
  }
});
addEventListener("pagehide", () => {
  if (sent.length) sessionStorage.setItem("sent", JSON.stringify(sent));
});
for (const key of JSON.parse(sessionStorage.getItem("sent") ?? "[]")) {
  // Back at the same form, without a word on what is wrong with it: then it never arrived.
  const here = [...document.querySelectorAll("form[data-keep]")].some((form) => name(form) === key);
  if (!here) localStorage.removeItem(key);
}
sessionStorage.removeItem("sent");

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const form = detail.requestConfig?.elt;
  if (form?.matches?.("form[data-keep]") && detail.xhr.status < 400 && !detail.serverResponse.includes('role="alert"')) {
    localStorage.removeItem(name(form));
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
