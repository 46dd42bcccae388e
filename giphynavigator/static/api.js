// How pages ask the service: JSON there and back, and errors as Problems.

/** What went wrong, as problem details say it; status 0: nobody answered. */
export class Problem extends Error {
  constructor({ status = 0, type = "", detail = "" }, retryAfter = 0) {
    super(detail);
    this.status = status;
    this.kind = type.split(":").at(-1);
    this.retryAfter = retryAfter;
  }

  /** Whether the calls that Giphy allows are used up. */
  get isSpent() {
    return ["quota-spent", "giphy-busy"].includes(this.kind);
  }

  /** Whether somebody has to sign in first. */
  get isForbidden() {
    return this.status === 401 || this.status === 403;
  }
}

/** Get JSON: `{body, cost}`, where cost tells whether a call to Giphy was made. */
export async function ask(path, parameters = {}, options = {}) {
  const query = new URLSearchParams(parameters);
  const response = await answered(`${path}?${query}`, options);
  const cost = /fwd=miss(?!; collapsed)/.test(response.headers.get("Cache-Status") ?? "");
  return { body: await response.json(), cost };
}

/** Send JSON, and give the address of what was made of it. */
export async function send(path, body) {
  const response = await answered(path, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "Content-Type": "application/json" },
  });
  return response.headers.get("Location");
}

/** Where people sign in, and come back from to where they are. */
export function signIn() {
  const next = encodeURIComponent(location.pathname + location.search);
  const { signIn } = document.querySelector("#toasts").dataset;
  return { href: `${signIn}?next=${next}`, text: "Sign in" };
}

/** Fetch something, and give the response if it is a good one; else throw a Problem. */
export async function answered(path, options) {
  let response;
  try {
    const headers = { Accept: "application/json", ...options.headers };
    response = await fetch(path, { ...options, headers });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem({});
  }
  if (response.ok) return response;
  const said = await response.json().catch(() => ({}));
  const retryAfter = Number(response.headers.get("Retry-After")) || 0;
  throw new Problem({ ...said, status: response.status }, retryAfter);
}
