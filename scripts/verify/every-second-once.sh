#!/usr/bin/env bash
# 200 jobs due every second for 60 s, on memory and on JetStream subjects: 12,000 runs each, every one once, all successful.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario EverySecondOnceTest -Dverify.jobs=200 -Dverify.seconds=60 "$@"
