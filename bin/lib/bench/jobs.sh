# shellcheck shell=bash
# The runner with jobs that do nothing, against what PostgreSQL's own tools do with the same rows on the same server.

job_rows() { # DATABASE NUMBER
    admin -d "$1" -c "TRUNCATE job" -c "INSERT INTO job (portal_id, kind, queue, state, payload)
        SELECT 1, 'bench.nothing', 'bench', 'ready', jsonb_build_object('n', n) FROM generate_series(1, $2) AS n"
    fresh_queue "$1"
}

fresh_queue() { admin -d "$1" -c 'VACUUM ANALYZE job' -c 'CHECKPOINT'; }

jobs_bench() { # ARGUMENT…
    if ! "$jobs_tool" "$@" 2>>"$log" 9>&-; then
        last_lines "$log"
        fail "'jobsbench $1' did not succeed." "read $log"
    fi
}

per_second() { awk -v n="$1" -v ms="$2" 'BEGIN { printf "%.1f", n * 1000 / ms }'; } # NUMBER MILLISECONDS

# Jobs a second of pgbench.
jobs_reference() { # JOBS BATCH
    as_server_user "$postgres_bin/pgbench" -n -M prepared -c 1 -t $(($1 / $2)) -D batch="$2" -h "$sockets" -p 5432 \
        -U postgres -f - "$database" <"$root/bin/lib/bench/jobs_reference.sql" 2>>"$log" 9>&- |
        awk -v batch="$2" '/^tps/ { printf "%.1f\n", $3 * batch }'
}

measure_drain() { # BATCH JOBS
    local round ours reference
    for ((round = 1; round <= rounds; round++)); do
        if [ $((round % 2)) -eq 0 ]; then
            job_rows bench_jobs "$2"
            reference=$(jobs_reference "$2" "$1")
        fi
        job_rows bench_jobs "$2"
        ours=$(jobs_bench drain "$2" "$1")
        if [ $((round % 2)) -ne 0 ]; then
            job_rows bench_jobs "$2"
            reference=$(jobs_reference "$2" "$1")
        fi
        note "jobs_drain_$1" "$ours" "$reference" jobs/s at_least 0.70
    done
}

measure_enqueue() { # JOBS
    local round ours started
    for ((round = 1; round <= rounds; round++)); do
        job_rows bench_jobs 0
        ours=$(jobs_bench enqueue "$1")
        admin -d bench_jobs -c "COPY (SELECT 1, 'bench.nothing', 'bench', 'ready', jsonb_build_object('n', n)
            FROM generate_series(1, $1) AS n) TO STDOUT" >"$data/rows"
        job_rows bench_jobs 0
        started=$(now_ms)
        admin -d bench_jobs -c 'COPY job (portal_id, kind, queue, state, payload) FROM STDIN' <"$data/rows"
        note jobs_enqueue "$ours" "$(per_second "$1" $(($(now_ms) - started)))" rows/s at_least 0.80
    done
}

# A session that holds a snapshot from before the drain keeps every dead row of the queue.
measure_snapshot() { # JOBS
    local round first third
    for ((round = 1; round <= rounds; round++)); do
        job_rows bench_jobs "$1"
        start_child TERM "$log" "$postgres_bin/psql" -X -q -d "$BENCH_ADMIN_URL" \
            -c 'BEGIN ISOLATION LEVEL REPEATABLE READ' -c 'SELECT count(*) FROM job' -c 'SELECT pg_sleep(3600)'
        local holder=$child
        sleep 1
        read -r first _ third < <(jobs_bench thirds "$1" 100)
        stop_child "$holder" TERM 5 2>/dev/null
        note jobs_old_snapshot "$third" "$first" jobs/s at_least 0.80
    done
}

measure_future() { # FUTURE JOBS
    local round ours
    fresh_database bench_future bench_jobs
    for ((round = 1; round <= rounds; round++)); do
        job_rows bench_jobs "$2"
        reference=$(jobs_bench drain "$2" 100)
        use_jobs_database bench_future
        job_rows bench_future "$2"
        admin -d bench_future -c "INSERT INTO job (portal_id, kind, queue, state, run_at)
            SELECT 1, 'bench.nothing', 'bench', 'waiting', now() + interval '1 year' + n * interval '1 second'
            FROM generate_series(1, $1) AS n"
        fresh_queue bench_future
        ours=$(jobs_bench drain "$2" 100)
        use_jobs_database bench_jobs
        note jobs_beside_future "$ours" "$reference" jobs/s at_least 0.95
    done
    drop_database bench_future
}

measure_latency() {
    local round median late trip
    job_rows bench_jobs 0
    for ((round = 1; round <= rounds; round++)); do
        read -r median late trip < <(jobs_bench latency 200)
        note jobs_wake_median "$median" "$trip" ms below 10
        note jobs_wake_p99 "$late" - ms below 10
    done
}

measure_memory() { # JOBS
    local halfway end
    job_rows bench_jobs "$1"
    read -r halfway end < <(jobs_bench memory "$1" 100)
    note jobs_memory "$((end / 1024))" - MB below 64
    note jobs_memory_growth "$end" "$halfway" kB at_most 1.05
}

# The peers' Python packages, from PyPI.
make_peers() {
    local place="$root/.portaldesk/bench-peers"
    peers="$place/bin/python"
    if [ ! -x "$place/bin/pip" ]; then
        say "Installing the peers: pgqueuer and procrastinate"
        rm -rf "$place"
        if ! { /usr/bin/python3 -m venv "$place" && "$place/bin/pip" install -q pgqueuer==1.6.0 asyncpg==0.32.0 \
            procrastinate==3.10.0 'psycopg[binary]'; } >>"$log" 2>&1; then
            rm -rf "$place"
            fail "The peers cannot be installed." "check that pip reaches a package index, then start again."
        fi
    fi
}

peer() { # NAME JOBS BATCH
    fresh_database bench_peer template0
    if ! "$peers" "$root/bin/lib/bench/jobs_peers.py" "$1" "postgresql://postgres@/bench_peer?host=$sockets&port=5432" \
        "$2" "$3" 2>>"$log" 9>&-; then
        last_lines "$log"
        fail "$1 does not drain its queue." "read $log"
    fi
}

# Each at the batch that suits it best in the round.
measure_peers() { # JOBS
    local round batch rate best ours
    for ((round = 1; round <= rounds; round++)); do
        job_rows bench_jobs "$1"
        ours=$(jobs_bench drain "$1" 100)
        best=0
        for batch in 10 100 1000; do
            rate=$(peer pgqueuer "$1" "$batch")
            best=$(printf '%s\n' "$rate" "$best" | sort -g | tail -n 1)
        done
        note jobs_against_pgqueuer "$ours" "$best" jobs/s at_least 2
        best=0
        for batch in 1 10; do
            rate=$(peer procrastinate $(($1 / 20)) "$batch")
            best=$(printf '%s\n' "$rate" "$best" | sort -g | tail -n 1)
        done
        note jobs_against_procrastinate "$ours" "$best" jobs/s at_least 50
    done
    drop_database bench_peer
}

use_jobs_database() { # NAME
    use_database "$1"
    export BENCH_ADMIN_URL="postgresql://postgres@${sockets//\//%2F}:5432/$1"
}

measure_jobs() {
    say "The runner: building its tool (release)"
    build "$root/.portaldesk/build-jobs.log" -c release --product jobsbench
    jobs_tool="$root/.build/release/jobsbench"
    fresh_database bench_jobs bench_empty
    use_jobs_database bench_jobs
    export PORTALDESK_ROOT=$root
    say "Draining"
    measure_drain 10 $((20000 / jobs_divide))
    measure_drain 100 $((100000 / jobs_divide))
    measure_drain 1000 $((200000 / jobs_divide))
    say "Against PgQueuer and Procrastinate"
    make_peers
    measure_peers $((40000 / jobs_divide))
    say "Enqueueing in bulk"
    measure_enqueue $((200000 / jobs_divide))
    say "From commit to handler"
    measure_latency
    say "Beside an old snapshot"
    measure_snapshot $((150000 / jobs_divide))
    say "Beside future jobs"
    measure_future $((10000000 / divide)) $((100000 / jobs_divide))
    say "Memory"
    measure_memory $((1000000 / jobs_divide))
    drop_database bench_jobs
}
