// Saves what is typed into a form as a draft, a few seconds after it was typed and when the page is left. Without it the button does the same.
// Once a draft is saved, asks what the rules of returns would find in it, and shows that beside the questions.
const PAUSE = 3000;

function content(form) {
  const data = new FormData(form);
  for (const [name, value] of [...data.entries()]) if (value instanceof File) data.delete(name);
  return new URLSearchParams(data);
}

function keep(form) {
  const state = form.querySelector(".sl-draft-state");
  const foreseen = form.dataset.foresee ? foresee(form) : null;
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
      if (saved && foreseen && document.visibilityState === "visible") foreseen();
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

// One question at a time: a draft saved meanwhile is asked about once the answer before has come.
function foresee(form) {
  const heard = made("p", "govuk-visually-hidden", "");
  heard.setAttribute("role", "status");
  const place = made("div", "", "");
  form.querySelector(".govuk-button-group").before(place);
  form.append(heard);
  let asking = false;
  let again = false;

  async function ask() {
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    const answer = await fetch(form.dataset.foresee, { method: "POST", body: new URLSearchParams({ csrfmiddlewaretoken: token }), redirect: "error" });
    if (answer.ok) show(form, place, heard, (await answer.json()).found);
  }

  return async function () {
    again = asking;
    if (asking) return;
    asking = true;
    try {
      do {
        again = false;
        await ask();
      } while (again);
    } catch {
      // The rules are asked once more when the form is sent: nothing is lost with this answer.
    } finally {
      asking = false;
    }
  };
}

function show(form, place, heard, found) {
  for (const note of form.querySelectorAll(".sl-foreseen")) {
    const described = form.querySelector(`[aria-describedby~="${note.id}"]`);
    if (described) described.setAttribute("aria-describedby", described.getAttribute("aria-describedby").replace(note.id, "").trim());
    if (described && !described.getAttribute("aria-describedby")) described.removeAttribute("aria-describedby");
    note.remove();
  }
  found.forEach((each, number) => each.questions.forEach((question) => beside(question, each, `foreseen-${number}-${question.name}`)));
  place.replaceChildren(...(found.length ? [summary(found)] : []));
  const said = found.length ? `The rules of a return would find ${found.length === 1 ? "1 thing" : `${found.length} things`} in this draft. They are listed above the button to save.` : "";
  if (said !== heard.textContent) heard.textContent = said;
}

function beside(question, each, id) {
  const group = document.getElementById(question.name)?.closest(".govuk-form-group");
  if (!group) return;
  const note = made("p", "sl-foreseen", `${each.rule}: ${each.message}`);
  note.id = id;
  const control = group.querySelector("fieldset") ?? document.getElementById(question.name);
  control.setAttribute("aria-describedby", `${control.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
  group.append(note);
}

function summary(found) {
  const section = made("section", "govuk-inset-text sl-foreseen-all", "");
  section.setAttribute("aria-labelledby", "foreseen");
  const title = made("h2", "govuk-heading-m", "The rules of a return would find this in the draft");
  title.id = "foreseen";
  const list = made("ul", "govuk-list", "");
  list.append(...found.map(item));
  section.append(title, list, made("p", "govuk-body", "Nothing is saved yet. You can change the answers, or save it as it is: then it is on the list of issues."));
  return section;
}

function item(each) {
  const line = made("li", "", "");
  line.append(made("strong", "", each.rule), `: ${each.message}`, made("span", "sl-note sl-breakable", each.fields));
  for (const question of each.questions) {
    const link = made("a", "govuk-link", `Go to ${question.title}`);
    link.href = `#${question.anchor}`;
    const part = made("span", "sl-note", "");
    part.append(link);
    line.append(part);
  }
  return line;
}

function made(tag, classes, text) {
  const element = document.createElement(tag);
  element.className = classes;
  element.textContent = text;
  return element;
}

for (const form of document.querySelectorAll("form[data-draft]")) keep(form);
