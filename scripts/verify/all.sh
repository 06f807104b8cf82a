#!/usr/bin/env bash
# Every check of this folder, one after the other; those of whole servers on each database; about 73 minutes. Status 0 if all hold. With --long also database-figures, over an hour more.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
failed=() checks=(fresh-clone matrix misfire failover follower second-group nats-cluster figures migrations database-errors import-original)
case ${1:-} in
  "") ;;
  --long) checks+=(database-figures) ;;
  *) echo "usage: scripts/verify/all.sh [--long]" >&2 && exit 2 ;;
esac
for check in "${checks[@]}"; do
  echo "== $check"
  "./$check.sh" || failed+=("$check")
done
for database in sqlite postgres mariadb; do
  for check in every-second-once kill-9 nats-stopped outages manuals-worker counter-proof; do
    echo "== $check, $database"
    "./$check.sh" --database "$database" || failed+=("$check ($database)")
  done
done
if [ ${#failed[@]} = 0 ]; then echo "PASSED all checks"; else echo "FAILED: ${failed[*]}" && exit 1; fi
