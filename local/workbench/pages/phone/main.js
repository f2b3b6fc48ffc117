import { html, render } from "../lib/html.js";
import { send } from "../lib/http.js";
import { Phone } from "./phone.js";
import { Screen } from "./screens.js";

const name = new URLSearchParams(location.search).get("as") ?? "";
const demo = await send("GET", "/_sim/phones");
let phone, drawn = false;

// Draws once for all changes of one turn of the event loop.
function draw() {
  if (drawn) return;
  drawn = true;
  queueMicrotask(() => {
    drawn = false;
    document.title = `${phone.name || "Phone"} · Switchboard`;
    render(html`<${Screen} phone=${phone} />`, document.body);
  });
}

phone = new Phone(demo, name, draw);
draw();
