// The search page: without scripts a form with pages, with them all in one place.

import { address, fromAddress, fromForm, toForm } from "./address.js";
import { openFrom } from "./detail.js";
import { listen } from "./grid.js";
import { playWhenLookedAt } from "../motion.js";
import * as results from "./results.js";
import { close, suggest } from "./suggestions.js";
import { open } from "./tray.js";

const form = document.querySelector("#search");
const grid = document.querySelector("#grid");
const MOST_KEPT = 8;
const kept = new Map(); // results by the number of their place in the history

let place = history.state?.place ?? 0;
let newest = place;
let resting = 0;

// The browser would lead back before what was seen there is shown again.
history.scrollRestoration = "manual";
if (history.state?.scroll) scrollTo(0, history.state.scroll);
history.replaceState({ place }, "");
addEventListener("scroll", () => {
  clearTimeout(resting);
  resting = setTimeout(() => history.replaceState({ place, scroll: scrollY }, ""), 150);
});
results.adopt(fromAddress());
listen(results.showMore);
playWhenLookedAt(grid);
openFrom(grid);
open();
suggest(() => search());

form.addEventListener("submit", (event) => {
  event.preventDefault();
  search();
  // A keyboard on the screen would hide what is found.
  if (matchMedia("(hover: none)").matches) form.elements.query.blur();
});
document.addEventListener("change", (event) => {
  if (event.target.form === form && event.target.matches("select")) search();
});
document.addEventListener("click", (event) => {
  const chip = event.target.closest("a.chip");
  if (!chip || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  form.elements.query.value = chip.textContent;
  search();
});
addEventListener("popstate", (event) => goTo(event.state?.place ?? 0));
addEventListener("online", results.again);

/** Search for what the form shows, in a new place of the history. */
function search() {
  close();
  const wanted = fromForm();
  if (address(wanted) === address(fromAddress())) return;
  remember(results.show(wanted));
  clearTimeout(resting);
  place = newest += 1;
  history.pushState({ place }, "", address(wanted));
  dress(wanted);
  scrollTo(0, 0);
}

/** Show what was shown in another place of the history. */
function goTo(other) {
  clearTimeout(resting);
  const wanted = fromAddress();
  const known = kept.get(other);
  remember(known ? results.restore(known) : results.show(wanted));
  place = other;
  toForm(wanted);
  dress(wanted);
}

function remember(shown) {
  if (shown) kept.set(place, shown);
  if (kept.size > MOST_KEPT) kept.delete(kept.keys().next().value);
}

/** Make title and heading say what is searched for. */
function dress({ query }) {
  document.title = `${query || "Find the GIF that says it"} · Giphy Navigator`;
  document.querySelector("#heading").textContent = query
    ? `GIFs for “${query}”`
    : "Trending now";
  document.querySelector(".hero").hidden = Boolean(query);
}
