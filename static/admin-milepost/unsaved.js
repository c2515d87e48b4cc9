"use strict";
// Leaving a page with a text that was typed and not saved asks first. What a field says is compared
// with what the page came with; a page that came back refused holds unsaved text from the start.
const isChanged = (field) => {
  if (field.type === "hidden" || field.type === "submit" || field.type === "button") return false;
  if (field.type === "checkbox" || field.type === "radio") {
    return field.checked !== field.defaultChecked;
  }
  if (!field.options) {
    if (!("defaultValue" in field)) return false;
    // Another field of the type writes the value as this one does: times without their seconds.
    const untouched = field.cloneNode();
    untouched.value = field.defaultValue;
    return field.value !== untouched.value;
  }
  const options = [...field.options];
  // A list without a choice of its own shows its first entry.
  if (!field.multiple && !options.some((option) => option.defaultSelected)) {
    return field.selectedIndex > 0;
  }
  return options.some((option) => option.selected !== option.defaultSelected);
};
const forms = [...document.querySelectorAll("#content-main form")];
let sent = null;
document.addEventListener("submit", (event) => {
  if (!event.defaultPrevented) sent = event.target;
});
// Who types on after sending is still here: the sending came to nothing.
document.addEventListener("input", () => {
  sent = null;
});
window.addEventListener("beforeunload", (event) => {
  const isUnsaved = (form) =>
    form !== sent && (form.querySelector(".errornote, .conflict") || [...form.elements].some(isChanged));
  if (forms.some(isUnsaved)) event.preventDefault();
});
