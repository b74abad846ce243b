// In every page before its own scripts: when it was first painted in full, and how long its frames take.

const watched = (window.watched = { frames: null });

const drawn = () => {
  if (performance.getEntriesByName("drawn").length) return true; // an empty page, a rival: they say so themselves
  // Ours: the picture stands at the width of this window, after its script asked for that where it had to.
  const figure = document.querySelector("#picture");
  const svg = figure?.querySelector("svg.picture");
  return svg?.querySelector("[data-y], .column[tabindex='0']") // its script has taken it over
    && Math.abs(figure.clientWidth - svg.getAttribute("width")) <= 2;
};

requestAnimationFrame(function look() {
  if (document.readyState !== "complete" || !drawn()) return requestAnimationFrame(look);
  // The frame after this one shows it; a task after that frame comes when it has been painted.
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => console.debug(`painted ${performance.now()}`);
    port2.postMessage(null);
  });
});

watched.start = () => {
  const frames = (watched.frames = []);
  let before = 0;
  requestAnimationFrame(function next(now) {
    if (watched.frames !== frames) return;
    if (before) frames.push(now - before);
    before = now;
    requestAnimationFrame(next);
  });
};
watched.stop = () => {
  const { frames } = watched;
  watched.frames = null;
  return frames;
};

// Where to take hold of the picture: near its middle, beside what stands there.
watched.hold = (selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  const x = Math.round(box.x + box.width / 2);
  const [top, bottom] = [Math.max(0, box.y), Math.min(innerHeight, box.bottom)];
  for (let y = Math.round((top + bottom) / 2); y < bottom; y += 4) {
    if (!document.elementFromPoint(x, y)?.closest("a, button, .vis-item, .tl-timemarker")) return [x, y];
  }
  return [x, Math.round((top + bottom) / 2)];
};
