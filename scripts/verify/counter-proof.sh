#!/usr/bin/env bash
# Damage on purpose turns the checks of the other scripts red: a copied message, a lost result, a run without trace; an import that is
# otherwise than it should be; another message, status, stack trace or password of a start that fails.
# --database sqlite|postgres|mariadb: on that database; SQLite unless given.
set -euo pipefail
# shellcheck source=scripts/verify/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
mkdir -p "$ROOT/target"
status=0
for class in CounterProofTest DatabaseCounterProofTest; do
  scenario "$class" "$@" || status=1
done
exit "$status"
