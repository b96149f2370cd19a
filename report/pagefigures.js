"use strict";
// Points of figures answer to mouse, finger and arrow keys. The script knows no chart: each drawing holds its places and words.
const tip = document.createElement("div");
tip.id = "tip";
tip.setAttribute("role", "status");
document.body.append(tip);
let shown = null;

function show(point) {
  shown?.dot.classList.remove("on");
  shown = point;
  tip.hidden = !point;
  if (!point) return;
  if (point.moves) { point.dot.setAttribute("cx", point.x); point.dot.setAttribute("cy", point.y); }
  point.dot.classList.add("on");
  tip.textContent = point.words;
  const at = point.dot.getBoundingClientRect();
  const left = Math.min(at.right + 6, innerWidth - tip.offsetWidth - 4);
  const above = at.top - tip.offsetHeight - 6;
  tip.style.left = Math.max(4, left) + "px";
  tip.style.top = (above > 4 ? above : at.bottom + 6) + "px";
}

// least finds the point for which a distance is the smallest; an infinite one does not count.
function least(points, distance) {
  let best = null, least = Infinity;
  for (const point of points) {
    const d = distance(point);
    if (d < least && !point.series.classList.contains("off")) [best, least] = [point, d];
  }
  return best;
}

// Along a series to the left and right, to whatever is nearest up and down.
const steps = {
  ArrowRight: (p, q) => (q.series === p.series && q.x > p.x ? 1e3 * (q.x - p.x) + Math.abs(q.y - p.y) : Infinity),
  ArrowLeft: (p, q) => (q.series === p.series && q.x < p.x ? 1e3 * (p.x - q.x) + Math.abs(q.y - p.y) : Infinity),
  ArrowUp: (p, q) => (q.y < p.y ? 3 * Math.abs(q.x - p.x) + p.y - q.y : Infinity),
  ArrowDown: (p, q) => (q.y > p.y ? 3 * Math.abs(q.x - p.x) + q.y - p.y : Infinity),
};

// place is where an event happens, in the coordinates of the drawing.
function place(panel, event) {
  const box = panel.getBoundingClientRect();
  const scale = panel.viewBox.baseVal.width / box.width;
  return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
}

// answer lets the points of a drawing answer; they are asked for when they are needed.
function answer(panel, pointsOf) {
  let known = null;
  const points = () => (known ??= pointsOf());
  const point = (event) => {
    const { x, y } = place(panel, event);
    show(least(points(), (p) => { const d = Math.hypot(p.x - x, p.y - y); return d < 60 ? d : Infinity; }));
  };
  panel.addEventListener("pointermove", point);
  panel.addEventListener("pointerdown", point);
  panel.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(null); });
  panel.addEventListener("blur", () => show(null));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(null);
    const step = steps[event.key];
    if (!step || !points().length) return;
    event.preventDefault();
    const from = points().includes(shown) ? shown : null;
    show(from ? least(points(), (p) => step(from, p)) ?? from : least(points(), (p) => p.x));
  });
}

dressing((root) => root.querySelectorAll("svg.panel").forEach((panel) => {
  answer(panel, () => {
    const series = new Map(); // parts of one series lie in several groups
    return [...panel.querySelectorAll(".point")].map((dot) => {
      const words = dot.textContent;
      dot.replaceChildren(); // or the browser would show them a second time
      const label = dot.parentNode.dataset.series;
      if (!series.has(label)) series.set(label, dot.parentNode);
      return { dot, words, series: series.get(label), x: Number(dot.getAttribute("cx")), y: Number(dot.getAttribute("cy")) };
    });
  });
}));
document.addEventListener("pointerdown", (event) => { if (!event.target.closest("svg.panel")) show(null); });
addEventListener("scroll", () => show(shown), { passive: true });

// Series and panels are seen unless the legend or the filter leaves them out: each names its reasons.
function leaveOut(element, reason, out) {
  if (out) element.dataset[reason] = ""; else delete element.dataset[reason];
  element.classList.toggle("off", "byLegend" in element.dataset || "byFilter" in element.dataset);
}

// A label of a legend shows its series alone, in every figure that has it; the second time all are back.
function isolate(label) {
  show(null);
  for (const figure of document.querySelectorAll("figure")) {
    const entries = [...figure.querySelectorAll(".legend li[data-label]")];
    const alone = entries.some((entry) => entry.dataset.label === label);
    for (const entry of entries) entry.firstChild.setAttribute("aria-pressed", entry.dataset.label === label);
    for (const series of figure.querySelectorAll("[data-series]")) {
      leaveOut(series, "byLegend", alone && series.dataset.series !== label);
    }
  }
}

// choosable makes a button of the label of a series.
function choosable(entry) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  button.append(...entry.childNodes);
  entry.append(button);
  button.addEventListener("click", () => isolate(button.ariaPressed === "true" ? null : entry.dataset.label));
}
dressing((root) => root.querySelectorAll(".legend li[data-label]").forEach(choosable));
