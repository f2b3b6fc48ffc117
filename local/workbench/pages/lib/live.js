// Server-sent events. `handlers` maps kinds of events to functions of their JSON; `status` learns whether the server is
// there. The browser connects again by itself, except after an answer that is no stream: then we do.

const AGAIN_MS = 2000;

export function listen(path, handlers, status = () => {}) {
  let source, closed = false, timer;
  const open = () => {
    source = new EventSource(path);
    source.onopen = () => status(true);
    source.onerror = () => {
      status(false);
      if (source.readyState === EventSource.CLOSED && !closed) timer = setTimeout(open, AGAIN_MS);
    };
    for (const [kind, handle] of Object.entries(handlers)) {
      source.addEventListener(kind, event => handle(JSON.parse(event.data)));
    }
  };
  open();
  return () => {
    closed = true;
    clearTimeout(timer);
    source.close();
  };
}
