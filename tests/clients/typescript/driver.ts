/** Obeys commands on standard input, one JSON object a line, and answers with what came of each (tests/clients/driver.py). */

import { createInterface } from "node:readline";
import { Phone, type Screen, type VoiceSdk } from "../../../clients/typescript/phone";
import { Switchboard, SwitchboardError, type Options, type Store } from "../../../clients/typescript/switchboard";

const kept = new Map<string, string>();
const store: Store = {
  getItem: (key) => kept.get(key) ?? null,
  setItem: (key, value) => void kept.set(key, value),
  removeItem: (key) => void kept.delete(key),
};

let seen: unknown[][] = [];
const see = (...what: unknown[]) => void seen.push(what);
const sdk: VoiceSdk = {
  initialize: async (login) => {
    await new Promise((done) => setTimeout(done, 20));
    see("initialize", login.subscriber_name);
  },
  relay: (payload, version) => see("relay", payload, version),
  dial: (exophone) => see("dial", exophone),
  answer: () => see("answer"),
  hangUp: () => see("hangUp"),
  stop: () => see("stop"),
};
const screen: Screen = {
  ring: (call) => see("ring", call.callUuid, call.callerName),
  update: (call) => see("update", call.callUuid, call.callerName, call.message),
  answered: (callUuid) => see("answered", callUuid),
  end: (callUuid, reason) => see("end", callUuid, reason),
  missed: (caller, at) => see("missed", caller, at),
  loggedOut: () => see("loggedOut"),
};

const options: Options = { ...JSON.parse(process.argv[2]!), store };
let api = new Switchboard(options);
let phone = new Phone(api, sdk, screen);

function restart(): void {
  api = new Switchboard(options);
  phone = new Phone(api, sdk, screen);
}

type Command = Record<string, any> & { do: string };

const commands: Record<string, (given: Command) => unknown> = {
  restart,
  keep: ({ key, value }) => store.setItem(key, value),
  start: () => phone.start(),
  startedByPush: async ({ data }) => void (await Promise.all([phone.start(), phone.pushReceived(data)])),
  wait: ({ ms }) => new Promise((done) => setTimeout(done, ms)),
  login: ({ user, password }) => phone.login(user, password),
  loginWithIdToken: ({ token }) => phone.loginWithIdToken(token),
  logout: () => phone.logout(),
  pushToken: ({ token }) => phone.pushTokenChanged(token),
  push: ({ data }) => phone.pushReceived(data),
  dial: ({ callee, message }) => phone.dial(callee, message),
  answer: () => phone.answer(),
  decline: () => phone.decline(),
  initiated: ({ session }) => phone.callInitiated(session),
  ringing: () => phone.callRinging(),
  incoming: ({ session, caller }) => phone.callIncoming(session, caller),
  established: () => phone.callEstablished(),
  ended: ({ cdr }) => phone.callEnded(cdr),
  missed: ({ cdr }) => phone.callEnded(cdr, "onMissedCall"),
  authenticationFailure: ({ type, message }) => phone.authenticationFailed(type, message),
  report: ({ event }) => api.report(event),
  flush: () => api.flush(),
  clearContext: () => api.clearContext(),
  contacts: () => api.contacts(),
  feedback: ({ feedback }) => api.giveFeedback(feedback),
  logs: ({ lines }) => api.sendLogs(lines),
  calls: ({ cursor, limit }) => api.calls(cursor, limit),
};

async function obey(given: Command): Promise<object> {
  try {
    return { result: (await commands[given.do]!(given)) ?? null };
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return { error: { status: error.status, code: error.code, field: error.field ?? null } };
  }
}

async function main(): Promise<void> {
  for await (const line of createInterface({ input: process.stdin })) {
    const answer = await obey(JSON.parse(line));
    console.log(JSON.stringify({ ...answer, seen }));
    seen = [];
  }
}

void main();
