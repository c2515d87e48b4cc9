"use strict";
// A link to a part's kind, or to a part, opens what is folded around it; a part with an error is
// shown at once. Everything else on the page works without this.
for (const wrong of document.querySelectorAll(".part-wrong details")) {
  wrong.open = true;
}
// The day of a check is mostly today's. The row that new rows are copied from has the button too.
for (const field of document.querySelectorAll("input[data-today]")) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "today";
  button.textContent = field.dataset.today;
  button.setAttribute("aria-label", `${button.textContent}: ${field.labels[0].textContent}`);
  field.before(button);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button.today");
  if (!button) return;
  const now = new Date();
  const field = button.nextElementSibling;
  field.value = new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10);
  field.dispatchEvent(new Event("input", { bubbles: true }));
});
document.addEventListener("formset:added", (event) => {
  const field = event.target.querySelector("input:not([type=hidden]), textarea");
  if (field) field.focus();
});
