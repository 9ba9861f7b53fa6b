# shellcheck shell=bash
# What bin/test counts: tests by their outcome, minutes by phase.

passed=0 failed=0 skipped=0 tests_ran=0 current='' started=0
phases=()

count() { # PASSED FAILED
    passed=$((passed + $1))
    failed=$((failed + $2))
}

# A phase runs in this shell, not in a condition: the shell stays strict inside.
phase() { # NAME COMMAND…
    current=$1 started=$SECONDS
    shift
    "$@"
    phases+=("$current|$((SECONDS - started))")
    current=''
}

# attribute FILE NAME: the sum over all test suites of a JUnit file.
attribute() {
    { grep -oE '<testsuite [^>]*>' "$1" || true; } | { grep -oE " $2=\"[0-9]+\"" || true; } | tr -dc '0-9\n' |
        awk '{ sum += $1 } END { print sum + 0 }'
}

# A test can record several issues, hence failed tests are counted and not failures.
failed_cases() { # FILE…
    awk '/<testcase /{ counted = 0 } /<failure/{ if (!counted) n++; counted = 1 } END { print n + 0 }' "$@"
}

count_swift() { # DIRECTORY STATUS
    local file ran=0 bad=0
    for file in "$1"/swift*.xml; do
        if [ ! -s "$file" ]; then continue; fi
        ran=$((ran + $(grep -c '<testcase ' "$file" || true)))
        bad=$((bad + $(failed_cases "$file")))
    done
    # A crash leaves no or half a list: that is a failure, whatever the list says.
    if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then
        say "The Swift tests ended with status $2 without naming a failed test (a crash, or a test that did not end)."
        bad=1 ran=$((ran + 1))
    fi
    say "Swift tests: $ran ran, $bad failed"
    tests_ran=$((tests_ran + ran))
    count $((ran - bad)) "$bad"
}

count_browser() { # FILE STATUS
    local ran=0 bad=0 left_out=0
    if [ -s "$1" ]; then
        ran=$(attribute "$1" tests)
        bad=$(($(attribute "$1" failures) + $(attribute "$1" errors)))
        left_out=$(attribute "$1" skipped)
    fi
    if [ "$2" -ne 0 ] && [ "$bad" -eq 0 ]; then
        say "The browser tests ended with status $2 without naming a failed test."
        bad=1 ran=$((ran + 1))
    fi
    say "Browser tests: $ran ran, $bad failed, $left_out skipped"
    tests_ran=$((tests_ran + ran))
    skipped=$((skipped + left_out))
    count $((ran - bad - left_out)) "$bad"
}

# What each phase took, the unfinished one included.
minutes() {
    local line
    say ""
    for line in "${phases[@]}" ${current:+"$current (not finished)|$((SECONDS - started))"} "in all|$SECONDS"; do
        printf '%6.1f min  %s\n' "$(awk -v s="${line##*|}" 'BEGIN { print s / 60 }')" "${line%|*}"
    done
}

summarise() {
    minutes
    if [ "$tests_ran" -eq 0 ]; then
        say "No test ran: ${filter:+the filter '$filter' matches none.}"
        count 0 1
    fi
    say "$tests_ran tests ran${filter:+ (filter: $filter)}, $skipped skipped"
    say "$passed passed, $failed failed"
    if [ "$failed" -ne 0 ]; then exit 1; fi
}
