# shellcheck shell=bash
# Pages over HTTP against the statements they are made of: wrk with a signed-in session, pgbench with what the server's
# log says the console asked for each of the same requests.

start_console() {
    local tenths=0
    start_process serve --host 127.0.0.1 --port "$port" --root "$root"
    console=$child
    until python3 -c 'import sys, urllib.request; urllib.request.urlopen(sys.argv[1], timeout=5)' "$base/readyz" 2>/dev/null; do
        if ! kill -0 "$console" 2>/dev/null || [ "$tenths" -ge 300 ]; then
            last_lines "$log"
            fail "The console does not come up." "read $log"
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Somebody of the helpdesk, from the set-up link to a session.
sign_in() {
    desk_step staff add bench --name Bench --portal bench --role helpdesk --url "$base" --root "$root"
    local link
    link=$(grep -oE '(https?://[^ ]*)?/welcome/[A-Za-z0-9_-]+' "$data/said" | head -n 1)
    cookie=$(python3 "$root/bin/lib/bench/sign_in.py" "$base" "$link" bench) ||
        fail "The member of staff for the benchmark cannot sign in." "read $log"
}

write_requests() {
    python3 -c 'import sys, urllib.parse
for line in sys.stdin: print("/clients?q=" + urllib.parse.quote(line.strip()))' \
        < <(admin -d "$pages_database" -At -f - <"$root/bin/lib/bench/terms.sql") >"$files/search.paths"
    admin -d "$pages_database" -At >"$files/client.paths" \
        -c "SELECT '/clients/bench/' || c.id FROM client AS c WHERE c.portal_id = 1 ORDER BY hashint8(c.id) LIMIT 64"
}

# The statements of every request, from the log of a console whose connections are noted down.
trace_requests() {
    local name
    rm -f "$files"/search-*.sql "$files"/client-*.sql
    write_requests
    admin -d "$pages_database" -c "ALTER ROLE portaldesk_console IN DATABASE $pages_database SET log_statement = 'all'"
    start_console
    sign_in
    for name in search client; do
        python3 "$root/bin/lib/bench/trace.py" "$base" "$cookie" "$cluster_log" "$files" "$name" <"$files/$name.paths" ||
            fail "The requests of $name could not be traced." "read $log"
    done
    stop_child "$console" TERM 30
    admin -d "$pages_database" -c "ALTER ROLE portaldesk_console IN DATABASE $pages_database RESET log_statement"
}

load_ours() { # NAME
    local out=$data/wrk.out
    timeout $((load_seconds + 60)) wrk -t 1 -c "$connections" -d "${load_seconds}s" --timeout 30s -s "$files/$1.lua" "$base" >"$out"
    if grep -qE 'Non-2xx|Socket errors' "$out"; then
        cat "$out" >&2
        fail "The console answered some requests of $1 with errors." "read $log"
    fi
    took=$(awk '/^Requests\/sec:/ { print $2 }' "$out")
}

load_reference() { # NAME
    local scripts=() file out=$data/pgbench.out
    for file in "$files/$1"-*.sql; do scripts+=(-f "$file"); done
    PGPASSWORD=$console_password timeout $((load_seconds + 60)) "$postgres_bin/pgbench" -n -M simple -c "$connections" \
        -j 1 -T "$load_seconds" -h "$sockets" -p 5432 -U portaldesk_console "${scripts[@]}" "$pages_database" >"$out" 2>&1 ||
        fail "pgbench did not succeed." "read $out"
    took_reference=$(awk '/^tps = / { print $3 }' "$out")
}

figure_of() { if [ "$1" = search ]; then printf 'client_search\n'; else printf 'client_page\n'; fi; }

# SUFFIX goes behind the names of the figures.
measure_pages() { # DATABASE SUFFIX
    local pages_database=$1
    say "Pages over HTTP against their statements in pgbench"
    port=$(free_port)
    base="http://127.0.0.1:$port"
    use_database "$pages_database"
    trace_requests
    start_console
    local round name
    for name in search client; do
        load_ours "$name"
        load_reference "$name"
    done
    for ((round = 1; round <= rounds; round++)); do
        for name in search client; do
            admin -d postgres -c 'CHECKPOINT'
            if [ $((round % 2)) -eq 0 ]; then
                load_reference "$name"
                load_ours "$name"
            else
                load_ours "$name"
                load_reference "$name"
            fi
            note "$(figure_of "$name")$2" "$took" "$took_reference" requests/s at_least 0.5
        done
    done
    note "console_memory$2" "$(resident_megabytes "$console")" '' MB below 120
    stop_child "$console" TERM 30
}
