#!/bin/bash
# fetch-node.sh FOLDER SOURCE: install what SOURCE/package-lock.json pins into FOLDER, without running packages' scripts.
cd "$(dirname "$0")/.." || exit 1
folder=$1 source=$2
command -v npm >/dev/null || {
  echo "npm is not installed, so the tests of $source are skipped (Node.js 20 or newer has it)"
  exit 0
}
rm -rf "$folder" && mkdir -p "$folder" && cp "$source"/package*.json "$folder" \
  && npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --loglevel=error >/dev/null \
  && touch "$folder/.ready"
