# shellcheck shell=bash
# Where bin/bench works: a directory and a PostgreSQL of its own, with the durability that a server has by default.

# PostgreSQL does not run as root, and its user must be able to enter every folder above the data.
choose_bench_data() {
    data="$root/.portaldesk/bench"
    make_directory "$data"
    if [ "$(id -u)" -eq 0 ] && ! setpriv --reuid=postgres --regid=postgres --init-groups -- test -x "$data" 2>/dev/null; then
        data="/var/lib/portaldesk-bench-$(printf '%s' "$root" | sha256sum | cut -c 1-12)"
        make_directory "$data"
        say "The user postgres cannot enter this clone: the data lie in $data"
    fi
    files="$data/files"
    log="$data/portaldesk.log"
    exec 9<>"$data/lock"
    if ! flock -n 9; then fail "Another bin/bench is running." "wait for its end."; fi
    find "$data" -mindepth 1 -maxdepth 1 ! -name lock -exec rm -rf {} +
    make_directory "$files"
    chmod 755 "$files"
    : >>"$log"
}

# What is ours and what is a reference run on the same server. Only what would put one of the server's own chores into
# some rounds and not into others is set: checkpoints come before each measured part and not within.
start_bench_cluster() {
    cluster_log="$data/postgres.log"
    load_passwords
    prepare_cluster_place
    make_cluster
    printf '%s\n' "shared_buffers = '$((divide > 10 ? 128 : 1024))MB'" "max_wal_size = '16GB'" "checkpoint_timeout = '1h'" \
        "autovacuum_naptime = '10min'" "log_line_prefix = '%m [%p] '" "log_timezone = 'UTC'" |
        as_server_user tee "$cluster/conf.d.conf" >/dev/null
    if ! grep -q '^include' "$cluster/postgresql.conf"; then
        printf "include 'conf.d.conf'\n" | as_server_user tee -a "$cluster/postgresql.conf" >/dev/null
    fi
    start_cluster
}

# Sets the variables by which portaldesk reaches a database of ours.
use_database() { # NAME
    database=$1
    local address="${sockets//\//%2F}:5432/$1"
    export DATABASE_URL="postgresql://portaldesk_console:$console_password@$address"
    export WORKER_DATABASE_URL="postgresql://portaldesk_worker:$worker_password@$address"
    export OWNER_DATABASE_URL="postgresql://portaldesk_owner:$owner_password@$address"
    export LISTEN_DATABASE_URL=$WORKER_DATABASE_URL PORTALDESK_KEYS="$data/keys" PORTALDESK_DEMO=0
}

# Runs one of portaldesk's own commands to its end; what it prints goes to $data/said.
desk_step() { # ARGUMENT…
    local status=0
    "$desk" "$@" >"$data/said" 2>>"$log" 9>&- || status=$?
    if [ "$status" -ne 0 ]; then
        tail -n 20 "$data/said" >&2
        last_lines "$log"
        fail "'portaldesk $1' did not succeed." "read the lines above."
    fi
}

start_process() { # ARGUMENT…
    start_child TERM "$log" "$desk" "$@"
}

fresh_database() { # NAME TEMPLATE
    drop_database "$1"
    admin -d postgres -c "CREATE DATABASE $1 TEMPLATE $2" -c 'CHECKPOINT'
}

drop_database() { admin -d postgres -c 'SET client_min_messages = warning' -c "DROP DATABASE IF EXISTS $1"; }

now_ms() { printf '%s\n' "$(($(date +%s%N) / 1000000))"; }

# One measured pair: NAME OURS REFERENCE UNIT WORD LIMIT
note() {
    printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$@" >>"$data/rounds"
    say "  $1: ours $2, reference ${3:--} $4"
}
