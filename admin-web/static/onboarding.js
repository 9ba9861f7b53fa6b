// The page images beside the form, and the check of a field when it is left. Without this, links open the pages and the
// server checks on saving.
function viewer(pane) {
  const sheet = pane.querySelector("[data-sheet]");
  const tools = pane.querySelector("[data-viewer-tools]");
  if (!sheet || !tools) return;
  tools.hidden = false;
  let zoom = 0;
  let turn = 0;
  function show() {
    sheet.dataset.zoomed = String(zoom);
    sheet.dataset.turned = String(turn);
  }
  tools.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.zoom) zoom = Math.min(3, Math.max(0, zoom + Number(button.dataset.zoom)));
    else turn = (turn + 1) % 4;
    show();
  });
  pane.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-image]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    sheet.src = link.dataset.image;
    sheet.alt = link.querySelector("img").alt;
    pane.querySelectorAll("a[aria-current]").forEach((other) => other.removeAttribute("aria-current"));
    link.setAttribute("aria-current", "page");
    zoom = 0;
    turn = 0;
    show();
  });
}

function note(input, kind, text) {
  const id = `${input.id}-${kind}-live`;
  let line = document.getElementById(id);
  if (!text) return line?.remove();
  if (!line) {
    line = document.createElement("span");
    line.id = id;
    line.className = kind === "problem" ? "error" : "hint";
    line.setAttribute("role", "status");
    input.closest(".field").append(line);
  }
  line.textContent = text;
}

function checks(form) {
  form.addEventListener("change", async (event) => {
    const input = event.target;
    if (!input.matches("input[type=text], input[type=tel]") || !input.closest(".field")) return;
    const body = new URLSearchParams({ field: input.name, value: input.value });
    const headers = {
      "X-CSRF-Token": form.querySelector("input[name=csrf]").value, "X-Desk-Autosave": "1", Accept: "application/json",
    };
    try {
      const response = await fetch(form.dataset.check, { method: "POST", body, headers, redirect: "manual" });
      if (!response.ok) return;
      const { problem, known } = await response.json();
      document.getElementById(`${input.id}-error`)?.remove();
      note(input, "problem", problem);
      note(input, "known", known);
      input.closest(".field").classList.toggle("wrong", problem !== "");
      if (problem) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    } catch {
      // The server says the same when the step is saved.
    }
  });
}

document.querySelectorAll("[data-viewer]").forEach(viewer);
document.querySelectorAll("form[data-check]").forEach(checks);
