"use strict";
// One filter for the table, the figures and the explorer: words, and a place on each axis.
const filter = document.querySelector("#filter");
const chosen = { words: [], places: [] }; // places[axis] is the number of the place on it, or -1
const filtered = []; // what else is drawn anew

// chosenCell says whether a cell with this label, at these places, is asked for; one without an axis is not judged by it.
function chosenCell(label, places) {
  return chosen.places.every((want, axis) => want < 0 || places[axis] < 0 || places[axis] === want) &&
    chosen.words.every((word) => label.toLowerCase().includes(word));
}

// names says whether a label of a figure names a place on an axis: "lr=1", "lr 1", or the words of the place alone.
function names(label, option) {
  return label.split(/[,;:] /).some((part) => part === option.value || part === option.value.replace("=", " ") ||
    part === option.label && Number.isNaN(Number(part)));
}

// contradicts says whether a label names another place than the one that is chosen on an axis.
function contradicts(label) {
  return [...filter.querySelectorAll("select")].some((select) => select.selectedIndex > 0 &&
    !names(label, select.selectedOptions[0]) && [...select.options].slice(1).some((option) => names(label, option)));
}

function applyFilter() {
  chosen.words = filter.elements.words.value.toLowerCase().split(/\s+/).filter(Boolean);
  chosen.places = [...filter.querySelectorAll("select")].map((select) => select.selectedIndex - 1);
  const active = chosen.words.length > 0 || chosen.places.some((place) => place >= 0);
  filter.classList.toggle("active", active);
  let rows = 0, of = 0;
  for (const table of document.querySelectorAll("table.sortable")) {
    for (const row of table.tBodies[0].rows) {
      row.hidden = !chosenCell(row.cells[0].textContent, row.dataset.at.split(" ").map(Number));
      rows += !row.hidden;
      of++;
    }
    inPages(table);
  }
  show(null);
  for (const figure of document.querySelectorAll("figure:not(#figure-explorer)")) {
    const parts = [...figure.querySelectorAll("[data-series], .panels > [data-label], .legend > [data-label]")];
    const label = (part) => part.dataset.series ?? part.dataset.label;
    // Words choose among the labels of a figure only where one of them has all words.
    const said = (part) => chosen.words.every((word) => label(part).toLowerCase().includes(word));
    const some = parts.some(said);
    for (const part of parts) leaveOut(part, "byFilter", contradicts(label(part)) || some && !said(part));
  }
  for (const draw of filtered) draw();
  filter.querySelector("output").textContent = active ? `${rows} of ${of} cells` : "";
}
if (filter) {
  filter.hidden = false;
  filter.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", applyFilter);
  filter.addEventListener("reset", () => setTimeout(applyFilter));
}
