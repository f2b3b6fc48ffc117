#!/bin/bash
# `make run`: download and build what is missing, then serve. Ctrl-C stops it at any moment. An incomplete environment then
# has no file .ready, so the next run creates it again.
cd "$(dirname "$0")/.." || exit 1
set -m # each step has its own process group, so Ctrl-C reaches only this script and make, and interrupts no step

run() { # SIGNAL COMMAND…: SIGNAL ends the command and all that it started
  signal=$1
  "${@:2}" &
  wait $!
}

stop() {
  trap 'kill -KILL -$!' INT TERM HUP # for a second Ctrl-C
  { [ -z "$!" ] || kill -s "$signal" -- "-$!" && wait $!; } 2>/dev/null
  echo "stopped; run it again to continue"
  # GNU make fails ("wait: No child processes") if its child ends before it has handled the signal itself; on a busy
  # machine that takes a moment. After a success here it exits silently with status 130.
  sleep 0.5 &
  wait $!
  exit 0
}

prepare() { # hides make's own error lines, which repeat what a step has printed
  {
    make -s --no-print-directory build-host 2>&1 >&3 | grep --line-buffered -v '^make\[' >&2
    return "${PIPESTATUS[0]}"
  } 3>&1
}

trap stop INT TERM HUP
run KILL prepare && run TERM .venv/bin/python -m local
