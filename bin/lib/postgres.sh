# shellcheck shell=bash
# PortalDesk's own PostgreSQL under the data directory: never the system's, never reachable from outside.

postgres_bin=/usr/lib/postgresql/15/bin

# Sets $server_user (PostgreSQL refuses to run as root) and $cluster, and makes the directories it needs.
prepare_cluster_place() {
    cluster="$data/postgres"
    server_user="$(id -un)"
    if [ "$(id -u)" -eq 0 ]; then
        server_user=postgres
        if [ -d "$cluster" ]; then server_user="$(stat -c %U "$cluster")"; fi
    elif [ -d "$cluster" ] && [ ! -O "$cluster" ]; then
        fail "The data in $data belong to $(stat -c %U "$cluster")." "start as that user, or give another --data."
    fi
    choose_socket_place
    if [ "$(id -u)" -eq 0 ]; then
        install -d -o "$server_user" -m 700 "$cluster" "$sockets"
    else
        install -d -m 700 "$cluster" "$sockets"
    fi
}

# The kernel allows 107 bytes for a socket's path, of which PostgreSQL's file name takes 18 and some more for its lock.
choose_socket_place() {
    sockets="$data/socket"
    if [ "${#sockets}" -gt 80 ]; then
        sockets="/tmp/portaldesk-$(printf '%s' "$data" | sha256sum | cut -c 1-12)"
        if [ -e "$sockets" ] && [ "$(stat -c %U "$sockets")" != "$server_user" ]; then
            fail "$sockets belongs to somebody else." "remove it, or give a --data with a shorter path."
        fi
    fi
}

as_server_user() {
    if [ "$(id -u)" -eq 0 ]; then
        setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --init-groups --reset-env -- env -C / "$@"
    else
        env -C / "$@"
    fi
}

start_cluster() {
    cluster_log="$data/postgres.log"
    : >>"$cluster_log"
    stop_left_over_cluster
    make_cluster
    local started as_user=()
    started=$(wc -l <"$cluster_log")
    if [ "$(id -u)" -eq 0 ]; then
        as_user=(setpriv --reuid="$server_user" --regid="$(id -g "$server_user")" --init-groups --reset-env --pdeathsig INT --)
    fi
    start_child INT "$cluster_log" "${as_user[@]}" env -C / "$postgres_bin/postgres" -D "$cluster" \
        -c listen_addresses= -c unix_socket_directories="$sockets" -c port=5432 -c max_connections=120
    cluster_pid=$child
    await_cluster "$started"
}

make_cluster() {
    if [ -s "$cluster/PG_VERSION" ] && [ -e "$cluster/portaldesk-made" ]; then return 0; fi
    say "Making a private PostgreSQL in $cluster"
    # What a broken-off initdb leaves behind cannot be used.
    find "$cluster" -mindepth 1 -delete
    if ! as_server_user "$postgres_bin/initdb" -D "$cluster" -U postgres -E UTF8 --locale=C.UTF-8 \
        --auth-local=peer --auth-host=reject >>"$cluster_log" 2>&1; then
        fail_if_disk_was_full "$cluster_log"
        last_lines "$cluster_log"
        fail "PostgreSQL could not make its files." "read the lines above and $cluster_log"
    fi
    write_access_rules
}

# The system's user that owns the files is the superuser; everybody else brings a password.
write_access_rules() {
    printf '%s\n' 'local all postgres peer map=portaldesk' 'local all all scram-sha-256' |
        as_server_user tee "$cluster/pg_hba.conf" >/dev/null
    printf 'portaldesk %s postgres\n' "$server_user" | as_server_user tee "$cluster/pg_ident.conf" >/dev/null
    as_server_user touch "$cluster/portaldesk-made"
}

# A run that was killed may have left its PostgreSQL: it is known by its working directory, which is our cluster.
stop_left_over_cluster() {
    local pid
    pid="$(head -n 1 "$cluster/postmaster.pid" 2>/dev/null || true)"
    if [ -z "$pid" ] || [ "$(readlink "/proc/$pid/cwd" || true)" != "$cluster" ]; then return 0; fi
    say "Stopping the PostgreSQL that an earlier run left behind (process $pid)"
    if ! as_server_user "$postgres_bin/pg_ctl" -D "$cluster" stop -m fast -w -t 60 >>"$cluster_log" 2>&1; then
        fail "The PostgreSQL that an earlier run left behind does not stop." "end process $pid and start again."
    fi
}

await_cluster() { # LOG-LINES-BEFORE
    local tenths=0
    until as_server_user "$postgres_bin/pg_isready" -q -h "$sockets" -p 5432; do
        if ! kill -0 "$cluster_pid" 2>/dev/null || [ "$tenths" -ge 600 ]; then
            fail_if_disk_was_full <(tail -n +"$(($1 + 1))" "$cluster_log")
            last_lines "$cluster_log"
            fail "PostgreSQL does not come up." "read the lines above; the whole log is $cluster_log"
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
}

stop_cluster() {
    if [ -n "${cluster_pid:-}" ]; then
        # INT is PostgreSQL's fast shutdown; only the postmaster must hear it.
        kill -INT "$cluster_pid" 2>/dev/null || true
        local tenths=300
        while kill -0 "$cluster_pid" 2>/dev/null && [ "$tenths" -gt 0 ]; do
            sleep 0.1
            tenths=$((tenths - 1))
        done
        stop_child "$cluster_pid" QUIT 5
        cluster_pid=
    fi
}

admin() { as_server_user "$postgres_bin/psql" -X -q -v ON_ERROR_STOP=1 -h "$sockets" -p 5432 -U postgres "$@"; }
