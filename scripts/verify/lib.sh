# shellcheck shell=bash
# Helper of the scripts beside: runs one scenario test with the full load and shows its lines. To be sourced.

# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source=scripts/lib/java.sh
. "$ROOT/scripts/lib/java.sh"
# shellcheck source=scripts/lib/nats.sh
. "$ROOT/scripts/lib/nats.sh"
# shellcheck source=scripts/lib/databases.sh
. "$ROOT/scripts/lib/databases.sh"

# scenario CLASS [-Dname=value...] [--database sqlite|postgres|mariadb]: status 0 if each of its verdicts holds. Runs on the
# distribution's nats-server, and on SQLite unless another database is named, whose server is then fetched and started.
scenario() {
  local class=$1 status=0 output database=sqlite shown="" arguments=()
  shift
  while [ $# -gt 0 ]; do
    case $1 in
      --database)
        database=${2:-}
        shift
        ;;
      --database=*) database=${1#*=} ;;
      *) arguments+=("$1") ;;
    esac
    shift || true
  done
  case $database in
    sqlite) ;;
    postgres | mariadb)
      need_databases
      shown=" ($database)"
      ;;
    *) die "--database must be one of sqlite, postgres, mariadb, not '$database'" 2 ;;
  esac
  need_java javac
  need_maven
  need_nats
  export CI=true NATSJOB_TEST_NATS=${NATSJOB_TEST_NATS:-$NATS_SERVER}
  output=$ROOT/target/surefire-reports/io.natsjob.scenario.$class-output.txt
  rm -f "$output"
  (cd "$ROOT" && mvn -q test -Dtest="$class" -Dverify.database="$database" "${arguments[@]}") >"$ROOT/target/verify-$class.log" 2>&1 || status=1
  if [ ! -f "$output" ]; then
    tail -n 20 "$ROOT/target/verify-$class.log" >&2
    die "$class did not run; see target/verify-$class.log"
  fi
  grep -E '^(ok |WRONG |  |VERDICT )' "$output" || true
  if [ "$status" = 0 ]; then say "PASSED $(basename "$0")$shown"; else say "FAILED $(basename "$0")$shown; see target/verify-$class.log"; fi
  return "$status"
}
