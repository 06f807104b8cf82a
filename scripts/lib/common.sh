# shellcheck shell=bash
# Helpers of the scripts beside: messages, packages, free ports. To be sourced, under "set -euo pipefail".
# shellcheck disable=SC2034  # ROOT and CACHE are for those who source this.

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
CACHE=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/natsjob

say() { printf '%s\n' "$*"; }

# die MESSAGE [STATUS]: one clear line, and out.
die() {
  printf '%s: %s\n' "$(basename "$0")" "$1" >&2
  exit "${2:-1}"
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command as root: as it is, or by sudo where that asks for no password.
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

can_apt() {
  have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }
}

APT_UPDATED=
apt_update() {
  if [ -z "$APT_UPDATED" ] && can_apt; then
    as_root apt-get update -qq >/dev/null || say "apt-get update failed; going on with the package lists at hand" >&2
    APT_UPDATED=yes
  fi
}

# apt_has PACKAGE: is there a version to install?
apt_has() {
  local candidate
  candidate=$(apt-cache policy "$1" 2>/dev/null | sed -n 's/^ *Candidate: //p')
  [ -n "$candidate" ] && [ "$candidate" != "(none)" ]
}

# apt_install PACKAGE...: false if this machine or this user cannot.
apt_install() {
  can_apt || return 1
  apt_update
  say "installing $* (apt-get)"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# need_command COMMAND PACKAGE
need_command() {
  have "$1" && return
  apt_install "$2" && have "$1" && return
  die "no $1 here, and it could not be installed: install it (Debian, Ubuntu: apt-get install $2) and run this again"
}

# port_taken PORT: does someone listen on the loopback address?
port_taken() {
  (: <"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

# check_port NAME VALUE
check_port() {
  if ! [[ $2 =~ ^[1-9][0-9]{0,4}$ ]] || [ "$2" -gt 65535 ]; then
    die "$1 must be a port from 1 to 65535, not '$2'" 2
  fi
}
