// What the panels show, kept up to date by server-sent events.
import { send } from "./lib/http.js";
import { listen } from "./lib/live.js";

const MOST = 500;

export class Store {
  constructor(draw) {
    Object.assign(this, { draw, online: true, problem: "", requests: [], pushes: [], calls: [], users: [], faults: [], queues: [], drawn: false });
    this.reading = new Map();
  }

  start() {
    const handlers = {
      request: one => {
        this.requests = [...this.requests, one].slice(-MOST);
        this.readSoon("faults");
        if (one.ids.length) this.readSoon("calls");
        if (/devicetoken|logout|login|^S$/.test(one.route)) this.readSoon("users");
        this.changed();
      },
      push: one => {
        this.pushes = [...this.pushes, one].slice(-MOST);
        this.readSoon("faults");
        this.changed();
      },
      calls: () => this.readSoon("calls"),
      phones: () => this.readSoon("users"),
      queues: rows => {
        this.queues = rows;
        this.changed();
      },
    };
    listen("/_sim/live", handlers, online => {
      this.online = online;
      this.problem = ""; // what a stack that stops or starts answered says nothing more
      if (online) this.readAll();
      this.changed();
    });
    this.changed();
  }

  async readAll() {
    await this.attempt(async () => {
      this.demo = await send("GET", "/_sim/demo");
      await Promise.all(["requests", "pushes", "calls", "users", "faults", "queues"].map(name => this.read(name)));
    });
  }

  async read(name) {
    const paths = { pushes: "/_sim/pushes?all=1" };
    const found = await send("GET", paths[name] ?? `/_sim/${name}`);
    this[name] = name === "calls" ? found.calls : found;
    if (name === "calls" && found.problem) this.problem = `The calls cannot be read: ${found.problem}`;
    this.changed();
  }

  // At most every half second: events come in bursts.
  readSoon(name) {
    if (this.reading.has(name)) return;
    this.reading.set(name, setTimeout(() => {
      this.reading.delete(name);
      this.attempt(() => this.read(name));
    }, 500));
  }

  // Messages in the dead-letter queues; those that `switchboard dlq` is looking at just now are in work, and still there.
  get deadLetters() {
    return this.queues.filter(one => one.dead).reduce((sum, one) => sum + one.waiting + one.in_flight, 0);
  }

  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      if (error.status !== 0) this.tell(error.message);
    }
  }

  tell(problem) {
    this.problem = problem;
    this.changed();
  }

  // What the customer's server may: users of the demo's account.
  server(method, name, body) {
    const path = `/v1/accounts/${encodeURIComponent(this.demo.account)}/subscribers/${encodeURIComponent(name)}`;
    return send(method, path, body, { Authorization: `Bearer ${this.demo.server_key}` });
  }

  changed() {
    if (this.drawn) return;
    this.drawn = true;
    queueMicrotask(() => {
      this.drawn = false;
      this.draw();
    });
  }
}
