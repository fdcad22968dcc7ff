#!/usr/bin/env bash
#
# cluster.sh - the cluster of the tests.
#
#   cluster.sh up DIR [OWNER]   start it, unless it runs for somebody already; it is stopped as soon as the process
#                               OWNER (the caller) is gone, also by Ctrl-C. Where there can be none, DIR/missing
#                               says why; that is no failure.
#   cluster.sh down DIR         stop it
#
# Who holds the lock DIR/use has the cluster for himself, and nobody stops it meanwhile.

set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
dir=$2

owner() { cat "$dir/owner" 2>/dev/null || true; }

lock_all() {
    exec 8>"$dir/use" 9>"$dir/lock"
    flock 8
    flock 9
}

# The daemons and the keeper must hold neither the lock nor the caller's output.
stop() { "$here/slurm-down.sh" "$dir" >/dev/null 2>&1 9>&- || true; }

start() {
    if [ -d "$dir/run" ]; then stop; fi
    rm -f "$dir/missing"
    if "$here/slurm-up.sh" "$dir" >/dev/null 2>"$dir/up.log" 9>&-; then return; fi
    # What went wrong is said before the cleaning up.
    (grep -v '^slurm-down: ' "$dir/up.log" || echo "slurm-up.sh failed") |
        tail -n 1 | sed 's/^slurm-up: error: //' >"$dir/missing"
}

# Stops the cluster when its owner is gone, unless it has another by then.
keep() {
    while [ "$(owner)" = "$1" ] && kill -0 "$1" 2>/dev/null; do sleep 0.5; done
    lock_all
    if [ "$(owner)" = "$1" ]; then
        rm "$dir/owner"
        stop
    fi
}

case $1 in
    up)
        owner=${3:-$PPID}
        mkdir -p "$dir"
        exec 9>"$dir/lock"
        flock 9
        running=$(owner)
        if [ -n "$running" ] && kill -0 "$running" 2>/dev/null; then exit 0; fi
        echo "$owner" >"$dir/owner"
        start
        cat "$dir/up.log"
        setsid "$here/cluster.sh" keep "$dir" "$owner" </dev/null >/dev/null 2>&1 9>&- &
        ;;
    keep)
        keep "$3"
        ;;
    down)
        lock_all
        rm -f "$dir/owner"
        stop
        ;;
esac
