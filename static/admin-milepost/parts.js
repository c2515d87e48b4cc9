"use strict";
// A link to a part's kind, or to a part, opens what is folded around it; a part with an error is
// shown at once. Everything else on the page works without this.
for (const wrong of document.querySelectorAll(".part-wrong details")) {
  wrong.open = true;
}
document.addEventListener("formset:added", (event) => {
  const field = event.target.querySelector("input:not([type=hidden]), textarea");
  if (field) field.focus();
});
