#!/bin/bash
# build.sh WHAT FOLDER ARCHITECTURE: `sam build` into FOLDER. The build is made next to FOLDER and then moved there, so
# FOLDER never has an incomplete build. SAM's output is shown if the build fails, or with V=1.
cd "$(dirname "$0")/.." || exit 1
trap 'exit 130' INT
what=$1 folder=$2 architecture=$3 new="$2.$$"
trap 'rm -rf "$new"' EXIT

for left in "$folder".[0-9]*; do # folders that a killed build left behind
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
  echo "the build failed; run it with V=1 to see its whole output"
  exit 1
} >&2
[ ! -e "$folder" ] || mv "$folder" "$new/old"
mv "$new/build" "$folder"
