#!/usr/bin/env bash
# An original's database imported by the jar on SQLite, PostgreSQL and MariaDB: dry run, kill -9 in the middle, then job by job, once.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"
mkdir -p "$ROOT/target"
need_databases
scenario ImportOriginalTest -Dtest.tags=database "$@"
