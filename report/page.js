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
