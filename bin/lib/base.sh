# shellcheck shell=bash
# Sourced first by bin/run and bin/test: a strict shell, one language, words for people, children that end with us.

set -euo pipefail
# Started in a script's background SIGINT is ignored, and a shell cannot take that back by itself.
if [[ $(trap -p INT) == "trap -- '' "* ]]; then exec env --default-signal=INT "$0" "$@"; fi
shopt -s inherit_errexit
umask 022
export LC_ALL=C.UTF-8
unset CDPATH LANGUAGE LANG

root="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../.." && pwd -P)"
program="bin/$(basename "$0")"

say() { printf '%s\n' "$*"; }

# fail WHAT [WHAT TO DO]
fail() {
    printf '\n%s: %s\n' "$program" "$1" >&2
    if [ -n "${2:-}" ]; then printf '%s\n' "What to do: $2" >&2; fi
    exit 1
}

last_lines() { # FILE [COUNT]
    printf '%s\n' "--- the last lines of $1" >&2
    tail -n "${2:-15}" "$1" >&2 || true
    printf '%s\n' "---" >&2
}

fail_if_disk_was_full() { # LOG
    if grep -qi 'no space left on device' "$1" 2>/dev/null; then
        fail "The disk is full." "make room (df -h shows where) and start again; what is done already is kept."
    fi
}

# Starts a command as leader of a process group of its own, which hears of our death even by SIGKILL. Its id is in $child.
# Descriptor 9 is the lock on the data: no child may hold it longer than we do.
start_child() { # SIGNAL-AT-OUR-DEATH LOG COMMAND…
    local at_death=$1 log=$2
    shift 2
    setsid setpriv --pdeathsig "$at_death" -- "$@" >>"$log" 2>&1 </dev/null 9>&- &
    child=$!
    children[$child]=running
}

declare -A children=()

# Asks a child's whole group to end, and insists when it has not after some seconds.
stop_child() { # PID SIGNAL SECONDS
    local tenths=$(($3 * 10))
    unset "children[$1]"
    kill "-$2" -- "-$1" 2>/dev/null || return 0
    while kill -0 "$1" 2>/dev/null && [ "$tenths" -gt 0 ]; do
        sleep 0.1
        tenths=$((tenths - 1))
    done
    kill -KILL -- "-$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

stop_children() {
    local pid
    for pid in "${!children[@]}"; do stop_child "$pid" TERM 10; done
}

# Waits for a child and tells every few seconds how far it is. COMMAND prints one line about that.
# A wait in the background, because bash answers a signal only between commands.
await_child() { # PID COMMAND…
    local pid=$1 seconds=0 line='' last=''
    shift
    while kill -0 "$pid" 2>/dev/null; do
        sleep 1
        seconds=$((seconds + 1))
        line="$("$@" || true)"
        if [ -t 1 ]; then
            printf '\r\033[K  %s' "$line"
        elif [ $((seconds % 10)) -eq 0 ] && [ "$line" != "$last" ]; then
            say "  $line"
            last=$line
        fi
    done
    if [ -t 1 ]; then printf '\r\033[K'; fi
    unset "children[$pid]"
    wait "$pid"
}

require_free_space() { # DIRECTORY MEGABYTES WHAT-FOR
    local directory=$1 free
    while [ ! -d "$directory" ]; do directory=$(dirname "$directory"); done
    free=$(($(df -Pk "$directory" | awk 'NR == 2 { print $4 }') / 1024))
    if [ "$free" -lt "$2" ]; then
        fail "The disk is full, or nearly: $3 needs $2 MB in $directory, and $free MB are free." \
            "make room there (df -h \"$directory\") and start again."
    fi
}

# Whatever PG… the caller has set for psql is meant for another server.
forget_postgres_settings() {
    local name
    for name in $(compgen -e PG || true); do unset "$name"; done
}

make_directory() {
    if ! mkdir -p "$1" 2>/dev/null || [ ! -w "$1" ]; then
        fail "The directory $1 cannot be made or written by $(id -un)." \
            "start as $(stat -c %U "$root"), or work in a clone and with a --data directory of your own."
    fi
}

# Logs grow from run to run; one old one is kept.
trim_log() {
    : >>"$1"
    if [ "$(stat -c %s "$1")" -gt 20000000 ]; then mv "$1" "$1.old" && : >"$1"; fi
}
