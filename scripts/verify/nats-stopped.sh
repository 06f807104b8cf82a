#!/usr/bin/env bash
# NATS stopped for 10 s under load: no crash, no late burst, skips counted as nats-down, everything goes on.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario NatsStoppedTest -Dverify.jobs=200 -Dverify.outage=10 "$@"
