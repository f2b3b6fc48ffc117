// What the simulated FCM and APNs got, word for word, with the time that is left.
import { html, useEffect, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { claimsOf } from "../lib/jwt.js";
import { Empty, exact, Facts, time, tone } from "../lib/shown.js";

const MOST_SHOWN = 60;

export function Pushes({ store }) {
  const now = useNow();
  const rows = store.pushes.slice(-MOST_SHOWN).reverse();
  const clear = () => store.attempt(async () => {
    await send("DELETE", "/_sim/pushes");
    await store.read("pushes");
  });
  return html`
    <section class="card">
      <h2>Pushes <span class="soft">${store.pushes.length || ""}</span> ${rows.length > 0 && html`<button class="quiet" onClick=${clear}>Clear</button>`}</h2>
      ${rows.length ? html`<ul class="pushes">${rows.map(one => html`<${Push} key=${`${one.at} ${one.token} ${one.status}`} one=${one} now=${now} />`)}</ul>`
        : html`<${Empty}>Neither FCM nor APNs has got a message.<//>`}
    </section>`;
}

function Push({ one, now }) {
  const data = one.service === "fcm" ? one.message.data ?? {} : one.message;
  const claims = claimsOf(data.payload ?? "");
  const left = Number(data.expiresAt) - now;
  const facts = [["When", exact(one.at)], ["Token", html`<code>${short(one.token)}</code>`], ["pushId", html`<code>${data.pushId}</code>`], ["callUuid", html`<code>${data.callUuid}</code>`], ["Expires", data.expiresAt && exact(Number(data.expiresAt))]];
  const shown = { ...one.message, ...(one.message.token && { token: short(one.message.token) }), ...(one.message.fid && { fid: short(one.message.fid) }) };
  return html`<li><details><summary>
      <span class="time">${time(one.at)}</span> <b>${data.type ?? "call"}</b> <span>${claims.callerId ?? data.caller ?? ""} → ${data.subscriberName ?? ""}</span>
      <span class="soft">${one.service === "fcm" ? "FCM" : `APNs ${one.host}`}</span>
      <span class=${tone(one.status)}>${one.status} ${one.reason}</span>
      ${left > 0 && one.status === 200 && html`<span class="tag wait">${Math.ceil(left / 1000)} s left</span>`}</summary>
    <${Facts} rows=${facts} />
    <h3>Payload</h3><pre>${JSON.stringify(claims, null, 2)}</pre>
    ${one.headers && html`<h3>Headers</h3><pre>${Object.entries(one.headers).map(([name, value]) => `${name}: ${value}`).join("\n")}</pre>`}
    <h3>Message</h3><pre>${JSON.stringify(shown, null, 2)}</pre></details></li>`;
}

const short = token => (token.length > 16 ? `${token.slice(0, 4)}…${token.slice(-4)}` : "•••");

function useNow() {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
