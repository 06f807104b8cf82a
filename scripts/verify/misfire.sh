#!/usr/bin/env bash
# 30 s without the server, NATS, firing (a pause) and the database: each misfire policy makes up exactly what it promises.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario MisfireAfterOutageTest -Dtest.tags=fault -Dverify.outage=30 "$@"
