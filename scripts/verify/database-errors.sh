#!/usr/bin/env bash
# Each kind of wrong NATSJOB_DB_URL and of database that cannot be used, met by the jar: its message, no stack trace, no password.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"
mkdir -p "$ROOT/target"
need_databases
scenario DatabaseErrorsTest -Dtest.tags=database "$@"
