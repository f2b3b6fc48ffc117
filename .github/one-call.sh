#!/usr/bin/env bash
# Start `make run`, wait until it is ready, place one call, and stop it as Ctrl-C does.
set -euo pipefail
cd "$(dirname "$0")/.."
export PORT=${PORT:-3000}

set -m # a process group of its own, so that SIGINT reaches all of it
make run &
run=$!
trap 'kill -INT -- "-$run" 2>/dev/null || true; wait "$run" || true' EXIT

for _ in $(seq 600); do
  if curl --silent --fail --output /dev/null "http://127.0.0.1:$PORT/healthz"; then break; fi
  kill -0 "$run" # ends here, with make's own message above, when make has failed
  sleep 1
done
answer=$(curl --silent --fail "http://127.0.0.1:$PORT/_sim/calls" -d '{"from": "alice", "to": "bob"}')
echo "$answer"
grep --quiet --extended-regexp '"outcome": ?"ringing"' <<< "$answer"
