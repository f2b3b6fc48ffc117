// The calls of this phone: what its user does, what the push services bring, and what the platform's SDK calls back.
import { Call, invite } from "./call.js";
import { ExpiredTokenError } from "./platform.js";
import { Ringtone } from "./ringtone.js";

const MOST_PAST = 50; // pushes whose calls are over
const HISTORY_AGAIN_MS = [1500, 1500, 3000, 6000];
const WHY = {
  answeredElsewhere: ["answered", "answered on another phone"],
  declinedElsewhere: ["rejected", "declined on another phone"],
  callerHungUp: ["hung-up", "the caller hung up"],
  ended: ["hung-up", "the call has ended"],
};

export class Calls {
  constructor(phone) {
    this.phone = phone;
    this.ringtone = new Ringtone();
    this.early = [];
  }

  async dial(peer, message, shown) {
    const call = (this.current = new Call(this.phone, { direction: "out", peer, shown, message }));
    call.openVoice();
    try {
      await this.phone.backend.setContext(peer, message);
      const dialled = await this.#dialled();
      Object.assign(call, { callId: dialled.callId, session: dialled.session, sdkSession: dialled.callers_session });
      call.tell("onCallInitiated", { time: call.since });
      if (!call.active) await call.act("hang-up"); // the user was faster
      for (const [kind, event] of this.early.splice(0)) this.sdk(kind, event);
    } catch (error) {
      this.phone.failed(error);
      this.#over(call, "unreached", error.message);
    }
  }

  async #dialled() {
    const token = () => this.phone.account.subscriber_token.access_token;
    try {
      return await this.phone.platform.dial(token());
    } catch (error) {
      if (!(error instanceof ExpiredTokenError)) throw error;
      this.phone.report({ name: "onAuthenticationFailure", error: { type: "AUTHENTICATION_EXPIRED_TOKEN", message: error.message } });
      this.phone.account = await this.phone.backend.newToken(this.phone.hardware);
      this.phone.platform.expired = false;
      this.phone.notice = "Exotel's token had expired: the app has fetched a new one.";
      return this.phone.platform.dial(token());
    }
  }

  push({ data }) {
    if (data.type === "cancel") return this.#cancelled(data);
    if (data.type === "missedCall") return this.phone.say(`Missed call from ${data.caller}`);
    if (!this.phone.loggedIn || Number(data.expiresAt) <= Date.now() || this.#knows(data.pushId)) return;
    if (this.current?.active) return this.#busy(invite(data));
    this.#ring((this.current = new Call(this.phone, invite(data))));
  }

  async #ring(call) {
    call.timer = setTimeout(() => this.#over(call, "missed", "no answer"), call.expires - Date.now());
    try {
      this.ringtone.start();
    } catch {
      // it rings without a sound
    }
    call.tell("onIncomingCall");
    if (this.phone.hardware.platform === "android") call.act("ring").catch(error => error.status === 410 && this.#over(call, "missed", error.message));
    const context = await this.phone.attempt(() => this.phone.backend.acknowledge(call.pushId));
    if (context) Object.assign(call, { message: context.message, shown: context.callerName || call.shown });
    this.phone.changed();
  }

  #busy(call) {
    this.phone.backend.acknowledge(call.pushId, "busy").catch(() => {});
    this.phone.platform.act(call.session, "busy").catch(() => {});
    this.phone.say(`${call.shown} called while you talked`);
  }

  // docs/contract.md 7: only what still rings stops, so not the phone that has just answered. An unknown reason is an
  // end, too.
  #cancelled(message) {
    const [end, why] = WHY[message.reason] ?? WHY.ended, call = this.current;
    if (call?.isOf(message) && call.phase === "incoming" && !call.accepted) this.#over(call, end, why);
  }

  async accept() {
    const call = this.current;
    if (call.accepted) return;
    call.accepted = true;
    this.ringtone.stop();
    call.openVoice();
    try {
      await call.act("answer");
      await this.phone.attempt(() => this.phone.backend.acknowledge(call.pushId, "answered"));
    } catch (error) {
      this.#over(call, "missed", error.message);
    }
  }

  // What the user ends is over at once: the platform's word on it can come before the answer to the request.
  decline() {
    const call = this.current;
    this.phone.backend.acknowledge(call.pushId, "declined").catch(() => {});
    call.act("decline").catch(() => {});
    this.#over(call, "rejected", "you declined");
  }

  hangUp() {
    const call = this.current;
    if (call.session) call.act("hang-up").catch(() => {});
    this.#over(call, "hung-up", "you hung up");
  }

  #over(call, end, why) {
    if (!call) return;
    this.ringtone.stop();
    this.#remember(call.pushId);
    call.end(end, why);
    this.phone.attempt(() => this.#showInHistory(call));
  }

  // The history has a call a moment after its end.
  async #showInHistory({ callId, pushId }) {
    for (const pause of HISTORY_AGAIN_MS) {
      await new Promise(done => setTimeout(done, pause));
      if (!this.phone.loggedIn || !this.phone.backend.reachable) return;
      await this.phone.refresh();
      if (this.phone.recent.some(one => one.outcome && (one.call_sid === callId || one.push_ids.includes(pushId)))) return;
    }
  }

  async rate(rating, issue, comment) {
    const call = this.current;
    await this.phone.backend.rate(call.callId, rating, issue, comment, call.voice?.statistics ?? {});
    call.rated = true;
    this.phone.say("Thank you for the rating.");
  }

  done() {
    this.current = undefined;
    this.phone.changed();
    this.phone.attempt(() => this.phone.refresh());
  }

  // What the SDK calls back. Its word on a call can come before the answer to our own request for it.
  sdk(kind, event) {
    const call = this.current;
    if (call?.direction === "out" && call.active && !call.session) return this.early.push([kind, event]);
    if (call?.session !== event.session) return;
    if (kind === "ended") return this.#over(call, event.end, event.why);
    if (kind === "established") return call.established(event);
    if (kind === "signal") return call.signal(event.about);
    if (call.phase !== "calling") return;
    call.enter("ringing");
    call.tell("onCallRinging");
  }

  // Each push rings until its call is over, also when the page is loaded again.
  #knows(pushId) {
    return pushId === this.current?.pushId || this.#past.includes(pushId);
  }

  #remember(pushId) {
    if (pushId) sessionStorage.over = JSON.stringify([...this.#past, pushId].slice(-MOST_PAST));
  }

  get #past() {
    return JSON.parse(sessionStorage.over ?? "[]");
  }
}
