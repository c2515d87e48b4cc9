// Previews of references and terms: after a moment of hovering or of keyboard focus, and at the
// first tap. As WCAG 1.4.13 wants it, Escape takes one away, the pointer may go into it, and it stays
// until the reader leaves. It never covers its link, and without this script the link is a link.
const LINKS = 'a[href^="#reference-"]:not(#preview a), a.term:not(.terms a, #preview a)';
const OPEN_AFTER = 400;
const CLOSE_AFTER = 300;
const GAP = 6;
// The link whose preview is shown or being fetched, and the one that the reader may stay on.
let link = null;
let aimed = null;
let opening = 0;
let closing = 0;
let isTouch = false;

const box = () => document.getElementById("preview");
const isOff = () => document.documentElement.dataset.previews === "off" || !box()?.showPopover;
const linkOf = ({ target }) => target.closest?.(LINKS);

const find = async ({ hash, href, origin, pathname }) => {
  if (href.startsWith(`${location.href.split("#")[0]}#`))
    return document.getElementById(decodeURIComponent(hash.slice(1)))?.querySelector("p")?.cloneNode(true);
  if (origin !== location.origin) return null;
  const answer = await fetch(`${pathname}preview/`).catch(() => null);
  if (!answer?.ok) return null;
  const text = document.createElement("div");
  text.innerHTML = await answer.text();
  return text;
};

const close = () => {
  clearTimeout(closing);
  link = null;
  if (box()?.matches(":popover-open")) box().hidePopover();
};
const hide = () => {
  clearTimeout(opening);
  aimed = null;
  close();
};

// Below the link where there is room, else above it: measured from its last and its first line.
const place = () => {
  const lines = link.getClientRects();
  const { width, height } = box().getBoundingClientRect();
  const last = lines[lines.length - 1];
  const above = lines[0].top - GAP - height;
  const isBelow = last.bottom + GAP + height <= innerHeight || above < 0;
  const start = getComputedStyle(link).direction === "rtl" ? last.right - width : last.left;
  const left = Math.max(8, Math.min(start, document.documentElement.clientWidth - width - 8));
  box().style.top = `${scrollY + (isBelow ? last.bottom + GAP : above)}px`;
  box().style.left = `${scrollX + left}px`;
};

const show = async (wanted) => {
  hide();
  link = wanted;
  const text = await find(wanted);
  // Meanwhile the reader may be elsewhere, or the page without this link.
  if (link !== wanted || !wanted.isConnected) return;
  if (!text) {
    hide();
    if (isTouch) location.assign(wanted.href);
    return;
  }
  const frame = box().firstElementChild;
  frame.replaceChildren(text);
  frame.dir = getComputedStyle(wanted).direction;
  box().querySelector(":scope > p a").href = wanted.href;
  box().showPopover();
  place();
};

const aim = (wanted) => {
  if (wanted === link) return clearTimeout(closing);
  clearTimeout(opening);
  aimed = wanted;
  opening = setTimeout(() => isOff() || show(wanted), OPEN_AFTER);
};
const isWanted = () => link?.matches(":hover, :focus-visible") || box().matches(":hover, :focus-within");
const leave = (left) => {
  if (left === aimed) clearTimeout(opening);
  clearTimeout(closing);
  if (link) closing = setTimeout(() => isWanted() || close(), CLOSE_AFTER);
};

document.addEventListener("pointerover", (event) => {
  if (event.pointerType !== "touch" && linkOf(event)) aim(linkOf(event));
});
document.addEventListener("pointerout", (event) => {
  const left = linkOf(event) ?? event.target.closest?.("#preview");
  if (left && event.pointerType !== "touch") leave(left);
});
document.addEventListener("focusin", (event) => {
  if (linkOf(event)?.matches(":focus-visible")) aim(linkOf(event));
});
document.addEventListener("focusout", (event) => linkOf(event) && leave(linkOf(event)));
document.addEventListener("keydown", ({ key }) => {
  isTouch = false;
  if (key === "Escape") hide();
});
document.addEventListener("pointerdown", (event) => {
  isTouch = event.pointerType === "touch";
  if (link && linkOf(event) !== link && !event.target.closest?.("#preview")) hide();
});
document.addEventListener(
  "click",
  (event) => {
    const wanted = linkOf(event);
    if (wanted && isTouch && wanted !== link && !isOff()) {
      event.preventDefault();
      show(wanted);
    } else if (wanted || event.target.closest?.("#preview :is(a, button)")) hide();
  },
  true,
);
