// Pictures move when people like that, else only those that they look at.
//
// A picture's <source> has the still; its media query says when that is shown.

const REDUCED = matchMedia("(prefers-reduced-motion: reduce)");
const KEY = "motion";
const button = document.querySelector("#motion");

let choice = localStorage.getItem(KEY);

/** Whether pictures stand still until they are looked at. */
export function isPaused() {
  return choice ? choice === "paused" : REDUCED.matches;
}

/** Make a picture move, or stand still. */
export function play(picture, moves) {
  const source = picture.querySelector("source");
  if (source) source.media = moves ? "not all" : "all";
}

/** Let the pictures in a place move when they are pointed at or in focus. */
export function playWhenLookedAt(place) {
  const look = (moves) => (event) => {
    const looked = event.target.closest("li, label, article");
    const picture = looked?.querySelector("picture");
    // The place itself is around all pictures: who is there looks at none of them.
    if (picture && looked !== place && isPaused()) play(picture, moves);
  };
  place.addEventListener("pointerover", look(true));
  place.addEventListener("pointerout", look(false));
  place.addEventListener("focusin", look(true));
  place.addEventListener("focusout", look(false));
  button.addEventListener("click", () => {
    choice = isPaused() ? "playing" : "paused";
    localStorage.setItem(KEY, choice);
    show(place);
  });
  REDUCED.addEventListener("change", () => show(place));
  show(place);
}

function show(place) {
  button.textContent = isPaused() ? "Play GIFs" : "Pause GIFs";
  for (const picture of place.querySelectorAll("picture")) play(picture, !isPaused());
}
