// Keys of search. "/" goes to the box from everywhere, "?" lists the keys; both can be turned off in one's
// profile. Arrows and "c" act only while a result has focus. Without this all of it is links and a form.

const on = document.body.dataset.keys !== "off";
const dialog = document.getElementById("keys");
const typing = (target) => target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
const links = () => [...document.querySelectorAll("#found .hit .headline a, #found .names .hit > a")];

function focus(link) {
  link?.focus();
  return Boolean(link);
}

function step(link, key) {
  const all = links();
  const at = all.indexOf(link);
  if (key === "ArrowDown") return focus(all[at + 1]);
  if (key === "ArrowUp") return at > 0 ? focus(all[at - 1]) : focus(document.querySelector("[data-search]"));
  if (key === "Home") return focus(all[0]);
  return key === "End" && focus(all.at(-1));
}

// Whether the entry is still shown to whoever reads this: it may have been hidden since the page was opened.
async function shown(link) {
  try {
    return (await fetch(link.href, { method: "HEAD", redirect: "manual" })).ok;
  } catch {
    return false;
  }
}

// The text is promised, as in copy.js: written only once that is known.
async function write(text) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    return true;
  } catch {
    return false;
  }
}

async function take(link, text) {
  const asked = shown(link);
  const promised = asked.then((may) => {
    if (!may) throw new Error("hidden");
    return new Blob([text], { type: "text/plain" });
  });
  promised.catch(() => {});
  const written = write(promised);
  if (!await asked) return "Not copied: it is no longer shown, or the site does not answer.";
  return await written ? "Copied." : "Not copied: the browser did not allow it.";
}

async function copy(link) {
  const button = link.closest(".hit").querySelector("[data-text]");
  if (button) return button.click(); // it is noted who took it: see copy.js
  const text = link.closest("[data-cited]")?.dataset.cited;
  const said = document.getElementById("copied");
  if (text) said.textContent = await take(link, text);
  else said.textContent = link.closest(".hits") ? "Not copied: it is not for use yet." : "";
  for (const note of document.querySelectorAll(".hit .copied")) note.remove();
  if (said.textContent) {
    const note = document.createElement("span");
    note.className = "copied";
    note.setAttribute("aria-hidden", "true");
    note.textContent = said.textContent;
    link.after(" ", note);
  }
}

document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (target.matches("[data-search]") && key === "ArrowDown") {
    if (focus(links()[0])) event.preventDefault();
    return;
  }
  if (typing(target) || document.querySelector("dialog[open]")) return;
  if (target.matches("#found .hit a")) {
    if (step(target, key)) return event.preventDefault();
    if (key === "c") return copy(target);
  }
  if (!on) return;
  const box = document.querySelector("[data-search]");
  if (key === "/" && box) {
    event.preventDefault();
    box.focus();
    box.select();
  } else if (key === "?" && dialog) {
    event.preventDefault();
    dialog.showModal();
  }
});

document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-keys]")) dialog.showModal();
  else if (target.closest?.("#keys [data-shut]")) dialog.close();
});
