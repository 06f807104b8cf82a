#!/usr/bin/env bash
# Two servers on PostgreSQL: every write of the API and "run now" go to the follower; by a raw worker, the leader follows within a second. Ends, logout, reads and fail-overs there.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"
mkdir -p "$ROOT/target"
need_databases
scenario FollowerTest -Dtest.tags=database "$@"
