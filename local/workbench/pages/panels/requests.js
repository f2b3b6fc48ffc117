// Every request of the API as it comes, with what belongs to it.
import { html, useEffect, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty, exact, Facts, Split, time, tone } from "../lib/shown.js";

const MOST_SHOWN = 200;

export function Requests({ store, shown }) {
  const [filter, setFilter] = useState("");
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const fits = one => words.every(word => `${one.who} ${one.method} ${one.route} ${one.status} ${one.code} ${one.request_id} ${one.ids.join(" ")}`.toLowerCase().includes(word));
  const rows = store.requests.filter(fits).sort((one, other) => one.at - other.at).slice(-MOST_SHOWN).reverse();
  const list = html`
    <h2>Requests <span class="soft">${store.requests.length ? `${rows.length} of ${store.requests.length}` : ""}</span></h2>
    <label class="filter">Filter <input type="search" value=${filter} placeholder="bob context 404" onInput=${event => setFilter(event.target.value)} /></label>
    <p class="soft"><b>S</b> stands for <code>/v1/accounts/…/subscribers/…</code>, and <b>…</b> alone for <code>/v1/accounts/…</code></p>
    ${rows.length ? html`<table class="rows requests"><thead><tr><th>Time</th><th>Who</th><th>Request</th><th class="num">Status</th><th class="num">ms</th></tr></thead>
      <tbody>${rows.map(one => html`<${Row} key=${one.number} one=${one} chosen=${String(one.number) === shown} />`)}</tbody></table>`
      : html`<${Empty}>${store.requests.length ? "No request fits the filter." : "No request has come yet. Open a phone, or call with curl."}<//>`}`;
  return html`<${Split} chosen=${shown} back="#requests" list=${list}><${Details} key=${shown} store=${store} number=${shown} /><//>`;
}

function Row({ one, chosen }) {
  return html`<tr class=${chosen ? "current" : ""}><td class="time">${time(one.at)}</td><td>${one.who || "–"}</td>
    <td><a href=${`#requests/${one.number}`} title=${one.request_id}><b>${one.method}</b> ${one.route}</a></td>
    <td class="num ${tone(one.status)}">${one.status}${one.code && html`<small> ${one.code}</small>`}</td><td class="num">${one.took_ms}</td></tr>`;
}

function Details({ store, number }) {
  const [found, setFound] = useState(null);
  useEffect(() => {
    store.attempt(async () => setFound(await send("GET", `/_sim/requests/${number}`)));
    // The lines of functions that work after the answer come a little later.
    const again = setTimeout(() => store.attempt(async () => setFound(await send("GET", `/_sim/requests/${number}`))), 3000);
    return () => clearTimeout(again);
  }, [number]);
  if (!found) return html`<${Empty}>Reading<//>`;
  const replay = () => store.attempt(() => send("POST", `/_sim/requests/${number}/replay`, {}));
  const id = found.request_id || found.log_lines.find(line => line.message === "served")?.request_id;
  const rows = [["Time", exact(found.at)], ["Who", found.who], ["Status", found.status], ["Took", `${found.took_ms} ms`], ["Request id", id && html`<code>${id}</code>`]];
  return html`
    <h2>${found.method} ${found.route}</h2>
    <${Facts} rows=${rows} />
    <p class="links">${found.ids.map(id => html`<a href=${`#calls/${encodeURIComponent(id)}`}>call ${id.slice(0, 12)}</a> `)}<button class="quiet" onClick=${replay}>Send it again</button></p>
    <h3>Request</h3><pre>${found.method} ${found.target}</pre><${Message} one=${found.request} />
    <h3>Answer</h3><${Message} one=${found.answer} />
    <h3>Log lines</h3>${found.log_lines.length ? found.log_lines.map(line => html`<pre class="log">${JSON.stringify(line, null, 1)}</pre>`) : html`<p class="soft">none, or not written yet</p>`}`;
}

function Message({ one }) {
  return html`<details><summary class="soft">${one.headers.length} headers</summary><pre>${one.headers.map(([name, value]) => `${name}: ${value}`).join("\n")}</pre></details>
    ${one.body && html`<pre>${one.body}</pre>`}`;
}
