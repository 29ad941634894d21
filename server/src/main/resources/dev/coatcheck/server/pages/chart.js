// Draws the figures of the table of recent jobs: how long they ran and waited, by when they finished.

import { duration } from "./app.js";

const place = document.getElementById("chart");
const rows = [...document.querySelectorAll("#recent tbody tr")].reverse();
const read = (name) => rows.map((row) => (row.dataset[name] === "" ? null : Number(row.dataset[name])));

/** Strictly rising, as the chart needs: jobs of the same instant are set apart by less than a millisecond. */
const at = read("at").map((millis, index) => millis / 1000 + index * 1e-6);
const ran = read("ran");
const failed = ran.map((value, index) => (rows[index].dataset.status === "succeeded" ? null : value));
const waited = read("waited");

function colour(name) {
  const probe = document.createElement("span");
  probe.className = `colour-${name}`;
  place.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function draw() {
  place.replaceChildren();
  const text = colour("text");
  const line = colour("line");
  const accent = colour("accent");
  const grey = colour("grey");
  const red = colour("red");
  const axis = {
    stroke: text,
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const dots = (label, stroke, size) => ({
    label, stroke, paths: () => null,
    points: { show: true, size, fill: stroke, width: 0 },
    value: (_, value) => (value == null ? "–" : duration(value)),
  });
  new uPlot(
    {
      width: place.clientWidth,
      height: 220,
      series: [
        { label: "Finished", value: (_, value) => (value == null ? "–" : new Date(value * 1000).toLocaleTimeString()) },
        { ...dots("Ran", accent, 6) },
        { ...dots("Ran, not succeeded", red, 7) },
        { ...dots("Waited", grey, 4) },
      ],
      axes: [axis, { ...axis, size: 70, values: (_, values) => values.map(duration) }],
      scales: { y: { range: (_, low, high) => [0, Math.max(1, high * 1.08)] } },
      cursor: { drag: { x: false, y: false } },
    },
    [at, ran, failed, waited],
    place,
  );
}

if (place && rows.length && window.uPlot) {
  draw();
  let width = place.clientWidth;
  new ResizeObserver(() => {
    if (place.clientWidth !== width) {
      width = place.clientWidth;
      draw();
    }
  }).observe(place);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}
