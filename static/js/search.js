// "/" leads to the search field from anywhere, unless it is typed into a field or the reader has
// switched keys off (WCAG 2.1.4). Among results the arrows move, and Escape leads back to the field.
document.addEventListener("keydown", (event) => {
  const { key, target } = event;
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
  const field = document.querySelector("input[data-search]");
  if (!field || !(target instanceof Element)) return;
  const go = (element) => {
    event.preventDefault();
    element.focus();
  };
  if (key === "/") {
    if (target.closest("input, textarea, select, [contenteditable]")) return;
    if (document.documentElement.dataset.keys === "off") return;
    go(field);
    field.select();
    return;
  }
  const hits = [...document.querySelectorAll(".hits h3 a")];
  const at = hits.indexOf(target.closest("a"));
  if (at < 0 && target !== field) return;
  if (key === "ArrowDown" && hits[at + 1]) go(hits[at + 1]);
  else if (key === "ArrowUp" && at >= 0) go(hits[at - 1] ?? field);
  else if (key === "Escape" && at >= 0) go(field);
});
