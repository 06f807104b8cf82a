#!/usr/bin/env bash
# Jar size, resident memory, time from the start to the first fire: the figures of docs/performance.md.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario FiguresTest -Dtest.tags=load "$@"
