// One GIF by itself: larger, with all that can be done with it.

import { Problem, send, signIn } from "../api.js";
import { copy, isPlain, isTyping, tell } from "../site.js";
import { gifOf, links } from "./grid.js";
import { isPaused, play } from "../motion.js";
import { add } from "./tray.js";

const dialog = document.querySelector("#detail");
const title = dialog.querySelector("#detail-title");
const facts = dialog.querySelector("#detail-facts");
const page = dialog.querySelector("#detail-page");
const picture = dialog.querySelector("picture");
const motion = dialog.querySelector("[data-act=motion]");
const KEYS = { ArrowLeft: "before", ArrowRight: "after", c: "link", C: "link" };

let opener = null; // the link that the dialog was opened from
let shown = null; // and the one that it shows now
let gif = null;
let moves = true;

const acts = {
  close: () => dialog.close(),
  link: () => copy(gif.url, "Link"),
  markdown: () => copy(markdown(gif), "Markdown"),
  embed: () => copy(embed(gif), "Embed code"),
  note: (button) => saveNote(button),
  choose: () => add(gif),
  before: () => step(-1),
  after: () => step(1),
  motion: () => move(!moves),
};

/** Let the grid's GIFs open. */
export function openFrom(grid) {
  grid.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || !isPlain(event) || event.shiftKey) return; // a new tab is a new tab
    event.preventDefault();
    opener = link;
    link.focus(); // in some browsers a click does not
    show(link);
    dialog.showModal();
    title.focus();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close(); // beside it
    const button = event.target.closest("[data-act]");
    if (button) acts[button.dataset.act](button);
  });
  dialog.addEventListener("keydown", (event) => {
    const act = KEYS[event.key];
    if (!act || isTyping(event) || !isPlain(event)) return;
    event.preventDefault();
    acts[act]();
  });
  dialog.addEventListener("close", () => {
    picture.querySelector("img").removeAttribute("src");
    // The browser leads back to the GIF it began with, unless somebody was quicker.
    if (document.activeElement === opener) shown.focus();
  });
}

function show(link) {
  shown = link;
  gif = gifOf(link);
  title.textContent = gif.title || gif.words || "A GIF without a title";
  facts.textContent = [
    gif.username && `by @${gif.username}`,
    gif.width && gif.height && `${gif.width} × ${gif.height}`,
    gif.rating && `rated ${gif.rating.toUpperCase()}`,
  ].filter(Boolean).join(" · ");
  page.href = gif.url;
  dialog.querySelector("[data-act=before]").disabled = !beside(-1);
  dialog.querySelector("[data-act=after]").disabled = !beside(1);
  showPicture();
}

function showPicture() {
  const image = picture.querySelector("img");
  picture.hidden = !gif.moving;
  image.alt = gif.words;
  image.width = gif.width || 200;
  image.height = gif.height || 200;
  picture.querySelector("source").srcset = gif.still ?? "";
  move(!isPaused());
  image.src = gif.moving ?? "";
  if (gif.original) enlarge(image, gif.original);
}

/** Show the small picture, which is there already, until the large one is. */
async function enlarge(image, address) {
  const large = new Image();
  large.src = address;
  await large.decode().catch(() => null);
  if (gif.original === address && dialog.open) image.src = address;
}

function move(now) {
  moves = now;
  play(picture, now);
  motion.textContent = now ? "Pause" : "Play";
}

function beside(step) {
  const all = links();
  return all[all.indexOf(shown) + step];
}

function step(by) {
  const link = beside(by);
  if (link) show(link);
}

async function saveNote(button) {
  const { id, url, title: words } = gif;
  const name = (words || gif.words || "GIF").slice(0, 200);
  button.disabled = true;
  try {
    await send(button.dataset.to, { title: name, gif: { id, url, title: words } });
    tell("Saved as a note.", { href: button.dataset.to, text: "See the notes" });
  } catch (error) {
    refuse(error, "The note was not saved");
  } finally {
    button.disabled = false;
  }
}

/** Say why a GIF could not be saved or chosen, and what to do. */
function refuse(error, what) {
  if (!(error instanceof Problem)) throw error;
  if (error.isForbidden) tell("That needs a sign-in.", signIn());
  else tell(`${what}: ${error.message || "the service does not answer"}.`);
}

function markdown({ title: name, words, url }) {
  return `[${(name || words).replace(/[[\]\\]/g, "\\$&")}](${url})`;
}

function embed({ id, width, height }) {
  const place = `https://giphy.com/embed/${encodeURIComponent(id)}`;
  return `<iframe src="${place}" width="${width}" height="${height}" allowfullscreen></iframe>`;
}
