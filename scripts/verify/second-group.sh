#!/usr/bin/env bash
# The same NATS with a second group of servers, and with another SQLite file: neither leads, and both say why.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario SecondGroupTest "$@"
