// The picture of a timeline: moved by mouse, touch and keyboard. The server draws it; here it is only placed
// anew while it moves, and asked for again once it rests. Without this its links do the same, a page at a time.

const REST = 120; // ms without a gesture before the next picture is asked for
const RETRY = [1000, 3000, 10000]; // ms between tries while there is no connection
const SLACK = 4; // px a pointer may stray and still click
const STEP = 1.2; // how far one notch of the wheel zooms
const HELD = 10; // px of the window in the strip, at least
const NARROWEST = 1;
const WIDEST = 366 * 1000;
const FIRST = 1;
const LAST = 3652058; // 31 December 9998
const DAY = 86400000;
const EPOCH = 719163; // the ordinal of 1 January 1970

let figure = null;
let view = null; // { first, days }: what is in sight now
let placed = null; // { first, days }: where everything was placed last; from there it slides
let asking = null; // the request under way
let resting = 0;
let tries = 0;

const quiet = matchMedia("(prefers-reduced-motion: reduce)");
const dateOf = (ordinal) => {
  const day = new Date((ordinal - EPOCH) * DAY);
  const year = String(day.getUTCFullYear()).padStart(4, "0");
  return `${year}-${String(day.getUTCMonth() + 1).padStart(2, "0")}-${String(day.getUTCDate()).padStart(2, "0")}`;
};
const wordsOf = (ordinal) =>
  new Date((ordinal - EPOCH) * DAY).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const svg = () => figure.querySelector("svg.picture");
const width = () => Number(svg().getAttribute("width")) - Number(svg().dataset.gutter);
const perDay = () => width() / view.days;
const day = (item) => Number(item.dataset.day);
const inView = (item) => day(item) >= view.first && day(item) < view.first + view.days;
const inSight = () => [...svg().querySelectorAll(".item, .column")].filter(inView);
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");

function take(found) {
  figure = found;
  view = { first: Number(svg().dataset.first), days: Number(svg().dataset.days) };
  placed = view;
  for (const item of svg().querySelectorAll("[transform][data-day]")) {
    item.dataset.y = /[ ,]([-\d.]+)\)/.exec(item.getAttribute("transform"))[1];
  }
  const [first] = inSight(); // what is drawn beside the window nobody sees
  if (first) first.tabIndex = 0;
}

// --- Placing: everything stands at a day; texts and heights stay as they are ---

function place() {
  if (view.days === placed.days) slide();
  else arrange();
  const strip = figure.querySelector(".strip");
  const held = strip.querySelector(".held");
  const along = Number(strip.getAttribute("width")) / strip.dataset.days;
  held.setAttribute("x", ((view.first - strip.dataset.first) * along).toFixed(2));
  held.setAttribute("width", Math.max(HELD, view.days * along).toFixed(2));
  unbind();
}

// While the scale stays, the lanes move as they are: far less work than placing each thing in them.
function slide() {
  const by = ((view.first - placed.first) * perDay()).toFixed(2);
  for (const part of svg().querySelectorAll(".slides")) part.setAttribute("transform", `translate(${-by} 0)`);
}

function arrange() {
  placed = view;
  for (const part of svg().querySelectorAll(".slides")) part.removeAttribute("transform");
  const scale = perDay();
  const x = (day) => ((day - view.first) * scale).toFixed(2);
  const length = (days) => Math.max(0, days * scale).toFixed(2);
  for (const each of svg().querySelectorAll("[transform][data-day]")) {
    each.setAttribute("transform", `translate(${x(each.dataset.day)} ${each.dataset.y})`);
  }
  for (const rect of svg().querySelectorAll(".future, .break, .column rect")) {
    const { day, until } = (rect.dataset.day ? rect : rect.parentNode).dataset;
    rect.setAttribute("x", x(day));
    rect.setAttribute("width", length(until - day));
  }
  for (const bar of svg().querySelectorAll("[data-from][data-days]:not(.picture)")) {
    const start = bar.dataset.from * scale;
    if (bar.tagName === "line") {
      bar.setAttribute("x1", start.toFixed(2));
      bar.setAttribute("x2", (start + bar.dataset.days * scale).toFixed(2));
    } else {
      bar.setAttribute("x", start.toFixed(2));
      bar.setAttribute("width", length(bar.dataset.days));
    }
  }
  for (const stop of svg().querySelectorAll("[data-at]")) {
    stop.setAttribute("transform", `translate(${(stop.dataset.at * scale).toFixed(2)} 0)`);
  }
  for (const line of svg().querySelectorAll(".series")) {
    const points = line.dataset.points.trim().split(" ").map((point) => point.split(","));
    line.setAttribute("points", points.map(([day, y]) => `${x(day)},${y}`).join(" "));
  }
  for (const tie of svg().querySelectorAll(".tie")) {
    const [from, y1, to, y2] = tie.dataset.tie.split(" ").map(Number);
    tie.setAttribute("d", arc((from - view.first) * scale, y1, (to - view.first) * scale, y2));
  }
}

function look(first, days) {
  days = Math.min(WIDEST, Math.max(NARROWEST, days));
  view = { first: Math.min(Math.max(FIRST, first), LAST - days + 1), days };
  place();
  rest();
}

const move = (pixels) => look(view.first - pixels / perDay(), view.days);

function zoom(factor, at) {
  const share = Math.min(1, Math.max(0, at / width()));
  const days = Math.min(WIDEST, Math.max(NARROWEST, view.days * factor));
  look(view.first + share * (view.days - days), days);
}

// --- Asking ---

function rest() {
  clearTimeout(resting);
  resting = setTimeout(() => {
    const first = Math.round(view.first);
    const last = first + Math.max(1, Math.round(view.days)) - 1;
    ask(addressOf({ from: dateOf(first), to: dateOf(last) }), "replace");
  }, REST);
}

function addressOf(changes) {
  const address = new URL(location.href);
  for (const [name, value] of Object.entries(changes)) address.searchParams.set(name, value);
  return address;
}

// Whatever was asked for before, or waits to be tried again, is overtaken.
function drop() {
  clearTimeout(resting);
  asking?.abort();
}

async function ask(address, keep) {
  drop();
  const mine = (asking = new AbortController());
  const from = new URL(figure.dataset.picture, location.href);
  from.search = address.search;
  from.searchParams.set("width", Math.floor(figure.clientWidth));
  try {
    const answer = await fetch(from, { signal: mine.signal, headers: { "X-Requested-With": "fetch" } });
    if (answer.redirected || !answer.ok) throw new Error(answer.status);
    const text = await answer.text();
    if (mine.signal.aborted) return;
    show(text);
    tries = 0;
    if (keep === "push") history.pushState(null, "", address);
    else if (keep === "replace") history.replaceState(history.state, "", address);
  } catch (error) {
    if (mine.signal.aborted) return;
    say(`The picture could not be brought up to date${tries < RETRY.length ? "; trying again" : ". Load the page again"}.`);
    if (tries < RETRY.length) resting = setTimeout(() => ask(address, keep), RETRY[tries++]);
  }
}

function show(text) {
  const fresh = parsed(text).querySelector("#picture");
  if (!fresh) throw new Error("no picture");
  const held = document.activeElement?.closest("#picture :is(.item, .column, [data-go], .fold)");
  const chosen = figure.dataset.chosen;
  figure.replaceWith(fresh);
  take(fresh);
  if (held) again(held).focus({ preventScroll: true });
  if (chosen) choose(chosen);
}

// What had the focus, in the new picture; else the nearest to it in sight, of its own lane if there is any.
function again(held) {
  const laneOf = (each) => each.closest(".lane")?.querySelector(".fold").dataset.fold;
  const { go, fold } = held.dataset;
  const link = figure.querySelector(`[data-go="${go}"], [data-fold="${fold}"]`);
  const all = inSight();
  const own = all.filter((each) => laneOf(each) === laneOf(held));
  return link || own.find((each) => held.id && each.id === held.id) || near(own.length ? own : all, day(held))
    || figure.querySelector("[data-go=wider]");
}

function say(words) {
  figure.querySelector(".window").textContent = words;
}

// --- Links between entries: curves from the one looked at to those it is linked to ---

// The same as in apps/timeline/layout.py.
function arc(x1, y1, x2, y2) {
  const down = y2 >= y1 ? 1 : -1;
  y1 += down * 8;
  y2 -= down * 11;
  const bend = Math.max(30, Math.abs(y2 - y1) / 2) * down;
  return `M${x1} ${y1}C${x1} ${y1 + bend} ${x2} ${y2 - bend} ${x2} ${y2}`;
}

function bind(item) {
  unbind();
  const ends = (item.dataset.links || "").split(" ").filter(Boolean)
    .map((pk) => svg().querySelector(`#m${pk}`)).filter(Boolean);
  if (!ends.length) return;
  svg().classList.add("bound");
  const from = item.querySelector(".shape").getBoundingClientRect();
  const paper = svg().getBoundingClientRect();
  const scale = Number(svg().getAttribute("width")) / paper.width;
  const middle = (box) => [(box.x + box.width / 2 - paper.x) * scale, (box.y + box.height / 2 - paper.y) * scale];
  const [x1, y1] = middle(from);
  for (const end of [item, ...ends]) end.classList.add("near");
  for (const end of ends) {
    const [x2, y2] = middle(end.querySelector(".shape").getBoundingClientRect());
    const curve = document.createElementNS("http://www.w3.org/2000/svg", "path");
    curve.setAttribute("d", arc(x1, y1, x2, y2));
    curve.setAttribute("class", "bond");
    svg().append(curve);
  }
}

function unbind() {
  for (const curve of svg().querySelectorAll(".bond")) curve.remove();
  svg().classList.remove("bound");
  for (const item of svg().querySelectorAll(".near")) item.classList.remove("near");
}

// --- The entry chosen, beside the picture ---

// What an address answers, and that as a page: an empty one where nothing came.
async function read(address, sent) {
  const answer = await fetch(address, sent).catch(() => null);
  return { answer, page: parsed((await answer?.text().catch(() => "")) ?? "") };
}

async function open(item) {
  const { pk } = item.dataset;
  const address = item.href.baseVal;
  choose(pk);
  const { page } = await read(address);
  if (figure.dataset.chosen !== pk) return; // another was chosen since, or none
  const article = page.querySelector("article.entry");
  if (!article) return location.assign(address);
  const panel = document.getElementById("chosen");
  article.querySelector("h1").outerHTML = `<h2 tabindex="-1"><a href="${address}">${article.querySelector("h1").innerHTML}</a></h2>`;
  panel.querySelector(".body").replaceChildren(article);
  panel.hidden = false;
  panel.querySelector("h2").focus({ preventScroll: true });
  panel.scrollIntoView({ block: "nearest", behavior: quiet.matches ? "auto" : "smooth" });
}

function choose(pk) {
  figure.dataset.chosen = pk;
  for (const item of svg().querySelectorAll(".chosen")) item.classList.remove("chosen");
  svg().querySelector(`#m${pk}`)?.classList.add("chosen");
}

function close() {
  const pk = figure.dataset.chosen; // on its way too
  if (!pk) return false;
  document.getElementById("chosen").hidden = true;
  const item = svg().querySelector(`#m${pk}`);
  delete figure.dataset.chosen;
  item?.classList.remove("chosen");
  item?.focus({ preventScroll: true });
  return true;
}

// --- Writing: the site's own forms, over the picture ---

let afterwards = null; // what is done once the form was taken

async function write(address, then) {
  const box = document.getElementById("dialogue");
  const { answer, page } = await read(address);
  if (!box || answer?.redirected || !fill(page, address)) return location.assign(address);
  afterwards = then;
  box.showModal();
}

// Whether there was a form to show: a page that says what is wrong has none.
function fill(page, address) {
  const part = page.querySelector("main .narrow");
  const form = part?.querySelector("form");
  if (!form) return false;
  form.setAttribute("action", address);
  part.querySelector("h1").id = "dialogue-title";
  const body = document.querySelector("#dialogue .body");
  body.replaceChildren(part);
  body.querySelector("[role=alert], [autofocus], input:not([type=hidden])")?.focus();
  return true;
}

function shut() {
  document.getElementById("dialogue").close();
  arrange(); // a target that was dragged goes back
  place();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("#dialogue form");
  if (!form) return;
  event.preventDefault();
  const before = form.parentNode.querySelector(".unsent");
  if (before) {
    // Whoever signed in since has a new token, which the form's own page knows.
    const { page } = await read(form.action);
    const token = page.querySelector("main [name=csrfmiddlewaretoken]");
    if (token) form.elements.csrfmiddlewaretoken.value = token.value;
    before.remove();
  }
  const { answer, page } = await read(form.action, { method: "POST", body: new FormData(form, event.submitter) });
  if (!answer) return refuse(form, "there is no connection", "try again");
  if (answer.url.includes("/accounts/login/")) return refuse(form, "you are signed out", "sign in, in another tab, and save again");
  if (!answer.redirected) return fill(page, form.action) || refuse(form, "the site could not take it", "try again");
  const said = page.querySelector(".flash");
  document.getElementById("dialogue").close();
  await renew();
  if (said) {
    afterwards?.(said);
    document.querySelector(".flash")?.remove();
    document.getElementById("main").prepend(said);
    said.scrollIntoView({ block: "nearest" });
  }
});

function refuse(form, why, what) {
  const note = document.createElement("p");
  note.className = "note unsent";
  note.setAttribute("role", "alert");
  note.textContent = `Not saved: ${why}. What you typed is still here; ${what}.`;
  form.before(note);
  note.scrollIntoView({ block: "nearest" });
}

// The list and the picture as they are now.
async function renew() {
  const { page } = await read(location.href);
  const found = page.getElementById("found");
  if (!found) return location.reload();
  document.getElementById("found").replaceWith(found);
  begin();
}

function moveTo(item, day) {
  const was = item.dataset.date;
  const address = new URL(item.dataset.move, location.href);
  if (day) address.searchParams.set("to", dateOf(day));
  write(address, (said) => {
    const undo = document.createElement("button");
    undo.className = "quiet";
    undo.textContent = `Undo: back to ${was}`;
    undo.addEventListener("click", () => {
      const back = new URL(item.dataset.move, location.href);
      back.search = new URLSearchParams({ to: was, back: "1" });
      write(back);
    });
    said.querySelector("p").append(" ", undo);
  });
}

function addAt(day, kind) {
  const address = new URL(figure.dataset.add.replace("/update/", `/${kind}/`), location.href);
  address.searchParams.set("date", dateOf(day));
  write(address);
}

const kindOf = (lane) => ["milestone", "statistic", "quote"].find((kind) => lane?.classList.contains(kind)) || "update";
const dayAt = (event) => Math.floor(view.first + across(event) / perDay());

document.addEventListener("dblclick", (event) => {
  if (!figure?.dataset.add || !inPicture(event) || event.target.closest(".item, .column, .fold")) return;
  const lanes = [...svg().querySelectorAll(".lane")];
  const y = event.clientY;
  const lane = lanes.findLast((each) => each.querySelector(".rule").getBoundingClientRect().y <= y);
  addAt(dayAt(event), kindOf(lane));
});

document.addEventListener("click", (event) => {
  const box = event.target.closest("#dialogue");
  const cancel = box && event.target.closest("[data-shut], .actions a");
  if (!cancel) return;
  event.preventDefault();
  shut();
});

// --- Gestures ---

const pointers = new Map();
let strayed = false;
let spread = 0;

const across = (event) => event.clientX - svg().getBoundingClientRect().x - Number(svg().dataset.gutter);
const inStrip = (event) => event.target.closest?.("#picture .strip");
const inPicture = (event) => event.target.closest?.("#picture svg.picture");

let dragged = null; // a target on its way to another day
let holding = null; // days between the window's start and the pointer that holds it in the strip

function dayInStrip(event) {
  const strip = figure.querySelector(".strip");
  const box = strip.getBoundingClientRect();
  return Number(strip.dataset.first) + ((event.clientX - box.x) / box.width) * strip.dataset.days;
}

document.addEventListener("pointerdown", (event) => {
  if (inStrip(event) && event.button === 0) {
    event.preventDefault();
    const held = event.target.matches(".held");
    holding = held ? dayInStrip(event) - view.first : view.days / 2;
    if (!held) look(dayInStrip(event) - holding, view.days);
    return;
  }
  if (!inPicture(event) || event.button !== 0) return;
  const target = event.pointerType !== "touch" && event.target.closest(".item[data-move]");
  if (target && event.target.matches(".shape")) {
    dragged = { item: target, from: event.clientX, day: Number(target.dataset.day) };
    strayed = false;
    return;
  }
  pointers.set(event.pointerId, event);
  if (pointers.size === 1) strayed = false;
  spread = 0;
});

document.addEventListener("pointermove", (event) => {
  if (holding !== null) return look(dayInStrip(event) - holding, view.days);
  if (dragged) {
    const by = event.clientX - dragged.from;
    if (!strayed && Math.abs(by) < SLACK) return;
    strayed = true;
    dragged.to = Math.floor(dragged.day + by / perDay());
    const x = (dragged.day - placed.first) * perDay() + by;
    dragged.item.setAttribute("transform", `translate(${x.toFixed(2)} ${dragged.item.dataset.y})`);
    say(`To ${wordsOf(dragged.to)}`);
    return;
  }
  const before = pointers.get(event.pointerId);
  if (!before) return;
  if (pointers.size === 2) {
    pointers.set(event.pointerId, event);
    const [one, other] = [...pointers.values()];
    const now = Math.max(20, Math.abs(one.clientX - other.clientX));
    if (spread) zoom(spread / now, (across(one) + across(other)) / 2);
    spread = now;
    strayed = true;
    return;
  }
  const by = event.clientX - before.clientX;
  if (!strayed && Math.abs(by) < SLACK) return;
  strayed = true;
  svg().classList.add("moving");
  pointers.set(event.pointerId, event);
  move(by);
});

document.addEventListener("pointerup", () => {
  if (dragged?.to) moveTo(dragged.item, dragged.to);
});

for (const end of ["pointerup", "pointercancel"]) {
  document.addEventListener(end, (event) => {
    pointers.delete(event.pointerId);
    holding = dragged = null;
    figure && svg().classList.remove("moving");
  });
}

document.addEventListener("dragstart", (event) => inPicture(event) && event.preventDefault());

document.addEventListener("wheel", (event) => {
  if (!event.ctrlKey || !inPicture(event)) return; // a plain wheel scrolls the page
  event.preventDefault();
  zoom(STEP ** Math.sign(event.deltaY), across(event));
}, { passive: false });

document.addEventListener("click", (event) => {
  if (!figure || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (inPicture(event) && strayed && event.detail) return event.preventDefault(); // it was a drag; keys click without detail
  const link = event.target.closest("#picture [data-go], #picture .column, #picture .fold");
  if (link) {
    event.preventDefault();
    link.focus({ preventScroll: true }); // some browsers do not, and the focus is to go on from here
    return ask(new URL(link.href.baseVal ?? link.href, location.href), "push");
  }
  const item = event.target.closest("#picture .item");
  if (item) {
    event.preventDefault();
    return open(item);
  }
  if (event.target.closest("#chosen [data-close]")) close();
}, true);

for (const [into, outOf] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
  document.addEventListener(into, (event) => {
    const item = event.target.closest?.("#picture .item");
    if (item && !pointers.size) bind(item);
  });
  document.addEventListener(outOf, (event) => event.target.closest?.("#picture .item") && unbind());
}

// --- Keys: one tab stop, arrows within the picture ---

const inLane = (lane) => [...lane.querySelectorAll(".item, .column")].sort((a, b) => day(a) - day(b));

function focus(item) {
  for (const each of svg().querySelectorAll(".item[tabindex='0'], .column[tabindex='0']")) each.tabIndex = -1;
  item.tabIndex = 0;
  item.focus({ preventScroll: true });
  if (!inView(item)) look(day(item) - view.days / 2, view.days);
}

const near = (items, wanted) =>
  items.reduce((best, item) => (Math.abs(day(item) - wanted) < Math.abs(day(best) - wanted) ? item : best), items[0]);

function neighbour(item, key) {
  const lane = item.closest(".lane");
  const items = inLane(lane);
  const at = items.indexOf(item);
  if (key === "ArrowRight") return items[at + 1];
  if (key === "ArrowLeft") return items[at - 1];
  if (key === "Home") return items[0];
  if (key === "End") return items.at(-1);
  const lanes = [...svg().querySelectorAll(".lane")].filter((each) => inLane(each).length);
  const next = lanes[lanes.indexOf(lane) + (key === "ArrowDown" ? 1 : -1)];
  return next && near(inLane(next), day(item));
}

let walked = []; // where the links were followed through, so that they lead on and not back and forth

function follow(item) {
  const pk = item.dataset.pk;
  if (walked.at(-1) !== pk) walked = [pk];
  const ends = (item.dataset.links || "").split(" ").filter((end) => end && svg().querySelector(`#m${end}`));
  const next = ends.find((end) => !walked.includes(end)) || ends[0];
  if (next) walked.push(next);
  return next && svg().querySelector(`#m${next}`);
}

const GO = { "+": "closer", "=": "closer", "-": "wider", 0: "all", t: "today", d: "next" };

document.addEventListener("keydown", (event) => {
  if (!figure || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape" && close()) return event.preventDefault();
  const item = event.target.closest?.("#picture .item, #picture .column");
  if (!item) return;
  if (event.key === "m" && item.dataset.move) {
    event.preventDefault();
    return moveTo(item);
  }
  if (event.key === "n" && figure.dataset.add) {
    event.preventDefault();
    return addAt(Math.floor(day(item)), kindOf(item.closest(".lane")));
  }
  const go = GO[event.key] && figure.querySelector(`[data-go="${GO[event.key]}"]`);
  const next = ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End"].includes(event.key)
    ? neighbour(item, event.key)
    : event.key === "l" ? follow(item) : null;
  if (go) ask(new URL(go.href), "push");
  else if (next) focus(next);
  else if (!event.key.startsWith("Arrow")) return;
  event.preventDefault();
});

// --- Beginning, and going back ---

function begin() {
  const found = document.querySelector("#picture");
  if (found === figure) return;
  drop();
  if (!found) return;
  take(found);
  const drawn = Number(svg().getAttribute("width"));
  if (Math.abs(figure.clientWidth - drawn) > 2) ask(new URL(location.href), "");
}

addEventListener("popstate", () => figure && ask(new URL(location.href), ""));
document.addEventListener("htmx:afterSettle", begin);
let resized = 0;
addEventListener("resize", () => {
  clearTimeout(resized);
  resized = setTimeout(() => figure && ask(new URL(location.href), ""), REST);
});
begin();
