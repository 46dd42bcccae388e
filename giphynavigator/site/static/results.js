// What a search finds, slice by slice, and what is said meanwhile.

import { ask } from "../api.js";
import { address, parameters } from "./address.js";
import { areFew, spent } from "./calls.js";
import { append, blanks, links, replace } from "./grid.js";
import { say, sayProblem, whisper } from "./states.js";

const grid = document.querySelector("#grid");
const pages = document.querySelector("#pages");
const more = document.querySelector("#more");
const LAST = { search: 4999, trending: 499 };
const AHEAD = "800px";

let search = null;
let next = null; // the offset of what comes next, null when there is no more
let flight = null;
let arriving = Promise.resolve();
let failed = false;

/** Take over what the server has put into the page. */
export function adopt(shown) {
  search = shown;
  next = more.hidden ? null : Number(grid.dataset.offset) + links().length;
  more.addEventListener("click", (event) => {
    event.preventDefault();
    const last = links().at(-1);
    showMore().then(() => links()[links().indexOf(last) + 1]?.focus());
  });
  const observer = new IntersectionObserver(
    // Who stands on the button with the keyboard decides himself.
    (entries) =>
      entries.at(-1).isIntersecting &&
      !areFew() &&
      document.activeElement !== more &&
      showMore(),
    { rootMargin: AHEAD },
  );
  observer.observe(more);
  addEventListener("grown", () => {
    observer.unobserve(more);
    observer.observe(more);
  });
}

/** Show what another search finds; what was shown till then is given back. */
export function show(other) {
  const before = keep();
  search = other;
  next = 0;
  replace(blanks(12));
  grid.setAttribute("aria-busy", "true");
  more.hidden = true;
  whisper("Searching");
  load({ first: true });
  return before;
}

/** Show again what was shown once. */
export function restore(kept) {
  flight?.abort();
  const before = keep();
  ({ search, next } = kept);
  replace(kept.tiles);
  grid.removeAttribute("aria-busy");
  more.hidden = next === null;
  whisper("");
  scrollTo(0, kept.scroll);
  return before;
}

/** Show what comes after; what is on its way is waited for. */
export function showMore() {
  if (next !== null && !flight) arriving = extend();
  return arriving;
}

async function extend() {
  // Gone while what comes takes its place, so that nothing is seen to jump; gone
  // at once (that is what reading a measure does), for what comes may be quick.
  pages.hidden = true;
  pages.getBoundingClientRect();
  await load({ first: false });
  pages.hidden = false;
}

/** Try again what failed, if anything did. */
export function again() {
  if (!failed) return;
  if (next === 0) show(search);
  else showMore();
}

function keep() {
  const tiles = [...grid.children].filter((tile) => !tile.classList.contains("blank"));
  return tiles.length ? { search, next, tiles, scroll: scrollY } : null;
}

async function load({ first }) {
  flight?.abort();
  const mine = (flight = new AbortController());
  failed = false;
  const { limit, found, trending } = grid.dataset;
  const path = search.query ? found : trending;
  const asked = search.query ? parameters(search) : {};
  try {
    const options = { signal: mine.signal };
    const { body, cost } = await ask(path, { ...asked, limit, offset: next }, options);
    if (cost) spent();
    if (first) replace([]);
    take(body);
  } catch (problem) {
    if (problem.name === "AbortError") return;
    if (first) replace([]);
    more.hidden = true;
    failed = true;
    sayProblem(problem, again);
  } finally {
    if (flight === mine) flight = null;
    grid.removeAttribute("aria-busy");
  }
  if (!more.hidden) dispatchEvent(new Event("grown"));
}

function take({ gifs, total, offset, limit }) {
  append(gifs);
  const following = offset + gifs.length;
  const last = search.query ? LAST.search : LAST.trending;
  const isAll = gifs.length < limit || following > last || following === total;
  next = isAll ? null : following;
  more.hidden = isAll;
  if (following === 0) {
    const home = ["See what is trending", () => location.assign(address({}))];
    say(`No GIFs for “${search.query}”`, "Try other words, or fewer of them.", [home]);
  } else {
    whisper(`${links().length} GIFs are shown`);
  }
}
