#!/usr/bin/env bash
# Outages under load: counted exactly, told by readyz and info, over by themselves. On SQLite: its disk full (needs root), JetStream full, the process
# stopped for 5 s and 40 s. On a server: it is stopped for 20 s; it answers 30 and 150 ms late each way; the process stopped.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
case "$*" in
  "" | *sqlite) checks=(DiskFullTest JetStreamFullTest SuspendedTest) ;;
  *) checks=(DatabaseStoppedTest SlowDatabaseTest SuspendedTest) ;;
esac
failed=()
for check in "${checks[@]}"; do
  scenario "$check" "-Dtest.tags=slow|database" -Dverify.jobs=100 -Dverify.outage=20 "$@" || failed+=("$check")
done
[ ${#failed[@]} = 0 ] || { say "FAILED: ${failed[*]}" && exit 1; }
