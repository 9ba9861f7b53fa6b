# shellcheck shell=bash
# What bin/run makes once and keeps: the passwords of PortalDesk's logins, and the way to reach its database.

# Sets owner_password, console_password, worker_password, backup_password.
load_passwords() {
    local file="$data/passwords" name
    if [ ! -s "$file" ]; then
        (umask 077 && for name in owner console worker backup; do printf '%s_password=%s\n' "$name" "$(random_hex)"; done >"$file.new")
        mv "$file.new" "$file"
    fi
    require_readable "$file" "passwords file"
    # Data of an earlier version know no login for backups.
    if ! grep -q '^backup_password=' "$file"; then printf 'backup_password=%s\n' "$(random_hex)" >>"$file"; fi
    local key value
    while IFS='=' read -r key value; do
        case $key in owner_password | console_password | worker_password | backup_password) printf -v "$key" '%s' "$value" ;; esac
    done <"$file"
}

random_hex() { od -An -N 24 -tx1 /dev/urandom | tr -d ' \n'; }

require_readable() { # FILE WORDS
    if [ -e "$1" ] && [ ! -r "$1" ]; then
        fail "The $2 $1 cannot be read by $(id -un)." "start as $(stat -c %U "$1"), or make it readable for you."
    fi
}

# The passwords reach psql by its input, not by its command line.
roles_script() {
    printf '\\set owner_password %s\n\\set console_password %s\n\\set worker_password %s\n\\set backup_password %s\n' \
        "$owner_password" "$console_password" "$worker_password" "$backup_password"
    cat "$root/sql/roles.sql"
}

# For a person who wants to run portaldesk's other commands on the same data: . FILE
write_environment() {
    local file="$data/environment"
    (umask 077 && {
        printf 'export DATABASE_URL=%q\n' "$console_url"
        printf 'export WORKER_DATABASE_URL=%q\n' "$worker_url"
        printf 'export OWNER_DATABASE_URL=%q\n' "$owner_url"
        printf 'export LISTEN_DATABASE_URL=%q\n' "$listen_url"
        if [ -n "$backup_url" ]; then printf 'export BACKUP_DATABASE_URL=%q\n' "$backup_url"; fi
        printf 'export PORTALDESK_KEYS=%q\n' "$keys"
        printf 'export PORTALDESK_JOURNAL=%q\n' "$journal"
        printf 'export PORTALDESK_DEMO=%q\n' "$demo"
        printf 'export PORTALDESK_ROOT=%q\n' "$root"
    } >"$file.new")
    mv "$file.new" "$file"
}
