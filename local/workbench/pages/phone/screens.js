// What the phone shows.
import { html, useState } from "../lib/html.js";
import { Rating } from "./rating.js";

export function Screen({ phone }) {
  const about = phone.hardware;
  return html`
    <main class="phone" data-phase=${phone.calls.current?.phase ?? (phone.loggedIn ? "home" : "login")}>
      <header>
        <h1>${phone.name || "Phone"}</h1>
        <p class="soft">${about ? `${about.platform === "ios" ? "iPhone" : "Android"} ${about.number + 1} · ${about.tokenType}` : "switched off"}</p>
      </header>
      ${!phone.online && phone.platform && html`<${Stopped} />`}
      ${phone.notice && html`<p class="notice" role="status">${phone.notice}</p>`}
      ${phone.calls.current ? html`<${InCall} phone=${phone} call=${phone.calls.current} />` : phone.loggedIn ? html`<${Home} phone=${phone} />` : html`<${Login} phone=${phone} />`}
    </main>`;
}

function Stopped() {
  return html`<p class="notice bad" role="alert">Not connected. The stack has stopped (start it with <code>make run</code>), or this
    browser has six windows of it open, which is the most that it connects: close one.</p>`;
}

function Login({ phone }) {
  const [busy, setBusy] = useState(false);
  const submit = async event => {
    event.preventDefault();
    const { name, password } = Object.fromEntries(new FormData(event.target));
    setBusy(true);
    await phone.attempt(() => phone.login(name.trim(), password));
    setBusy(false);
  };
  return html`
    <form class="stack" onSubmit=${submit}>
      <label>User name <input name="name" defaultValue=${phone.name} required pattern="[A-Za-z0-9]{1,16}" autocomplete="off" /></label>
      <label>Password <input name="password" type="password" defaultValue="switchboard" required autocomplete="off" /></label>
      <button class="main" disabled=${busy}>${busy ? "Logging in" : "Log in"}</button>
      <p class="soft">The demo's users are ${phone.demo.names.join(", ")}, all with the password “switchboard”.</p>
    </form>`;
}

function Home({ phone }) {
  const [message, setMessage] = useState("");
  const [number, setNumber] = useState("");
  const dial = (peer, shown = peer) => phone.calls.dial(peer, message.trim(), shown);
  const others = phone.contacts.flatMap(group => group.contacts).filter(one => one.contact_number.replace(/^sip:/, "") !== phone.name);
  return html`
    <label class="message">Message for the callee <input value=${message} maxlength="1000" placeholder="none" onInput=${event => setMessage(event.target.value)} /></label>
    <ul class="contacts" aria-label="Contacts">
      ${others.map(one => html`
        <li><button onClick=${() => dial(one.contact_number.replace(/^sip:/, ""), one.contact_name)} aria-label=${`Call ${one.contact_name}`}>
          <span>${one.contact_name}</span><span class="soft">${one.contact_number}</span></button></li>`)}
    </ul>
    <form class="dial" onSubmit=${event => (event.preventDefault(), dial(number.trim()))}>
      <input aria-label="Name to dial" placeholder="another name" value=${number} required onInput=${event => setNumber(event.target.value)} />
      <button>Call</button>
    </form>
    <${Switches} phone=${phone} />
    ${phone.recent.length > 0 && html`<section class="recent"><h2>Recent calls</h2><ul>${phone.recent.map(one => html`<${Recent} call=${one} />`)}</ul></section>`}
    <button class="quiet" onClick=${() => phone.logout()}>Log out</button>`;
}

function Switches({ phone }) {
  return html`
    <fieldset class="switches">
      <legend>What can go wrong</legend>
      <label><input type="checkbox" checked=${!phone.backend.reachable} onChange=${event => phone.setNetwork(!event.target.checked)} /> out of network</label>
      <label><input type="checkbox" checked=${phone.platform.expired} onChange=${event => phone.setExpired(event.target.checked)} /> Exotel's token expired</label>
    </fieldset>`;
}

function Recent({ call }) {
  const at = call.started_at ? ` · ${new Date(call.started_at * 1000).toLocaleTimeString()}` : "";
  return html`<li><span>${call.direction === "outgoing" ? "to" : "from"} ${call.other_party ?? "unknown"}</span>
    <span class="soft">${call.outcome ?? "open"}${at}</span></li>`;
}

const PHASES = { calling: "Calling", ringing: "Ringing", incoming: "Incoming call", talking: "Connected", ended: "Call ended" };

function InCall({ phone, call }) {
  return html`
    <section class="call ${call.phase}" data-since=${call.since} data-call=${call.callId}>
      <p class="phase" role="status">${PHASES[call.phase]}</p>
      <div class="face" aria-hidden="true">${call.shown.slice(0, 1).toUpperCase()}</div>
      <h2>${call.shown}</h2>
      ${call.message && html`<p class="words">“${call.message}”</p>`}
      ${call.phase === "ended" && html`<p class="soft">${call.why}${call.seconds ? ` · ${call.seconds} s` : ""}</p>`}
      ${call.phase === "talking" && html`<${Audio} voice=${call.voice} />`}
      <${Buttons} phone=${phone} call=${call} />
    </section>`;
}

function Audio({ voice }) {
  return html`
    <p class="soft audio" data-sent=${voice.sent} data-received=${voice.received}>audio ↑ ${kilobytes(voice.sent)} ↓ ${kilobytes(voice.received)}</p>
    ${voice.problem && html`<p class="notice">${voice.problem}</p>`}`;
}

const kilobytes = bytes => `${(bytes / 1000).toFixed(1)} kB`;

function Buttons({ phone, call }) {
  if (call.phase === "incoming") {
    return html`<div class="buttons">
      <button class="bad" onClick=${() => phone.calls.decline()}>Decline</button>
      <button class="good" onClick=${() => phone.calls.accept()}>Accept</button></div>`;
  }
  if (call.phase === "ended") {
    return call.rated ? html`<button class="main" onClick=${() => phone.calls.done()}>Done</button>` : html`<${Rating} phone=${phone} />`;
  }
  return html`<div class="buttons">
    ${call.phase === "talking" && html`<button aria-pressed=${call.voice.muted} onClick=${() => call.voice.mute(!call.voice.muted)}>${call.voice.muted ? "Unmute" : "Mute"}</button>`}
    <button class="bad" onClick=${() => phone.calls.hangUp()}>Hang up</button></div>`;
}
