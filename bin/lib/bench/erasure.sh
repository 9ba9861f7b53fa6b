# shellcheck shell=bash
# What erasing one client costs in a small book and in one a hundred times its size: it must not go by the size.

# A database with as many clients, and users for all of them.
fill_database() { # NAME CLIENTS
    say "Filling $1: $2 clients"
    fresh_database "$1" bench_empty
    {
        printf 'CREATE SCHEMA made;\nSET search_path = made, public;\n'
        cat "$root/bin/lib/bench/book.sql" "$root/bin/lib/bench/fill.sql" "$root/bin/lib/bench/accounts.sql"
    } | admin -d "$1" -v clients="$2" -v contracts=$(($2 * 5 / 4)) -v policies=$(($2 * 3 / 2)) -f - >"$data/said"
    admin -d postgres -c 'CHECKPOINT'
}

# Sets $planning and $erasing to the milliseconds that one client takes.
erase_some() { # DATABASE CLIENTS ROUND
    local line
    line=$(admin -d "$1" -At -F ' ' -v clients="$2" -v round="$3" -f - <"$root/bin/lib/bench/erasure.sql")
    read -r planning erasing <<<"$line"
}

measure_erasure() {
    local small=$((10000 / divide)) large=$((1000000 / divide)) round planning erasing plan_large erase_large
    fill_database bench_small "$small"
    say "Erasure among $small and among $large clients"
    erase_some bench_small "$small" 0
    erase_some bench_large "$large" 0
    for ((round = 1; round <= rounds; round++)); do
        erase_some bench_large "$large" "$round"
        plan_large=$planning erase_large=$erasing
        erase_some bench_small "$small" "$round"
        note erasure_plan "$plan_large" "$planning" ms at_most 1.2
        note erasure_execution "$erase_large" "$erasing" ms at_most 1.2
    done
    drop_database bench_small
}
