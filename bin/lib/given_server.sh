# shellcheck shell=bash
# Using a PostgreSQL server that somebody else runs: DATABASE_URL names it.

# With all three logins given there is nothing to prepare; otherwise DATABASE_URL must be a superuser's.
prepare_given_server() {
    given_url=$DATABASE_URL
    if [ -n "${OWNER_DATABASE_URL:-}" ] && [ -n "${WORKER_DATABASE_URL:-}" ]; then
        say "Using the PostgreSQL server and the logins that the environment names"
        console_url=$DATABASE_URL worker_url=$WORKER_DATABASE_URL owner_url=$OWNER_DATABASE_URL
        listen_url=${LISTEN_DATABASE_URL:-$WORKER_DATABASE_URL} backup_url=${BACKUP_DATABASE_URL:-}
        return 0
    fi
    take_url_apart
    say "Using the PostgreSQL server at $url_host, database $url_database"
    require_superuser
    require_roles_are_ours
    make_given_database
    psql_given "$url_database" -f - <<<"$(roles_script)" >/dev/null || fail "The roles could not be made on that server."
    console_url=$(url_for portaldesk_console "$console_password")
    worker_url=$(url_for portaldesk_worker "$worker_password")
    owner_url=$(url_for portaldesk_owner "$owner_password")
    backup_url=$(url_for portaldesk_backup "$backup_password")
    listen_url=$worker_url
}

# user, password and dbname among the parameters would win over those that we put in.
take_url_apart() {
    local pattern='^postgres(ql)?://([^@/]*@)?([^/?]*)(/([^?]*))?(\?(.*))?$'
    if ! [[ $given_url =~ $pattern ]]; then
        fail "DATABASE_URL is not a URL." "write it as postgresql://user:password@host:port/database"
    fi
    url_login=${BASH_REMATCH[2]} url_host=${BASH_REMATCH[3]} url_database=${BASH_REMATCH[5]:-portaldesk}
    url_parameters=${BASH_REMATCH[7]}
    if [[ "&$url_parameters" =~ \&(user|password|dbname)= ]]; then
        fail "DATABASE_URL names the user or the database among its parameters." \
            "write it as postgresql://user:password@host:port/database"
    fi
    case $url_database in postgres | template0 | template1) url_database=portaldesk ;; esac
}

url_for() { # USER PASSWORD
    printf 'postgresql://%s:%s@%s/%s%s\n' "$1" "$2" "$url_host" "$url_database" "${url_parameters:+?$url_parameters}"
}

# The URL goes by the environment: a command line can be read by everybody on the machine.
psql_given() { # DATABASE PSQL-ARGUMENTS…
    local address="postgresql://$url_login$url_host/$1${url_parameters:+?$url_parameters}"
    shift
    PGCONNECT_TIMEOUT=10 SERVER_ADDRESS=$address bash -c '
        exec "$0" -X -q -v ON_ERROR_STOP=1 -d "$SERVER_ADDRESS" "$@"' "$postgres_bin/psql" "$@" 9>&-
}

require_superuser() {
    local answer
    if ! answer=$(psql_given postgres -At -c "SELECT rolsuper FROM pg_roles WHERE rolname = current_user" 2>&1); then
        printf '%s\n' "$answer" >&2
        fail "The server that DATABASE_URL names does not let us in." "check the URL: psql \"\$DATABASE_URL\""
    fi
    if [ "$answer" != t ]; then
        fail "DATABASE_URL signs in as a user who may not make roles that PortalDesk needs (a superuser may)." \
            "let an administrator make a database and run sql/roles.sql in it (its head says how), then give
  DATABASE_URL (portaldesk_console), WORKER_DATABASE_URL (portaldesk_worker) and OWNER_DATABASE_URL (portaldesk_owner)."
    fi
}

# Roles belong to the whole server: new passwords would lock another PortalDesk on it out of its own database.
require_roles_are_ours() {
    local known mark=$data/server-$(printf '%s' "$url_host" | sha256sum | cut -c 1-12)
    known=$(psql_given postgres -At -c "SELECT count(*) FROM pg_roles WHERE rolname = 'portaldesk_console'")
    if [ "$known" != 0 ] && [ ! -e "$mark" ]; then
        fail "That server has PortalDesk's roles already, and their passwords are not known here." \
            "give DATABASE_URL (portaldesk_console), WORKER_DATABASE_URL (portaldesk_worker) and
  OWNER_DATABASE_URL (portaldesk_owner) with their passwords; or drop the roles if nothing uses them."
    fi
    touch "$mark"
}

make_given_database() {
    local known
    known=$(psql_given postgres -At -v name="$url_database" -f - <<<"SELECT count(*) FROM pg_database WHERE datname = :'name'")
    if [ "$known" = 1 ]; then return 0; fi
    say "Making the database $url_database"
    psql_given postgres -v name="$url_database" -f - \
        <<<"CREATE DATABASE :\"name\" TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C.UTF-8'" ||
        fail "The database $url_database could not be made." \
            "make it with encoding UTF8 (and a locale that knows letters beyond ASCII), then start again."
}
