// Requests with JSON. A refusal is an HttpError with the status and the server's message.

export class HttpError extends Error {
  constructor(status, body) {
    super(body.message || body.detail || `the server answered ${status}`);
    this.status = status;
    this.code = body.code;
  }
}

export async function send(method, path, body, headers = {}) {
  const options = { method, headers: { ...headers }, cache: "no-store" };
  if (body !== undefined) {
    options.body = JSON.stringify(body);
    options.headers["Content-Type"] = "application/json";
  }
  const answer = await fetch(path, options).catch(() => {
    throw new HttpError(0, { message: "the stack does not answer: is `make run` still running?" });
  });
  const text = await answer.text();
  const parsed = parse(text);
  if (!answer.ok) throw new HttpError(answer.status, parsed ?? { message: text.trim().slice(0, 200) });
  return parsed;
}

function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
