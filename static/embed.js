// The timeline in a frame of another site: tells the page around it how high it is, so that the frame can grow,
// and opens entries in windows of their own, for their pages stand in no frame.

const SLACK = 4; // px a pointer may stray and still click
let pressed = null;
let told = 0;

function tell() {
  const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
  if (height === told || parent === window) return;
  told = height;
  parent.postMessage({ type: "campaigntracker:height", height }, "*"); // a height is no secret
}

new ResizeObserver(tell).observe(document.documentElement);
tell();
addEventListener("load", () => { told = 0; tell(); }); // for a page that began to listen after the first

addEventListener("pointerdown", (event) => (pressed = event), true);
addEventListener("click", (event) => {
  const item = event.target.closest?.("#picture .item");
  const strayed = pressed && Math.hypot(event.clientX - pressed.clientX, event.clientY - pressed.clientY) >= SLACK;
  if (item && !(event.detail && strayed)) event.stopPropagation(); // the link's own target does the rest
}, true);
