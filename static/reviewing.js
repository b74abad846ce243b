// Who else reviews what is on this page, and what they decided meanwhile: asked every 15 seconds, while the page is
// looked at. Without this, the page stands as it was loaded, and whoever comes second is told when they act.

const EVERY = 15000;
const others = document.querySelector("[data-now]");
const cards = () => [...document.querySelectorAll(".proposal[data-stands]")];
const cardOf = (id) => document.getElementById(`proposal-${id}`);
let timer;

async function ask(extra) {
  const address = new URL(others.dataset.now, location.href);
  if ("of" in others.dataset) address.searchParams.set("of", cards().map((card) => card.dataset.proposal).join());
  for (const [name, value] of Object.entries(extra)) address.searchParams.set(name, value);
  const answer = await fetch(address).catch(() => null);
  return answer?.ok ? answer.json().catch(() => null) : null;
}

// What somebody types in is left to them, with a word on what happened.
const typed = (card) => card.querySelector("form.narrow, details.no[open]");

function note(card, words) {
  let place = card.querySelector("[data-meanwhile]");
  if (!place) {
    place = Object.assign(document.createElement("p"), { className: "note" });
    place.dataset.meanwhile = "";
    place.setAttribute("role", "status");
    card.prepend(place);
  }
  place.textContent = words;
}

function renew(card, { html, said }, stands) {
  if (typed(card)) {
    card.dataset.stands = stands;
    return note(card, said);
  }
  const made = document.createElement("template");
  made.innerHTML = html;
  const fresh = made.content.querySelector(".proposal");
  if (!fresh) return;
  const focused = card.contains(document.activeElement);
  if (card.classList.contains("chosen")) fresh.classList.add("chosen");
  card.replaceWith(fresh);
  window.htmx?.process(fresh);
  if (focused) fresh.focus({ preventScroll: true });
  const { proposal, state } = fresh.dataset;
  for (const piece of document.querySelectorAll(`[data-of~="${proposal}"]`)) {
    piece.classList.remove("waiting", "accepted", "rejected");
    piece.classList.add(state);
  }
  const box = fresh.closest(".waits")?.querySelector("[name=chosen]");
  if (box) {
    box.value = `${proposal}:${stands.split("-")[0]}`;
    box.disabled = state !== "waiting";
    if (box.disabled) box.checked = false;
  }
}

async function look() {
  const said = await ask({});
  if (said) {
    if (others.textContent !== said.others) others.textContent = said.others;
    const progress = document.getElementById("progress");
    if (progress && said.progress) progress.textContent = said.progress;
    const changed = cards().filter((card) => {
      const stands = said.stand[card.dataset.proposal];
      return stands && stands !== card.dataset.stands;
    }).slice(0, 20).map((card) => card.dataset.proposal);
    const fresh = changed.length ? await ask({ cards: changed.join() }) : null;
    for (const [id, card] of Object.entries(fresh?.cards ?? {})) {
      const there = cardOf(id);
      // Answered on this page while the site was asked: that is newer.
      if (there && there.dataset.stands !== fresh.stand[id]) renew(there, card, fresh.stand[id]);
    }
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  if (!document.hidden) timer = setTimeout(look, EVERY);
}

if (others) {
  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : look()));
  plan();
}
