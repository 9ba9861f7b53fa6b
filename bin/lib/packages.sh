# shellcheck shell=bash
# The Debian packages that PortalDesk needs, and how missing ones are installed without starting any service.

run_packages=(
    # to build
    git ca-certificates pkg-config libpq-dev libssl-dev libargon2-dev libcurl4-openssl-dev zlib1g-dev
    libcmark-gfm-dev libcmark-gfm-extensions-dev
    # to run: the database, and the closed room in which scans are rendered
    postgresql-15 poppler-utils netpbm bubblewrap
    # to write letters as PDF
    weasyprint fonts-dejavu-core
)
test_packages=(
    python3-venv chromium fonts-liberation kannel kannel-extras pgbouncer postfix nginx-light
)

install_packages() { # LOG PACKAGE…
    local log=$1 missing=()
    shift
    mapfile -t missing < <(missing_packages "$@")
    if [ "${#missing[@]}" -eq 0 ]; then return 0; fi
    require_debian "${missing[*]}"
    become_root "${missing[*]}"
    require_free_space /var/cache/apt 1500 "installing packages"
    say "Installing Debian packages: ${missing[*]}"
    : >"$log"
    quieten_services
    apt_step "reading the package lists" update
    apt_step "downloading" install -y --no-install-recommends --download-only "${missing[@]}"
    apt_step "installing" install -y --no-install-recommends "${missing[@]}"
    disable_new_services "${missing[@]}"
    restore_services
}

missing_packages() {
    local name
    for name in "$@"; do
        if [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null || true)" != installed ]; then
            printf '%s\n' "$name"
        fi
    done
}

require_debian() { # MISSING
    if command -v apt-get >/dev/null && command -v dpkg-query >/dev/null; then return 0; fi
    fail "This is not a Debian system, and some packages are missing: $1" \
        "run PortalDesk on Debian 12, where $program installs them by itself."
}

# $as_root is what makes a command run as root. sudo asks for the password here, while a person can still see it.
become_root() { # MISSING
    as_root=()
    if [ "$(id -u)" -eq 0 ]; then return 0; fi
    if command -v sudo >/dev/null && { sudo -n true 2>/dev/null || { [ -t 0 ] && sudo -v; }; }; then
        as_root=(sudo)
        return 0
    fi
    fail "Debian packages are missing, and you may not install them: $1" \
        "run $program as root or as a user with sudo, or ask your administrator for: apt-get install $1"
}

# The step stays in our own session, so that sudo still knows its terminal. Stopping dpkg halfway would leave the
# system in pieces, hence a signal is kept until the step is over (downloads excepted).
apt_step() { # WORDS APT-GET-ARGUMENTS…
    local words=$1 pid status=0
    shift
    say "  $words"
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=300 \
        "$@" >>"$log" 2>&1 </dev/null 9>&- &
    pid=$!
    apt_running=$pid
    await_child "$pid" apt_progress "$log" || status=$?
    apt_running=
    if [ "$status" -ne 0 ]; then report_apt_failure "$words"; fi
}

apt_running=

apt_progress() {
    grep -aE '^(Get:|Hit:|Unpacking|Setting up)' "$1" | tail -n 1 | cut -c 1-100
}

report_apt_failure() { # WORDS
    restore_services
    fail_if_disk_was_full "$log"
    last_lines "$log" 12
    if grep -q 'Unable to locate package' "$log"; then
        fail "A package is not known here: $(grep -o 'Unable to locate package .*' "$log" | tail -n 1)" \
            "check that /etc/apt/sources.list names Debian 12 (bookworm) with the component main."
    fi
    if grep -qE 'Temporary failure resolving|Could not connect|Failed to fetch|Could not resolve' "$log"; then
        fail "The packages cannot be fetched from the Debian mirror." \
            "check the network and /etc/apt/sources.list, then start again."
    fi
    fail "Debian packages cannot be installed (while $1)." \
        "read the lines above and $log; 'dpkg --configure -a' mends an installation that was broken off."
}

policy=/usr/sbin/policy-rc.d
cluster_policy=/etc/postgresql-common/createcluster.d/portaldesk.conf

# No service starts because its package arrives, and the system's own PostgreSQL cluster is not even made.
# A policy that somebody else has put there is theirs and stays.
quieten_services() {
    "${as_root[@]}" mkdir -p "$(dirname "$cluster_policy")"
    printf 'create_main_cluster = false\n' | "${as_root[@]}" tee "$cluster_policy" >/dev/null
    if [ ! -e "$policy" ] || grep -qs portaldesk "$policy"; then
        printf '#!/bin/sh\n# portaldesk: only while it installs packages\nexit 101\n' |
            "${as_root[@]}" tee "$policy" >/dev/null
        "${as_root[@]}" chmod 755 "$policy"
    fi
    services_quiet=yes
}

services_quiet=

restore_services() {
    if [ -z "$services_quiet" ]; then return 0; fi
    "${as_root[@]}" rm -f "$cluster_policy"
    if grep -qs portaldesk "$policy"; then "${as_root[@]}" rm -f "$policy"; fi
    services_quiet=
}

# The tests start these by themselves; the machine must not at its next boot.
disable_new_services() {
    local name
    for name in kannel pgbouncer; do
        if [[ " $* " == *" $name "* ]]; then
            "${as_root[@]}" update-rc.d "$name" disable >>"$log" 2>&1 </dev/null || true
        fi
    done
}

# To be called when we are asked to stop: downloads end at once, dpkg is let finish.
finish_packages() {
    if [ -n "$apt_running" ] && kill -0 "$apt_running" 2>/dev/null; then
        say "Letting the package installation finish its step first."
        pkill_download
        while kill -0 "$apt_running" 2>/dev/null; do sleep 0.2; done
    fi
    restore_services
}

pkill_download() {
    if tr '\0' ' ' <"/proc/$apt_running/cmdline" 2>/dev/null | grep -qE -- '--download-only|apt-get .* update'; then
        "${as_root[@]}" kill -TERM "$apt_running" 2>/dev/null || true
    fi
}
