#!/usr/bin/env bash
# Check commit subjects: at most 72 characters, a capital first, no full stop at the end.
#   check-subjects.sh RANGE    every commit of the range, merges left out
#   check-subjects.sh FILE     the message in FILE, as git's commit-msg hook passes it
set -euo pipefail

if [ -f "$1" ]; then
  subjects=$(head -n 1 "$1")
else
  subjects=$(git log --no-merges --format=%s "$1")
fi
failed=0
while IFS= read -r subject; do
  case $subject in fixup!*|squash!*|Revert\ *|"") continue ;; esac
  if [ "${#subject}" -gt 72 ]; then
    echo "${#subject} characters, at most 72: $subject" >&2; failed=1
  elif ! [[ $subject =~ ^[A-Z] ]] || [[ $subject == *. ]]; then
    echo "start with a capital and end without a full stop: $subject" >&2; failed=1
  fi
done <<< "$subjects"
exit "$failed"
