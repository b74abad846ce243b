// Suggestions for fields that find people, sources, tags and entries by name.
// Without this the field still works: what is typed is matched when the form is sent.

const base = document.body.dataset.find;
const WAIT = 150; // ms of quiet before asking

function offer(input) {
  const list = document.createElement("datalist");
  list.id = `${input.id}-found`;
  input.after(list);
  input.setAttribute("list", list.id);
  let waiting;
  let asked = 0;

  async function ask() {
    const mine = ++asked;
    const address = `${base}${input.dataset.find}/?q=${encodeURIComponent(input.value)}`;
    const answer = await fetch(address, { headers: { "X-Requested-With": "fetch" } }).catch(() => null);
    // A slower answer to an older question is dropped.
    if (answer?.ok && mine === asked) list.innerHTML = await answer.text();
  }

  input.addEventListener("focus", ask, { once: true });
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(ask, WAIT);
  });
}

// Also for fields that come later, as in a form shown over the page.
if (base) {
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches?.("input[data-find]") || target.list) return;
    offer(target);
    target.dispatchEvent(new Event("focus"));
  });
}
document.querySelector("[role=alert]")?.focus();
