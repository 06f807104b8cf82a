# shellcheck shell=bash
# Helper of the scripts beside: runs one scenario test with the full load and shows its lines. To be sourced.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/java.sh
. "$ROOT/scripts/lib/java.sh"
# shellcheck source=scripts/lib/nats.sh
. "$ROOT/scripts/lib/nats.sh"

# scenario CLASS [-Dname=value...]: status 0 if each of its verdicts holds. Runs on the distribution's nats-server.
scenario() {
  local class=$1 status=0 output
  shift
  need_java javac
  need_maven
  need_nats
  export CI=true NATSJOB_TEST_NATS=${NATSJOB_TEST_NATS:-$NATS_SERVER}
  output=$ROOT/target/surefire-reports/io.natsjob.scenario.$class-output.txt
  rm -f "$output"
  (cd "$ROOT" && mvn -q test -Dtest="$class" "$@") >"$ROOT/target/verify-$class.log" 2>&1 || status=1
  if [ ! -f "$output" ]; then
    tail -n 20 "$ROOT/target/verify-$class.log" >&2
    die "$class did not run; see target/verify-$class.log"
  fi
  grep -E '^(ok |WRONG |  |VERDICT )' "$output" || true
  if [ "$status" = 0 ]; then say "PASSED $(basename "$0")"; else say "FAILED $(basename "$0"); see target/verify-$class.log"; fi
  return "$status"
}
