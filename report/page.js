"use strict";
// Makes the headings of the table buttons that sort it; without this script the
// table stands in the order of the study.
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const up = head.getAttribute("aria-sort") !== "ascending";
      for (const other of heads) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", up ? "ascending" : "descending");
      const value = (row) => row.cells[column].dataset.sort;
      const compare = "text" in head.dataset
        ? (a, b) => value(a).localeCompare(value(b), "en", { numeric: true })
        : (a, b) => Number(value(a)) - Number(value(b));
      const body = table.tBodies[0];
      const rows = [...body.rows].sort((a, b) => {
        // What has no value stays at the end.
        const missing = (value(a) === "") - (value(b) === "");
        return missing || (up ? compare(a, b) : compare(b, a));
      });
      body.append(...rows);
    });
  });
}

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
  ArrowRight: (p, q) => (q.series.dataset.series === p.series.dataset.series && q.x > p.x ? 1e3 * (q.x - p.x) + Math.abs(q.y - p.y) : Infinity),
  ArrowLeft: (p, q) => (q.series.dataset.series === p.series.dataset.series && q.x < p.x ? 1e3 * (p.x - q.x) + Math.abs(q.y - p.y) : Infinity),
  ArrowUp: (p, q) => (q.y < p.y ? 3 * Math.abs(q.x - p.x) + p.y - q.y : Infinity),
  ArrowDown: (p, q) => (q.y > p.y ? 3 * Math.abs(q.x - p.x) + q.y - p.y : Infinity),
};

for (const panel of document.querySelectorAll("svg.panel")) {
  const points = [...panel.querySelectorAll(".point")].map((dot) => {
    const words = dot.textContent;
    dot.replaceChildren(); // or the browser would show them a second time
    return { dot, words, series: dot.parentNode, x: Number(dot.getAttribute("cx")), y: Number(dot.getAttribute("cy")) };
  });
  const point = (event) => {
    const box = panel.getBoundingClientRect();
    const scale = panel.viewBox.baseVal.width / box.width;
    const x = (event.clientX - box.left) * scale, y = (event.clientY - box.top) * scale;
    show(least(points, (p) => { const d = Math.hypot(p.x - x, p.y - y); return d < 60 ? d : Infinity; }));
  };
  panel.addEventListener("pointermove", point);
  panel.addEventListener("pointerdown", point);
  panel.addEventListener("pointerleave", (event) => { if (event.pointerType === "mouse") show(null); });
  panel.addEventListener("blur", () => show(null));
  panel.addEventListener("keydown", (event) => {
    if (event.key === "Escape") show(null);
    const step = steps[event.key];
    if (!step || !points.length) return;
    event.preventDefault();
    const from = points.includes(shown) ? shown : null;
    show(from ? least(points, (p) => step(from, p)) ?? from : least(points, (p) => p.x));
  });
}
document.addEventListener("pointerdown", (event) => { if (!event.target.closest("svg.panel")) show(null); });
addEventListener("scroll", () => show(shown), { passive: true });

// A label of a legend shows its series alone, in every figure that has it; the second time all are back.
function isolate(label) {
  show(null);
  for (const figure of document.querySelectorAll("figure")) {
    const entries = [...figure.querySelectorAll(".legend li")];
    const alone = entries.some((entry) => entry.dataset.label === label);
    for (const entry of entries) entry.firstChild.setAttribute("aria-pressed", entry.dataset.label === label);
    for (const series of figure.querySelectorAll("[data-series]")) {
      series.classList.toggle("off", alone && series.dataset.series !== label);
    }
  }
}
for (const entry of document.querySelectorAll(".legend li")) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-pressed", "false");
  button.append(...entry.childNodes);
  entry.append(button);
  button.addEventListener("click", () => isolate(button.ariaPressed === "true" ? null : entry.dataset.label));
}

// Files inside the page are compressed; here they are unpacked, copied and drawn.
async function unpacked(link) {
  const bytes = Uint8Array.from(atob(link.href.slice(link.href.indexOf(",") + 1)), (c) => c.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).blob();
}
function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
}
async function drawn(svg) {
  const image = new Image();
  image.src = "data:image/svg+xml," + encodeURIComponent(await svg.text());
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 1600;
  canvas.height = Math.round((1600 * image.naturalHeight) / image.naturalWidth);
  const context = canvas.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done));
}
function offer(link, text, action) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = text;
  button.addEventListener("click", action);
  link.after(" ", button);
}
for (const link of "DecompressionStream" in window ? document.querySelectorAll("a[download]") : []) {
  const name = link.download.replace(/\.gz$/, "");
  link.textContent = link.download = name;
  link.addEventListener("click", async (event) => {
    event.preventDefault();
    save(await unpacked(link), name);
  });
  if (name.endsWith(".svg")) {
    const png = name.replace(/svg$/, "png");
    offer(link, png, async () => save(await drawn(await unpacked(link)), png));
  } else if (navigator.clipboard) {
    offer(link, "copy the data", async (event) => {
      const button = event.target;
      try {
        await navigator.clipboard.writeText(await (await unpacked(link)).text());
        button.textContent = "copied";
      } catch {
        button.textContent = "the browser does not let this page copy";
      }
    });
  }
}

// Folds are open on paper.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const fold of folded) fold.open = true;
});
addEventListener("afterprint", () => { for (const fold of folded) fold.open = false; });
