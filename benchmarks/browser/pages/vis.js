// vis-timeline as its documentation shows it: a lane for each kind, spans as ranges, days as points, everything in
// sight at first. With ?cluster it joins what lies close together, its own way to show many items.

const asked = new URLSearchParams(location.search);
const lanes = ["milestone", "statistic", "quote", "update"];

fetch(asked.get("items"))
  .then((answer) => answer.json())
  .then((rows) => {
    const items = rows.map((row) => ({
      id: row.id,
      group: row.lane,
      content: row.words,
      start: row.from,
      ...(row.to === row.from ? { type: "point" } : { end: row.to, type: "range" }),
    }));
    new vis.Timeline(document.getElementById("timeline"), new vis.DataSet(items), lanes.map((id) => ({ id, content: id })), {
      height: "100%",
      zoomKey: "ctrlKey",
      ...(asked.has("cluster") && { cluster: {} }),
      onInitialDrawComplete: () => performance.mark("drawn"),
    });
  });
