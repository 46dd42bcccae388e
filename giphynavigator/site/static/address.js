// A search is an address, and an address is a search.

const FILTERS = ["rating", "lang"];
const form = document.querySelector("#search");

/** The search that the address bar shows. */
export function fromAddress() {
  const given = new URLSearchParams(location.search);
  const search = { query: (given.get("query") ?? "").trim() };
  for (const name of FILTERS) search[name] = given.get(name) || standard(name);
  return search;
}

/** The search that the form shows. */
export function fromForm() {
  const search = { query: form.elements.query.value.trim() };
  for (const name of FILTERS) search[name] = field(name)?.value ?? "";
  return search;
}

/** Make the form show a search. */
export function toForm(search) {
  form.elements.query.value = search.query;
  for (const name of FILTERS) {
    if (field(name)) field(name).value = search[name];
  }
}

/** What of a search is not what anybody gets who does not say. */
export function parameters(search) {
  const said = search.query ? { query: search.query } : {};
  for (const name of FILTERS) {
    if (search[name] && search[name] !== standard(name)) said[name] = search[name];
  }
  return said;
}

/** The address of a search. */
export function address(search) {
  const query = new URLSearchParams(parameters(search)).toString();
  return form.action + (query && `?${query}`);
}

function field(name) {
  return form.elements[name];
}

function standard(name) {
  return field(name)?.dataset.default ?? "";
}
