// Who asked that this browser remember what they read is told on an article's page what has changed
// since. Everybody else's page asks for nothing.
(() => {
  const key = "milepost-remember";
  const look = (root) => {
    const answer = root.querySelector("[data-remember]");
    try {
      if (answer?.dataset.remember === "on") localStorage.setItem(key, "on");
      else if (answer) localStorage.removeItem(key);
      return localStorage.getItem(key);
    } catch {
      return null; // A browser that keeps nothing: the link at the end of the article still leads there.
    }
  };
  document.addEventListener("DOMContentLoaded", () => {
    const slot = look(document) && document.getElementById("since");
    if (!slot) return;
    slot.setAttribute("data-hx-get", slot.dataset.since);
    slot.setAttribute("data-hx-trigger", "load");
    document.dispatchEvent(new Event("htmx:wanted"));
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id === "since") look(event.target);
  });
})();
