// The grid: tiles made of GIFs, and keys that move through them.

import { isPlain, copy } from "../site.js";
import { isPaused, play } from "../motion.js";

const grid = document.querySelector("#grid");
const template = document.querySelector("#tile");
const ARROWS = {
  ArrowLeft: { axis: "x", sign: -1 },
  ArrowRight: { axis: "x", sign: 1 },
  ArrowUp: { axis: "y", sign: -1 },
  ArrowDown: { axis: "y", sign: 1 },
};

/** The links of all tiles, in their order. */
export function links() {
  return [...grid.querySelectorAll("a")];
}

/** The GIF that a tile's link shows. */
export function gifOf(link) {
  const { id, title, username, rating, original, width, height } = link.dataset;
  const image = link.querySelector("img");
  return {
    id, title, username, rating, original,
    url: link.getAttribute("href"),
    words: image?.alt ?? title,
    moving: image?.getAttribute("src"),
    still: link.querySelector("source")?.getAttribute("srcset"),
    width: Number(width || image?.getAttribute("width")),
    height: Number(height || image?.getAttribute("height")),
  };
}

/** Put GIFs after those that are there; at most one is a stop of the Tab key. */
export function append(gifs) {
  grid.append(...gifs.map(tileOf));
  settleStop();
}

/** Put tiles in the place of all that are there, and give those. */
export function replace(tiles) {
  const old = [...grid.children];
  grid.replaceChildren(...tiles);
  settleStop();
  return old;
}

/** Tiles without anything in them, for as long as one waits. */
export function blanks(count) {
  return Array.from({ length: count }, (_, number) => {
    const tile = document.createElement("li");
    tile.className = "tile blank";
    tile.style.setProperty("--a", [0.75, 1, 0.5625, 1.2][number % 4]);
    return tile;
  });
}

/** Let keys move through the grid; `leave` is called below the last row. */
export function listen(leave) {
  settleStop();
  grid.addEventListener("focusin", (event) => stopAt(event.target.closest("a")));
  grid.addEventListener("keydown", (event) => {
    const link = event.target.closest("a");
    if (!link || !isPlain(event)) return;
    if (event.key === "c" || event.key === "C") copy(gifOf(link).url, "Link");
    const next = follow(link, event.key);
    if (next === undefined) return;
    event.preventDefault();
    if (next) next.focus();
    else if (event.key === "ArrowDown") leave();
  });
}

function tileOf(gif) {
  const tile = template.content.firstElementChild.cloneNode(true);
  const link = tile.querySelector("a");
  const moving = gif.preview ?? gif.original ?? gif.still;
  const words = gif.alt_text || gif.title || "A GIF without a title";
  link.href = gif.url;
  const { id, title, username, rating, original } = gif;
  Object.assign(link.dataset, { id, title, username, rating });
  if (original) {
    const { url, width, height } = original;
    Object.assign(link.dataset, { original: url, width: width ?? "", height: height ?? "" });
  }
  tile.querySelector(".caption").textContent = title || words;
  tile.style.setProperty("--a", (moving?.height || 1) / (moving?.width || 1));
  fill(tile.querySelector("picture"), moving, gif.still ?? moving, words);
  return tile;
}

function fill(picture, moving, still, words) {
  if (!moving) {
    picture.remove();
    return;
  }
  const image = picture.querySelector("img");
  image.alt = words;
  image.width = moving.width ?? 200;
  image.height = moving.height ?? 200;
  picture.querySelector("source").srcset = still.url;
  play(picture, !isPaused());
  image.src = moving.url;
}

function settleStop() {
  const all = links();
  const stop = all.find((link) => link.tabIndex === 0 && link.hasAttribute("tabindex"));
  stopAt(stop ?? all[0]);
}

function stopAt(stop) {
  if (!stop) return;
  for (const link of links()) link.tabIndex = link === stop ? 0 : -1;
}

/** The link that a key leads to; null where there is none, undefined for other keys. */
function follow(link, key) {
  const all = links();
  if (key === "Home") return all[0];
  if (key === "End") return all.at(-1);
  const arrow = ARROWS[key];
  return arrow && nearest(all, link, arrow);
}

/** The nearest link on one side: straight on counts most, to the side counts double. */
function nearest(all, link, { axis, sign }) {
  const here = middle(link);
  const across = axis === "x" ? "y" : "x";
  let best = null;
  let least = Infinity;
  for (const other of all) {
    const there = middle(other);
    const ahead = sign * (there[axis] - here[axis]);
    const aside = Math.max(0, Math.abs(there[across] - here[across]));
    const distance = ahead + 2 * aside;
    if (ahead > 8 && distance < least) [best, least] = [other, distance];
  }
  return best;
}

function middle(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  return { x: left + width / 2, y: top + height / 2 };
}
