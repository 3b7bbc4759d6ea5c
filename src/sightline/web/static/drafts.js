// Saves what is typed into a form as a draft, a few seconds after it was typed and when the page is left. Without it the button does the same.
const PAUSE = 3000;

function content(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return new URLSearchParams(data);
}

function keep(form) {
  const state = form.querySelector(".sl-draft-state");
  let sent = content(form).toString();
  let waiting = 0;

  async function save() {
    const now = content(form);
    if (now.toString() === sent) return;
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body: now, headers: { Accept: "application/json" }, keepalive: true, redirect: "error" });
      if (answer.status === 401) {
        state.textContent = "You have been signed out. Send the form as it is: you are asked to sign in, and it is opened again as a draft.";
        return;
      }
      const { saved } = await answer.json();
      sent = now.toString();
      state.textContent = saved ? `Draft saved at ${saved}.` : "This is too long for a draft: save it before you leave the page.";
    } catch {
      state.textContent = "The draft could not be saved just now. What you typed is still here.";
    }
  }

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
