"use strict";
(() => {
  // Sorting: the header becomes a button; up, down, then the order the report was written in.
  const next = { none: "ascending", ascending: "descending", descending: "none" };
  // What a number looks like in words: "−.40", "< .01", "1 234", "12 %", "1/3", ".2 – .5" (its lower end), "3 months".
  const digits = String.raw`(?:\d{1,3}(?:[,\u00a0\u2009\u202f ]\d{3})+|\d+)?(?:\.\d+)?(?:e[+-]?\d+)?`;
  const shape = new RegExp(`^([<>≤≥≈~]?)\\s*([−+-]?)[$€£]?(∞|Infinity|(?=[.\\d])${digits})(?:/(\\d+))?(?:\\s*(?:–|to)\\s*[−+-]?${digits})?(?:[^\\d]*)$`);
  const number = (text) => {
    const found = shape.exec(text);
    if (!found) return NaN;
    const size = /∞|Infinity/.test(found[3]) ? Infinity : Number(found[3].replace(/[,\s]/g, "")) / Number(found[4] || 1);
    const value = found[2] && found[2] !== "+" ? -size : size;
    return found[1] === "<" ? value - 1e-9 * size : found[1] === ">" ? value + 1e-9 * size : value;
  };
  const compare = (a, b, numeric) => (numeric ? (a > b) - (a < b) : a.localeCompare(b, "en", { numeric: true }));
  const sort = (table, head, column) => {
    const body = table.tBodies[0];
    const way = next[head.getAttribute("aria-sort") || "none"];
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    if (way !== "none") head.setAttribute("aria-sort", way);
    const words = new Map([...body.rows].map((row) => [row, row.cells[column].dataset.sort.replace(/^(?:[–—-]|n\/a)$/, "")]));
    const numbers = new Map([...words].map(([row, text]) => [row, number(text)]));
    // words in a column of numbers come last, as empty cells do; a column of words is one of numbers when all its cells are
    const numeric = !head.classList.contains("text") || [...words].every(([row, text]) => !text || !isNaN(numbers.get(row)));
    const missing = (row) => (numeric ? isNaN(numbers.get(row)) : words.get(row) === "");
    const key = (row) => (numeric ? numbers : words).get(row);
    const rows = [...body.rows].sort((a, b) => {
      if (way === "none") return a.dataset.place - b.dataset.place;
      const empty = missing(a) - missing(b);
      if (empty || missing(a)) return empty;
      return (way === "ascending" ? 1 : -1) * compare(key(a), key(b), numeric);
    });
    body.append(...rows);
  };
  for (const table of document.querySelectorAll("table.sortable")) {
    [...table.tBodies[0].rows].forEach((row, place) => { row.dataset.place = place; });
    [...table.querySelectorAll("tr.names th")].forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => sort(table, head, column));
      head.append(button);
    });
  }

  // Printing shows what is folded away, except the data behind the figures.
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...document.querySelectorAll("details.more:not([open])")];
    opened.forEach((item) => { item.open = true; });
  });
  addEventListener("afterprint", () => opened.forEach((item) => { item.open = false; }));

  // A link to something folded away opens it.
  const reveal = () => {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let item = target || null; item; item = item.parentElement) if (item.tagName === "DETAILS") item.open = true;
  };
  addEventListener("hashchange", reveal);
  reveal();

  // The index follows the reader; the small menu closes after a choice.
  const menu = document.querySelector("details.menu");
  menu.addEventListener("click", (event) => { if (event.target.closest("a")) menu.open = false; });
  const links = new Map([...document.querySelectorAll("nav.index a")].map((link) => [link.hash.slice(1), link]));
  const seen = new Set();
  const watch = new IntersectionObserver((entries) => {
    for (const entry of entries) entry.isIntersecting ? seen.add(entry.target.id) : seen.delete(entry.target.id);
    const current = [...links.keys()].find((id) => seen.has(id));
    links.forEach((link, id) => {
      if (id === current) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    });
  }, { rootMargin: "-15% 0px -60% 0px" });
  for (const id of links.keys()) watch.observe(document.getElementById(id));
})();
