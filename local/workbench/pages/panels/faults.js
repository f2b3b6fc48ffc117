// Makes Exotel, FCM, APNs or the OAuth endpoint fail.
import { html, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty } from "../lib/shown.js";

const USUAL = {
  fcm: ["UNREGISTERED", "INVALID_ARGUMENT", "SENDER_ID_MISMATCH", "THIRD_PARTY_AUTH_ERROR", "QUOTA_EXCEEDED", "INTERNAL", "UNAVAILABLE"],
  apns: ["BadDeviceToken", "Unregistered", "ExpiredToken", "DeviceTokenNotForTopic", "TopicDisallowed", "ExpiredProviderToken", "InvalidProviderToken", "TooManyRequests", "PayloadTooLarge", "InternalServerError", "ServiceUnavailable", "Shutdown", "IdleTimeout"],
};
const NUMBERS = ["status", "retry_after", "delay_ms", "times", "every", "timestamp"];

export function Faults({ store }) {
  const [target, setTarget] = useState("fcm");
  const submit = async event => {
    event.preventDefault();
    const fault = {};
    for (const [name, value] of new FormData(event.target)) {
      if (value !== "") fault[name] = NUMBERS.includes(name) ? Number(value) : value;
    }
    await store.attempt(() => send("POST", "/_sim/faults", fault));
    await store.attempt(() => store.read("faults"));
  };
  const remove = path => store.attempt(async () => {
    await send("DELETE", path);
    await store.read("faults");
  });
  return html`
    <div class="columns">
      <section class="card">
        <h2>Set a fault</h2>
        <form class="grid" onSubmit=${submit}>
          <label>What fails <select name="target" onChange=${event => setTarget(event.target.value)}>${["fcm", "fcm-oauth", "apns", "exotel"].map(one => html`<option value=${one} selected=${one === target}>${one}</option>`)}</select></label>
          ${target in USUAL && html`<label>For <select name="call"><option value="next">the next call only</option><option value="">any call</option></select></label>`}
          <label>Error code <input name="error_code" list="codes" placeholder="none" autocomplete="off" /></label>
          <datalist id="codes">${(USUAL[target] ?? []).map(one => html`<option value=${one} />`)}</datalist>
          <${Number_} name="status" label="HTTP status" min="300" max="599" placeholder="by the code" />
          <${Number_} name="delay_ms" label="Delay, ms" min="0" max="600000" placeholder="0" />
          <${Number_} name="times" label="How often" min="1" max="1000000" placeholder="1" />
          <${Number_} name="every" label="Only each nth" min="1" max="1000" placeholder="each" />
          <${Number_} name="retry_after" label="Retry-After, s" min="0" max="86400" placeholder="none" />
          ${target === "exotel" ? html`<label>Subscriber <input name="subscriber" placeholder="any" autocomplete="off" /></label>` : html`<label>Device token <input name="token" placeholder="any" autocomplete="off" /></label>`}
          ${target === "fcm" && html`<label>Wrong field <input name="field" placeholder="message.token" autocomplete="off" /></label>`}
          ${target === "apns" && html`<label>Environment <select name="host"><option value="">both</option><option value="production">production</option><option value="sandbox">sandbox</option></select></label>
            <${Number_} name="timestamp" label="Timestamp of a 410, ms" min="0" placeholder="none" />`}
          <button class="main">Set</button>
        </form>
      </section>
      <section class="card">
        <h2>Faults that are set ${store.faults.length > 0 && html`<button class="quiet" onClick=${() => remove("/_sim/faults")}>Clear all</button>`}</h2>
        ${store.faults.length ? html`<ul class="faults">${store.faults.map((one, position) => html`<li><code>${about(one)}</code> <button class="quiet" onClick=${() => remove(`/_sim/faults/${position}`)}>Remove</button></li>`)}</ul>`
          : html`<${Empty}>None: everything works.<//>`}
        <p class="soft">A fault for the next call is gone when that call has ended, whether it happened or not.</p>
      </section>
    </div>`;
}

function Number_({ label, ...rest }) {
  return html`<label>${label} <input type="number" step="1" ...${rest} /></label>`;
}

function about({ target, ...rest }) {
  const words = Object.entries(rest).filter(([name, value]) => !(name === "delay_ms" && value === 0)).map(([name, value]) => `${name} ${value}`);
  return [target, ...words].join(" · ");
}
