#!/bin/bash
# fetch.sh FOLDER LOCK: create FOLDER, an environment with exactly the packages of LOCK. Any Python from 3.9 on downloads
# uv. uv downloads the rest, and Python 3.13 if there is none. PYTHON names the Python 3.13 to use. V=1 shows the output
# of the installers.
cd "$(dirname "$0")/.." || exit 1
trap 'exit 130' INT
folder=$1 lock=$2 log=.tools/fetch.log uv=.tools/uv/bin/uv
export PIP_RETRIES=${PIP_RETRIES:-2} UV_PYTHON_INSTALL_DIR="$PWD/.tools/python"
get_python="install it (apt, dnf, brew, pyenv or https://www.python.org/downloads), \
or name it with PYTHON=/path/to/python3.13"
unreachable='error sending request|failed to fetch|newconnectionerror|connecttimeout|proxyerror|read timed out'
unreachable+='|name resolution|from versions: none'

give_up() { # REASON
  echo "$1" >&2
  exit 1
}

[ -n "$V" ] || quiet=--quiet
quietly() { # COMMAND…
  if [ -n "$V" ]; then
    "$@" 2>&1 | tee "$log"
    return "${PIPESTATUS[0]}"
  fi
  "$@" >"$log" 2>&1
}

not_fetched() { # PACKAGES
  if grep -qiE "$unreachable" "$log"; then
    give_up "no package index answers, so $1 cannot be fetched: connect to the network and run it again (V=1 shows more); \
HTTPS_PROXY names a proxy, PIP_INDEX_URL and UV_DEFAULT_INDEX another index"
  fi
  give_up "$1 cannot be fetched: $(grep -iE '^ *(error|×)' "$log" | tail -n 1) (more in $log)"
}

# Run the Python to find out: a pyenv shim for a version that is not selected is on the path, but only prints an error.
is_python() { # PYTHON CONDITION
  "$1" -c "import sys; sys.exit(not ($2))" >/dev/null 2>&1
}

python_for_uv() {
  for one in ${PYTHON:+"$PYTHON"} python3.13 python3 python3.{14,12,11,10,9} python; do
    is_python "$one" 'sys.version_info >= (3, 9) and __import__("ensurepip") and __import__("venv")' && echo "$one" && return
  done
}

fetch_uv() {
  python=$(python_for_uv)
  [ -n "$python" ] || give_up "found no Python 3.9 or newer with venv and ensurepip (Debian and Ubuntu: \
apt install python3-venv); Python 3.13 is needed: $get_python"
  echo "fetching the tools into .tools and .venv, once"
  quietly "$python" -m venv "$folder" \
    || give_up "$python cannot make the environment $folder: $(tail -n 1 "$log") (more in $log)"
  quietly "$folder/bin/python" -m pip install -q --disable-pip-version-check --require-hashes -r "$lock" \
    || not_fetched uv
}

fetch_packages() {
  quietly $uv venv $quiet --python "${PYTHON:-3.13}" "$folder" \
    || give_up "there is no Python 3.13 here, and none can be fetched: $get_python"
  quietly $uv pip sync $quiet --require-hashes --python "$folder/bin/python" "$lock" || not_fetched "$lock"
}

[ -z "$PYTHON" ] || is_python "$PYTHON" 'sys.version_info[:2] == (3, 13)' \
  || give_up "PYTHON=$PYTHON is not Python 3.13: $get_python"
mkdir -p .tools && rm -rf "$folder" || exit 1
if [ "$folder" = .tools/uv ]; then fetch_uv; else fetch_packages; fi
