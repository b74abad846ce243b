// Links that share the view take it from the address as it stands when they are used: the picture may have moved.
// Buttons that copy an address are shown to those whose browser can.

document.addEventListener("click", async (event) => {
  const link = event.target.closest?.("a[data-share]");
  if (link) link.search = location.search;
  const button = event.target.closest?.("[data-link]");
  if (!button) return;
  const address = new URL(button.dataset.link || location.href, location.href);
  address.hash = "";
  const taken = await navigator.clipboard.writeText(address).then(() => true, () => false);
  const said = button.parentElement.querySelector("[data-copied]");
  said.textContent = taken ? "Copied." : `It could not be copied. The address is ${address}`;
}, true);

// Also what arrives later: the entry beside the picture, a list that was narrowed.
const show = () => {
  for (const button of document.querySelectorAll("[data-link][hidden]")) button.hidden = false;
};
if (navigator.clipboard) {
  show();
  new MutationObserver(show).observe(document.body, { childList: true, subtree: true });
}
