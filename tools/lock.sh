#!/bin/sh
# Write the locks anew: tools/lock.sh .venv/bin/uv [uv's options, such as --upgrade]
# One lock serves every Python from 3.11 on and every system; no address of an index is recorded.
set -eu
uv=$1
shift
compile() {
    output=$1
    shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
        --no-header --output-file "$output" "$@"
}
compile requirements.lock pyproject.toml "$@"
compile requirements-dev.lock pyproject.toml --extra dev --constraint requirements.lock "$@"
printf 'uv\n' | compile requirements-uv.lock - "$@"
echo "Wrote requirements.lock, requirements-dev.lock and requirements-uv.lock"
