// HTMX comes when a reader turns to something that it does, so that a page to be read weighs less.
// What is done before it is there is done again when it is; without it, links and forms do the same.
(() => {
  const OURS = "[data-hx-get], [data-hx-post]";
  let isAsked = false;
  let again = null;

  const bring = () => {
    const source = document.querySelector('meta[name="htmx-source"]')?.content;
    if (isAsked || !source) return;
    isAsked = true;
    const script = document.createElement("script");
    script.src = source;
    script.onload = script.onerror = () => {
      isAsked = Boolean(window.htmx);
      again?.(isAsked);
      again = null;
    };
    // Between the end of the markup and that of loading it would wait for an event that is over.
    if (document.readyState === "complete") document.head.append(script);
    else addEventListener("load", () => document.head.append(script));
  };

  const hear = (event) => {
    if (window.htmx || !(event.target instanceof Element)) return;
    const element = event.target.closest(OURS);
    if (!element) return;
    bring();
    if (!isAsked) return;
    const form = element.form ?? element;
    if (event.type === "click" && element.href) {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      event.preventDefault();
      // A link of the picture has no `click()`, and its `href` is no text.
      const click = new MouseEvent("click", { bubbles: true, cancelable: true });
      const address = element.getAttribute("href");
      again = (isThere) => (isThere ? element.dispatchEvent(click) : location.assign(address));
    } else if (event.type === "submit") {
      const { submitter } = event;
      event.preventDefault();
      again = (isThere) => (isThere ? form.requestSubmit(submitter) : form.submit());
    } else if (event.type === "input" || event.type === "change") {
      again = (isThere) => isThere && form.requestSubmit?.();
    }
  };
  for (const type of ["pointerover", "pointerdown", "focusin", "click", "submit", "input", "change"])
    document.addEventListener(type, hear, true);
  document.addEventListener("htmx:wanted", bring);

  // Back to a step that HTMX made, on a page that was loaded anew since: the server has it.
  addEventListener("popstate", (event) => {
    if (!window.htmx && event.state?.htmx) location.reload();
  });
})();
