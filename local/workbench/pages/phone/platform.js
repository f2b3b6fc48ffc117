// Stands for Exotel's SDK: it talks to the simulated platform, and reports by events what happens in a call.
import { send } from "../lib/http.js";
import { listen } from "../lib/live.js";
import { claimsOf } from "../lib/jwt.js";

export class ExpiredTokenError extends Error {}

// Each window is a phone of its own, also after it was loaded again.
function pageId() {
  sessionStorage.page ||= crypto.randomUUID?.() ?? Array.from(crypto.getRandomValues(new Uint8Array(16)), one => one.toString(16)).join("");
  return sessionStorage.page;
}

export class Platform {
  constructor(name) {
    this.name = name;
    this.path = `/_sim/phones/${encodeURIComponent(name)}`;
    this.page = pageId();
    this.expired = false;
    this.close = () => {};
  }

  connect(handlers, status) {
    const phone = about => {
      this.phone = about;
      handlers.phone(about);
    };
    this.close = listen(`${this.path}/live?page=${this.page}`, { ...handlers, phone }, status);
  }

  async dial(accessToken) {
    const expires = claimsOf(accessToken).exp * 1000;
    if (this.expired || expires < Date.now()) throw new ExpiredTokenError("the access token has expired");
    return this.#post(`${this.path}/calls`, { access_token: accessToken });
  }

  act(session, action, about) {
    return this.#post(`${this.path}/calls/${encodeURIComponent(session)}/${action}`, { about });
  }

  #post(path, body) {
    return send("POST", path, { page: this.page, token: this.phone.token, ...body });
  }
}
