"use strict";
// Makes the headings of a table buttons that sort it; without this script it stands in the order of the study.
dressing((root) => root.querySelectorAll("table.sortable").forEach((table) => {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = element("button", { type: "button", textContent: head.textContent });
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
      inPages(table);
    });
  });
}));

// A long table shows a hundred rows, and a hundred more when it is asked.
const rowsAtOnce = 100, longTable = 300;
const roomOf = new Map(); // rows that a table shows
function inPages(table) {
  const rows = [...table.tBodies[0].rows].filter((row) => !row.hidden);
  const room = rows.length > longTable ? roomOf.get(table) ?? rowsAtOnce : Infinity;
  rows.forEach((row, at) => row.classList.toggle("later", at >= room));
  const more = table.parentNode.nextElementSibling;
  if (!more?.matches(".moreRows")) return;
  more.hidden = rows.length <= room;
  more.firstChild.textContent = `Show ${Math.min(rowsAtOnce, rows.length - room)} more rows`;
  more.lastChild.textContent = ` ${Math.min(room, rows.length)} of ${rows.length} are shown.`;
}
dressing((root) => root.querySelectorAll("table.sortable").forEach((table) => {
  if (table.tBodies[0].rows.length <= longTable) return;
  const button = element("button", { type: "button" });
  button.addEventListener("click", () => {
    roomOf.set(table, (roomOf.get(table) ?? rowsAtOnce) + rowsAtOnce);
    inPages(table);
  });
  table.parentNode.after(element("p", { className: "moreRows" }, button, element("span")));
  inPages(table);
}));
