// Sends a VoIP push, an alert and a push to a made-up token with each library; prints what each tells, as JSON.
// Reads from standard input: {host, port, ca, key, keyId, teamId, bundle, token, unknown}
import { readFileSync } from "node:fs";
import { Notification as Apns2Notification, ApnsClient, PushType } from "apns2";
import apn from "@parse/node-apn";
import { Pool } from "undici";

const told = JSON.parse(readFileSync(0, "utf8"));

async function nodeApn() {
  const provider = new apn.Provider({
    address: told.host,
    port: told.port,
    ca: told.ca,
    production: true,
    token: { key: told.key, keyId: told.keyId, teamId: told.teamId },
  });
  const note = (topic, pushType, aps) => {
    const made = new apn.Notification();
    Object.assign(made, { topic, pushType, priority: 10, payload: { payload: "a.b.c" }, aps: aps ?? {} });
    made.expiry = 0;
    return made;
  };
  const sends = [
    [note(`${told.bundle}.voip`, "voip"), told.token],
    [note(told.bundle, "alert", { alert: "Incoming call" }), told.token],
    [note(`${told.bundle}.voip`, "voip"), told.unknown],
  ];
  const answers = [];
  for (const [made, token] of sends) {
    const { sent, failed } = await provider.send(made, token);
    answers.push(sent.length ? "sent" : `${failed[0].status} ${failed[0].response?.reason ?? failed[0].error}`);
  }
  await provider.shutdown();
  return answers;
}

async function apns2() {
  const client = new ApnsClient({ team: told.teamId, keyId: told.keyId, signingKey: told.key, defaultTopic: told.bundle });
  await client.client.close(); // it always uses port 443
  client.client = new Pool(`https://${told.host}:${told.port}`, { allowH2: true, connections: 1, connect: { ca: told.ca } });
  const sends = [
    [told.token, { type: PushType.voip, topic: `${told.bundle}.voip`, data: { payload: "a.b.c" } }],
    [told.token, { alert: "Incoming call" }],
    [told.unknown, { type: PushType.voip, topic: `${told.bundle}.voip` }],
  ];
  const answers = [];
  for (const [token, options] of sends) {
    try {
      await client.send(new Apns2Notification(token, options));
      answers.push("sent");
    } catch (error) {
      answers.push(`${error.statusCode} ${error.reason}`);
    }
  }
  await client.close();
  return answers;
}

console.log(JSON.stringify({ "node-apn": await nodeApn(), apns2: await apns2() }));
