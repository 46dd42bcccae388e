// Suggestions while one writes: a combobox, as the ARIA practices have it.

import { ask } from "../api.js";
import { areFew, spent } from "./calls.js";
import { links } from "./grid.js";

const PAUSE = 250;
const FEWEST = 2;
const ENOUGH = 3;
const input = document.querySelector("#query");
const list = document.querySelector("#suggestions");
const known = new Map();

let due = 0;
let active = -1;

/** Suggest words under the search box; `pick` is given those that are chosen. */
export function suggest(pick) {
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  close();
  input.addEventListener("input", () => {
    clearTimeout(due);
    due = setTimeout(offer, PAUSE);
  });
  input.addEventListener("blur", close);
  input.addEventListener("keydown", (event) => steer(event, pick));
  // pointerdown, because the click comes after the box has lost the focus.
  list.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    const option = event.target.closest("li");
    if (option) choose(option.textContent, pick);
  });
}

/** Take the suggestions away, also those that are on their way. */
export function close() {
  clearTimeout(due);
  active = -1;
  list.hidden = true;
  input.setAttribute("aria-expanded", "false");
  input.removeAttribute("aria-activedescendant");
}

function steer(event, pick) {
  if (list.hidden) {
    if (event.key !== "ArrowDown" || !links().length) return;
    event.preventDefault();
    links()[0].focus(); // the results are below
    return;
  }
  const options = [...list.children];
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    const places = options.length + 1; // one of them is the box itself
    active = ((active + 1 + steps[event.key] + places) % places) - 1;
    mark(options);
  } else if (event.key === "Enter" && active >= 0) {
    event.preventDefault();
    choose(options[active].textContent, pick);
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  }
}

function mark(options) {
  options.forEach((option, place) => {
    option.setAttribute("aria-selected", String(place === active));
  });
  if (active < 0) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  input.setAttribute("aria-activedescendant", options[active].id);
  options[active].scrollIntoView({ block: "nearest" });
}

function choose(words, pick) {
  close();
  input.value = words;
  pick(words);
}

async function offer() {
  const written = fold(input.value);
  if (written.length < FEWEST) {
    close();
    return;
  }
  const found = recalled(written) ?? (await asked(written));
  if (document.activeElement !== input || fold(input.value) !== written) return;
  show(found.filter((words) => fold(words) !== written));
}

/** What an earlier answer, for fewer letters, already tells: each new one costs a call. */
function recalled(written) {
  if (known.has(written)) return known.get(written);
  for (let end = written.length - 1; end >= FEWEST; end -= 1) {
    const wider = known.get(written.slice(0, end)) ?? [];
    const fitting = wider.filter((words) => fold(words).startsWith(written));
    if (fitting.length >= ENOUGH) return fitting;
  }
  return areFew() ? [] : null;
}

async function asked(written) {
  try {
    const { body, cost } = await ask(list.dataset.from, { query: written });
    if (cost) spent();
    known.set(written, body.suggestions);
    return body.suggestions;
  } catch {
    return []; // suggestions are a help; a search says what is wrong
  }
}

function show(words) {
  active = -1;
  list.replaceChildren(...words.map(option));
  list.hidden = words.length === 0;
  input.setAttribute("aria-expanded", String(!list.hidden));
  input.removeAttribute("aria-activedescendant");
}

function option(words, place) {
  const item = document.createElement("li");
  item.id = `suggestion-${place}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.textContent = words;
  return item;
}

function fold(text) {
  return text.trim().toLowerCase();
}
