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

// A form that was opened in place closes in place; one that holds a text asks before.
document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-close]");
  const form = link && link.closest("form");
  if (!form) return;
  event.preventDefault();
  if (form.elements.body.value.trim() && !confirm(link.dataset.close)) return;
  const slot = form.parentElement;
  form.remove();
  slot.previousElementSibling?.querySelector("a:last-of-type")?.focus();
});
