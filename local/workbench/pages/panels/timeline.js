// A call's events on lanes by who told them, drawn to scale: one pixel is the same time everywhere.
import { html } from "../lib/html.js";

const OURS = { "dial-whom": "Dial Whom", "push-accepted": "push accepted", "push-sent": "sent to a phone", "push-ended": "push ended", "push-correlation": "push without a call" };
const APPS = ["push-acknowledged", "sdk-callback", "sdk-cdr", "sdk-error", "feedback", "logs-uploaded"];

function teller(event) {
  if (event.kind === "exotel-event") return "Exotel";
  return APPS.includes(event.kind) ? `${event.subscriber ?? "an"}'s app` : "Switchboard";
}

function word(event) {
  const told = event.details;
  if (event.kind === "sdk-callback") return told.name;
  if (event.kind === "exotel-event") return [told.hook ?? told.source, told.event ?? told.event_type ?? told.call_type ?? told.status].filter(Boolean).join(" ");
  if (event.kind === "push-acknowledged") return "push arrived";
  return OURS[event.kind] ?? event.kind.replaceAll("-", " ");
}

export function Timeline({ events }) {
  const last = Math.max(1, ...events.map(one => one.after_ms));
  const lanes = [...new Set(events.map(teller))];
  const at = one => `${(one.after_ms / last) * 100}%`;
  return html`
    <h3>Timeline <span class="soft">${written(last)} from the first event to the last</span></h3>
    <div class="lanes" role="img" aria-label=${`Timeline of ${events.length} events`}>
      ${lanes.map(lane => html`<div class="lane"><span class="soft">${lane}</span><div class="line">
        ${events.filter(one => teller(one) === lane).map(one => html`<i style=${{ left: at(one) }} class=${one.kind} title=${`${written(one.after_ms)} ${word(one)}`}></i>`)}</div></div>`)}
      <div class="lane scale soft"><span></span><div class="line"><span>0</span><span>${written(last / 2)}</span><span>${written(last)}</span></div></div>
    </div>
    <ol class="events">${events.map(one => html`<li><span class="ms">${written(one.after_ms)}</span><span class="soft">${teller(one)}</span><b>${word(one)}</b>
      <span class="soft details">${Object.entries(one.details).map(([name, value]) => `${name} ${value}`).join(" · ")}</span></li>`)}</ol>`;
}

const written = ms => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);
