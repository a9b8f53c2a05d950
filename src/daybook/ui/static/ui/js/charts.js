// Charts in the page's own colours. The table beside each is the truth; this is its picture.
import { $, each } from "./dom.js";

let library;
function chartLibrary() {
  library ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = document.body.dataset.chartLibrary;
    script.onload = () => resolve(window.Chart);
    script.onerror = reject;
    document.head.append(script);
  });
  return library;
}

/** The colour that a token has now, in this theme. */
export function colour(token) {
  const probe = document.createElement("span");
  probe.style.color = `var(${token})`;
  probe.hidden = true;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

const faded = (value, share) => `color-mix(in srgb, ${value} ${share}%, transparent)`;

export function writer(plain) {
  const digits = new Intl.NumberFormat(plain.locale, { style: "currency", currency: plain.currency || "EUR" }).resolvedOptions().maximumFractionDigits;
  const number = plain.money
    ? new Intl.NumberFormat(plain.locale, { style: "currency", currency: plain.currency })
    : new Intl.NumberFormat(plain.locale);
  const short = plain.money
    ? new Intl.NumberFormat(plain.locale, { style: "currency", currency: plain.currency, notation: "compact", maximumFractionDigits: 1 })
    : new Intl.NumberFormat(plain.locale, { notation: "compact" });
  const scale = plain.money ? 10 ** digits : 1;
  const minus = (text) => text.replace("-", "\u2212");
  return { full: (value) => minus(number.format(value / scale)), short: (value) => minus(short.format(value / scale)) };
}

function settings(plain, canvas) {
  const write = writer(plain);
  const ink = colour("--ink-2");
  const line = colour("--line");
  const round = plain.kind === "doughnut";
  const colours = [1, 2, 3, 4, 5, 6].map((number) => colour(`--chart-${number}`));
  const font = { family: getComputedStyle(document.body).fontFamily, size: 12 };
  const datasets = plain.series.map((series, index) => {
    const own = colours[index % colours.length];
    const common = { label: series.name, data: series.values };
    if (round) return { ...common, backgroundColor: colours, borderColor: colour("--raised"), borderWidth: 2 };
    if (plain.kind === "line") return { ...common, borderColor: own, backgroundColor: faded(own, 12), borderWidth: 2, pointRadius: 0, pointHoverRadius: 4, pointBackgroundColor: own, tension: 0.3, fill: plain.series.length === 1 };
    return { ...common, backgroundColor: own, hoverBackgroundColor: own, borderRadius: 4, borderSkipped: "start", maxBarThickness: 36, categoryPercentage: 0.72, barPercentage: 0.86 };
  });
  const horizontal = plain.kind === "rows";
  const value = { stacked: plain.stacked, border: { display: false }, grid: { color: line }, beginAtZero: true, ticks: { color: ink, font, maxTicksLimit: 6, callback: (number) => write.short(number) } };
  const label = { stacked: plain.stacked, border: { color: line }, grid: { display: false }, ticks: { color: ink, font, maxRotation: 0, autoSkipPadding: 12 } };
  return {
    type: round ? "doughnut" : plain.kind === "line" ? "line" : "bar",
    data: { labels: plain.labels, datasets },
    options: {
      indexAxis: horizontal ? "y" : "x", responsive: true, maintainAspectRatio: false, animation: false, interaction: { mode: "index", intersect: false, axis: horizontal ? "y" : "x" },
      scales: round ? {} : horizontal ? { x: value, y: label } : { x: label, y: value },
      plugins: {
        legend: { display: false },
        tooltip: { backgroundColor: colour("--ink"), titleColor: colour("--paper"), bodyColor: colour("--paper"), padding: 10, cornerRadius: 8, displayColors: plain.series.length > 1, titleFont: { ...font, weight: "600" }, bodyFont: font, boxPadding: 4, callbacks: { label: (item) => `${plain.series.length > 1 || round ? `${item.dataset.label || item.label}: ` : ""}${write.full(item.raw)}` } },
      },
      cutout: "68%",
    },
  };
}

each("[data-chart]", async (figure) => {
  const plain = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
  const canvas = $("canvas", figure);
  const Chart = await chartLibrary();
  if (!canvas.isConnected) return;
  let chart = new Chart(canvas, settings(plain, canvas));
  const again = () => {
    if (!canvas.isConnected) { document.removeEventListener("daybook:theme", again); return; }
    chart.destroy();
    chart = new Chart(canvas, settings(plain, canvas));
  };
  document.addEventListener("daybook:theme", again);
});
