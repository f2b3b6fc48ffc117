/** Switchboard's API for an app: the session, every request, and a queue that keeps events while there is no network. */

export type Platform = "android" | "ios";
export type TokenType = "fcm" | "fid" | "apns" | "apns-voip";
export type AckState = "ringing" | "answered" | "declined" | "busy";
export type Issue = "NO_ISSUE" | "BACKGROUND_NOISE" | "CHOPPY_AUDIO" | "HIGH_LATENCY" | "NO_AUDIO" | "ECHO";

/** Where the session and unsent events are kept: localStorage, or in React Native a store that the system encrypts. */
export interface Store {
  getItem(key: string): string | null | Promise<string | null>;
  setItem(key: string, value: string): void | Promise<void>;
  removeItem(key: string): void | Promise<void>;
}

/** The answer of a login. Times are epoch seconds. */
export interface Login {
  subscriber_token: { refresh_token: string; access_token: string };
  subscriber_name: string;
  host_name: string;
  account_sid: string;
  exophone: string;
  contact_display_name: string;
  session_token: string;
  session_expires_at: number;
  access_token_expires_at: number;
  refresh_token_expires_at: number;
}

export interface PushToken {
  deviceToken: string;
  tokenType: TokenType;
  /** Of a token of Apple's: which of its two services knows it. */
  environment?: "production" | "sandbox";
  bundleId?: string;
}

/** One event of Exotel's SDK. Further fields are stored too. */
export interface SdkEvent {
  name: string;
  /** Epoch milliseconds; when it is reported, unless given. */
  time?: number;
  callId?: string;
  pushId?: string;
  sessionId?: string;
  error?: { type: string; message?: string };
  cdr?: Record<string, unknown>;
}

export interface Feedback {
  /** The CallSid, the push's `pushId` or the SDK's session id. */
  callId: string;
  /** 5 is excellent, 1 is terrible. */
  rating: number;
  issue: Issue;
  comment?: string;
  statistics?: Record<string, unknown>;
}

export interface LogLine {
  message: string;
  level?: string;
  tag?: string;
  time?: number;
}

/** A call as the user saw it; null where nothing is known (yet). Times are epoch seconds. */
export interface ListedCall {
  id: string;
  call_sid: string | null;
  push_ids: string[];
  session_ids: string[];
  direction: "incoming" | "outgoing";
  other_party: string | null;
  started_at: number | null;
  outcome: string | null;
  ring_seconds: number | null;
  talk_seconds: number | null;
  rating: number | null;
}

export interface ContactGroup {
  group: string;
  is_special: boolean;
  contacts: { contact_name: string; contact_number: string }[];
}

/** What a call is about, for the callee. */
export interface CallShown {
  message: string;
  callerName: string;
}

/** A refusal, or no answer: then `status` is 0 and `code` is `offline`. Later versions have codes that are not known yet. */
export class SwitchboardError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly field?: string,
    /** Seconds to wait before the next try. */
    readonly retryAfter?: number,
    /** Quote it to whoever runs the service. */
    readonly requestId?: string,
  ) {
    super(message);
  }

  /** Whether sending the same again is of no use. */
  get isFinal(): boolean {
    return [400, 413, 422].includes(this.status);
  }
}

export interface Options {
  /** Such as `https://…/v1`. */
  baseUrl: string;
  accountSid: string;
  /** The SDK's own device id: Exotel binds its tokens to it. */
  deviceId: string;
  platform: Platform;
  store: Store;
}

const LOGIN_KEY = "switchboard.login";
const EVENTS_KEY = "switchboard.events";
const TIMEOUT_MS = 15_000;
const MOST_QUEUED = 500; // the oldest events are dropped
const MOST_IN_BATCH = 100;
const MOST_IDS_IN_BATCH = 16;
const MOST_LOG_LINES = 500;
const MOST_LOG_CHARACTERS = 15_000; // at most 60,000 bytes

export class Switchboard {
  /** The session has ended elsewhere: show the login. */
  onSessionEnded?: (code: string) => void;
  private current: Login | null = null;
  private events: SdkEvent[] = [];
  private restored?: Promise<void>;
  private renewing?: Promise<Login>;
  private flushing?: Promise<void>;

  constructor(private readonly options: Options) {}

  /** The login that is in force, also after a restart of the app; null if there is none. */
  async session(): Promise<Login | null> {
    await (this.restored ??= this.restore());
    return this.current;
  }

  /** Log in with the user's name and password. A wrong one is a SwitchboardError with the status 403. */
  login(userName: string, password: string): Promise<Login> {
    return this.begin(this.post<Login>("login", { user_name: userName, password, ...this.phone() }, null));
  }

  /** Log in with an id token of your own identity provider. */
  loginWithIdToken(idToken: string): Promise<Login> {
    return this.begin(this.post<Login>("login", this.phone(), idToken));
  }

  /** Get new tokens for the SDK; the session stays. Calls at the same time share one request. */
  renewToken(): Promise<Login> {
    const { device_id, platform } = this.phone();
    return (this.renewing ??= this.begin(this.post<Login>("token", { device_id, platform })).finally(() => {
      delete this.renewing;
    }));
  }

  /** End the session. Without an answer the user stays logged in, because the phone would go on ringing. */
  async logout(deviceToken?: string): Promise<void> {
    await this.flush().catch(() => {});
    try {
      await this.post("logout", { deviceToken });
    } catch (error) {
      if (!(error instanceof SwitchboardError) || error.status !== 401) throw error;
    }
    await this.forget();
  }

  /** Make this phone ring for the user. Send it at each start of the app, and when the token changes. */
  async registerPush({ deviceToken, tokenType, environment, bundleId }: PushToken): Promise<void> {
    const { device_id: deviceId, platform } = this.phone();
    const knows = ["cancel"];
    await this.post("devicetoken", { deviceToken, tokenType, environment, bundleId, deviceId, platform, knows });
  }

  /** Say whom the next call is for. Each context answers one call. */
  async setContext(callee: string, message = ""): Promise<void> {
    await this.post("context", { dialToNumber: callee, message });
  }

  async clearContext(): Promise<void> {
    await this.send("DELETE", "context");
  }

  async contacts(): Promise<ContactGroup[]> {
    const answer = await this.send<{ response: { data: ContactGroup }[] }>("GET", "contacts");
    return answer.response.map((entry) => entry.data);
  }

  /** Confirm a push and say what this phone does with it; learn what the call is about, if that is known. */
  async acknowledge(pushId: string, state: AckState): Promise<CallShown | null> {
    const path = `pushes/${encodeURIComponent(pushId)}/ack`;
    return (await this.post<{ context: CallShown | null }>(path, { state })).context;
  }

  async giveFeedback({ callId, rating, issue, comment, statistics }: Feedback): Promise<void> {
    await this.post("feedback", { callId, rating, issue, comment, statistics });
  }

  /** Send lines of the SDK's log, in as few requests as their size allows. */
  async sendLogs(lines: LogLine[]): Promise<void> {
    for (let left = lines; left.length > 0; ) {
      let size = 0;
      const count = left.slice(0, MOST_LOG_LINES).findIndex((line) => {
        size += JSON.stringify(line).length;
        return size > MOST_LOG_CHARACTERS;
      });
      const batch = left.slice(0, count === -1 ? MOST_LOG_LINES : Math.max(count, 1));
      await this.post("logs", { platform: this.options.platform, lines: batch });
      left = left.slice(batch.length);
    }
  }

  /** A page of the user's own calls, newest first; `cursor` is for the next page, null on the last one. */
  calls(cursor?: string, limit = 20): Promise<{ calls: ListedCall[]; cursor: string | null }> {
    const next = cursor === undefined ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    return this.send("GET", `calls?limit=${limit}${next}`);
  }

  /** Keep an event until the next flush, also over a restart of the app. */
  async report(event: SdkEvent): Promise<void> {
    const at = Date.now();
    await this.session();
    this.events.push({ time: at, ...event });
    this.events.splice(0, this.events.length - MOST_QUEUED);
    await this.keepEvents();
  }

  /** Send what was reported, in one request where it fits: at the end of a call and when the network is back. */
  flush(): Promise<void> {
    return (this.flushing ??= this.sendEvents().finally(() => {
      delete this.flushing;
    }));
  }

  private async sendEvents(): Promise<void> {
    while ((await this.session()) && this.events.length > 0) {
      const batch = this.nextBatch();
      try {
        await this.post("events", { events: batch });
      } catch (error) {
        if (!(error instanceof SwitchboardError) || !error.isFinal) throw error;
      }
      this.events = this.events.filter((event) => !batch.includes(event));
      await this.keepEvents();
    }
  }

  private nextBatch(): SdkEvent[] {
    const ids = new Set<string>();
    const end = this.events.slice(0, MOST_IN_BATCH).findIndex(({ callId, pushId, sessionId }) => {
      for (const id of [callId, pushId, sessionId]) if (id) ids.add(id);
      return ids.size > MOST_IDS_IN_BATCH;
    });
    return this.events.slice(0, end === -1 ? MOST_IN_BATCH : end);
  }

  private phone() {
    const { accountSid, deviceId, platform } = this.options;
    return { account_sid: accountSid, device_id: deviceId, platform };
  }

  private async begin(answer: Promise<Login>): Promise<Login> {
    await this.session();
    const login = await answer;
    if (this.current?.subscriber_name !== login.subscriber_name) this.events = [];
    this.current = login;
    await this.options.store.setItem(LOGIN_KEY, JSON.stringify(login));
    await this.keepEvents();
    return login;
  }

  private async restore(): Promise<void> {
    const [login, events] = await Promise.all([LOGIN_KEY, EVENTS_KEY].map((key) => this.options.store.getItem(key)));
    this.current = parsed<Login>(login);
    this.events = parsed<SdkEvent[]>(events) ?? [];
  }

  private async forget(): Promise<void> {
    this.current = null;
    this.events = [];
    await this.options.store.removeItem(LOGIN_KEY);
    await this.options.store.removeItem(EVENTS_KEY);
  }

  private async keepEvents(): Promise<void> {
    await this.options.store.setItem(EVENTS_KEY, JSON.stringify(this.events));
  }

  private post<T>(path: string, body: object, bearer?: string | null): Promise<T> {
    return this.send("POST", path, body, bearer);
  }

  /** Send a request of the user's; `bearer` is the session unless it is given, null for none. */
  private async send<T>(method: string, path: string, body?: object, bearer?: string | null): Promise<T> {
    const login = await this.session();
    if (bearer === undefined && !login) throw new SwitchboardError(401, "no_session", "log in first");
    const proof = bearer === undefined ? login?.session_token : bearer;
    const response = await this.fetched(this.url(path, login), {
      method,
      headers: {
        ...(body ? { "Content-Type": "application/json" } : {}),
        ...(proof ? { Authorization: `Bearer ${proof}` } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    if (response.ok && response.answer) return response.answer as T;
    const error = problem(response);
    if (error.status === 401 && bearer === undefined && proof === this.current?.session_token) {
      await this.forget();
      this.onSessionEnded?.(error.code);
    }
    throw error;
  }

  private url(path: string, login: Login | null): string {
    if (path === "login" || !login) return `${this.options.baseUrl}/login`;
    const [account, name] = [this.options.accountSid, login.subscriber_name].map(encodeURIComponent);
    return `${this.options.baseUrl}/accounts/${account}/subscribers/${name}/${path}`;
  }

  private async fetched(url: string, request: RequestInit): Promise<Fetched> {
    const aborter = new AbortController();
    const timer = setTimeout(() => aborter.abort(), TIMEOUT_MS);
    try {
      const response = await fetch(url, { ...request, signal: aborter.signal });
      const answer = parsed<object>(await response.text());
      return { ok: response.ok, status: response.status, answer, retryAfter: response.headers.get("Retry-After") };
    } catch {
      throw new SwitchboardError(0, "offline", "no answer from the server");
    } finally {
      clearTimeout(timer);
    }
  }
}

interface Fetched {
  ok: boolean;
  status: number;
  answer: object | null;
  retryAfter: string | null;
}

/** What a text in JSON says; null where it is none. */
function parsed<T>(text: string | null | undefined): T | null {
  try {
    return JSON.parse(text ?? "null");
  } catch {
    return null;
  }
}

function problem({ ok, status, answer, retryAfter }: Fetched): SwitchboardError {
  if (ok) return new SwitchboardError(status, "unreadable", "the answer is not Switchboard's");
  const told = (answer ?? {}) as { code?: string; message?: string; field?: string; request_id?: string };
  const message = told.message || `the server answered ${status}`; // API Gateway's own refusals have no code
  const seconds = retryAfter === null || Number.isNaN(Number(retryAfter)) ? undefined : Number(retryAfter);
  return new SwitchboardError(status, told.code ?? "gateway", message, told.field, seconds, told.request_id);
}
