// Asks the service's own API (/openapi.json) with the session of this page.

/** A failure that the API tells as problem details (RFC 9457), or that of the network. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || "The service answered with status " + status + ".");
    this.status = status;
    this.code = body.code || "";
    this.details = body.details || {};
  }
}

const formToken = document.querySelector('meta[name="moniker-form-token"]')?.content ?? "";

/** A key that makes sure that a request sent twice is carried out once. */
export function newKey() {
  return "dashboard-" + crypto.getRandomValues(new Uint32Array(4)).join("-");
}

/** Where to log in again, and come back from there. */
function loginAddress() {
  return "/login?next=" + encodeURIComponent(location.pathname + location.search);
}

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { credentials: "same-origin", redirect: "error", ...options });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Problem(0, { code: "unreachable", detail: "The service cannot be reached: check that it runs, and try again." });
  }
  const type = answer.headers.get("Content-Type") ?? "";
  const body = type.includes("json") ? await answer.json() : {};
  if (answer.status === 401) {
    location.assign(loginAddress());
    throw new Problem(401, { code: "unauthorized", detail: "The session has ended: log in again." });
  }
  if (!answer.ok) throw new Problem(answer.status, body);
  return body;
}

/** Reads something. */
export function get(path, { signal } = {}) {
  return ask(path, { method: "GET", signal, headers: { Accept: "application/json" } });
}

/** Changes something, or plans to with `dry_run`. Give the same key to try the same change again. */
export function post(path, body = {}, { key = newKey(), signal } = {}) {
  return ask(path, {
    method: "POST",
    signal,
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json",
      "X-Moniker-Form-Token": formToken,
      // A dry run changes nothing, and its answer is not to be kept.
      ...(body.dry_run ? {} : { "Idempotency-Key": key }),
    },
    body: JSON.stringify(body),
  });
}

/** Makes an element: texts are texts, never HTML. */
export function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    made.setAttribute(key, value === true ? "" : String(value));
  }
  made.append(...children);
  return made;
}

/** Tells people who cannot see the change that it has happened. */
export function announce(text) {
  const announcer = document.getElementById("announcer");
  if (announcer) announcer.textContent = text;
}

/** Shows a sentence at the top of the page; `kind` is error, warning or success. */
export function notify(kind, text, ...more) {
  const notice = element("div", { class: "notice notice-" + kind, role: kind === "error" ? "alert" : "status", tabindex: "-1" }, element("p", {}, text, ...more));
  document.getElementById("notices").replaceChildren(notice);
  notice.scrollIntoView({ block: "nearest" });
}

/** What a failure means, as a sentence. */
export function sentence(error) {
  const text = error instanceof Problem ? error.message : "Something went wrong in this page: " + error.message;
  const end = /[.!?]$/.test(text) ? "" : ".";
  return text.charAt(0).toUpperCase() + text.slice(1) + end;
}

/** Shows a failure. */
export function notifyFailure(error) {
  if (error.name === "AbortError") return;
  notify("error", sentence(error));
}

/** Begins a job and goes to the page that shows its progress. */
export async function startJob(kind, options, key) {
  const job = await post("/v1/jobs", { kind, options }, { key });
  return job;
}
