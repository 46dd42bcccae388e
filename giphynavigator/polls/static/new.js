// The form for a poll grows with its choices.

const MOST = 50;
const list = document.querySelector("#choices");
const button = document.querySelector("#more-choices");

button.addEventListener("click", () => {
  const item = list.lastElementChild.cloneNode(true);
  const input = item.querySelector("input");
  input.value = "";
  input.setAttribute("aria-label", `Choice ${list.children.length + 1}`);
  list.append(item);
  input.focus();
  button.hidden = list.children.length >= MOST;
});
