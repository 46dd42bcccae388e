// Notes as the page shows them, and as its forms have them.

import { tellTimes } from "../times.js";

const template = document.querySelector("#entry");

/** A note without anything in it, for what is kept at an address. */
export function blank(address) {
  const entry = template.content.firstElementChild.cloneNode(true);
  const id = address.split("/").at(-1);
  entry.id = `note-${id}`;
  entry.querySelector("a[data-of=title]").href = address;
  for (const details of entry.querySelectorAll("details")) details.name = entry.id;
  for (const form of entry.querySelectorAll("form")) {
    form.action = `${address}/${form.dataset.act}`;
  }
  return entry;
}

/** Make an entry and its forms show a note; what somebody has written stays. */
export function fill(entry, note, response) {
  show(entry, "title", note.title);
  show(entry, "description", note.description);
  show(entry, "created_by", note.created_by);
  show(entry, "priority", note.priority ? `Priority ${note.priority}` : "");
  const time = entry.querySelector("time");
  time.dateTime = note.created_at;
  if (!note.gif) entry.querySelectorAll(".media, .check").forEach((it) => it.remove());
  if (entry.matches(".whole")) document.title = `${note.title} · Giphy Navigator`;
  const { elements } = entry.querySelector("form[data-act=edit]");
  for (const name of ["title", "description", "created_by", "priority"]) {
    elements[name].defaultValue = note[name]; // what reset() gives back
  }
  const version = response.headers.get("ETag").replaceAll('"', "");
  for (const field of entry.querySelectorAll("[name=version]")) field.value = version;
  tellTimes(entry);
}

/** The note that a form describes, as JSON has it. */
export function said(form) {
  const { title, description, created_by, priority, without_gif } = form.elements;
  return {
    title: title.value.trim(),
    description: description.value.trim(),
    created_by: created_by.value.trim(),
    priority: Number(priority.value),
    ...(without_gif?.checked && { gif: null }),
  };
}

/** The version of the note that a form was made for. */
export function versionOf(form) {
  return form.elements.version.value;
}

function show(entry, name, text) {
  for (const place of entry.querySelectorAll(`[data-of=${name}]`)) {
    place.textContent = text;
    place.hidden = text === "" && !place.matches("a, summary *");
  }
}
