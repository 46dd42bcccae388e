// The choices of a poll to come, gathered one by one and kept while the tab is open.

import { Problem, send, signIn } from "../api.js";
import { tell } from "../site.js";

const tray = document.querySelector("#tray");
const list = document.querySelector("#tray-choices");
const question = document.querySelector("#tray-question");
const KEY = "choices";
const MOST = 20;

let choices = JSON.parse(sessionStorage.getItem(KEY) ?? "[]");

/** Show the tray whenever there is something in it. */
export function open() {
  if (!tray) return;
  tray.addEventListener("submit", (event) => {
    event.preventDefault();
    create(event.submitter);
  });
  document.querySelector("#tray-clear").addEventListener("click", () => put([]));
  put(choices);
}

/** Add a GIF to the poll to come. */
export function add({ id, url, title, words, still }) {
  if (choices.some((choice) => choice.gif.id === id)) {
    tell("It is among the choices already");
  } else if (choices.length === MOST) {
    tell(`${MOST} choices are enough for one poll`);
  } else {
    const text = (title || words || "GIF").slice(0, 200);
    put([...choices, { text, gif: { id, url, title }, still }]);
    const count = choices.length;
    tell(count === 1 ? "Added: choose one more at least" : `Added: ${count} choices so far`);
  }
}

function put(next) {
  choices = next;
  sessionStorage.setItem(KEY, JSON.stringify(choices));
  list.replaceChildren(...choices.map(thumbnail));
  tray.hidden = choices.length === 0;
  tray.querySelector(".primary").disabled = choices.length < 2;
}

function thumbnail({ text, still, gif }) {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "thumb";
  button.setAttribute("aria-label", `Take out ${text}`);
  const image = new Image(56, 56);
  image.alt = "";
  image.src = still ?? "";
  button.append(image);
  button.addEventListener("click", () => {
    put(choices.filter((choice) => choice.gif.id !== gif.id));
    (list.querySelector("button") ?? document.querySelector("#query")).focus();
  });
  item.append(button);
  return item;
}

async function create(button) {
  button.disabled = true;
  try {
    const address = await send(tray.dataset.to, {
      question: question.value.trim(),
      choices: choices.map(({ text, gif }) => ({ text, gif })),
    });
    put([]);
    location.assign(address);
  } catch (error) {
    button.disabled = false;
    if (!(error instanceof Problem)) throw error;
    if (error.isForbidden) tell("That needs a sign-in.", signIn());
    else tell(`The poll was not made: ${error.message || "the service does not answer"}.`);
  }
}
