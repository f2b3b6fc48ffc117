// The workbench: panels that show what happens in the local stack. The address after # names the panel and what it shows.
import { html, render } from "./lib/html.js";
import { Store } from "./store.js";
import { Calls } from "./panels/calls.js";
import { Faults } from "./panels/faults.js";
import { Pushes } from "./panels/pushes.js";
import { Queues } from "./panels/queues.js";
import { Requests } from "./panels/requests.js";
import { Start } from "./panels/start.js";
import { Users } from "./panels/users.js";

const PANELS = { start: ["Start", Start], requests: ["Requests", Requests], calls: ["Calls", Calls], pushes: ["Pushes", Pushes] };
Object.assign(PANELS, { users: ["Users", Users], faults: ["Faults", Faults], queues: ["Queues", Queues] });

function place() {
  const [panel, ...rest] = location.hash.slice(1).split("/");
  return { panel: panel in PANELS ? panel : "start", shown: decodeURIComponent(rest.join("/")) };
}

function counts(store, name) {
  if (name === "faults") return store.faults.length;
  if (name === "queues") return store.deadLetters;
  return 0;
}

function Workbench({ store }) {
  const { panel, shown } = place();
  const Panel = PANELS[panel][1];
  return html`
    <header class="top">
      <h1><a href="#start">Switchboard</a></h1>
      <nav aria-label="Panels">
        ${Object.entries(PANELS).map(([name, [title]]) => html`
          <a href=${`#${name}`} aria-current=${name === panel ? "page" : undefined}>${title}${counts(store, name) > 0 && html` <b class="count">${counts(store, name)}</b>`}</a>`)}
        <a href="/docs">API</a>
      </nav>
    </header>
    <main>
      ${!store.online && html`<p class="notice bad" role="alert">Not connected. The stack has stopped (start it with <code>make run</code>), or
        this browser has six windows of it open, which is the most that it connects: close one.</p>`}
      ${store.problem && html`<p class="notice bad" role="alert">${store.problem} <button class="quiet" onClick=${() => store.tell("")}>OK</button></p>`}
      ${store.demo && html`<${Panel} key=${panel} store=${store} shown=${shown} />`}
    </main>`;
}

const store = new Store(() => render(html`<${Workbench} store=${store} />`, document.body));
addEventListener("hashchange", () => store.changed());
store.start();
