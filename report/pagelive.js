"use strict";
// A live page hears from its server what has changed: words of the night, points of curves, and that parts of the page were made
// anew. It asks for nothing but what is shown, and a connection that is lost is made again, as after a laptop was closed.
const parts = document.querySelector("main");
const keyOf = (part) => part.id || part.getAttribute("aria-label") || part.tagName;
const written = new Map(); // what the server wrote of each part, before scripts made it answer
for (const part of parts.children) written.set(keyOf(part), part.outerHTML);

const lost = element("p", { id: "lost", role: "status", hidden: true });
document.querySelector("#night").before(lost);

let source = null, heard = Date.now(), version = parts.dataset.version, asked = false;
const state = { study: null, measure: "", values: [], draw: null, dirty: false, drawn: false, clock: "" };

// lines gives the explorer the values of a measure, which grow, and draws when they have.
globalThis.feed = {
  lines(study, measure, draw) {
    state.study = study;
    state.draw = draw;
    if (measure !== state.measure) {
      const n = study.ofCells ? study.cells.label.length : study.runs.id.length;
      study.grids = Array.from({ length: n }, () => []);
      study.grid = study.grids.map((_, i) => i);
      state.values = study.grids.map(() => []);
      state.measure = measure;
      state.clock = "";
      state.drawn = false;
      listen();
    }
    return state.values;
  },
};

function take(news) {
  const { study } = state;
  if (!study || news.measure !== state.measure) return;
  for (const [i, epochs, values] of news.lines) { study.grids[i] = epochs; state.values[i] = values; }
  state.clock = news.clock;
  state.dirty = true;
  if (!state.drawn) drawCurves();
}

// Curves are drawn once a second at most but for the first ones, and not under the finger that points at them.
function drawCurves() {
  const fold = document.querySelector("#explorer details");
  if (!state.dirty || document.hidden || !fold?.open || shown && fold.contains(shown.dot)) return;
  state.dirty = false;
  state.drawn = true;
  state.draw();
}
setInterval(drawCurves, 1000);

// replaced puts a part in the place of an old one, as folded and sorted as that was.
function replaced(old, part) {
  const name = (summary) => summary.textContent.replace(/[ (]*\d+\)?$/, "");
  const open = [...old.querySelectorAll("details[open] > summary")].map(name);
  const sorted = [...old.querySelectorAll("table.sortable")].map((table) => {
    const head = table.querySelector("th[aria-sort]");
    return head && [head.cellIndex, head.getAttribute("aria-sort")];
  });
  if (shown && old.contains(shown.dot)) show(null);
  old.replaceWith(part);
  dressers.forEach((dress) => dress(part));
  for (const summary of part.querySelectorAll("details > summary")) if (open.includes(name(summary))) summary.parentNode.open = true;
  part.querySelectorAll("table.sortable").forEach((table, i) => {
    if (!sorted[i]) return;
    const button = table.tHead.rows[0].cells[sorted[i][0]]?.firstElementChild;
    button?.click();
    if (sorted[i][1] === "descending") button?.click();
  });
}

// renew replaces what has changed of the page, but for what a reader has the focus in; then is when the focus goes.
function renew(text) {
  const next = new DOMParser().parseFromString(text, "text/html").querySelector("main");
  if (next.dataset.structure !== parts.dataset.structure) { location.reload(); return; }
  const pressed = document.querySelector(".legend [aria-pressed=true]")?.parentNode.dataset.label;
  const keep = ["night", "explorer", "filter"], keys = new Set();
  let before = lost, waits = false;
  for (const part of [...next.children]) {
    const key = keyOf(part), text = part.outerHTML;
    keys.add(key);
    let now = [...parts.children].find((p) => keyOf(p) === key);
    if (now?.contains(document.activeElement) && written.get(key) !== text) waits = true;
    else if (!now || !keep.includes(key) && written.get(key) !== text) {
      if (now) replaced(now, part);
      else { before.after(part); dressers.forEach((dress) => dress(part)); }
      written.set(key, text);
      now = part;
    }
    if (key !== "HEADER") {
      if (before !== now.previousElementSibling) before.after(now);
      before = now;
    }
  }
  for (const part of [...parts.children]) if (part !== lost && !keys.has(keyOf(part))) part.remove();
  if (filter?.classList.contains("active")) applyFilter();
  if (pressed) isolate(pressed);
  if (waits) document.activeElement.addEventListener("focusout", () => setTimeout(refresh), { once: true });
}

// refresh asks for the page, one question at a time.
async function refresh() {
  if (asked) return;
  asked = true;
  try {
    for (let last = null; last !== version;) {
      last = version;
      const answer = await fetch(location.pathname, { cache: "no-store" });
      if (answer.ok) renew(await answer.text());
    }
  } catch {
    version = ""; // the next word of the server asks again
  }
  asked = false;
}

function listen() {
  source?.close();
  const query = new URLSearchParams({ measure: state.measure, clock: state.clock });
  source = new EventSource("events?" + query);
  const on = (name, act) => source.addEventListener(name, (event) => {
    heard = Date.now();
    lost.hidden = true;
    act(event.data && JSON.parse(event.data));
  });
  on("beat", () => {});
  on("night", (html) => {
    const part = new DOMParser().parseFromString(html, "text/html").querySelector("#night");
    document.querySelector("#night").replaceWith(part);
  });
  on("lines", take);
  on("runs", (news) => {
    if (!state.study) return;
    for (const [i, status, epochs] of news) { state.study.runs.status[i] = status; state.study.runs.epochs[i] = epochs; }
  });
  on("page", (now) => { if (now !== version) { version = now; refresh(); } });
}

// The server says something every two seconds; where nothing was heard the connection is made anew.
setInterval(() => {
  const silent = Date.now() - heard;
  if (document.hidden || silent < 6000) return;
  lost.hidden = false;
  lost.textContent = "Nothing was heard of nightshift serve since " + new Date(heard).toLocaleTimeString("en-GB") +
    ". It is asked again and again; where it was started anew, open the address that it prints.";
  if (source?.readyState !== EventSource.CONNECTING || silent % 10000 < 2000) listen();
}, 2000);
// A tab that nobody sees asks for nothing: a browser has six connections to a server, and the night something better to do.
addEventListener("visibilitychange", () => {
  source?.close();
  if (document.hidden) return;
  heard = Date.now();
  listen();
});
addEventListener("online", () => listen());
listen();
