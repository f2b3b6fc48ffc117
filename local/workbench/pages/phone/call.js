// One call on this phone, from the dial or the push to its end. `phase` is calling, ringing, incoming, talking or ended.
import { Voice } from "./voice.js";
import { claimsOf } from "../lib/jwt.js";

// What a push tells about a call.
export function invite(data) {
  const claims = claimsOf(data.payload);
  const peer = claims.callerId ?? "", shown = data.callerName || claims.callerName || peer || "Unknown caller";
  const expires = Number(data.expiresAt) || Date.now() + 30_000;
  const ids = { pushId: data.pushId, callUuid: data.callUuid, session: claims.sessionId ?? "", sdkSession: claims.sessionId };
  return { direction: "in", phase: "incoming", peer, shown, expires, ...ids };
}

export class Call {
  constructor(phone, about) {
    Object.assign(this, { phone, phase: "calling", seconds: 0, ...about });
    this.enter(this.phase);
  }

  get active() {
    return this.phase !== "ended";
  }

  enter(phase) {
    this.phase = phase;
    this.since = Date.now();
    this.phone.changed();
  }

  // What the SDK calls back is told to the backend, by the ids that this side knows.
  tell(name, more = {}) {
    const ids = this.direction === "out" ? { callId: this.callId } : { pushId: this.pushId };
    this.phone.report({ name, sessionId: this.sdkSession, ...ids, ...more });
  }

  isOf(message) {
    return this.direction === "in" && (message.pushId === this.pushId || (message.callUuid && message.callUuid === this.callUuid));
  }

  async openVoice() {
    this.voice = new Voice(about => this.act("signal", about).catch(() => {}), () => this.phone.changed());
    this.opened = this.voice.open();
    await this.opened;
  }

  act(action, about) {
    return this.phone.platform.act(this.session, action, about);
  }

  async established({ callId }) {
    if (!this.active || this.phase === "talking") return;
    this.callId = callId;
    this.enter("talking");
    this.tell("onCallEstablished");
    await this.opened;
    if (this.direction === "out") await this.voice.offer();
  }

  async signal(about) {
    await this.opened;
    await this.voice?.take(about);
  }

  // `end` is the platform's word: answered, rejected, missed, hung-up, unreached.
  end(end, why) {
    if (!this.active) return;
    const talked = this.phase === "talking";
    this.seconds = talked ? Math.max(1, Math.round((Date.now() - this.since) / 1000)) : 0;
    this.rated = !talked;
    this.why = why;
    this.outcome = talked ? "answered" : end;
    clearTimeout(this.timer);
    this.voice?.close();
    this.enter("ended");
    const reasons = { answered: "NONE", rejected: "BUSY" };
    const cdr = { state: "ENDED", duration: this.seconds, endReason: reasons[this.outcome] ?? "TIMEOUT" };
    const missed = this.direction === "in" && !talked && ["missed", "hung-up"].includes(end);
    this.tell(missed ? "onMissedCall" : "onCallEnded", { cdr });
  }
}
