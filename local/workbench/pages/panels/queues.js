// How full the queues are, and what could not be delivered.
import { html, useEffect, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty } from "../lib/shown.js";

export function Queues({ store }) {
  const [letters, setLetters] = useState(null);
  const [busy, setBusy] = useState(false);
  const read = () => store.attempt(async () => setLetters(await send("GET", "/_sim/dead-letters")));
  useEffect(() => {
    read();
  }, [store.deadLetters]);
  const redrive = async queue => {
    setBusy(true);
    await store.attempt(() => send("POST", "/_sim/dead-letters/redrive", { queue }));
    await read();
    setBusy(false);
  };
  return html`
    <div class="columns">
      <section class="card">
        <h2>Queues</h2>
        <table class="rows"><thead><tr><th>Queue</th><th class="num">Waiting</th><th class="num">In work</th></tr></thead>
          <tbody>${store.queues.map(one => html`<tr class=${one.dead && one.waiting + one.in_flight ? "bad" : ""}><td>${words(one.name)}</td><td class="num">${one.waiting}</td><td class="num">${one.in_flight}</td></tr>`)}</tbody></table>
      </section>
      <section class="card">
        <h2>Dead letters</h2>
        ${letters === null ? html`<${Empty}>Reading the dead letters<//>` : letters.every(one => one.messages === 0) ? html`<${Empty}>None.<//>`
          : letters.map(one => html`<${Letters} one=${one} busy=${busy} redrive=${redrive} />`)}
      </section>
    </div>`;
}

// A long name breaks between its words.
const words = name => name.split(/(?=[A-Z])/).map(word => html`<wbr />${word}`);

function Letters({ one, busy, redrive }) {
  return one.messages > 0 && html`<h3>${one.queue} <button class="quiet" disabled=${busy} onClick=${() => redrive(one.queue)}>Redrive</button></h3>
    <ul class="letters">${one.reasons.map(group => html`<li><b>${group.messages}</b> ${group.reason}</li>`)}</ul>`;
}
