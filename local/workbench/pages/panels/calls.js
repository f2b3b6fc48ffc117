// All calls with their verdicts; one of them with its timeline.
import { html, useEffect, useState } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty, Facts, Outcome, Split, time } from "../lib/shown.js";
import { Timeline } from "./timeline.js";

export function Calls({ store, shown }) {
  const list = html`
    <h2>Calls</h2>
    ${store.calls.length ? html`<ul class="calls">${store.calls.map(one => html`<${Row} key=${one.id} one=${one} chosen=${one.id === shown} />`)}</ul>`
      : html`<${Empty}>No call yet.<//>`}`;
  const row = store.calls.find(one => one.id === shown);
  return html`<${Split} chosen=${shown} back="#calls" list=${list}><${Explained} key=${shown} id=${shown} state=${row && `${row.events} ${row.last_at}`} store=${store} /><//>`;
}

function Row({ one, chosen }) {
  return html`<li class=${chosen ? "current" : ""}><a href=${`#calls/${encodeURIComponent(one.id)}`}>
    <span class="who">${one.caller ?? "unknown"} → ${one.callee ?? "no one"}</span> <span class="soft">${time(one.at)}</span>
    ${one.outcome && html`<${Outcome}>${one.outcome}<//>`}
    <span class="verdict ${one.problem ? "bad" : "soft"}">${one.verdict ?? "looking into it"}</span></a></li>`;
}

function Explained({ id, state, store }) {
  const [found, setFound] = useState(null);
  const [problem, setProblem] = useState("");
  useEffect(() => {
    send("GET", `/_sim/calls/${encodeURIComponent(id)}/why`).then(setFound, error => setProblem(error.message));
  }, [id, state]);
  if (problem) return html`<p class="notice bad">${problem}</p>`;
  if (!found) return html`<${Empty}>Reading what is stored of the call<//>`;
  const about = found.summary ?? {};
  const rows = [["Caller", about.caller], ["Callee", about.callee], ["Outcome", about.outcome], ["Rang", seconds(about.ring_seconds)], ["Talked", seconds(about.talk_seconds)]];
  return html`
    <h2>${found.verdict ?? `About ${id}`}</h2>
    <${Facts} rows=${[...rows, ["CallSid", html`<code>${about.call_sid}</code>`]]} />
    ${found.findings.map(one => html`<div class="notice ${one.severity === "problem" ? "bad" : ""}"><b>${one.what}</b><p>${one.evidence}</p><p>${one.fix}</p></div>`)}
    ${found.timeline?.length > 0 && html`<${Timeline} events=${found.timeline} />`}`;
}

const seconds = value => (value === undefined || value === null ? undefined : `${value} s`);
