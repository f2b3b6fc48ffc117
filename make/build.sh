#!/bin/bash
# build.sh WHAT FOLDER ARCHITECTURE: `sam build` into FOLDER. It is built beside FOLDER and then put in its place, so that
# nobody ever sees half of a build. What sam says is shown when it fails, or with V=1.
cd "$(dirname "$0")/.." || exit 1
trap 'exit 130' INT
what=$1 folder=$2 architecture=$3 new="$2.$$"
trap 'rm -rf "$new"' EXIT

for left in "$folder".[0-9]*; do # by a build that was killed
  kill -0 "${left##*.}" 2>/dev/null || rm -rf "$left"
done

echo "building $what"
mkdir -p "$new"
build=(.tools/sam/bin/sam build --build-dir "$new/build" --parameter-overrides "Architecture=$architecture")
if [ -n "$V" ]; then
  "${build[@]}"
else
  "${build[@]}" >"$folder.log" 2>&1
fi || {
  [ -n "$V" ] || sed -n '/^Error/,$p' "$folder.log"
  echo "the build failed; run it with V=1 to see all that it says"
  exit 1
} >&2
[ ! -e "$folder" ] || mv "$folder" "$new/old"
mv "$new/build" "$folder"
