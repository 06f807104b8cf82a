#!/usr/bin/env bash
# Every check of this folder, one after the other; about 30 minutes. Status 0 if all hold.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
failed=()
for check in fresh-clone every-second-once kill-9 nats-stopped figures manuals-worker failover second-group counter-proof; do
  echo "== $check"
  "./$check.sh" || failed+=("$check")
done
if [ ${#failed[@]} = 0 ]; then echo "PASSED all checks"; else echo "FAILED: ${failed[*]}" && exit 1; fi
