// The palette of Ctrl+K: pages by name, everything else is a search for clients and accounts.
export function preparePalette() {
  const dialog = document.getElementById("palette");
  const find = document.getElementById("find");
  if (!dialog || typeof dialog.showModal !== "function") return () => find?.focus();
  const input = dialog.querySelector("input");
  const entries = [...dialog.querySelectorAll("[data-href]")];
  let chosen = -1;

  const shown = () => entries.filter((entry) => !entry.hidden);
  const fold = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").replaceAll("ł", "l").toLowerCase();

  function choose(index) {
    const list = shown();
    chosen = list.length === 0 ? -1 : (index + list.length) % list.length;
    entries.forEach((entry) => entry.setAttribute("aria-selected", "false"));
    const entry = list[chosen];
    if (!entry) return input.removeAttribute("aria-activedescendant");
    entry.setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", entry.id);
    entry.scrollIntoView({ block: "nearest" });
  }

  function narrow() {
    const wanted = fold(input.value.trim());
    entries.forEach((entry) => { entry.hidden = wanted !== "" && !fold(entry.textContent).includes(wanted); });
    chosen = -1;
    entries.forEach((entry) => entry.setAttribute("aria-selected", "false"));
    input.removeAttribute("aria-activedescendant");
  }

  input.addEventListener("input", narrow);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
    if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen < 0 ? -1 : chosen - 1); }
    if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.assign(shown()[chosen].dataset.href); }
  });
  entries.forEach((entry) => entry.addEventListener("click", () => location.assign(entry.dataset.href)));

  return () => {
    if (dialog.open) return;
    input.value = "";
    narrow();
    dialog.showModal();
    input.focus();
  };
}
