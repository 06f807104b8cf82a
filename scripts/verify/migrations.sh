#!/usr/bin/env bash
# On PostgreSQL and MariaDB: two servers starting at once on an empty database, 20 times each; a process killed at each statement of a migration,
# and one while the database works on it: the next start completes it. Damage on purpose is seen.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
need_databases
scenario MigrationsTest -Dtest.tags=database -Dverify.rounds=20 -Dverify.points=1000 "$@"
