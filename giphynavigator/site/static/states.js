// What there is to say when there is no GIF to show, and what to do about it.

const place = document.querySelector("#state");
const SOON = 60;

/** Say something in the place of GIFs; `acts` are buttons: [text, function]. */
export function say(title, sentence, acts = []) {
  const heading = document.createElement("h2");
  heading.textContent = title;
  const text = document.createElement("p");
  text.textContent = sentence;
  const row = document.createElement("p");
  row.className = "row";
  for (const [label, act] of acts) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    button.addEventListener("click", act);
    row.append(button);
  }
  place.replaceChildren(heading, text, ...(acts.length ? [row] : []));
}

/** Say a few words to those who listen; nothing is to be seen. */
export function whisper(words) {
  const text = document.createElement("p");
  text.className = "hidden";
  text.textContent = words;
  place.replaceChildren(text);
}

/** Say what a Problem is, and offer to try again where that may help. */
export function sayProblem(problem, again) {
  const [title, sentence, helps = true] = words(problem);
  say(title, sentence, helps ? [["Try again", again]] : []);
}

function words(problem) {
  const wait = duration(problem.retryAfter);
  if (problem.status === 0) {
    return navigator.onLine
      ? ["The service does not answer", "It may be starting anew. Try again in a moment."]
      : ["You are offline", "The search goes on by itself once you are back.", false];
  }
  if (problem.isSpent) {
    return [
      "The calls to Giphy are used up for now",
      `What was searched for lately still works; new words do again in ${wait}.`,
    ];
  }
  if (problem.status === 429) {
    return ["That was a little fast", `The service takes your next search in ${wait}.`];
  }
  if (problem.status === 400) return ["That cannot be searched for", problem.message, false];
  if (problem.status >= 502) {
    return [
      "Giphy does not answer",
      "What was searched for lately still works; try the rest again in a minute.",
    ];
  }
  return ["Something went wrong here", "Try again. If it stays so, tell whoever runs this service."];
}

function duration(seconds) {
  if (seconds <= 1) return "a moment";
  if (seconds < SOON) return `${seconds} seconds`;
  const minutes = Math.ceil(seconds / SOON);
  return minutes === 1 ? "a minute" : `${minutes} minutes`;
}
