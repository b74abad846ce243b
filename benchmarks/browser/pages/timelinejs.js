// TimelineJS3 as it comes, but for its fonts, which it would ask of another host.

const day = (text) => {
  const [year, month, date] = text.split("-").map(Number);
  return { year, month, day: date };
};

fetch(new URLSearchParams(location.search).get("items"))
  .then((answer) => answer.json())
  .then((rows) => {
    const events = rows.map((row) => ({
      unique_id: String(row.id),
      group: row.lane,
      start_date: day(row.from),
      ...(row.to !== row.from && { end_date: day(row.to) }),
      text: { headline: row.words },
    }));
    const timeline = new TL.Timeline("timeline", { events }, { font: null });
    timeline.on("ready", () => performance.mark("drawn"));
  });
