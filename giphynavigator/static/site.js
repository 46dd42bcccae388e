// What every page has: `/` leads to the search box, and messages come and go.

const SECONDS = 1000;

/** Whether a key belongs to what somebody is writing or choosing. */
export function isTyping(event) {
  return event.target.closest("input, textarea, select, [contenteditable]") !== null;
}

/** Whether a key was pressed alone. */
export function isPlain(event) {
  return !(event.ctrlKey || event.metaKey || event.altKey);
}

/** Show a sentence for a while, with a link where there is something to do. */
export function tell(sentence, link) {
  const toast = document.createElement("p");
  toast.className = "toast";
  toast.append(sentence);
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.textContent = link.text;
    toast.append(anchor);
  }
  // In an open dialog, because what is outside it is neither seen nor heard.
  const place = document.querySelector("dialog[open] .toasts");
  (place ?? document.querySelector("#toasts")).replaceChildren(toast);
  setTimeout(() => toast.remove(), (link ? 10 : 4) * SECONDS);
}

/** Put a text on the clipboard and say so. */
export async function copy(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    tell(`${what} copied`);
  } catch {
    tell("The browser does not let this page copy. Here it is:", { href: text, text });
  }
}

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || isTyping(event) || !isPlain(event)) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  document.querySelector("#query").select();
});
