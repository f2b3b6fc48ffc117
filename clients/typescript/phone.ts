/**
 * Push messages and calls. It connects three things: Switchboard's API, Exotel's SDK, and the screen that rings.
 *
 * On an iPhone with PushKit this runs too late: iOS wants the call reported by native code (../swift/Phone.swift).
 */

import type { AckState, CallShown, Login, PushToken, SdkEvent, Switchboard } from "./switchboard";

/** The part of Exotel's SDK that is used here: implement it with your binding of ExotelVoiceClient and CallController. */
export interface VoiceSdk {
  initialize(login: Login): void | Promise<void>;
  /** `relaySessionData`, with both texts exactly as they are. */
  relay(payload: string, payloadVersion: string): void | Promise<void>;
  dial(exophone: string): void | Promise<void>;
  answer(): void | Promise<void>;
  hangUp(): void | Promise<void>;
  stop(): void | Promise<void>;
}

/** What the user sees. Calls have the id `callUuid` in all messages. */
export interface Screen {
  ring(call: Incoming): void;
  /** The caller's message and name, once they are known. */
  update(call: Incoming): void;
  /** The user has answered: stop the sound. */
  answered(callUuid: string): void;
  /** The call is over, or never began: `reason` is `ended`, `declined`, `failed`, or that of a cancel message. */
  end(callUuid: string, reason: string): void;
  missed(caller: string, at: number): void;
  /** The session has ended: show the login. */
  loggedOut(): void;
}

export interface Incoming {
  callUuid: string;
  /** Empty where the call came without a push. */
  pushId: string;
  callerName: string;
  message: string;
}

/** The data of a push: all values are text. */
export type PushData = Readonly<Record<string, string | undefined>>;

type State = "ringing" | "answering" | "talking";

interface Current {
  shown: Incoming;
  ringMs: number;
  state: State;
  sessionId?: string;
  timer?: ReturnType<typeof setTimeout>;
}

const RING_MS = 30_000;
const RENEW_AGAIN_MS = 30_000; // the SDK can report the same failure many times
const MOST_REMEMBERED = 50;

export class Phone {
  private current: Current | null = null; // a call for this phone
  private isDialling = false; // a call by this phone, until its end
  private ids: Pick<SdkEvent, "pushId" | "sessionId"> = {}; // of this call or the last, for its late callbacks
  private readonly over: string[] = []; // calls that must not ring (again)
  private token: PushToken | null = null;
  private sdkStart?: Promise<void>;
  private sessionHasEnded = false;
  private renewedAt = -Infinity;

  constructor(
    private readonly api: Switchboard,
    private readonly sdk: VoiceSdk,
    private readonly screen: Screen,
  ) {
    api.onSessionEnded = () => this.sessionEnded();
  }

  private get isBusy(): boolean {
    return this.current !== null || this.isDialling;
  }

  /** At the start of the app: bring the SDK up if a user is logged in, and send what could not be sent before. */
  async start(): Promise<boolean> {
    const login = await this.api.session();
    if (!login) return false;
    await this.bringUp(login);
    await this.api.flush().catch(() => {});
    return true;
  }

  async login(userName: string, password: string): Promise<void> {
    await this.loggedIn(await this.api.login(userName, password));
  }

  async loginWithIdToken(idToken: string): Promise<void> {
    await this.loggedIn(await this.api.loginWithIdToken(idToken));
  }

  async logout(): Promise<void> {
    await this.api.logout(this.token?.deviceToken);
    await this.loggedOut();
  }

  /** The system has given the app a push token: at each start, and whenever it changes. */
  async pushTokenChanged(token: PushToken): Promise<void> {
    this.token = token;
    if (await this.api.session()) await this.api.registerPush(token);
  }

  /** A push message has arrived. Hand all of them over: those that are not for this user do nothing. */
  async pushReceived(data: PushData): Promise<void> {
    const login = await this.api.session();
    if (!login) return;
    if (data.type === "missedCall") {
      this.screen.missed(data.caller ?? "", Number(data.at));
    } else if (data.subscriberName === login.subscriber_name) {
      if (data.type === "cancel") this.cancelled(data);
      else if (data.payload) await this.invited(data, login);
    }
  }

  /** Call a user. The callee must be known to Switchboard before Exotel asks for it, so the context comes first. */
  async dial(callee: string, message = ""): Promise<void> {
    const login = await this.api.session();
    await this.api.setContext(callee, message);
    this.ids = {};
    if (!login) return;
    this.isDialling = true;
    try {
      await this.sdk.dial(login.exophone);
    } catch (error) {
      this.isDialling = false;
      throw error;
    }
  }

  /** The user answers. The SDK can be a moment behind the push: then it answers as soon as it has the call. */
  async answer(): Promise<void> {
    const call = this.current;
    if (!call || call.state !== "ringing") return;
    call.state = "answering";
    this.endLater(call);
    this.screen.answered(call.shown.callUuid);
    if (call.sessionId !== undefined) await this.answerNow();
    await this.acknowledge("answered", call);
  }

  async decline(): Promise<void> {
    const call = this.current;
    if (!call) return;
    this.end("declined");
    if (call.sessionId !== undefined) await this.sdk.hangUp(); // else in callIncoming
    await this.acknowledge("declined", call);
  }

  async hangUp(): Promise<void> {
    this.isDialling = false;
    await this.sdk.hangUp();
  }

  /** The SDK's onIncomingCall; `sessionId` is its call id, `caller` its remote id. */
  async callIncoming(sessionId: string, caller: string): Promise<void> {
    if (!this.current) {
      if (this.ids.pushId) {
        await this.sdk.hangUp(); // the call of that push is over
        return;
      }
      if (this.isDialling) return; // the SDK has one call at a time
      this.begin({ callUuid: sessionId, pushId: "", callerName: caller, message: "" }, RING_MS);
    }
    const call = this.current!;
    call.sessionId = sessionId;
    await this.told("onIncomingCall", { sessionId });
    if (call.state === "answering") await this.answerNow();
  }

  /** The SDK's onCallInitiated, of a call that this phone makes. */
  async callInitiated(sessionId: string): Promise<void> {
    await this.told("onCallInitiated", { sessionId });
  }

  async callRinging(): Promise<void> {
    await this.told("onCallRinging");
  }

  async callEstablished(): Promise<void> {
    if (this.current) this.current.state = "talking";
    await this.told("onCallEstablished");
  }

  /** The SDK's onCallEnded or onMissedCall; `cdr` are its call details. All events of the call go out as one request. */
  async callEnded(cdr: Record<string, unknown>, name: "onCallEnded" | "onMissedCall" = "onCallEnded"): Promise<void> {
    await this.told(name, { cdr });
    this.isDialling = false;
    this.end("ended");
    this.ids = {};
    if (this.sessionHasEnded) await this.loggedOut();
    await this.api.flush().catch(() => {}); // they stay in the queue
  }

  /** The SDK's onAuthenticationFailure: get new tokens and start the SDK anew. */
  async authenticationFailed(type: string, message: string): Promise<void> {
    await this.told("onAuthenticationFailure", { error: { type, message } });
    this.isDialling = false;
    if (Date.now() - this.renewedAt < RENEW_AGAIN_MS) return;
    this.renewedAt = Date.now();
    await this.startSdk(this.api.renewToken());
  }

  private async loggedIn(login: Login): Promise<void> {
    await this.startSdk(login);
    if (this.token) await this.api.registerPush(this.token);
  }

  /** A call goes on: it needs no session. A push rings whatever the session's age. */
  private sessionEnded(): void {
    this.sessionHasEnded = true;
    if (!this.isBusy) void this.loggedOut();
  }

  private async loggedOut(): Promise<void> {
    this.sessionHasEnded = false;
    this.isDialling = false;
    this.end("ended");
    delete this.sdkStart;
    await this.sdk.stop();
    this.screen.loggedOut();
  }

  private async invited(data: PushData, login: Login): Promise<void> {
    const pushId = data.pushId ?? "";
    const callUuid = data.callUuid || pushId || data.payload!;
    if (this.over.includes(callUuid) || this.current?.shown.callUuid === callUuid) return;
    if (this.isBusy) {
      await this.acknowledge("busy", { shown: { callUuid, pushId, callerName: "", message: "" } });
      return;
    }
    // a length of time, since the phone's clock can differ from the server's
    const ringMs = Number(data.expiresAt) - Number(data.sentAt);
    const call = this.begin(
      { callUuid, pushId, callerName: data.callerName || "Unknown caller", message: "" },
      ringMs > 0 ? ringMs : RING_MS,
    );
    try {
      await this.bringUp(login);
      await this.sdk.relay(data.payload!, data.payloadVersion ?? ""); // at once: the SDK hears when the caller gives up
    } catch (error) {
      this.end("failed");
      throw error;
    }
    const about = await this.acknowledge("ringing", call);
    if (about && this.isCurrent(call)) {
      call.shown = { ...call.shown, ...about };
      this.screen.update(call.shown);
    }
  }

  private begin(shown: Incoming, ringMs: number): Current {
    const call: Current = { shown, ringMs, state: "ringing" };
    this.endLater(call);
    this.current = call;
    this.ids = shown.pushId ? { pushId: shown.pushId } : {};
    this.screen.ring(shown);
    return call;
  }

  /** End a call that nobody answers, or that is answered and does not come about, each after the push's time to ring. */
  private endLater(call: Current): void {
    clearTimeout(call.timer);
    call.timer = setTimeout(async () => {
      if (!this.isCurrent(call) || call.state === "talking") return;
      this.end("ended");
      if (call.state === "answering" && call.sessionId !== undefined) await this.hangUp().catch(() => {});
    }, call.ringMs);
  }

  private async answerNow(): Promise<void> {
    try {
      await this.sdk.answer();
    } catch (error) {
      this.end("failed");
      throw error;
    }
  }

  private isCurrent(call: Current): boolean {
    return this.current === call;
  }

  private cancelled({ callUuid = "", reason = "ended" }: PushData): void {
    const call = this.current;
    if (!call || call.shown.callUuid !== callUuid) this.forbid(callUuid); // it can overtake its invite
    else if (call.state === "ringing") this.end(reason);
  }

  private end(reason: string): void {
    const call = this.current;
    if (!call) return;
    clearTimeout(call.timer);
    this.current = null;
    this.forbid(call.shown.callUuid);
    this.screen.end(call.shown.callUuid, reason);
    if (this.sessionHasEnded) void this.loggedOut();
  }

  private forbid(callUuid: string): void {
    this.over.push(callUuid);
    this.over.splice(0, this.over.length - MOST_REMEMBERED);
  }

  /** Start the SDK once: the app and the push that started the app can both ask for it. */
  private bringUp(login: Login): Promise<void> {
    const isOver = login.refresh_token_expires_at * 1000 <= Date.now();
    return this.sdkStart ?? this.startSdk(isOver ? this.api.renewToken() : login);
  }

  private startSdk(login: Login | Promise<Login>): Promise<void> {
    return (this.sdkStart = this.initialize(login));
  }

  private async initialize(login: Login | Promise<Login>): Promise<void> {
    try {
      await this.sdk.initialize(await login);
    } catch (error) {
      delete this.sdkStart; // the next push or start tries again
      throw error;
    }
  }

  /** Confirm a push as far as the network allows: the call goes on without it. */
  private async acknowledge(state: AckState, { shown }: Pick<Current, "shown">): Promise<CallShown | null> {
    return shown.pushId ? this.api.acknowledge(shown.pushId, state).catch(() => null) : null;
  }

  private async told(name: string, more: Partial<SdkEvent> = {}): Promise<void> {
    if (more.sessionId !== undefined) this.ids = { ...this.ids, sessionId: more.sessionId };
    await this.api.report({ name, ...this.ids, ...more });
  }
}
