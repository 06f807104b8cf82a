#!/usr/bin/env bash
# A worker straight from the original's manual works unchanged.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario ManualsWorkerTest "$@"
