// Reviewing in place. The proposal in focus and its words in the text show each other; words marked in the text go
// into the form that is open. Keys of one letter act only while the list has the focus. Without this all of it is
// links and forms.

const list = document.querySelector("[data-review]");
const text = document.querySelector("[data-text]");
const cards = () => [...document.querySelectorAll(".proposal")];
const cardOf = (id) => document.getElementById(`proposal-${id}`);
const piecesOf = (id) => [...(text?.querySelectorAll("[data-of]") ?? [])].filter((piece) => piece.dataset.of.split(" ").includes(id));
const near = { block: "nearest", inline: "nearest" };

function choose(id, { scroll = true } = {}) {
  for (const one of document.querySelectorAll(".chosen")) one.classList.remove("chosen");
  cardOf(id)?.classList.add("chosen");
  const pieces = piecesOf(id);
  for (const piece of pieces) piece.classList.add("chosen");
  if (scroll && pieces.length) {
    // Only the text moves, within its own frame, so that the list stays under the finger.
    const top = pieces[0].offsetTop - text.offsetTop;
    if (top < text.scrollTop + 20 || top > text.scrollTop + text.clientHeight - 60) text.scrollTop = Math.max(0, top - text.clientHeight / 3);
  }
}

function go(card) {
  if (!card) return false;
  card.focus({ preventScroll: true });
  card.scrollIntoView(near);
  return true;
}

document.addEventListener("focusin", ({ target }) => {
  const card = target.closest?.(".proposal");
  if (card) choose(card.dataset.proposal);
});

document.addEventListener("click", (event) => {
  const piece = event.target.closest?.("[data-of]");
  if (piece) {
    event.preventDefault();
    const ids = piece.dataset.of.split(" ");
    const at = ids.findIndex((id) => cardOf(id)?.classList.contains("chosen"));
    const id = ids[(at + 1) % ids.length]; // clicked again, the next of those that share these words
    choose(id, { scroll: false });
    return go(cardOf(id));
  }
  const back = event.target.closest?.("[data-to-words]");
  if (back && text) {
    event.preventDefault();
    const { proposal } = back.closest(".proposal").dataset;
    choose(proposal);
    text.scrollIntoView(near);
  }
  const named = event.target.closest?.("[data-name]");
  const field = named?.closest("form")?.elements[named.dataset.into ?? "person"];
  if (field) {
    event.preventDefault();
    field.value = named.dataset.name;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.focus();
  }
});

// Keys: ↵ accept, e change, x do not accept, arrows to the next and the one before.
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !target.matches?.(".proposal")) return;
  const all = cards();
  const at = all.indexOf(target);
  const press = (what) => target.querySelector(`[data-do=${what}]`);
  const acts = {
    ArrowDown: () => go(all[at + 1]),
    ArrowUp: () => go(all[at - 1]),
    Home: () => go(all[0]),
    End: () => go(all.at(-1)),
    Enter: () => (press("accept") ?? press("change"))?.click(),
  };
  if (document.body.dataset.keys !== "off") {
    acts.e = () => press("change")?.click();
    acts.x = () => {
      const fold = press("reject")?.closest("details");
      if (!fold) return;
      fold.open = true;
      fold.querySelector("input:not([type=hidden])").focus();
    };
  }
  const act = acts[key];
  if (!act) return;
  event.preventDefault();
  act();
});
document.addEventListener("keydown", ({ key, target }) => {
  const card = key === "Escape" && target.closest?.(".proposal");
  if (card && card !== target) go(card);
});

// What came in the place of a card keeps its place, and once it is decided the next that waits has the focus.
document.addEventListener("htmx:afterSettle", ({ detail }) => {
  const id = (detail.target?.id ?? detail.elt?.id ?? "").replace("proposal-", "");
  const card = cardOf(id);
  if (!card) return;
  const form = card.querySelector("form.narrow");
  for (const piece of piecesOf(id)) {
    piece.classList.remove("waiting", "accepted", "rejected");
    piece.classList.add(card.dataset.state);
  }
  if (card.querySelector("[role=alert]")) return go(card);
  if (form) return form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  if (card.dataset.state === "waiting") return go(card);
  const all = cards();
  const waiting = (one) => one.dataset.state === "waiting";
  return go(all.slice(all.indexOf(card) + 1).find(waiting) ?? all.find(waiting) ?? card);
});

// Words marked in the text go into the form that is open: into that of the chosen proposal, else of a new one.
// Offsets count characters as the server does: whole ones, not halves of a pair.
function marked() {
  const chosen = document.getSelection();
  if (!text || !chosen?.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
  const before = document.createRange();
  before.selectNodeContents(text);
  before.setEnd(range.startContainer, range.startOffset);
  const words = range.toString();
  const lead = words.length - words.trimStart().length;
  return { words: words.trim(), start: [...before.toString()].length + [...words.slice(0, lead)].length };
}

function fill(form, { words, start }) {
  const passage = form.querySelector("[data-passage]");
  if (!passage) return;
  const quoted = form.querySelector("textarea[name=words]");
  if (quoted && (quoted.value.trim() === passage.value.trim().replace(/,$/, "") || !quoted.value.trim())) quoted.value = words.replace(/,$/, "");
  passage.value = words;
  const place = form.querySelector("input[name$=-start]");
  if (place) place.value = start;
  passage.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("selectionchange", () => {
  const found = marked();
  if (!found?.words) return;
  const open = document.querySelector(".proposal.chosen form.narrow [data-passage]") ?? document.querySelector(".proposal form.narrow [data-passage]");
  const form = open?.closest("form") ?? document.querySelector("#mark form");
  if (form) fill(form, found);
  const fold = form?.closest("#mark");
  if (fold) fold.dataset.ready = "";
});

if (list && location.hash.startsWith("#proposal-")) go(document.querySelector(location.hash));
