// Draws each chart from the table that stands below it, so that picture and figures cannot differ.
//
// <figure class="chart" data-kind="line|bar|stack" data-unit="…"> holds .plot and a table: its first
// column is the place on the axis (data-value: seconds since 1970, or none for names), every other
// column a series; cells carry their figure in data-value, an empty one is a gap.

const PALETTE = ["--series-1", "--series-2", "--series-3", "--series-4", "--series-5", "--series-6"];

const WHOLE = [0, 1, 2, 3, 4, 5, 6].flatMap((power) => [1, 2, 5].map((one) => one * 10 ** power));

export function drawCharts() {
  const charts = [...document.querySelectorAll("figure.chart")].map(read).filter(Boolean);
  if (charts.length === 0 || typeof uPlot === "undefined") return;
  const all = () => { for (const one of charts) draw(one); };
  all();
  // Colours follow the appearance, and widths the window.
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", all);
  let width = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === width) return;
    width = innerWidth;
    for (const one of charts) one.plot?.setSize(size(one));
  });
}

function read(figure) {
  const table = figure.querySelector("table");
  const rows = [...(table?.tBodies[0]?.rows ?? [])];
  if (rows.length === 0) return null;
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const value = (cell) => (cell?.dataset.value === undefined || cell.dataset.value === "" ? null : Number(cell.dataset.value));
  const times = rows.every((row) => value(row.cells[0]) !== null);
  const places = rows.map((row, index) => (times ? value(row.cells[0]) : index));
  const labels = rows.map((row) => row.cells[0].textContent.trim());
  const shown = names.map((_, column) => rows.map((row) => row.cells[column + 1]?.textContent.trim() ?? ""));
  const series = names.map((_, column) => rows.map((row) => value(row.cells[column + 1])));
  return { figure, names, labels, shown, data: [places, ...series], kind: figure.dataset.kind ?? "line" };
}

function draw(chart) {
  chart.plot?.destroy();
  chart.figure.dataset.drawn = "";
  const css = getComputedStyle(document.documentElement);
  const probe = document.createElement("i");
  chart.figure.append(probe);
  const colour = (name) => { probe.style.color = `var(${name})`; return getComputedStyle(probe).color; };
  const data = chart.kind === "stack" ? stacked(chart.data) : chart.data;
  const font = `12px ${css.fontFamily}`;
  const axis = { stroke: colour("--soft"), font, grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false } };
  const whole = data.slice(1).every((one) => one.every((value) => value === null || Number.isInteger(value)));
  const options = {
    ...size(chart),
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), chart.figure.dataset.zone ?? "UTC"),
    cursor: { y: false, points: { size: 7 } },
    legend: { live: true },
    // What stands under the pointer; while there is none, only the names
    hooks: { setLegend: [(plot) => chart.figure.toggleAttribute("data-at", plot.legend.idxs?.[0] != null)] },
    scales: {
      x: { time: false, range: (_, low, high) => spread(low, high, chart) },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), (high ?? 0) > 0 ? high * 1.08 : 1] },
    },
    axes: [
      { ...axis, grid: { show: false }, splits: () => ticks(chart), values: (_, found) => found.map((place) => label(chart, place)), space: 50 },
      // Of things that are counted there is no half
      { ...axis, ...(whole ? { incrs: WHOLE } : {}), size: 62, values: (_, found) => found.map((one) => figure(one, chart.figure.dataset.unit)) },
    ],
    series: [
      { label: chart.figure.dataset.axis ?? "", value: (_, place) => label(chart, place) },
      ...chart.names.map((name, index) => line(chart, name, index, colour(PALETTE[index % PALETTE.length]))),
    ],
    bands: chart.kind === "stack" ? chart.names.slice(1).map((_, index) => ({ series: [index + 2, index + 1] })) : [],
  };
  chart.plot = new uPlot(options, data, chart.figure.querySelector(".plot"));
  probe.remove();
}

function line(chart, label_, index, stroke) {
  const bars = chart.kind !== "line" || chart.data[0].length === 1;
  return {
    label: label_,
    stroke,
    width: bars ? 0 : 2,
    fill: bars ? stroke : undefined,
    paths: bars ? uPlot.paths.bars({ size: [0.7, 44], radius: chart.kind === "stack" ? 0 : 0.12 }) : undefined,
    points: { show: bars ? false : chart.data[0].length < 3, size: 6 },
    spanGaps: false,
    value: (_, __, ___, place) => (place === null || place === undefined ? "–" : chart.shown[index][place] || "–"),
  };
}

function stacked([places, ...series]) {
  const sum = places.map(() => 0);
  const whole = series.map((one) => one.map((value, at) => (sum[at] += value ?? 0)));
  return [places, ...whole];
}

function size(chart) {
  const wide = chart.figure.clientWidth || 600;
  return { width: wide, height: wide < 420 ? 210 : 260 };
}

function spread(low, high, chart) {
  const places = chart.data[0];
  const step = places.length > 1 ? (places.at(-1) - places[0]) / (places.length - 1) : 1;
  const room = chart.kind === "line" && places.length > 1 ? 0 : step * 0.6;
  return [(low ?? 0) - room, (high ?? 1) + room];
}

function ticks(chart) {
  const places = chart.data[0];
  const longest = Math.max(...chart.labels.map((one) => Math.min(one.length, 14)));
  const room = Math.max(2, Math.floor((chart.figure.clientWidth - 70) / (longest * 7.5 + 14)));
  const step = Math.max(1, Math.ceil(places.length / room));
  return places.filter((_, index) => index % step === 0);
}

function label(chart, place) {
  // The year stands in the table; on the axis there is no room for it.
  const found = (chart.labels[chart.data[0].indexOf(place)] ?? "").replace(/(?:\/|, )\d{4}$/, "");
  return found.length > 14 ? `${found.slice(0, 13)}…` : found;
}

function figure(value, unit) {
  if (unit === "ms") return value >= 1000 ? `${figure(value / 1000)} s` : `${figure(value)} ms`;
  if (unit === "US$") return `US$ ${figure(value)}`;
  const shown = Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: Math.abs(value) < 1 ? 4 : 1, notation: Math.abs(value) >= 10000 ? "compact" : "standard" }).format(value);
  return unit === "%" ? `${shown} %` : shown;
}
