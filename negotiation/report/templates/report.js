"use strict";
(() => {
  // Sorting: the header becomes a button; up, down, then the order the report was written in.
  const next = { none: "ascending", ascending: "descending", descending: "none" };
  const compare = (a, b, numeric) => (numeric ? (Number(a) > Number(b)) - (Number(a) < Number(b)) : a.localeCompare(b, "en", { numeric: true }));
  const sort = (table, head, column) => {
    const body = table.tBodies[0];
    const way = next[head.getAttribute("aria-sort") || "none"];
    for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
    if (way !== "none") head.setAttribute("aria-sort", way);
    const numeric = !head.classList.contains("text");
    const key = (row) => row.cells[column].dataset.sort;
    const rows = [...body.rows].sort((a, b) => {
      if (way === "none") return a.dataset.place - b.dataset.place;
      const empty = (key(a) === "") - (key(b) === "");
      if (empty || key(a) === "") return empty;
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
