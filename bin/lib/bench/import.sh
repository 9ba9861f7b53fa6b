# shellcheck shell=bash
# The book of business: made, imported, and copied for comparison.

book=(client contact contract invoice instalment payment policy)

csv_name() { if [ "$1" = policy ]; then printf 'policies\n'; else printf '%ss\n' "$1"; fi; }

# A migrated database with one portal and nothing in it, of which each round gets a copy.
make_empty_database() {
    admin -d postgres -c 'CREATE DATABASE bench_empty'
    admin -d bench_empty -f - <<<"$(roles_script)" >/dev/null
    use_database bench_empty
    desk_step migrate --root "$root"
    admin -d bench_empty -v "profile=$(cat "$root/sql/demo/portals/ebok-millennium.json")" -f - <<'SQL'
INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile)
SELECT 1, 'bench', i->>'name', 'PL', 'Europe/Warsaw', 'PLN', '{pl,en}', f->'rules'
FROM (SELECT :'profile'::jsonb AS f) AS file, LATERAL (SELECT file.f->'identity' AS i) AS identity;
SQL
    # Once more, for the letters of the portal.
    desk_step migrate --root "$root"
}

make_book() {
    say "Making the book: $clients clients, $contracts contracts, $policies policies"
    fresh_database bench_source template0
    admin -d bench_source -v clients="$clients" -v contracts="$contracts" -v policies="$policies" -f - \
        <"$root/bin/lib/bench/book.sql"
    local kind
    rows=0
    for kind in "${book[@]}"; do
        kind=$(csv_name "$kind")
        admin -d bench_source -c "COPY (SELECT * FROM import_$kind) TO STDOUT (FORMAT csv, HEADER)" >"$files/$kind.csv"
        rows=$((rows + $(wc -l <"$files/$kind.csv") - 1))
    done
    drop_database bench_source
    say "  $rows rows in $(du -sm "$files" | cut -f 1) MB"
}

# Sets $took to the milliseconds of one import into an empty database.
import_ours() { # DATABASE
    local from
    fresh_database "$1" bench_empty
    use_database "$1"
    from=$(now_ms)
    desk_step import --portal bench --root "$root" "$files"/*.csv
    took=$(($(now_ms) - from))
}

# What the import left there, row by row, is what the reference copies.
keep_what_was_imported() { # DATABASE
    local table
    for table in "${book[@]}" client_term; do
        admin -d "$1" -c "COPY $table TO STDOUT" >"$files/$table.copy"
    done
    chmod 644 "$files"/*.copy
}

# Sets $took_copy, and $took_terms where the search terms are copied too.
copy_reference() { # DATABASE
    local from table
    fresh_database "$1" bench_empty
    from=$(now_ms)
    {
        printf 'BEGIN;\n'
        for table in "${book[@]}"; do printf "\\\\copy %s from '%s'\n" "$table" "$files/$table.copy"; done
        printf 'COMMIT;\n'
    } | admin -d "$1" -f -
    took_copy=$(($(now_ms) - from))
    from=$(now_ms)
    printf "\\\\copy client_term from '%s'\n" "$files/client_term.copy" | admin -d "$1" -f -
    took_terms=$((took_copy + $(now_ms) - from))
}

rate() { awk -v n="$1" -v ms="$2" 'BEGIN { printf "%.1f\n", n * 1000 / ms }'; }

measure_import() {
    say "Import against COPY"
    local round ours
    for ((round = 1; round <= rounds; round++)); do
        # The first import stays: it is the book of all that follows, and the reference's rows.
        if [ "$round" -eq 1 ]; then
            import_ours bench_desk
            ours=$took
            keep_what_was_imported bench_desk
            copy_reference bench_reference
        elif [ $((round % 2)) -eq 0 ]; then
            copy_reference bench_reference
            import_ours bench_again
            ours=$took
        else
            import_ours bench_again
            ours=$took
            copy_reference bench_reference
        fi
        note import "$(rate "$rows" "$ours")" "$(rate "$rows" "$took_copy")" rows/s at_least 0.5
        note import_against_copy_with_search_terms "$(rate "$rows" "$ours")" "$(rate "$rows" "$took_terms")" rows/s \
            at_least 0.5
        drop_database bench_again
        drop_database bench_reference
    done
}
