// Where the reader is: the part that the contents mark, the use that a reference was reached from,
// and a milestone that is on another page of its timeline.
const marked = { contents: null, came: null };

const anchorOf = (hash) => {
  try {
    return decodeURIComponent(hash.slice(1));
  } catch {
    return "";
  }
};

const mark = (what, link) => {
  if (marked[what] === link) return;
  marked[what]?.removeAttribute("aria-current");
  marked[what] = link;
  link?.setAttribute("aria-current", "true");
};

// The current part is the last one that begins above the upper third, and at the end the last.
const follow = () => {
  let current = null;
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  for (const link of document.querySelectorAll(".contents a")) {
    const part = document.getElementById(anchorOf(link.hash));
    const top = part?.getBoundingClientRect().top;
    if (top < (atEnd ? innerHeight : innerHeight / 3) || !current) current = link;
  }
  if (!current || current === marked.contents) return;
  mark("contents", current);
  // Long contents scroll by themselves; scrollIntoView would move the page too.
  const frame = current.closest(".contents");
  if (frame.scrollHeight > frame.clientHeight)
    frame.scrollTop = current.offsetTop - frame.clientHeight / 2;
};

let waiting = false;
const soon = () => {
  waiting ||= requestAnimationFrame(() => {
    waiting = false;
    follow();
  });
};
addEventListener("scroll", soon, { passive: true });
addEventListener("resize", soon, { passive: true });

document.addEventListener("click", ({ target }) => {
  // A preview leads to the reference for the use that it belongs to, which is marked already.
  const link = target.closest?.('a[href^="#reference-"]:not(#preview a)');
  if (link) mark("came", document.querySelector(`.back a[href="#${CSS.escape(link.id)}"]`));
});

document.addEventListener("DOMContentLoaded", () => {
  soon();
  const anchor = anchorOf(location.hash);
  const isElsewhere = anchor.startsWith("milestone-") && !document.getElementById(anchor);
  if (!isElsewhere || !document.getElementById("timeline-view")) return;
  const there = new URL(location);
  if (there.searchParams.get("at") === anchor) return;
  there.searchParams.set("at", anchor);
  location.replace(there);
});

// What stands in a field, to the clipboard; where there is none, as without https, it is selected.
document.addEventListener("click", async ({ target }) => {
  const button = target.closest?.("[data-copy]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copy);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    field.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
    button.firstChild.data = button.dataset.done;
  } catch {
    // It is selected, and the reader can copy it.
  }
});
