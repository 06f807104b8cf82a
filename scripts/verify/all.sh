#!/usr/bin/env bash
# Every check of this folder, one after the other; about 30 minutes. Status 0 if all hold. With --long also database-figures, over an hour more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
failed=() checks=(fresh-clone every-second-once kill-9 nats-stopped figures manuals-worker database-errors import-original counter-proof)
case ${1:-} in
  "") ;;
  --long) checks+=(database-figures) ;;
  *) echo "usage: scripts/verify/all.sh [--long]" >&2 && exit 2 ;;
esac
for check in "${checks[@]}"; do
  echo "== $check"
  "./$check.sh" || failed+=("$check")
done
if [ ${#failed[@]} = 0 ]; then echo "PASSED all checks"; else echo "FAILED: ${failed[*]}" && exit 1; fi
