#!/usr/bin/env bash
# kill -9 under that load and a start again, five times: nothing doubled, no acknowledged result lost, every second explained.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario KilledUnderLoadTest -Dverify.jobs=200 -Dverify.kills=5 "$@"
