#!/usr/bin/env bash
# Damage on purpose turns the checks of the other scripts red: a copied message, a lost result, a run without trace.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
scenario CounterProofTest "$@"
