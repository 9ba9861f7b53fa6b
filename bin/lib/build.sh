# shellcheck shell=bash
# Finds Swift and builds, telling how far it is.

swift_wanted=6.3

find_swift() {
    local place
    for place in "$(dirname "$(command -v swift || echo /none/swift)")" /opt/*/usr/bin /usr/share/swift/usr/bin \
        "$HOME/.local/share/swiftly/bin" /usr/local/swift/usr/bin; do
        if [ -x "$place/swift" ]; then
            PATH="$place:$PATH"
            require_swift_version
            return 0
        fi
    done
    fail "There is no Swift: 'swift' is not in PATH." \
        "install the Swift $swift_wanted toolchain for Debian 12 (https://www.swift.org/install/linux) and put it in PATH."
}

require_swift_version() {
    local version
    version="$(swift --version 2>/dev/null | grep -oE 'Swift version [0-9]+\.[0-9]+' | grep -oE '[0-9.]+$' || true)"
    if [ "$(printf '%s\n%s\n' "$swift_wanted" "${version:-0}" | sort -V | head -n 1)" != "$swift_wanted" ]; then
        fail "Swift ${version:-of an unknown version} is too old: PortalDesk needs $swift_wanted or newer." \
            "install it from https://www.swift.org/install/linux"
    fi
}

build() { # LOG SWIFT-BUILD-ARGUMENTS…
    local log=$1
    shift
    : >"$log"
    start_child TERM "$log" swift build --package-path "$root" "$@"
    await_child "$child" build_progress "$log" || report_build_failure "$log"
}

build_progress() {
    local step
    step="$(grep -aoE '^\[[0-9]+/[0-9]+\] .*' "$1" | tail -n 1 | cut -c 1-90)"
    if [ -n "$step" ]; then printf 'building %s\n' "$step"; else tail -n 1 "$1" | cut -c 1-90; fi
}

report_build_failure() { # LOG
    fail_if_disk_was_full "$1"
    grep -aE 'error:|warning: unre' "$1" | sort -u | head -n 20 >&2 || last_lines "$1"
    if grep -qE 'Failed to clone|Could not resolve host|unable to access|failed to fetch' "$1"; then
        fail "The Swift packages that PortalDesk uses cannot be fetched." "check the network, then start again."
    fi
    fail "The build failed." "read $1"
}
