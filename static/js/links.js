// A link that HTMX follows in place is still a link: with Ctrl, Command, Shift or the middle button
// it opens where the reader wants it.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element && event.target.closest("a[data-hx-get]");
    if (link && (event.ctrlKey || event.metaKey || event.shiftKey)) event.stopPropagation();
  },
  true,
);
