// The API reference, with try-it: alice is logged in, and the demo's keys are filled in.
import "../vendor/rapidoc-9.3.8.js";
import { send } from "../lib/http.js";

const LOOK = {
  light: { theme: "light", "bg-color": "#ffffff", "text-color": "#17211f", "primary-color": "#146c63", "nav-bg-color": "#f3f6f5", "nav-text-color": "#17211f" },
  dark: { theme: "dark", "bg-color": "#18211f", "text-color": "#e8eeec", "primary-color": "#55c2b3", "nav-bg-color": "#0f1514", "nav-text-color": "#e8eeec" },
};
const ALWAYS = {
  "show-header": "false", "load-fonts": "false", "allow-spec-url-load": "false", "allow-spec-file-load": "false",
  "allow-server-selection": "false", "allow-advanced-search": "false", "schema-style": "table", "show-method-in-nav-bar": "as-colored-text",
  "use-path-in-nav-bar": "false", "regular-font": "system-ui, sans-serif", "mono-font": "ui-monospace, monospace", "spec-url": "/openapi.json",
};

const page = document.createElement("rapi-doc");
const dark = matchMedia("(prefers-color-scheme: dark)"), narrow = matchMedia("(max-width: 48rem)");
const look = () => set({ ...LOOK[dark.matches ? "dark" : "light"], "render-style": narrow.matches ? "view" : "focused" });
const set = attributes => Object.entries(attributes).forEach(([name, value]) => page.setAttribute(name, value));

document.body.innerHTML = '<header class="bar"><h1>The API</h1><a href="/">Workbench</a><a href="/openapi.json">openapi.json</a><span class="soft" role="status"></span></header>';
const said = document.querySelector("[role=status]");
set(ALWAYS);
look();
for (const one of [dark, narrow]) one.addEventListener("change", look);
page.addEventListener("spec-loaded", fill);
document.body.append(page);

async function fill() {
  try {
    const demo = await send("GET", "/_sim/demo");
    const body = { user_name: "alice", password: demo.password, account_sid: demo.account, device_id: demo.device_id, platform: "android" };
    const { session_token } = await send("POST", "/v1/login", body);
    page.setApiKey("session", session_token);
    page.setApiKey("serverKey", demo.server_key);
    page.setHttpUserNameAndPassword("exotelBasic", demo.webhook_user, demo.webhook_password);
    said.textContent = "Logged in as alice; the server key and Exotel's credentials are the demo's.";
  } catch (error) {
    said.textContent = `Nothing is filled in: ${error.message}`;
  }
}
