// Copies a quote as the button says, and tells the site that it was taken. Without this the button sends its form,
// and the text stands on a page, ready to select.

const say = (form, words) => { form.querySelector("[data-said]").textContent = words; };

document.addEventListener("submit", async (event) => {
  const form = event.target.closest("form[data-copy]");
  const button = event.submitter;
  if (!form || !button?.dataset.text || !navigator.clipboard) return;
  event.preventDefault();
  const sent = new FormData(form, button);
  try {
    await navigator.clipboard.writeText(button.dataset.text);
  } catch {
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: button.name, value: button.value });
    form.append(field);
    form.submit();
    return;
  }
  sent.append("quiet", "1");
  try {
    const answer = await fetch(form.action, { method: "POST", body: sent });
    say(form, answer.status === 204 ? "Copied, and noted that you did." : "Copied, but the site could not note it.");
  } catch {
    say(form, "Copied, but the site could not note it.");
  }
});

// "c" copies while the card has the focus, and nowhere else.
document.addEventListener("keydown", (event) => {
  if (event.key !== "c" || event.ctrlKey || event.metaKey || event.altKey) return;
  const card = event.target.closest?.("[data-card]");
  if (!card || event.target.closest("input, textarea, select")) return;
  card.querySelector("[data-first]")?.click();
});
