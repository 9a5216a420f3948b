// What the pages of this half need beside api.js: saving and removing.
import { Problem, newKey } from "./api.js";

export { announce, element, get, newKey, notify, notifyFailure, post, sentence } from "./api.js";

const formToken = document.querySelector('meta[name="moniker-form-token"]')?.content ?? "";

async function send(method, path, body) {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      credentials: "same-origin",
      redirect: "error",
      headers: {
        Accept: "application/json",
        "X-Moniker-Form-Token": formToken,
        "Idempotency-Key": newKey(),
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new Problem(0, { code: "unreachable", detail: "The service cannot be reached: check that it runs, and try again." });
  }
  const type = answer.headers.get("Content-Type") ?? "";
  const result = type.includes("json") ? await answer.json() : {};
  if (answer.status === 401) location.assign("/login?next=" + encodeURIComponent(location.pathname + location.search));
  if (!answer.ok) throw new Problem(answer.status, result);
  return result;
}

/** Puts something in place of what was there. */
export const put = (path, body) => send("PUT", path, body);

/** Removes something. */
export const remove = (path) => send("DELETE", path);
