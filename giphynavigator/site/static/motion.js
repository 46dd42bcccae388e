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

/** Let a grid's pictures move when they are pointed at or in focus. */
export function playWhenLookedAt(grid) {
  const look = (moves) => (event) => {
    const picture = event.target.closest(".tile")?.querySelector("picture");
    if (picture && isPaused()) play(picture, moves);
  };
  grid.addEventListener("pointerover", look(true));
  grid.addEventListener("pointerout", look(false));
  grid.addEventListener("focusin", look(true));
  grid.addEventListener("focusout", look(false));
  button.addEventListener("click", () => {
    choice = isPaused() ? "playing" : "paused";
    localStorage.setItem(KEY, choice);
    show(grid);
  });
  REDUCED.addEventListener("change", () => show(grid));
  show(grid);
}

function show(grid) {
  button.textContent = isPaused() ? "Play GIFs" : "Pause GIFs";
  for (const picture of grid.querySelectorAll("picture")) play(picture, !isPaused());
}
