#!/usr/bin/env bash
# Two servers on PostgreSQL: the leader killed, stopped cleanly, paused for a lease and continued, cut off from its database, NATS restarted. Fail-over times; by an independent worker nothing twice.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"
mkdir -p "$ROOT/target"
need_databases
scenario FailoverTest -Dtest.tags=database -Dverify.kills=3 -Dverify.stops=3 "$@"
