# shellcheck shell=bash
# Planning a day: the worker's own run against the bare INSERT in psql, each on days of its own that are alike. The
# server's log tells how long the statement and its commit took on either side.

fill_accounts() {
    say "Accounts for all clients"
    admin -d bench_desk -f - <"$root/bin/lib/bench/accounts.sql"
    admin -d postgres -c 'CHECKPOINT'
}

# The Nth day whose reminders are of instalments due next month: those days hold as many rows each.
plan_day() { # N
    admin -d bench_desk -At -c "SELECT (date_trunc('month', portal_today(1::smallint)) + interval '1 month')::date - 5 + $1"
}

milliseconds() { # OFFSET BEGINNING [NUMBER]
    python3 "$root/bin/lib/bench/plan_time.py" "$cluster_log" "$@"
}

# Starts the run through the program, waits for its plan, and takes away the sending that would follow.
plan_ours() { # DAY
    local offset tenths=0
    offset=$(stat -c %s "$cluster_log")
    start_process jobs run reminders.payments --portal bench --on "$1" --root "$root"
    until took=$(milliseconds "$offset" 'INSERT INTO reminder (' 2>/dev/null); do
        if [ "$tenths" -ge 1200 ]; then
            last_lines "$log"
            fail "The worker does not plan the day $1." "read $log"
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
    # Bash would tell of every child that a signal ended.
    stop_child "$child" KILL 5 2>/dev/null
    admin -d bench_desk -c 'DELETE FROM job' -c "UPDATE run SET state = 'finished', finished_at = now() WHERE state <> 'finished'"
}

plan_reference() { # DAY
    local offset run
    run=$(admin -d bench_desk -At -c "INSERT INTO run (portal_id, schedule, trigger, local_at, for_date, state)
        VALUES (1, 'reminders.payments', 'command_line', now()::timestamp, '$1', 'finished') RETURNING id")
    offset=$(stat -c %s "$cluster_log")
    psql_logged -v day="$1" -v run="$run" -f - <"$root/bin/lib/bench/bare_plan.sql"
    took_reference=$(milliseconds "$offset" 'INSERT INTO reminder (')
}

psql_logged() { admin -d bench_desk -c 'SET log_min_duration_statement = 0' -At "$@" >"$data/said"; }

planned() { # DAY-OF-PLAN
    admin -d bench_desk -At -c "SELECT count(*) FROM reminder WHERE due_date IN (date '$1' + 5, date '$1' + 7)
        AND run_id IN (SELECT id FROM run WHERE for_date = '$1')"
}

per_thousand() { awk -v n="$2" -v ms="$1" 'BEGIN { printf "%.4f\n", ms * 1000 / n }'; }

# Days lie seconds apart here; between two real ones autovacuum has long looked at the new rows.
fresh_statistics() { admin -d bench_desk -c 'VACUUM ANALYZE reminder, run'; }

again() { # DAY
    local offset scan single
    fresh_statistics
    plan_ours "$1"
    offset=$(stat -c %s "$cluster_log")
    psql_logged -v day="$1" -f - <"$root/bin/lib/bench/again_scan.sql"
    scan=$(milliseconds "$offset" 'SELECT count(*), max(i.amount_minor), max(a.phone)')
    single=$(milliseconds "$offset" 'SELECT count(*), max(i.amount_minor) FROM')
    note plan_again "$took" "$scan" ms at_most 1.3
    note plan_again_against_instalments_alone "$took" "$single" ms at_most 1.3
}

measure_planning() {
    say "Planning a day's payment reminders"
    use_database bench_desk
    admin -d bench_desk -c 'ALTER ROLE portaldesk_worker IN DATABASE bench_desk SET log_min_duration_statement = 0'
    local round one other
    # Schedules come with a worker's start; the first pair warms both.
    desk_warm_up
    for ((round = 1; round <= rounds; round++)); do
        one=$(plan_day $((round * 2)))
        other=$(plan_day $((round * 2 + 1)))
        admin -d postgres -c 'CHECKPOINT'
        if [ $((round % 2)) -eq 0 ]; then
            plan_reference "$other"
            plan_ours "$one"
        else
            plan_ours "$one"
            plan_reference "$other"
        fi
        note plan_day "$(per_thousand "$took" "$(planned "$one")")" "$(per_thousand "$took_reference" "$(planned "$other")")" \
            'ms per 1000 reminders' at_most 1.3
        again "$one"
        fresh_statistics
    done
    admin -d bench_desk -c 'ALTER ROLE portaldesk_worker IN DATABASE bench_desk RESET log_min_duration_statement'
}

# A worker's start brings the schedules of jobs/ into the database.
desk_warm_up() {
    start_process work --root "$root"
    local worker=$child tenths=0
    until [ "$(admin -d bench_desk -At -c "SELECT count(*) FROM schedule WHERE name = 'reminders.payments'")" = 1 ]; do
        if [ "$tenths" -ge 300 ]; then
            last_lines "$log"
            fail "The worker does not start." "read $log"
        fi
        sleep 0.1
        tenths=$((tenths + 1))
    done
    stop_child "$worker" TERM 30
    admin -d bench_desk -c "UPDATE schedule SET paused_at = now(), paused_reason = 'bench'"
    plan_ours "$(plan_day 0)"
    plan_reference "$(plan_day 1)"
    fresh_statistics
}

# A worker that sends a day's messages for a while, and how much memory it holds then.
measure_worker_memory() {
    say "The worker's memory"
    start_process jobs run reminders.payments --portal bench --on "$(plan_day 20)" --root "$root"
    local runner=$child
    sleep 3
    stop_child "$runner" KILL 5 2>/dev/null
    admin -d bench_desk -c "UPDATE job SET state = 'ready', lease_until = NULL, worker = NULL WHERE state = 'leased'"
    start_process work --root "$root"
    local worker=$child
    sleep "$sending_seconds"
    if ! kill -0 "$worker" 2>/dev/null; then
        last_lines "$log"
        fail "The worker has ended by itself." "read $log"
    fi
    say "  sent meanwhile: $(admin -d bench_desk -At -c "SELECT count(*) FROM message WHERE state = 'confirmed'")"
    note worker_memory "$(resident_megabytes "$worker")" '' MB below 80
    stop_child "$worker" TERM 30
}

resident_megabytes() { # PID
    awk '/^VmRSS:/ { printf "%.1f\n", $2 / 1024 }' "/proc/$1/status"
}
