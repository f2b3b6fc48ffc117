// The phone: who is logged in, what it shows, and where its events go.
import { Backend } from "./backend.js";
import { Calls } from "./calls.js";
import { Platform } from "./platform.js";

export class Phone {
  constructor(demo, name, changed) {
    Object.assign(this, { demo, name, changed, notice: "", online: false, loggedIn: false, contacts: [], recent: [], held: [] });
    this.calls = new Calls(this);
    if (name) this.switchOn(name);
  }

  switchOn(name) {
    this.platform?.close();
    this.name = name;
    this.backend = new Backend(this.demo.account, name);
    this.platform = new Platform(name);
    const phone = about => {
      this.hardware = about;
      this.resume();
    };
    const soon = handle => event => (this.backend.reachable ? handle(event) : this.held.push(() => handle(event)));
    const handlers = { phone, push: soon(event => this.calls.push(event)) };
    for (const kind of ["ringing", "established", "signal", "ended"]) handlers[kind] = soon(event => this.calls.sdk(kind, event));
    this.platform.connect(handlers, online => {
      this.online = online;
      this.changed();
    });
  }

  async login(name, password) {
    if (name !== this.name) this.switchOn(name);
    await this.#until(() => this.hardware?.name === name, "the stack gives this window no phone: is another window open too often?");
    this.account = await this.backend.login(password, this.hardware);
    sessionStorage.login = JSON.stringify({ name, session: this.backend.session, account: this.account });
    await this.#enter();
  }

  // After a reload the window is still logged in.
  async resume() {
    const kept = JSON.parse(sessionStorage.login ?? "{}");
    if (!this.loggedIn && kept.name === this.name) {
      this.account = kept.account;
      this.backend.session = kept.session;
      await this.attempt(() => this.#enter());
    }
    this.changed();
  }

  async #enter() {
    await this.backend.register(this.hardware);
    this.loggedIn = true;
    this.notice = "";
    await this.refresh();
  }

  async logout() {
    await this.backend.logout(this.hardware.token).catch(() => {});
    this.leave("");
  }

  leave(notice) {
    delete sessionStorage.login;
    Object.assign(this, { loggedIn: false, notice });
    this.calls.current = undefined;
    this.changed();
  }

  async refresh() {
    [this.contacts, this.recent] = await Promise.all([this.backend.contacts(), this.backend.calls()]);
    this.changed();
  }

  setNetwork(reachable) {
    this.backend.reachable = reachable;
    if (reachable) for (const late of this.held.splice(0)) late();
    this.changed();
  }

  setExpired(expired) {
    this.platform.expired = expired;
    this.changed();
  }

  report(event) {
    if (this.backend.session) this.attempt(() => this.backend.tell([event]));
  }

  // Do what may fail, and show why it failed.
  async attempt(work) {
    try {
      return await work();
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error) {
    if (error.status === 401) return this.leave(`${error.message}.`);
    this.say(error.message);
  }

  say(notice) {
    this.notice = notice;
    this.changed();
  }

  async #until(holds, otherwise) {
    for (let tries = 0; !holds(); tries++) {
      if (tries === 100) throw new Error(otherwise);
      await new Promise(done => setTimeout(done, 50));
    }
  }
}
