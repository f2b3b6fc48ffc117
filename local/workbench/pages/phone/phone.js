// The phone: who is logged in, what it shows, and what it does with pushes and with what the platform's SDK calls back.
import { Backend } from "./backend.js";
import { Call, invite } from "./call.js";
import { ExpiredTokenError, Platform } from "./platform.js";
import { Ringtone } from "./ringtone.js";

const MOST_SEEN = 50; // pushes, of which each rings once

export class Phone {
  constructor(demo, name, changed) {
    Object.assign(this, { demo, name, changed, notice: "", online: false, loggedIn: false, contacts: [], calls: [], held: [] });
    this.ringtone = new Ringtone();
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
    const handlers = { phone, push: soon(event => this.pushed(event.data)) };
    handlers.ringing = soon(event => this.of(event)?.phase === "calling" && (this.call.enter("ringing"), this.call.tell("onCallRinging")));
    handlers.established = soon(event => this.of(event)?.established(event));
    handlers.signal = soon(event => this.of(event)?.signal(event.about));
    handlers.ended = soon(event => this.ended(this.of(event), event.end, event.why));
    this.platform.connect(handlers, online => {
      this.online = online;
      this.changed();
    });
  }

  of({ session }) {
    return this.call?.session === session ? this.call : undefined;
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
    Object.assign(this, { loggedIn: false, notice, call: undefined });
    this.changed();
  }

  async refresh() {
    [this.contacts, this.calls] = await Promise.all([this.backend.contacts(), this.backend.calls()]);
    this.changed();
  }

  async dial(peer, message) {
    const call = (this.call = new Call(this, { direction: "out", peer, shown: peer, message }));
    call.openVoice();
    try {
      await this.backend.setContext(peer, message);
      const dialled = await this.#dialled();
      Object.assign(call, { callId: dialled.callId, session: dialled.session, sdkSession: dialled.callers_session });
      call.tell("onCallInitiated", { time: call.since });
    } catch (error) {
      this.failed(error);
      this.ended(call, "unreached", error.message);
    }
  }

  async #dialled() {
    const token = () => this.account.subscriber_token.access_token;
    try {
      return await this.platform.dial(token());
    } catch (error) {
      if (!(error instanceof ExpiredTokenError)) throw error;
      this.report({ name: "onAuthenticationFailure", error: { type: "AUTHENTICATION_EXPIRED_TOKEN", message: error.message } });
      this.account = await this.backend.newToken(this.hardware);
      this.platform.expired = false;
      this.notice = "Exotel's token had expired: the app has fetched a new one.";
      return this.platform.dial(token());
    }
  }

  pushed(data) {
    if (data.type === "cancel") return this.#cancelled(data);
    if (data.type === "missedCall") return this.#say(`Missed call from ${data.caller}`);
    if (!this.loggedIn || Number(data.expiresAt) <= Date.now() || !this.#isNew(data.pushId)) return;
    if (this.call?.active) return this.#busy(invite(data));
    this.#ring((this.call = new Call(this, invite(data))));
  }

  async #ring(call) {
    call.timer = setTimeout(() => this.ended(call, "missed", "no answer"), call.expires - Date.now());
    try {
      this.ringtone.start();
    } catch {
      // it rings without a sound
    }
    call.tell("onIncomingCall");
    if (this.hardware.platform === "android") call.act("ring").catch(error => error.status === 410 && this.ended(call, "missed", error.message));
    const context = await this.attempt(() => this.backend.acknowledge(call.pushId));
    if (context) Object.assign(call, { message: context.message, shown: context.callerName || call.shown });
    this.changed();
  }

  #busy(call) {
    this.backend.acknowledge(call.pushId, "busy").catch(() => {});
    this.platform.act(call.session, "busy").catch(() => {});
    this.#say(`${call.shown} called while you talked`);
  }

  #cancelled(message) {
    const why = { answeredElsewhere: "answered on another phone", declinedElsewhere: "declined on another phone" };
    why.callerHungUp = "the caller hung up";
    why.ended = "the call has ended";
    const end = { answeredElsewhere: "answered", declinedElsewhere: "rejected" }[message.reason] ?? "hung-up";
    if (this.call?.isOf(message) && this.call.phase === "incoming") this.ended(this.call, end, why[message.reason] ?? "cancelled");
  }

  async accept() {
    const call = this.call;
    this.ringtone.stop();
    call.openVoice();
    try {
      await call.act("answer");
      await this.attempt(() => this.backend.acknowledge(call.pushId, "answered"));
    } catch (error) {
      this.ended(call, "missed", error.message);
    }
  }

  async decline() {
    const call = this.call;
    this.backend.acknowledge(call.pushId, "declined").catch(() => {});
    await call.act("decline").catch(() => {});
    this.ended(call, "rejected", "you declined");
  }

  async hangUp() {
    const call = this.call;
    if (call.session) await call.act("hang-up").catch(() => {});
    this.ended(call, "hung-up", "you hung up");
  }

  ended(call, end, why) {
    if (!call) return;
    this.ringtone.stop();
    call.end(end, why);
    setTimeout(() => this.loggedIn && this.attempt(() => this.refresh()), 1500);
  }

  async rate(rating, issue, comment) {
    const call = this.call;
    await this.backend.rate(call.callId, rating, issue, comment, call.voice?.statistics ?? {});
    call.rated = true;
    this.#say("Thank you for the rating.");
  }

  done() {
    this.call = undefined;
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
    this.#say(error.message);
  }

  #say(notice) {
    this.notice = notice;
    this.changed();
  }

  #isNew(pushId) {
    const seen = JSON.parse(sessionStorage.seen ?? "[]");
    if (seen.includes(pushId)) return false;
    sessionStorage.seen = JSON.stringify([...seen, pushId].slice(-MOST_SEEN));
    return true;
  }

  async #until(holds, otherwise) {
    for (let tries = 0; !holds(); tries++) {
      if (tries === 100) throw new Error(otherwise);
      await new Promise(done => setTimeout(done, 50));
    }
  }
}
