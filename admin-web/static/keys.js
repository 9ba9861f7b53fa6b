// Shortcuts. Alt is never bound: AltGr types letters in Polish and Hungarian. The letter is that of the key when it is
// Latin, so that Y and Z are where they are printed; on a Cyrillic layout it is that of the place on the keyboard.
export function letterOf(event) {
  if (/^[a-z]$/i.test(event.key)) return event.key.toLowerCase();
  const place = /^Key([A-Z])$/.exec(event.code);
  return place && event.key.length === 1 ? place[1].toLowerCase() : "";
}

function isTyping(target) {
  return target instanceof Element && target.closest("input, select, textarea, [contenteditable], dialog[open]") !== null;
}

export function listenForKeys(openPalette) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing || event.getModifierState("AltGraph")) return;
    const letter = letterOf(event);
    if ((event.ctrlKey || event.metaKey) && !event.shiftKey && letter === "k") {
      event.preventDefault();
      openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.repeat) return;
    if (document.body.dataset.shortcuts !== "on" || isTyping(event.target) || letter === "") return;
    const target = document.querySelector(`[data-key="${letter}"]`);
    if (!target) return;
    event.preventDefault();
    target.focus();
    target.click();
  });
}
