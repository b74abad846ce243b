// Copies a quote as the button says, once the site has answered that it is still for use and has noted who takes it:
// the page may have been open since before it was taken back. Without this the button sends its form, and the text
// stands on a page, ready to select.

const say = (form, words) => { form.querySelector("[data-said]").textContent = words; };

// Why it is not to be copied, in a sentence; empty where it is, and then that is noted.
async function ask(form, sent) {
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    if (answer.status === 204) return "";
    if (answer.status === 409) return await answer.text();
    if (answer.status === 404) return "It is no longer shown here.";
    return "The site did not allow it: load the page anew.";
  } catch {
    return "The site does not answer, so it cannot say whether this is still for use.";
  }
}

// The text is promised, for Safari lets a page write only at once when a button is pressed, not after an answer.
async function write(text) {
  try {
    await navigator.clipboard.write([new ClipboardItem({ "text/plain": text })]);
    return true;
  } catch {
    return false;
  }
}

// The text on a page, ready to select. That it was taken is noted by now.
function show(form, button) {
  for (const [name, value] of [[button.name, button.value], ["noted", "1"]]) {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name, value });
    form.append(field);
  }
  form.submit();
}

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-copy]");
  const button = event.submitter;
  if (!form || !button?.dataset.text || !navigator.clipboard?.write || !window.ClipboardItem) return;
  event.preventDefault();
  const text = button.dataset.text;
  const sent = new FormData(form, button);
  sent.append("quiet", "1");
  sent.append("text", text);
  const asked = ask(form, sent);
  const promised = asked.then((refusal) => {
    if (refusal) throw new Error(refusal);
    return new Blob([text], { type: "text/plain" });
  });
  promised.catch(() => {});
  const written = write(promised);
  const refusal = await asked;
  if (refusal) say(form, `Not copied. ${refusal}`);
  else if (await written) say(form, "Copied, and noted that you did.");
  else show(form, button);
});

// "c" copies while the card has the focus, and nowhere else.
document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest?.("[data-card]");
  if (!card || event.target.closest("input, textarea, select")) return;
  card.querySelector("[data-first]")?.click();
});
