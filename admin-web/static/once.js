// A form that is on its way is not sent again by a second click. The server's one-use key holds without this too.
export function sendOnce() {
  let sent = new WeakSet();
  document.addEventListener("submit", (event) => {
    const form = event.target;
    // Held back by its page, which sends it itself.
    if (event.defaultPrevented) return;
    if (form.method !== "post" || form.hasAttribute("data-theme-form")) return;
    if (sent.has(form)) return event.preventDefault();
    sent.add(form);
    form.querySelectorAll("button").forEach((button) => button.setAttribute("aria-disabled", "true"));
  });
  window.addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    sent = new WeakSet();
    document.querySelectorAll("button[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
  });
}
