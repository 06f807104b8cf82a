#!/usr/bin/env bash
# Every category with every model on memory and JetStream subjects, seen by workers of raw NATS, on the distribution's and on the newest nats-server.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
need_nats
export NATSJOB_TEST_NATS=${NATSJOB_TEST_NATS:-$NATS_SERVER}
export NATSJOB_TEST_NATS_NEW=${NATSJOB_TEST_NATS_NEW:-$(fetch_newest_nats)}
status=0
scenario MatrixTest "$@" || status=1
scenario MatrixNewestTest "$@" || status=1
exit "$status"
