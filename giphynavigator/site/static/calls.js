// How many calls to Giphy are left, told quietly and spent with care.

import { ask } from "../api.js";

const place = document.querySelector("#calls");
const FEW = 0.25;

let { left, limit } = place.dataset;
let due = 0;

/** Whether so few calls are left that only what people ask for is worth one. */
export function areFew() {
  return Boolean(limit) && Number(left) < Number(limit) * FEW;
}

/** A call was made: count again, once for all that come at about the same time. */
export function spent() {
  if (!limit) return; // the sandbox has no quota
  clearTimeout(due);
  due = setTimeout(count, 300);
}

async function count() {
  try {
    const { body } = await ask(place.dataset.from);
    ({ left, limit } = body);
    place.textContent = `${left} of ${limit} calls to Giphy left`;
  } catch {
    place.textContent = "";
  }
}
