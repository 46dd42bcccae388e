// What pages of polls have in common: moments as the reader's clock has them, a link
// to pass on, and winners that are kept without leaving the page.

import { Problem, send, signIn } from "../api.js";
import { playWhenLookedAt } from "../motion.js";
import { copy, tell } from "../site.js";
import { tellTimes } from "../times.js";

tellTimes(document);
if (document.querySelector("#motion")) playWhenLookedAt(document.querySelector(".polls"));

document.querySelector("#share")?.addEventListener("click", () => {
  const { poll } = document.querySelector("#poll").dataset;
  copy(new URL(poll, location.href).href, "Link");
});

for (const form of document.querySelectorAll("form[data-keep]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keep(form.action, event.submitter);
  });
}

async function keep(address, button) {
  button.disabled = true;
  try {
    // Without a choice it is whoever leads at this moment.
    const choice = button.value ? { choice: Number(button.value) } : undefined;
    const note = await send(address, choice);
    tell("Saved as a note.", { href: note, text: "See it" });
  } catch (error) {
    button.disabled = false;
    if (!(error instanceof Problem)) throw error;
    if (error.isForbidden) tell("That needs a sign-in.", signIn());
    else tell(`It was not saved: ${error.message || "the service does not answer"}.`);
  }
}
