// What the app asks of the backend, with the routes and bodies of docs/api.md.
import { send } from "../lib/http.js";

const RATING_TRIES = 12, RATING_AGAIN_MS = 500; // a call can be rated once its timeline is written

export class Backend {
  constructor(account, name) {
    this.account = account;
    this.name = name;
    this.path = `/v1/accounts/${encodeURIComponent(account)}/subscribers/${encodeURIComponent(name)}`;
    this.session = "";
    this.reachable = true;
  }

  async login(password, phone) {
    const body = { user_name: this.name, password, account_sid: this.account, device_id: phone.deviceId, platform: phone.platform };
    const answer = await this.#send("POST", "/v1/login", body);
    this.session = answer.session_token;
    return answer;
  }

  // An app that does not name `cancel` among what it knows never gets such a message (docs/contract.md 7).
  register({ token, tokenType, platform, deviceId }) {
    return this.#own("POST", "devicetoken", { deviceToken: token, tokenType, platform, deviceId, knows: ["cancel"] });
  }

  newToken(phone) {
    return this.#own("POST", "token", { device_id: phone.deviceId, platform: phone.platform });
  }

  logout(token) {
    return this.#own("POST", "logout", { deviceToken: token });
  }

  async contacts() {
    const answer = await this.#own("GET", "contacts");
    return answer.response.map(group => group.data);
  }

  async calls() {
    return (await this.#own("GET", "calls?limit=5")).calls;
  }

  setContext(callee, message) {
    return this.#own("POST", "context", { dialToNumber: callee, message });
  }

  async acknowledge(pushId, state) {
    return (await this.#own("POST", `pushes/${encodeURIComponent(pushId)}/ack`, state && { state })).context;
  }

  tell(events) {
    return this.#own("POST", "events", { events: events.map(event => ({ time: Date.now(), ...event })) });
  }

  async rate(callId, rating, issue, comment, statistics) {
    const body = { callId, rating, issue, statistics, ...(comment && { comment }) };
    for (let tries = 1; ; tries++) {
      try {
        return await this.#own("POST", "feedback", body);
      } catch (error) {
        if (error.status !== 404 || tries === RATING_TRIES) throw error;
        await new Promise(done => setTimeout(done, RATING_AGAIN_MS));
      }
    }
  }

  #own(method, resource, body) {
    return this.#send(method, `${this.path}/${resource}`, body, { Authorization: `Bearer ${this.session}` });
  }

  #send(...request) {
    if (!this.reachable) throw new Error("the phone is out of network");
    return send(...request);
  }
}
