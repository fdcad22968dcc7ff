#!/bin/sh
# The program of the wheel lies in site-packages, beside the torch whose libraries it uses.
bin=$(dirname -- "$(readlink -f -- "$0")")
for home in "$bin"/../lib/python3*/site-packages/runner "$bin"/../lib/python3*/dist-packages/runner "$bin"/../runner; do
    if [ -x "$home/bin/runner" ]; then exec "$home/bin/runner" "$@"; fi
done
echo "runner: its package is not where pip puts it; python -m runner finds it" >&2
exit 1
