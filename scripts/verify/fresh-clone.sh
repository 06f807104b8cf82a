#!/usr/bin/env bash
# In a fresh clone of what is committed, with an empty HOME: the quickstart ends with status 0 after three runs, then all tests pass.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone -q "$ROOT" "$work/natsjob"
mkdir "$work/home"
cd "$work/natsjob"
# Maven keeps its downloads in the user's real home whatever HOME says; an empty repository shows that nothing else is needed.
export HOME=$work/home XDG_CACHE_HOME=$work/home/.cache MAVEN_OPTS="-Dmaven.repo.local=$work/home/m2"
began=$(date +%s)
status=0
scripts/quickstart.sh --once --http-port "${VERIFY_HTTP_PORT:-17788}" --nats-port "${VERIFY_NATS_PORT:-14222}" || status=$?
say "quickstart --once: expected status 0, seen $status, after $(($(date +%s) - began)) s"
[ "$status" = 0 ] || die "FAILED fresh-clone.sh: quickstart"
began=$(date +%s)
scripts/test.sh || status=$?
say "test.sh: expected status 0, seen $status, after $(($(date +%s) - began)) s"
[ "$status" = 0 ] || die "FAILED fresh-clone.sh: tests"
say "PASSED fresh-clone.sh"
