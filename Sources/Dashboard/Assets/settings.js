// Saving settings, trying the provider, and tokens.
import { announce, element, get, notify, notifyFailure, post, put, remove, sentence } from "./work.js";

const form = document.getElementById("settings-form");
const state = document.getElementById("save-state");
const result = document.getElementById("test-result");
const usual = document.getElementById("fields-usual");
const choice = document.getElementById("fields-choice");

const text = (name) => form.elements[name].value.trim();
const optional = (name) => text(name) || null;
const words = (name) => text(name).split(/[,\n]/).map((word) => word.trim()).filter((word) => word !== "");

function wanted() {
  const fields = form.elements;
  return {
    fields: usual.checked ? null : [...form.querySelectorAll('[name="field"]:checked')].map((box) => box.value),
    mode: fields.mode.value,
    language: fields["language-mode"].value === "auto" ? "auto" : text("language"),
    context: text("context"),
    skip: {
      skip_svg: fields.skip_svg.checked,
      skip_decorative: fields.skip_decorative.checked,
      skip_unused: fields.skip_unused.checked,
      honour_opt_out: fields.honour_opt_out.checked,
      minimum_width: Number(fields.minimum_width.value),
      minimum_height: Number(fields.minimum_height.value),
      icon_words: words("icon_words"),
      types: words("types"),
    },
    provider: fields.provider.value || null,
    base_url: optional("base_url"),
    model: optional("model"),
    budget: optional("budget"),
    daily_budget: optional("daily_budget"),
    monthly_budget: optional("monthly_budget"),
  };
}

function showFields() {
  choice.hidden = usual.checked;
  form.elements.language.disabled = form.elements["language-mode"].value === "auto";
}

showFields();
form.addEventListener("change", showFields);
form.addEventListener("input", () => { state.textContent = "Not saved yet"; });

function showEffective(settings) {
  const now = settings.effective;
  const line = document.getElementById("provider-effective");
  const more = line.querySelector("a");
  line.replaceChildren("Now: ", element("strong", {}, now.provider));
  if (now.server) line.append(" at ", element("span", { class: "mono" }, now.server));
  if (now.model) line.append(", model ", element("span", { class: "mono" }, now.model));
  line.append(now.provider === "offline" ? ": nothing leaves this machine. " : ". Key: " + (now.key_is_set ? "set, from " + now.key_source : "not set") + ". ", more);
}

async function save() {
  state.textContent = "Saving…";
  try {
    const settings = await put("/v1/settings", wanted());
    showEffective(settings);
    state.textContent = "Saved";
    announce("The settings are saved.");
    return true;
  } catch (error) {
    state.textContent = "Not saved";
    notifyFailure(error);
    mark(error.details?.field);
    return false;
  }
}

function mark(field) {
  for (const control of form.querySelectorAll("[aria-invalid]")) control.removeAttribute("aria-invalid");
  const control = field ? form.elements[field.split(".").pop()] : null;
  if (!(control instanceof Element)) return;
  control.setAttribute("aria-invalid", "true");
  control.focus();
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await save()) notify("success", "The settings are saved. Jobs that begin from now on use them.");
});

document.getElementById("save-and-test").addEventListener("click", async (event) => {
  if (!form.reportValidity()) return;
  const button = event.currentTarget;
  button.disabled = true;
  result.replaceChildren();
  if (await save()) {
    result.replaceChildren(element("p", { class: "notice" }, "Asking the provider for one sentence, then for a grey square…"));
    try {
      const report = await post("/v1/settings/provider/test");
      const isGood = report.describes_images !== false;
      result.replaceChildren(element("div", { class: "notice notice-" + (isGood ? "success" : "warning"), id: "test-message" },
        element("p", {}, report.message),
        element("p", { class: "small" }, "Requests: " + report.usage.requests + ", cost: $" + report.usage.usd.toFixed(4)
          + (report.latency_ms === undefined ? "" : ", answered in " + report.latency_ms + " ms"))));
    } catch (error) {
      result.replaceChildren(element("p", { class: "notice notice-error", role: "alert", id: "test-message" }, sentence(error)));
    }
    result.scrollIntoView({ block: "nearest" });
  }
  button.disabled = false;
});

// Tokens

const tokenForm = document.getElementById("token-form");
const list = document.getElementById("token-list");

function row(token) {
  const time = (seconds) => seconds === null ? "never" : new Date(seconds * 1000).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
  return element("tr", { "data-token": token.id },
    element("th", { scope: "row" }, token.name, element("br"), element("span", { class: "small muted mono" }, token.id)),
    element("td", { "data-label": "May" }, token.scope),
    element("td", { "data-label": "State" }, element("span", { class: "badge" + (token.state === "active" ? " badge-ok" : "") }, token.state)),
    element("td", { "data-label": "Made" }, time(token.created)),
    element("td", { "data-label": "Ends" }, time(token.expires)),
    element("td", { "data-label": "Actions" }, ...(token.state === "active" ? [element("button", { type: "button", class: "small", "data-revoke": token.id, "aria-label": "Revoke the token " + token.name }, "Revoke")] : [])));
}

async function showTokens() {
  const tokens = await get("/v1/tokens");
  list.hidden = tokens.items.length === 0;
  list.tBodies[0].replaceChildren(...tokens.items.map(row));
}

tokenForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = document.getElementById("token-create");
  button.disabled = true;
  const fields = tokenForm.elements;
  const wish = { name: fields.name.value.trim(), scope: fields.scope.value };
  if (fields.expires.value) wish.expires = fields.expires.value;
  try {
    const token = await post("/v1/tokens", wish);
    const value = element("input", { type: "text", readonly: true, id: "token-value", class: "mono", value: token.token, "aria-label": "The new token" });
    document.getElementById("new-token").replaceChildren(element("div", { class: "notice notice-success" },
      element("p", {}, element("strong", {}, "Copy it now: it is shown this once.")), value));
    tokenForm.reset();
    await showTokens();
    value.focus();
    value.select();
  } catch (error) {
    notifyFailure(error);
  }
  button.disabled = false;
});

const dialog = document.getElementById("confirm-dialog");
let revoking = null;

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-revoke]");
  if (!button) return;
  revoking = button.dataset.revoke;
  document.getElementById("confirm-text").textContent = "Programs that use the token " + revoking + " are refused from now on. It cannot be given back.";
  dialog.showModal();
});

document.getElementById("confirm-yes").addEventListener("click", async () => {
  dialog.close();
  try {
    await remove("/v1/tokens/" + encodeURIComponent(revoking));
    await showTokens();
    notify("success", "The token " + revoking + " is revoked.");
  } catch (error) {
    notifyFailure(error);
  }
});
