#!/bin/bash
# `make run`: fetch and build what is missing, then serve. Ctrl-C at any moment ends all of it; what is half made then has
# no mark of being complete (.ready), so the next run makes it anew.
cd "$(dirname "$0")/.." || exit 1
set -m # each step in a process group of its own: Ctrl-C reaches this script and make alone, no step in the midst of it

run() { # SIGNAL COMMAND…: SIGNAL ends the command and all that it started
  signal=$1
  "${@:2}" &
  wait $!
}

stop() {
  trap 'kill -KILL -$!' INT TERM HUP # asked a second time
  { [ -z "$!" ] || kill -s "$signal" -- "-$!" && wait $!; } 2>/dev/null
  echo "stopped; run it again to go on"
  exit 0 # make has had the signal as well: after a success it ends by it, in silence and with status 130
}

prepare() { # without make's own words about what has been said already
  {
    make -s --no-print-directory build-host 2>&1 >&3 | grep --line-buffered -v '^make\[' >&2
    return "${PIPESTATUS[0]}"
  } 3>&1
}

trap stop INT TERM HUP
run KILL prepare && run TERM .venv/bin/python -m local
