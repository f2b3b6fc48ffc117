// The users of the account and their phones.
import { html } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Empty } from "../lib/shown.js";

export function Users({ store }) {
  const change = (name, body) => store.attempt(async () => {
    await store.server("PUT", name, body);
    await store.read("users");
  });
  const add = async event => {
    event.preventDefault();
    const { name, password } = Object.fromEntries(new FormData(event.target));
    await change(name.trim(), { password, display_name: name.trim() });
    event.target.reset();
  };
  return html`
    <section class="card">
      <h2>Users and devices</h2>
      <form class="grid" onSubmit=${add}>
        <label>New user <input name="name" required pattern="[A-Za-z0-9]{1,16}" placeholder="1 to 16 letters and digits" autocomplete="off" /></label>
        <label>Password <input name="password" required minlength="8" defaultValue="switchboard" autocomplete="off" /></label>
        <button class="main">Add</button>
      </form>
      ${store.users.length ? html`<ul class="users">${store.users.map(one => html`<${User} key=${one.name} one=${one} store=${store} change=${change} />`)}</ul>` : html`<${Empty}>Reading the users<//>`}
    </section>`;
}

function User({ one, store, change }) {
  const active = one.status === "active";
  return html`<li>
    <div class="user"><b>${one.name}</b> <span class="soft">${one.display_name}</span> ${!active && html`<span class="tag bad">suspended</span>`}
      <span class="actions"><a class="button quiet" href=${`/phone?as=${one.name}`} target="_blank" rel="opener">Open as a phone</a>
      <button class="quiet" onClick=${() => change(one.name, { status: active ? "inactive" : "active" })}>${active ? "Suspend" : "Activate"}</button></span></div>
    <ul>${one.phones.map(phone => html`<${Phone} name=${one.name} phone=${phone} store=${store} />`)}</ul>
    ${one.phones.length === 0 && html`<p class="soft">no phone</p>`}</li>`;
}

function Phone({ name, phone, store }) {
  const restore = () => store.attempt(async () => {
    await send("POST", `/_sim/users/${encodeURIComponent(name)}/phones/${phone.number}/restore`, {});
    await store.read("users");
  });
  const state = !phone.registered ? "not registered" : phone.disabled ? `disabled: ${phone.reason}` : "registered";
  return html`<li class="device"><span>${phone.platform === "ios" ? "iPhone" : "Android"} <span class="soft">${phone.tokenType}</span></span>
    <code>${phone.token || `key ${phone.deviceKey.slice(0, 8)}…`}</code>
    <span class=${phone.registered && !phone.disabled ? "good" : "bad"}>${state}</span>
    ${phone.open && html`<span class="tag good">open in a window</span>`}
    ${phone.number !== undefined && (!phone.registered || phone.disabled) && html`<button class="quiet" onClick=${restore}>Restore</button>`}</li>`;
}
