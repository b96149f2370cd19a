"use strict";
// The explorer draws a measure of runs, or of cells, against the epochs or an axis. It unpacks and draws nothing before it is opened.
const explorer = document.querySelector("#explorer");
if (explorer && "DecompressionStream" in window) {
  explorer.hidden = false;
  const fold = explorer.querySelector("details");
  if (fold.open) addEventListener("DOMContentLoaded", () => explore(fold));
  else fold.addEventListener("toggle", () => explore(fold), { once: true });
}

const brief = (v) => String(Number(v.toPrecision(4))).replace("-", "−");
const dashes = ["", "6 3", "2 2.5", "9 3 2 3"];
const colours = ["var(--c0)", "var(--c1)", "var(--c2)", "var(--c3)", "var(--c4)", "var(--c5)"];
const look = (at) => ({ colour: colours[at % colours.length], dash: dashes[Math.floor(at / colours.length) % dashes.length] });

// part makes a part of a drawing.
function part(name, attributes, ...children) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) if (value !== "") made.setAttribute(key, value);
  made.append(...children);
  return made;
}

// ticksOf are round numbers, 1, 2 or 5 times a power of ten.
function ticksOf([low, high], log, most) {
  const ticks = [];
  if (!log) {
    const rough = (high - low) / most, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].find((times) => times * power >= rough) * power;
    for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++) ticks.push(i * step);
    return ticks;
  }
  const first = Math.floor(Math.log10(low)), last = Math.ceil(Math.log10(high)), each = Math.ceil((last - first) / most);
  const times = last - first <= most / 2 ? [1, 2, 5] : [1];
  for (let power = first; power <= last; power += each) ticks.push(...times.map((n) => n * 10 ** power));
  return ticks.filter((tick) => tick >= low * (1 - 1e-9) && tick <= high * (1 + 1e-9));
}

// scaleOf maps a range to places from one to another.
function scaleOf([low, high], log, from, to) {
  const f = log ? Math.log10 : (v) => v, a = f(low), b = f(high);
  const scale = (v) => from + (to - from) * (f(v) - a) / (b - a);
  scale.back = (at) => { const v = a + (b - a) * (at - from) / (to - from); return log ? 10 ** v : v; };
  return scale;
}

// rangeOf holds all values, with some room.
function rangeOf(values, log) {
  let low = Infinity, high = -Infinity;
  for (const v of values) { low = Math.min(low, v); high = Math.max(high, v); }
  if (low === high) return log ? [low / 2, high * 2] : [low - 1, high + 1];
  if (log) { const room = (high / low) ** .03; return [low / room, high * room]; }
  const room = (high - low) * .03;
  return [low >= 0 && low < 10 * room ? 0 : low - room, high + room];
}

// Spot is a point of a drawing: where it is, what it stands for, and who words it, when it is asked.
class Spot {
  constructor(x, y, of, series, dot, say) { Object.assign(this, { x, y, of, series, dot, say, moves: true }); }
  get words() { return this.say(this.of); }
}

async function explore(fold) {
  const packed = JSON.parse(document.querySelector("#explored").textContent);
  const study = await unpack(packed.study).json();
  const { axes, cells, runs } = study;
  const known = {}, zooms = [];
  let picked = [];

  // Choices.
  const choice = (name, words, options) => {
    const select = element("select", { name }, ...options.map(([value, text]) => element("option", { value, textContent: text })));
    form.append(element("label", {}, words + " ", select));
    return select;
  };
  const form = element("form", { className: "choices" });
  const metrics = [...new Set(study.measures.map((m) => m.title))];
  const splits = [...new Set(study.measures.map((m) => m.split))];
  const chosenBy = {
    metric: choice("metric", "measure", metrics.map((m) => [m, m])),
    split: choice("split", "on", splits.map((s) => [s, s])),
    x: choice("x", "against", [["-1", "epoch"], ...axes.map((a, i) => [i, a.name])]),
    colour: choice("colour", "colours by", [["-1", "nothing"], ...axes.map((a, i) => [i, a.name])]),
    lines: choice("lines", "as", study.ofCells ? [["mean", "mean with its range"]] : [["mean", "mean with its range"], ["runs", "single runs"]]),
    scaleX: choice("scaleX", "x", [["linear", "linear"], ["log", "logarithmic"]]),
    scaleY: choice("scaleY", "y", [["linear", "linear"], ["log", "logarithmic"]]),
  };
  const back = element("button", { type: "button", textContent: "Back from the zoom", hidden: true, onclick: zoomBack });
  form.append(back);
  const spread = axes.findIndex((a) => a.labels.length <= 6);
  chosenBy.colour.value = String(spread < 0 ? axes.length - 1 : spread);

  const sheet = element("div", { className: "panels columns-1" }), legend = element("ul", { className: "legend", ariaLabel: "Legend" });
  const key = element("p", { className: "key" }), card = element("div", { id: "card", role: "status" });
  fold.append(element("figure", { id: "figure-explorer" }, form, sheet, legend, key, card));

  const linesOf = async (name) => {
    if (globalThis.feed) return feed.lines(study, name, draw);
    return known[name] ??= await unpack(packed.lines[name]).json();
  };

  // The lines of the chosen cells: the points of each run, or of the cell.
  function visible(values) {
    const seen = new Map();
    (study.ofCells ? cells.label.map((_, i) => i) : runs.cell).forEach((cell, i) => {
      const epochs = study.grids[study.grid[i]], n = epochs.length, v = values[i], run = study.ofCells ? -1 : i;
      if (!n || !chosenCell(cells.label[cell], cells.at[cell])) return;
      if (!seen.has(cell)) seen.set(cell, []);
      seen.get(cell).push(epochs.map((x, at) => ({ x, y: v[at], low: v[n + at], high: v[2 * n + at], run, cell })));
    });
    return seen;
  }

  // summary is the mean of values at x, with the lowest and the highest.
  const summary = (x, cell, values) => ({ x, y: values.reduce((a, b) => a + b) / values.length, low: Math.min(...values), high: Math.max(...values), run: -1, cell });

  // mean is the line of a cell from those of its runs.
  function mean(cell, lines) {
    if (study.ofCells) return lines[0];
    const at = new Map();
    for (const { x, y } of lines.flat()) {
      if (y === null) continue;
      if (at.has(x)) at.get(x).push(y); else at.set(x, [y]);
    }
    return [...at].sort(([a], [b]) => a - b).map(([x, values]) => summary(x, cell, values));
  }

  // curves are lines over epochs: of single runs, or of cells.
  const curves = (seen, single) => [...seen].flatMap(([cell, lines]) => (single ? lines : [mean(cell, lines)]).map((points) => ({ cell, points })));

  // against gives the last values of finished runs, or of cells, against an axis; cells that differ in nothing else are joined.
  function against(seen, axis, single) {
    const groups = new Map();
    for (const [cell, lines] of seen) {
      const place = cells.at[cell][axis];
      if (place < 0) continue;
      const x = axes[axis].numbers ? axes[axis].numbers[place] : place;
      const rest = cells.at[cell].map((p, i) => (i === axis ? "" : p)).join();
      if (!groups.has(rest)) groups.set(rest, { cell, points: [], apart: single });
      const last = lines.map((points) => ({ ...points.at(-1), x }))
        .filter((p) => p.y != null && (study.ofCells || runs.status[p.run] === "done"));
      const mean = single || study.ofCells || !last.length ? last : [summary(x, cell, last.map((p) => p.y))];
      groups.get(rest).points.push(...mean);
    }
    for (const g of groups.values()) g.points.sort((a, b) => a.x - b.x);
    return [...groups.values()];
  }

  // crowd is, of more lines than can be told apart, the middle one of each colour at each place, and between which values 8 of 10 lie.
  const crowd = (lines, by) => [...Map.groupBy(lines, (l) => (by < 0 ? -1 : cells.at[l.cell][by])).values()].map((some) => ({
    cell: some[0].cell, points: [...Map.groupBy(some.flatMap((l) => l.points), (p) => p.x)].sort(([a], [b]) => a - b).map(([x, at]) => {
      const v = at.map((p) => p.y).sort((a, b) => a - b), of = (share) => v[Math.round(share * (v.length - 1))];
      return { x, y: of(.5), low: of(.1), high: of(.9), run: -1, cell: some[0].cell, of: v.length };
    }) }));

  // words say what a point stands for.
  const words = (p, xName, yName) => [
    p.of ? `median of ${p.of} cells` : cells.label[p.cell],
    p.run >= 0 && `run ${runs.id[p.run]}, ${seedsOf(p.run)}`,
    axes[Number(chosenBy.x.value)]?.numbers !== null && `${xName}: ${brief(p.x)}`,
    `${yName}: ${brief(p.y)}` + (p.low != null ? ` (${p.of ? "8 of 10" : "runs"} from ${brief(p.low)} to ${brief(p.high)})` : ""),
  ].filter(Boolean).join("\n");
  const seedsOf = (run) => `seeds: data ${runs.data[run]}, init ${runs.init[run]}, order ${runs.order[run]}`;

  async function draw() {
    const m = study.measures.find((m) => m.title === chosenBy.metric.value && m.split === chosenBy.split.value);
    const pressed = document.querySelector(".legend [aria-pressed=true]")?.parentNode.dataset.label;
    show(null);
    legend.replaceChildren();
    back.hidden = !zooms.length;
    if (!m) {
      key.textContent = "This measure was not taken on this split, or the page has no room for it.";
      return sheet.replaceChildren();
    }
    const values = await linesOf(m.name);
    const axis = Number(chosenBy.x.value), by = Number(chosenBy.colour.value), single = chosenBy.lines.value === "runs";
    const logX = chosenBy.scaleX.value === "log", logY = chosenBy.scaleY.value === "log";
    const seen = visible(values);
    let lines = axis < 0 ? curves(seen, single) : against(seen, axis, single);
    const xName = axis < 0 ? "epoch" : axes[axis].name, yName = `${m.split} ${m.title}`;
    let unseen = 0;
    for (const line of lines) {
      const had = line.points.filter((p) => p.y != null);
      line.points = had.filter((p) => (!logX || p.x > 0) && (!logY || p.y > 0));
      unseen += had.length - line.points.length;
    }
    lines = lines.filter((line) => line.points.length);
    const crowded = !single && lines.length > 60;
    if (crowded) lines = crowd(lines, by);
    const all = lines.flatMap((l) => l.points);
    key.textContent = [
      !all.length && "No value to draw.",
      axis >= 0 && "Last values of the runs that are done.",
      crowded ? "Lines are medians of more than 60 cells, bands and bars hold 8 of 10 of them; the filter chooses some." : !single && "Lines are means of the runs, bands and bars from the lowest run to the highest: intervals are in the figures and the table.",
      unseen && `${unseen} values of 0 or below have no place on a logarithmic axis.`,
      study.ofCells && `${runs.id.length} runs are more than a page holds: means and ranges of cells are drawn.`,
      "At most 64 epochs of a line. Drag to zoom, Escape goes back; a click, or Enter, tells of a run, a second one compares.",
      study.left && `No room in the page for: ${study.left.join(", ")}.`,
    ].filter(Boolean).join(" ");
    if (!all.length) return sheet.replaceChildren();

    const width = Math.max(280, sheet.clientWidth - 40), height = Math.min(380, Math.max(220, .55 * width));
    const left = 54, right = width - 10, top = 8, bottom = height - 42;
    const zoom = zooms.at(-1);
    const inDrawing = (p) => [p.y, !single && p.low > 0 | !logY ? p.low ?? p.y : p.y, !single ? p.high ?? p.y : p.y];
    const x = scaleOf(zoom?.x ?? rangeOf(all.map((p) => p.x), logX), logX, left, right);
    const y = scaleOf(zoom?.y ?? rangeOf(all.flatMap(inDrawing), logY), logY, bottom, top);
    const panel = part("svg", { viewBox: `0 0 ${width} ${height}`, class: "panel", role: "img", tabindex: 0, fill: "none",
      "font-family": "Liberation Sans,Arial,Helvetica,sans-serif", "aria-label": `${yName} against ${xName}` });
    const text = (at, up, words, more = {}) => panel.append(part("text", { x: at, y: up, fill: "var(--ink)", "font-size": 12, "text-anchor": "middle", ...more }, words));
    const line = (d, stroke = "var(--rule)") => panel.append(part("path", { d, stroke, "stroke-width": .7 }));
    const named = axis >= 0 && !axes[axis].numbers;
    const each = named ? Math.ceil(axes[axis].labels.length * 60 / width) : 1;
    const xTicks = named ? axes[axis].labels.map((_, i) => i).filter((i) => i % each === 0) : ticksOf([x.back(left), x.back(right)], logX, width / 80);
    for (const t of xTicks) {
      if (x(t) < left - .5 || x(t) > right + .5) continue;
      line(`M${x(t)} ${top}V${bottom}`);
      text(x(t), bottom + 16, named ? axes[axis].labels[t].replace(/^(.{13}).{2,}$/, "$1…") : brief(t));
    }
    for (const t of ticksOf([y.back(bottom), y.back(top)], logY, height / 50)) {
      line(`M${left} ${y(t)}H${right}`);
      text(left - 6, y(t) + 4, brief(t), { "text-anchor": "end" });
    }
    line(`M${left} ${top}V${bottom}H${right}`, "var(--edge)");
    text((left + right) / 2, height - 6, xName);
    text(12, (top + bottom) / 2, yName, { transform: `rotate(-90 12 ${(top + bottom) / 2})` });

    // One group for each label; its lines are one path, its bands another.
    const clip = part("clipPath", { id: "within" }, part("rect", { x: left, y: top, width: right - left, height: bottom - top }));
    const inside = part("g", { "clip-path": "url(#within)" });
    panel.append(clip, inside);
    const groups = new Map(), points = [], dot = part("circle", { class: "point" }), say = (p) => words(p, xName, yName);
    for (const l of lines) {
      const place = by < 0 ? -1 : cells.at[l.cell][by];
      const label = by < 0 ? "all" : place < 0 ? "without " + axes[by].name : axes[by].places[place];
      if (!groups.has(label)) groups.set(label, { ...look(Math.max(0, place)), path: "", band: "", dots: "", g: part("g", { "data-series": label }) });
      const s = groups.get(label);
      const at = l.points.map((p) => [x(p.x), y(p.y)]);
      if (!l.apart) s.path += at.map(([a, b], i) => (i ? "L" : "M") + a.toFixed(1) + " " + b.toFixed(1)).join("");
      if (l.apart || axis >= 0 || l.points.length < 2) s.dots += at.map(([a, b]) => `M${a.toFixed(1)} ${b.toFixed(1)}h0`).join("");
      if (!single) {
        const low = l.points.map((p) => y(logY ? Math.max(p.low, y.back(bottom)) : p.low)), high = l.points.map((p) => y(p.high));
        if (axis < 0) s.band += [...at.map(([a], i) => `${a.toFixed(1)} ${high[i].toFixed(1)}`), ...at.map(([a], i) => `${a.toFixed(1)} ${low[i].toFixed(1)}`).reverse()].map((q, i) => (i ? "L" : "M") + q).join("") + "Z";
        else s.path += at.map(([a], i) => `M${a.toFixed(1)} ${low[i].toFixed(1)}V${high[i].toFixed(1)}`).join("");
      }
      l.points.forEach((p, i) => {
        const [a, b] = at[i];
        if (a < left - 1 || a > right + 1 || b < top - 1 || b > bottom + 1) return;
        points.push(new Spot(a, b, p, s.g, dot, say));
      });
    }
    for (const [label, s] of groups) {
      const stroke = { stroke: s.colour, "stroke-dasharray": s.dash };
      s.g.append(part("path", { d: s.band, fill: s.colour, "fill-opacity": .18 }),
        part("path", { d: s.path, ...stroke, "stroke-width": axis >= 0 || !single ? 1.6 : lines.length > 200 ? .4 : .8 }),
        part("path", { d: s.dots, stroke: s.colour, "stroke-width": 5, "stroke-linecap": "round" }));
      inside.append(s.g);
      const sample = part("svg", { viewBox: "0 0 26 14", width: 26, height: 14, "aria-hidden": true }, part("path", { d: "M0 7H26", ...stroke, "stroke-width": 2 }));
      const entry = element("li", {}, sample, " " + label);
      entry.dataset.label = label;
      legend.append(entry);
      choosable(entry);
    }
    panel.append(dot);
    sheet.replaceChildren(panel);
    if (groups.has(pressed)) isolate(pressed);
    answer(panel, () => points);
    listen(panel, { x, y, left, right, top, bottom });
  }

  // A brush over the drawing zooms; a click picks what is pointed at.
  function listen(panel, on) {
    let from = null, brush = null;
    const end = () => { from = null; brush?.remove(); };
    const within = (p) => ({ x: Math.min(Math.max(p.x, on.left), on.right), y: Math.min(Math.max(p.y, on.top), on.bottom) });
    panel.addEventListener("pointerdown", (event) => { if (event.pointerType !== "touch") from = within(place(panel, event)); });
    panel.addEventListener("pointermove", (event) => {
      if (!from) return;
      const to = within(place(panel, event));
      brush?.remove();
      brush = part("rect", { x: Math.min(from.x, to.x), y: Math.min(from.y, to.y), width: Math.abs(to.x - from.x),
        height: Math.abs(to.y - from.y), fill: "var(--ink)", "fill-opacity": .12, "pointer-events": "none" });
      panel.append(brush);
    });
    panel.addEventListener("pointerleave", end);
    panel.addEventListener("pointerup", (event) => {
      const to = within(place(panel, event)), start = from;
      end();
      if (!start || Math.abs(to.x - start.x) < 6 || Math.abs(to.y - start.y) < 6) { pick(shown?.of); return; }
      const range = (scale, a, b) => [scale.back(a), scale.back(b)].sort((low, high) => low - high);
      zooms.push({ x: range(on.x, start.x, to.x), y: range(on.y, start.y, to.y) });
      draw();
    });
    panel.addEventListener("keydown", (event) => {
      if (event.key === "Enter") pick(shown?.of);
      if (event.key === "Escape" && zooms.length) zoomBack();
    });
  }
  async function zoomBack() { zooms.pop(); await draw(); sheet.querySelector("svg")?.focus(); }

  // facts of a run or a cell, by name.
  function facts(run, cell) {
    const of = run < 0 ? {} : { run: runs.id[run], status: runs.status[run], seeds: seedsOf(run).slice(7), epochs: runs.epochs[run], ...runs.remarks?.[run] };
    const keys = Object.entries(cells.keys).map(([name, values]) => [name, values[cell]]).filter(([, value]) => value !== "");
    return { cell: cells.label[cell], ...of, parameters: cells.parameters[cell] || "", ...Object.fromEntries(keys) };
  }
  const command = (run) => element("code", { textContent: "nightshift show " + runs.id[run] });

  // pick shows a card of a run, of a cell with its runs, or what two runs differ in.
  function pick(point) {
    if (!point || point.of) return;
    if (point.run < 0) {
      const its = runs.cell.flatMap((cell, run) => (cell === point.cell ? [run] : []));
      const buttons = its.slice(0, 40).map((run) => element("button", { type: "button",
        textContent: `${runs.id[run]} ${runs.status[run]}`, onclick: () => pick({ run, cell: point.cell }) }));
      card.replaceChildren(element("h3", { textContent: `${its.length} runs of a cell` }), listOf(facts(-1, point.cell)),
        element("p", { className: "runs" }, ...buttons, its.length > 40 ? ` and ${its.length - 40} more` : ""));
      return;
    }
    picked = [...picked.filter((run) => run !== point.run), point.run].slice(-2);
    if (picked.length === 1) {
      card.replaceChildren(element("h3", { textContent: "A run" }), listOf(facts(point.run, point.cell)), element("p", {}, command(point.run)));
      return;
    }
    const [a, b] = picked.map((run) => facts(run, runs.cell[run]));
    const rows = [...new Set([...Object.keys(a), ...Object.keys(b)])].filter((name) => a[name] !== b[name] || name === "cell");
    const head = element("tr", {}, ...["differs", a.run, b.run].map((text) => element("th", { scope: "col", textContent: text })));
    const close = element("button", { type: "button", textContent: "Close", onclick: () => { picked = []; card.replaceChildren(); } });
    card.replaceChildren(element("h3", { textContent: "What two runs differ in" }),
      element("table", {}, element("thead", {}, head), element("tbody", {}, ...rows.filter((name) => name !== "run").map((name) =>
        element("tr", {}, element("th", { scope: "row", textContent: name }), ...[a, b].map((of) => element("td", { textContent: of[name] ?? "–" })))))),
      element("p", {}, ...picked.flatMap((run) => [command(run), " "]), close));
  }
  const listOf = (of) => element("dl", {}, ...Object.entries(of).filter(([, v]) => v !== "").flatMap(([name, value]) => [element("dt", { textContent: name }), element("dd", { textContent: value })]));

  form.addEventListener("input", (event) => {
    const axis = axes[Number(chosenBy.x.value)];
    if (event.target === chosenBy.x) {
      const n = axis?.numbers;
      chosenBy.scaleX.value = n && Math.min(...n) > 0 && Math.max(...n) >= 30 * Math.min(...n) ? "log" : "linear";
    }
    if (event.target === chosenBy.metric) chosenBy.scaleY.value = chosenBy.metric.value.includes("%") ? "linear" : "log";
    zooms.length = 0;
    draw();
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  filtered.push(draw);
  if (!chosenBy.metric.value.includes("%")) chosenBy.scaleY.value = "log";
  await draw();
}
