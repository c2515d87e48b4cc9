// The reader's own settings. They are kept in this browser and stand as attributes on <html>, set
// before the page is drawn, so that every reader gets the same page and none sees it change.
const html = document.documentElement;
const KEY = "milepost";
// What may be chosen beside what the page is without a choice.
const CHOICES = {
  theme: ["light", "dark"],
  size: ["small", "large", "largest"],
  width: ["narrow", "wide"],
  previews: ["off"],
  keys: ["off"],
};
let chosen = {};

// What is kept may be anything: of another version, typed by hand, or out of reach.
const read = () => {
  try {
    chosen = { ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    chosen = {};
  }
};

const apply = () => {
  for (const [name, values] of Object.entries(CHOICES)) {
    if (values.includes(chosen[name])) html.dataset[name] = chosen[name];
    else delete html.dataset[name];
    for (const field of document.getElementsByName(`reader-${name}`))
      field.checked = field.value === (html.dataset[name] ?? "");
  }
};

const choose = (name, value) => {
  read();
  chosen[name] = value;
  apply();
  try {
    localStorage.setItem(KEY, JSON.stringify(chosen));
  } catch {
    // It holds for this page at least.
  }
};

html.dataset.script = "";
read();
apply();

// A page that comes back from the browser's memory, and one open beside this, follow.
addEventListener("pageshow", () => (read(), apply()));
addEventListener("storage", ({ key }) => {
  if (key === KEY || key === null) read(), apply();
});
document.addEventListener("change", ({ target }) => {
  const [prefix, name] = (target.name ?? "").split("-");
  if (prefix === "reader" && name in CHOICES) choose(name, target.value);
});
document.addEventListener("click", ({ target }) => {
  if (target.closest?.("[data-previews-off]")) choose("previews", "off");
});

// The running heads of a print: style sheets cannot read the title of a page.
addEventListener("beforeprint", () => {
  const [title, site] = document.title.split(" · ");
  html.style.setProperty("--running-title", JSON.stringify(title));
  html.style.setProperty("--running-site", JSON.stringify(site ?? ""));
});
