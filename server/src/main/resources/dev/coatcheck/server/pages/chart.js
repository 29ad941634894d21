// Draws the figures of the table of recent jobs: how long they ran and waited, by when they finished.

import { duration } from "./app.js";

const STEPS = [1, 10, 100, 1e3, 1e4, 6e4, 6e5, 36e5, 864e5];
const LABELS = ["1 ms", "10 ms", "100 ms", "1 s", "10 s", "1 min", "10 min", "1 h", "1 d"];

const place = document.getElementById("chart");
const rows = [...document.querySelectorAll("#recent tbody tr")].reverse();
const read = (name) => rows.map((row) => (row.dataset[name] === "" ? null : Number(row.dataset[name])));

/** Strictly rising, as the chart needs: jobs of the same instant are set apart by less than a millisecond. */
const at = read("at").map((millis, index) => millis / 1000 + index * 1e-6);
const succeeded = rows.map((row) => row.dataset.status === "succeeded");
// The scale is logarithmic and has no zero.
const took = read("ran").map((value) => (value == null ? null : Math.max(1, value)));
const ran = took.map((value, index) => (succeeded[index] ? value : null));
const failed = took.map((value, index) => (succeeded[index] ? null : value));
const waited = read("waited").map((value) => (value == null ? null : Math.max(1, value)));

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
  const time = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: "UTC" });
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
      height: 240,
      padding: [14, 12, 0, 0],
      series: [
        { label: "Finished", value: (_, value) => (value == null ? "–" : `${time.format(value * 1000)} UTC`) },
        { ...dots("Ran", accent, 6) },
        { ...dots("Ran, not succeeded", red, 7) },
        { ...dots("Waited", grey, 4) },
      ],
      axes: [
        { ...axis, space: 90, values: (_, values) => values.map((value) => time.format(value * 1000)) },
        { ...axis, size: 76, splits: (chart) => STEPS.filter((step) => step <= chart.scales.y.max), values: (_, values) => values.map((value) => LABELS[STEPS.indexOf(value)]), filter: (_, values) => values },
      ],
      scales: { y: { distr: 3, range: (_, low, high) => uPlot.rangeLog(1, Math.max(1000, high ?? 1000), 10, true) } },
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
