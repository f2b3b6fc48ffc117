// How times, outcomes and details are written, the same on every panel.
import { html } from "./html.js";

export const time = at => new Date(at).toLocaleTimeString([], { hour12: false });
export const exact = at => `${time(at)}.${String(at % 1000).padStart(3, "0")}`;

export function tone(status) {
  if (status >= 500 || status === 0) return "bad";
  return status >= 400 ? "wait" : "good";
}

const OUTCOMES = { answered: "good", ringing: "good", failed: "bad" };
export const Outcome = ({ children }) => html`<span class="tag ${OUTCOMES[children] ?? "wait"}">${children}</span>`;

export const Facts = ({ rows }) => html`<dl class="facts">${rows.filter(([, value]) => value !== undefined && value !== null && value !== "").map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl>`;

export function Empty({ children }) {
  return html`<p class="empty soft">${children}</p>`;
}

// A list beside what is chosen in it; on a narrow screen the chosen one takes the list's place.
export function Split({ chosen, back, list, children }) {
  return html`<div class="split ${chosen ? "chosen" : ""}"><section class="card list">${list}</section>
    ${chosen && html`<section class="card detail"><a class="back" href=${back}>‹ Back to the list</a>${children}</section>`}</div>`;
}
