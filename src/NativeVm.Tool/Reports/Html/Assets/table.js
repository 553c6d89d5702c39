// A table whose columns sort, numbers by their value, and whose rows can be filtered by a word.
const rowsWithoutFilter = 12;

function drawTable(section, host) {
  const body = element("tbody");
  const rows = section.rows.map(cells => ({
    cells,
    line: element("tr", {}, ...cells.map((value, i) => {
      const { unit } = section.columns[i];
      return element("td", { className: cellClass(unit), textContent: format(unit, value) });
    })),
  }));
  body.append(...rows.map(row => row.line));
  const heads = section.columns.map((column, i) => {
    const head = element("th", { className: cellClass(column.unit), scope: "col" });
    const button = element("button", { type: "button", textContent: column.name });
    button.addEventListener("click", () => {
      const isDescending = head.getAttribute("aria-sort") === "ascending"
        || (!head.hasAttribute("aria-sort") && column.unit !== "text" && column.unit !== "address");
      heads.forEach(other => other.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", isDescending ? "descending" : "ascending");
      rows.sort((a, b) => compare(a.cells[i], b.cells[i]) * (isDescending ? -1 : 1));
      body.append(...rows.map(row => row.line));
    });
    head.append(button);
    return head;
  });
  if (rows.length > rowsWithoutFilter) {
    const filter = element("input", { className: "filter", type: "search", placeholder: "Filter rows" });
    filter.setAttribute("aria-label", `Filter rows of ${section.title}`);
    filter.addEventListener("input", () => {
      const word = filter.value.toLowerCase();
      rows.forEach(row => { row.line.hidden = !row.line.textContent.toLowerCase().includes(word); });
    });
    host.append(filter);
  }
  const table = element("table", { className: "data" }, element("thead", {}, element("tr", {}, ...heads)), body);
  table.setAttribute("aria-label", section.title);
  table.dataset.points = rows.length;
  const scroll = element("div", { className: "scroll", tabIndex: 0 }, table);
  host.append(scroll);
}

function cellClass(unit) {
  return unit === "text" ? "text" : unit === "address" ? "address" : "number";
}

function compare(a, b) {
  return a === null || b === null
    ? (a === null ? 0 : 1) - (b === null ? 0 : 1)
    : typeof a === "string" ? a.localeCompare(b, "en", { numeric: true }) : a - b;
}
