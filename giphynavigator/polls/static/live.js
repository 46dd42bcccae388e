// Results that move: totals come over a WebSocket, and whenever that ends the poll is
// fetched once and another is tried. Only a version as new as the one that is shown
// counts, so what comes late or twice never makes a count jump back.

import { ask, Problem } from "../api.js";

const SECOND = 1000;
const LONGEST = 30 * SECOND;
/** Time between two sentences for those who do not see the bars. */
const PAUSE = 5 * SECOND;
/** Choices that tie of which each has a button. */
const BUTTONS = 3;

const poll = document.querySelector("#poll");
const badge = document.querySelector("#live");
const said = document.querySelector("#said");
let version = Number(poll.dataset.version);
let waits = SECOND;
let sentence = 0;

function listen() {
  const address = new URL(poll.dataset.live, location.href);
  address.protocol = address.protocol.replace("http", "ws");
  let socket;
  try {
    socket = new WebSocket(address);
  } catch {
    again(); // a browser to which our own address is a foreign one by ws:
    return;
  }
  socket.addEventListener("message", ({ data }) => {
    waits = SECOND;
    badge.hidden = false;
    show(JSON.parse(data));
  });
  socket.addEventListener("close", again);
}

/** See how the poll stands now, then listen again, later each time that fails. */
async function again() {
  badge.hidden = true;
  // Not all at once: everybody has lost the same server.
  await new Promise((later) => setTimeout(later, waits * (0.5 + Math.random())));
  waits = Math.min(2 * waits, LONGEST);
  try {
    const { body } = await ask(poll.dataset.poll);
    if (body.closed) return location.reload();
    const votes = Object.fromEntries(body.choices.map(({ id, votes }) => [id, votes]));
    show({ ...body, votes: body.choices[0].votes === null ? null : votes });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    if (error.status === 404) return location.reload();
  }
  listen();
}

function show({ version: newest, votes, voters }) {
  if (newest < version) return;
  const isNew = newest > version;
  version = newest;
  poll.querySelector(".voters").textContent = plural(voters, "voter");
  if (votes === null) return;
  const most = Math.max(...Object.values(votes));
  const leaders = Object.keys(votes).filter((id) => votes[id] === most && most > 0);
  for (const [id, number] of Object.entries(votes)) {
    paint(document.querySelector(`#choice-${id}`), number, number / (voters || 1), {
      leads: leaders.includes(id),
      ties: leaders.length > 1,
    });
  }
  offer(leaders);
  if (isNew) announce(voters);
}

function paint(result, number, share, { leads, ties }) {
  if (!result?.querySelector(".bar")) return;
  result.style.setProperty("--share", share);
  result.querySelector(".count strong").textContent = number;
  result.querySelector(".count span").textContent = `${Math.round(100 * share)} %`;
  result.classList.toggle("leads", leads);
  result.querySelector(".first").textContent = leads ? (ties ? "Tie" : "Leading") : "";
}

/** Show the button that saves the leader, or one for each of those that tie. */
function offer(leaders) {
  const tied = leaders.length > 1 ? leaders.slice(0, BUTTONS) : [];
  for (const button of poll.querySelectorAll("[data-keep] button")) {
    button.hidden = button.value ? !tied.includes(button.value) : leaders.length !== 1;
    if (button.hidden) button.disabled = false; // what was saved may lead once more
  }
}

/** Say how it stands, now and then, to those who do not see it. */
function announce(voters) {
  clearTimeout(sentence);
  sentence = setTimeout(() => {
    const leaders = [...poll.querySelectorAll(".leads .text")].map((e) => e.textContent);
    const how = leaders.length > 1 ? "tie" : "leads";
    const first = leaders.length ? ` ${leaders.join(" and ")} ${how}.` : "";
    said.textContent = `${plural(voters, "voter")}.${first}`;
  }, PAUSE);
}

function plural(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

listen();
