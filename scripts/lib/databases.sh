# shellcheck shell=bash
# Finds or fetches PostgreSQL and MariaDB for the tests. To be sourced after common.sh.

# Readable by the unprivileged user that both servers run as when the tests run as root, as a home folder would not be.
DATABASES=${TMPDIR:-/tmp}/natsjob-databases.$(id -u)

# unpack_packages NAME PACKAGE: with all it needs and this machine lacks, into $DATABASES/NAME. Unpacked, not installed: installed,
# they would start services, now and at every boot.
unpack_packages() {
  local name=$1 package=$2 work packages
  have apt-get && have dpkg-deb || return 1
  apt_update
  apt_has "$package" || return 1
  [ -d "$DATABASES" ] || mkdir -m 755 "$DATABASES"
  # Others may have made it first, to have their programs run.
  [ -O "$DATABASES" ] && [ ! -L "$DATABASES" ] || return 1
  work=$(mktemp -d)
  packages=$(apt-get install -s --no-install-recommends "$package" | sed -n 's/^Inst \([^ ]*\).*/\1/p') || return 1
  say "fetching $package from the distribution's packages (unpacked below $DATABASES, not installed)"
  # shellcheck disable=SC2086  # names of packages
  if (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root $packages >/dev/null); then
    rm -rf "$DATABASES/$name.new"
    mkdir -m 755 "$DATABASES/$name.new"
    local file
    for file in "$work"/*.deb; do
      dpkg-deb -x "$file" "$DATABASES/$name.new" || return 1
    done
    rm -rf "${DATABASES:?}/$name"
    mv "$DATABASES/$name.new" "$DATABASES/$name"
  fi
  rm -rf "$work"
}

# postgres_in ROOT: prints the folder of the newest PostgreSQL's programs.
postgres_in() {
  local found
  found=$(find "$1"/usr/lib/postgresql -maxdepth 3 -name postgres -path '*/bin/*' 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] && dirname "$found"
}

# newest_postgres: the name of the newest package of a server.
newest_postgres() {
  apt-cache search --names-only '^postgresql-[0-9]+$' | awk '{print $1}' | sort -V | tail -n 1
}

# need_databases: exports where the tests find the servers. What is missing is missing: with CI=true the tests then fail.
need_databases() {
  if [ -z "${NATSJOB_TEST_POSTGRES:-}" ]; then
    NATSJOB_TEST_POSTGRES=$(postgres_in "") || NATSJOB_TEST_POSTGRES=$(postgres_in "$DATABASES/postgres") \
      || { apt_update; unpack_packages postgres "$(newest_postgres)" && NATSJOB_TEST_POSTGRES=$(postgres_in "$DATABASES/postgres"); } || NATSJOB_TEST_POSTGRES=
  fi
  if [ -z "${NATSJOB_TEST_MARIADB:-}" ]; then
    NATSJOB_TEST_MARIADB=
    if [ -x /usr/sbin/mariadbd ]; then
      NATSJOB_TEST_MARIADB=/usr
    elif [ -x "$DATABASES/mariadb/usr/sbin/mariadbd" ] || unpack_packages mariadb mariadb-server-core; then
      NATSJOB_TEST_MARIADB=$DATABASES/mariadb/usr
    fi
  fi
  # mariadb-dump, which comes in a package of its own.
  if [ -z "${NATSJOB_TEST_MARIADB_CLIENT:-}" ]; then
    NATSJOB_TEST_MARIADB_CLIENT=/usr
    if [ ! -x /usr/bin/mariadb-dump ] && { [ -x "$DATABASES/mariadb-client/usr/bin/mariadb-dump" ] || unpack_packages mariadb-client mariadb-client; }; then
      NATSJOB_TEST_MARIADB_CLIENT=$DATABASES/mariadb-client/usr
    fi
  fi
  # The libraries that came with them; those of the system are the same where it has them.
  local folder
  for folder in "$DATABASES"/*/usr/lib/*-linux-gnu; do
    [ ! -d "$folder" ] || LD_LIBRARY_PATH=${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$folder
  done
  export NATSJOB_TEST_POSTGRES NATSJOB_TEST_MARIADB NATSJOB_TEST_MARIADB_CLIENT LD_LIBRARY_PATH=${LD_LIBRARY_PATH:-}
  say "PostgreSQL ${NATSJOB_TEST_POSTGRES:-none}, MariaDB ${NATSJOB_TEST_MARIADB:-none}"
}
