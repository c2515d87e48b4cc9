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
const mayGo = (form) =>
  !form.elements.body.value.trim() || confirm(form.querySelector("a[data-close]").dataset.close);

document.addEventListener("click", (event) => {
  const link = event.target instanceof Element && event.target.closest("a[data-close]");
  const form = link && link.closest("form");
  if (!form) return;
  event.preventDefault();
  if (!mayGo(form)) return;
  const slot = form.parentElement;
  form.remove();
  slot.previousElementSibling?.querySelector("a:last-of-type")?.focus();
});

// What opens a form leads to the one that it opened already, and no other form comes instead of a
// text without a question. Before HTMX hears of it.
document.addEventListener(
  "click",
  (event) => {
    const link = event.target instanceof Element && event.target.closest('a[href*="/discussion/new/"]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const form = link.dataset.hxGet
      ? link.parentElement.nextElementSibling.querySelector("form")
      : [...document.querySelectorAll("form[data-hx-post].comment-form")].find((open) => !mayGo(open));
    if (!form) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.elements.body.focus();
  },
  true,
);
