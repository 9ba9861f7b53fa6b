// Drafts: a form with data-autosave posts the fields that changed, three seconds after the last key and on leaving a
// field. The header tells the server that nobody asked for it, so it does not count as being there.
const pause = 3000;

function values(form) {
  const found = new Map();
  for (const element of form.elements) {
    if (!element.name || element.type === "hidden" || element.type === "file" || element.type === "password") continue;
    if (element.type === "submit" || element.tagName === "BUTTON" || element.tagName === "FIELDSET") continue;
    const list = found.get(element.name) ?? [];
    const counts = (element.type !== "checkbox" && element.type !== "radio") || element.checked;
    if (counts) list.push(element.value);
    found.set(element.name, list);
  }
  return found;
}

function changes(before, now) {
  const body = new URLSearchParams();
  for (const [name, list] of now) {
    if (JSON.stringify(before.get(name)) === JSON.stringify(list)) continue;
    if (list.length === 0) body.append(name, "");
    for (const value of list) body.append(name, value);
  }
  return body;
}

// A form with data-was tells for each field what stood there before, so that the server sees whether somebody else
// changed it meanwhile; what was saved becomes the new "before".
function witness(form, body) {
  if (form.dataset.was === undefined) return body;
  for (const name of new Set(body.keys())) body.append(`was.${name}`, form.elements[`was.${name}`]?.value ?? "");
  return body;
}

function settle(form, body) {
  for (const name of new Set(body.keys())) {
    const before = form.elements[`was.${name}`];
    if (before) before.value = body.get(name);
  }
}

function keep(form) {
  const status = form.querySelector("[data-draft]") ?? document.querySelector("[data-draft]");
  let saved = values(form);
  let timer = 0;
  let running = Promise.resolve();
  let isOver = false;
  let isSignedOut = false;

  function say(text, link) {
    if (!status) return;
    status.replaceChildren(text);
    if (!link) return;
    const anchor = document.createElement("a");
    anchor.href = "/sign-in";
    anchor.target = "_blank";
    anchor.rel = "noopener";
    anchor.textContent = link;
    status.append(" ", anchor);
  }

  function post(body) {
    const token = form.querySelector("input[name=csrf]")?.value ?? "";
    const headers = { "X-Desk-Autosave": "1", "X-CSRF-Token": token, Accept: "application/json" };
    return fetch(form.dataset.autosave, { method: "POST", body, headers, redirect: "manual", credentials: "same-origin" });
  }

  // A new session in another tab has a new token; it is handed over with the refusal, to pages of this console alone.
  function adopt(response) {
    const token = response.headers.get("X-CSRF-Token");
    if (!token) return false;
    document.querySelectorAll("input[name=csrf]").forEach((input) => { input.value = token; });
    return true;
  }

  // One after the other, each with what changed since.
  function save() {
    running = running.then(saveChanges);
    return running;
  }

  async function saveChanges() {
    clearTimeout(timer);
    const now = values(form);
    const body = changes(saved, now);
    witness(form, body);
    if (isOver || body.size === 0) return;
    try {
      let response = await post(body);
      if (response.status === 403 && adopt(response)) response = await post(body);
      isSignedOut = response.status === 401 || response.type === "opaqueredirect";
      if (response.ok) {
        saved = now;
        settle(form, body);
        say((await response.json()).message ?? "");
      } else if (isSignedOut) {
        say(status?.dataset.signedOut ?? "", status?.dataset.signIn);
      } else if (response.status === 409) {
        say((await response.json()).message ?? "");
      } else {
        say(status?.dataset.failed ?? "");
      }
    } catch {
      say(status?.dataset.failed ?? "");
    }
    if (changes(saved, values(form)).size > 0) timer = setTimeout(save, pause);
  }

  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(save, pause);
  });
  form.addEventListener("change", save);
  // A form that goes to a session which has ended would lose what was typed last: that is saved first, and where it
  // cannot be, the form stays with the way to sign in.
  form.addEventListener("submit", async (event) => {
    if (isOver || changes(saved, values(form)).size === 0) {
      isOver = true;
      clearTimeout(timer);
      return;
    }
    const button = event.submitter;
    event.preventDefault();
    await save();
    if (isSignedOut) return status?.scrollIntoView({ block: "center" });
    isOver = true;
    // Not while the event that was held back is still under way.
    setTimeout(() => form.requestSubmit(button));
  });
  window.addEventListener("pageshow", () => { isOver = false; });
}

export function keepDrafts() {
  document.querySelectorAll("form[data-autosave]").forEach(keep);
}
