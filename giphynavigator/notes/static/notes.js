// Notes are written, changed and deleted in their place. Without scripts the same forms
// are sent, and lead on to a page that shows what came of them.

import { Problem, answered, signIn } from "../api.js";
import { playWhenLookedAt } from "../motion.js";
import { tell } from "../site.js";
import { tellTimes } from "../times.js";
import { blank, fill, said, versionOf } from "./entries.js";

const list = document.querySelector("#notes");
const count = document.querySelector("#count");
const acts = { new: keep, edit: change, delete: remove };

tellTimes(document);
if (document.querySelector("#motion")) playWhenLookedAt(document.querySelector(".notes"));

document.addEventListener("submit", (event) => {
  const form = event.target;
  const act = acts[form.dataset.act];
  if (!act) return;
  event.preventDefault();
  attempt(form, act);
});

document.addEventListener("click", (event) => {
  if (!event.target.matches("[data-act=cancel]")) return;
  fold(event.target.form);
});

async function attempt(form, act) {
  const button = form.querySelector("button:not([type])");
  button.disabled = true;
  complain(form, "");
  try {
    await act(form);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    await explain(form, error);
  } finally {
    button.disabled = false;
  }
}

async function keep(form) {
  const response = await send(form.action, "POST", said(form));
  if (!("first" in list.dataset)) return location.assign(form.action);
  const entry = blank(response.headers.get("Location"));
  fill(entry, await response.json(), response);
  list.prepend(entry);
  document.querySelector("#nothing")?.remove();
  counted(1);
  fold(form);
  entry.querySelector("a").focus();
  tell("Kept.");
}

async function change(form) {
  const note = form.closest(".note");
  const response = await send(addressOf(note), "PATCH", said(form), versionOf(form));
  fill(note, await response.json(), response);
  fold(form);
  tell("Saved.");
}

async function remove(form) {
  const note = form.closest(".note");
  await send(addressOf(note), "DELETE", undefined, versionOf(form));
  const beside = note.nextElementSibling ?? note.previousElementSibling;
  if (!list) return location.assign(document.querySelector("#all").href);
  if (!beside) return location.reload();
  note.remove();
  counted(-1);
  beside.querySelector("a[data-of=title]").focus();
  tell("Deleted.");
}

/** Say why something was not done; of a note that has changed, show what it is now. */
async function explain(form, problem) {
  if (problem.isForbidden) return tell("That needs a sign-in.", signIn());
  if (problem.status === 412) return confront(form);
  if (problem.status === 404) return complain(form, "Somebody else has deleted this note.");
  const reason = problem.message || "the service does not answer";
  complain(form, `${form.dataset.failed}: ${reason}.`);
}

async function confront(form) {
  const note = form.closest(".note");
  try {
    const response = await answered(addressOf(note), { cache: "no-store" });
    fill(note, await response.json(), response);
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    return explain(form, error);
  }
  complain(form, form.dataset.late);
}

function send(address, method, body, version) {
  const headers = { "Content-Type": "application/json" };
  if (version) headers["If-Match"] = `"${version}"`;
  return answered(address, { method, headers, body: body && JSON.stringify(body) });
}

function addressOf(note) {
  return note.querySelector("a[data-of=title]").href;
}

function complain(form, sentence) {
  const place = form.querySelector(".wrong");
  place.textContent = sentence;
  place.hidden = !sentence;
}

/** Fold a form up, and make it show again what there is. */
function fold(form) {
  const details = form.closest("details");
  form.reset();
  complain(form, "");
  details.open = false;
  details.querySelector("summary").focus();
}

function counted(more) {
  const total = Number(count.dataset.total) + more;
  count.dataset.total = total;
  count.textContent = `${total} note${total === 1 ? "" : "s"}`;
  count.closest("p").hidden = total === 0;
}
