#!/usr/bin/env bash
# Lists of 10,000,000 runs, waits beside retention, batches beside plain JDBC, on each database. See --help.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"

usage() {
  cat <<'END'
usage: scripts/verify/database-figures.sh [--runs N] [--rows N] [--counter-proof] [lists|retention|batches]...

Measures what docs/performance.md tells of databases, and judges it; about an hour and 10 GB of temporary files for all.

  lists            a job's runs and all runs over HTTP, on SQLite and PostgreSQL, with --runs runs (10000000)
  retention        a writer beside the deletion of --rows runs (1000000), on SQLite, PostgreSQL and MariaDB
  batches          batched writes beside plain JDBC, on SQLite, PostgreSQL and MariaDB
  --counter-proof  instead: a list without its key and a careless deletion must be judged bad (3 minutes)
END
}

# number OPTION VALUE
number() {
  [[ ${2:-} =~ ^[1-9][0-9]{3,8}$ ]] || die "$1 must be a whole number from 1000 to 999999999, not '${2:-}'" 2
}

figures() {
  local class=$1
  shift
  scenario "$class" -Dtest.tags=figures -Dtest.limitSeconds=14400 "$@"
}

# must_fail CLASS [-D...]: status 0 if it ran to its verdicts and each of them was bad.
must_fail() {
  local output=$ROOT/target/surefire-reports/io.natsjob.scenario.$1-output.txt
  ! figures "$@" -Dverify.broken=true || die "$1: broken on purpose, and judged good"
  grep -q '^VERDICT .*; wrong: ' "$output" || die "$1: broken on purpose, and it came to no verdict"
  ! grep -E '^VERDICT ' "$output" | grep -qv '; wrong: ' || die "$1: broken on purpose, and one verdict was good"
}

runs=10000000 rows=1000000 broken='' parts=()
while [ $# -gt 0 ]; do
  case $1 in
    --help | -h) usage && exit 0 ;;
    --runs) number "$1" "${2:-}" && runs=$2 && shift ;;
    --rows) number "$1" "${2:-}" && rows=$2 && shift ;;
    --counter-proof) broken=yes ;;
    lists | retention | batches) parts+=("$1") ;;
    *) usage >&2 && die "no part or option '$1'" 2 ;;
  esac
  shift
done

mkdir -p "$ROOT/target"
need_databases
if [ -n "$broken" ]; then
  must_fail RunListFiguresTest -Dverify.runs=100000
  must_fail RetentionFiguresTest -Dverify.rows=400000 -Dverify.rounds=2
  say "PASSED: broken on purpose, both were judged bad"
  exit 0
fi
failed=()
for part in "${parts[@]:-}"; do
  if [ -z "$part" ] || [ "$part" = lists ]; then figures RunListFiguresTest -Dverify.runs="$runs" || failed+=(lists); fi
  if [ -z "$part" ] || [ "$part" = retention ]; then figures RetentionFiguresTest -Dverify.rows="$rows" || failed+=(retention); fi
  if [ -z "$part" ] || [ "$part" = batches ]; then figures BatchFiguresTest || failed+=(batches); fi
done
if [ ${#failed[@]} = 0 ]; then say "PASSED: ${parts[*]:-lists retention batches}"; else say "FAILED: ${failed[*]}" && exit 1; fi
