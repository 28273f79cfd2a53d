#!/bin/sh
# Make the environment: tools/install.sh .venv
# Everything comes from the hashed locks: pip installs uv, uv installs the rest (pip does where uv cannot).
set -eu
venv=$1

say() { printf 'ostriv: %s\n' "$*" >&2; }

find_python() {
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python3.14; do
        if command -v "$name" >/dev/null 2>&1 &&
            "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            printf '%s' "$name"
            return
        fi
    done
}

if ! "$venv/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    ! "$venv/bin/python" -c 'import pip' 2>/dev/null; then
    python=$(find_python)
    if [ -z "$python" ]; then
        say "Python 3.11 or later is needed; python3 here is $(python3 -V 2>/dev/null || echo missing)." \
            "Install it, or name it: make PYTHON=/path/to/python3.11"
        exit 1
    fi
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "$python cannot make environments: its module venv or ensurepip is missing." \
            "On Debian and Ubuntu: apt install python$version-venv"
        exit 1
    fi
    echo "Making $venv with $("$python" -V)"
    rm -rf "$venv"
    "$python" -m venv "$venv"
fi
PATH=$(cd "$venv/bin" && pwd):$PATH
export PATH PIP_DISABLE_PIP_VERSION_CHECK=1

# uv does not read pip's settings. Whoever has set an index or a certificate for pip means every installer.
from_pip() { python -m pip config list 2>/dev/null | sed -n "s/^\(global\|install\|:env:\)\.$1='\(.*\)'\$/\2/p" | tail -n 1; }
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    index=$(from_pip index-url)
    if [ -n "$index" ]; then
        export UV_DEFAULT_INDEX="$index"
    fi
fi
if [ -z "${SSL_CERT_FILE:-}" ]; then
    certificate=$(from_pip cert)
    if [ -n "$certificate" ]; then
        export SSL_CERT_FILE="$certificate"
    fi
fi
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"

echo "Installing what requirements-dev.lock lists (a minute or two the first time)"
if python -m pip install --quiet --require-hashes -r requirements-uv.lock &&
    uv pip install --quiet --python "$venv/bin/python" --require-hashes -r requirements-dev.lock; then
    :
else
    say "uv could not install; trying pip"
    python -m pip install --quiet --require-hashes -r requirements-dev.lock
fi
# The project itself, editable, built with the setuptools of the lock.
python -m pip install --quiet --no-deps --no-build-isolation --editable .
echo "Installed"
