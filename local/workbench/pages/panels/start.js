// Phones to open, and calls that the simulators play from end to end.
import { html, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty, Outcome } from "../lib/shown.js";

export function Start({ store }) {
  return html`
    <div class="columns">
      <section class="card">
        <h2>Open phones</h2>
        <p class="soft">Each window is a phone. Open two, log in on both, and call one from the other.</p>
        <ul class="phones">${store.demo.subscribers.map(one => html`<li><a class="button" href=${`/phone?as=${one.name}`} target="_blank" rel="opener">${one.name}</a></li>`)}</ul>
        <p class="soft">Account <code>${store.demo.account}</code>, exophone <code>${store.demo.exophone}</code>, base URL <code>${location.origin}/v1</code></p>
      </section>
      <${Played} store=${store} />
    </div>`;
}

const ENDS = { answered: "answers", missed: "does not answer", rejected: "rejects the call" };

function Played({ store }) {
  const [played, setPlayed] = useState(null);
  const [busy, setBusy] = useState(false);
  const submit = async event => {
    event.preventDefault();
    const call = Object.fromEntries(new FormData(event.target));
    setBusy(true);
    setPlayed({ outcome: "playing", steps: [] });
    await store.attempt(async () => setPlayed(await follow(await send("POST", "/_sim/calls", call), call.end, setPlayed)));
    setBusy(false);
  };
  const names = first => store.demo.subscribers.map(one => html`<option value=${one.name} selected=${one.name === first}>${one.name}</option>`);
  return html`
    <section class="card">
      <h2>Play a call</h2>
      <p class="soft">The simulators place it, answer it and end it, as <code>POST /_sim/calls</code> does.</p>
      <form class="grid" onSubmit=${submit}>
        <label>Caller <select name="from">${names("alice")}</select></label>
        <label>Callee <select name="to">${names("bob")}</select></label>
        <label class="wide">Message <input name="message" maxlength="1000" placeholder="none" /></label>
        <label>The callee <select name="end">${Object.entries(ENDS).map(([value, text]) => html`<option value=${value}>${text}</option>`)}</select></label>
        <label>First comes <select name="order"><option value="context-first">the context</option><option value="dial-first">the dial</option></select></label>
        <label>Answer as <select name="format"><option value="text">text</option><option value="json">json</option></select></label>
        <button class="main" disabled=${busy}>Call</button>
      </form>
      <p class="soft">A fault for this call only: <a href="#faults">Faults</a>, “the next call”.</p>
      ${played ? html`<${Steps} call=${played} />` : html`<${Empty}>Nothing has been played yet.<//>`}
    </section>`;
}

// The rest of the call, until Exotel and both phones have told of its end.
async function follow(placed, end, show) {
  let call = placed;
  while (placed.call_sid && !call.over) {
    show(call);
    await new Promise(done => setTimeout(done, 250));
    call = await send("GET", `/_sim/calls/${placed.call_sid}`).catch(() => ({ ...call, over: true }));
  }
  const failed = call.steps.some(step => step.status === "failed");
  return placed.outcome === "ringing" ? { ...call, outcome: failed ? "failed" : end } : { ...call, outcome: placed.outcome };
}

function Steps({ call }) {
  const total = Math.max(1, call.steps.reduce((sum, step) => sum + step.took_ms, 0));
  let begun = 0;
  return html`
    <p aria-live="polite"><${Outcome}>${call.outcome}<//> ${call.call_sid && html`<a href=${`#calls/${call.call_sid}`}>all about this call</a>`}</p>
    <ol class="steps">${call.steps.map(step => {
      const left = (begun / total) * 100;
      begun += step.took_ms;
      return html`<li class=${step.status}><span>${step.name}</span><span class="bar"><i style=${{ left: `${Math.min(98, left)}%`, width: `${(step.took_ms / total) * 100}%` }}></i></span>
        <span class="ms">${step.took_ms} ms</span><span class="soft why">${step.detail}</span></li>`;
    })}</ol>`;
}
