#!/usr/bin/env bash
# Starts NATS, natsjob, a demo job and a demo worker on this machine, and shows each run. See --help.
set -euo pipefail
# shellcheck source=scripts/lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib/common.sh"
# shellcheck source=scripts/lib/java.sh
. "$ROOT/scripts/lib/java.sh"
# shellcheck source=scripts/lib/nats.sh
. "$ROOT/scripts/lib/nats.sh"

READY_LIMIT_SECONDS=60
ONCE_LIMIT_SECONDS=120
STOP_LIMIT_SECONDS=20
ONCE_RUNS=3

DATA=$ROOT/quickstart-data
HTTP_PORT=${NATSJOB_HTTP_PORT:-7788}
NATS_PORT=4222
USER_NAME=${NATSJOB_LOGIN_USER:-natsjob}
PASSWORD=${NATSJOB_LOGIN_PWD:-natsjob}
ONCE=
TOKEN=
NATS_PID=
SERVER_PID=
WORKER_PID=

usage() {
  cat <<'END'
usage: scripts/quickstart.sh [--once] [--dir DIR] [--http-port PORT] [--nats-port PORT]

Finds or installs a JDK >= 21, Maven and nats-server, builds target/natsjob.jar if it is missing or old, starts NATS with
JetStream and natsjob, creates the demo job app/biz/owner (@every 5s), runs a demo worker, and prints each fire and each
result. Ctrl-C stops all of it.

  --once            end with status 0 after three successful runs, with status 1 if they do not come within 120 s
  --dir DIR         where all data and logs go (default: quickstart-data beside this repository's pom.xml); may exist
  --http-port PORT  natsjob's port, 7788 by default; also NATSJOB_HTTP_PORT
  --nats-port PORT  NATS' port, 4222 by default
  --help            this text
END
}

read_arguments() {
  while [ $# -gt 0 ]; do
    case $1 in
      --once) ONCE=yes ;;
      --help | -h)
        usage
        exit 0
        ;;
      --dir | --http-port | --nats-port)
        [ -n "${2:-}" ] || die "$1 needs a value; see --help" 2
        case $1 in
          --dir) DATA=$2 ;;
          --http-port) HTTP_PORT=$2 ;;
          --nats-port) NATS_PORT=$2 ;;
        esac
        shift
        ;;
      *) die "unknown argument '$1'; see --help" 2 ;;
    esac
    shift
  done
  check_port "--http-port (or NATSJOB_HTTP_PORT)" "$HTTP_PORT"
  check_port --nats-port "$NATS_PORT"
  [ "$HTTP_PORT" != "$NATS_PORT" ] || die "--http-port and --nats-port are both $HTTP_PORT; they must differ" 2
}

check_ports_are_free() {
  if port_taken "$HTTP_PORT"; then
    die "port $HTTP_PORT is taken: choose another for natsjob with NATSJOB_HTTP_PORT=$((HTTP_PORT % 65535 + 1)) or --http-port"
  fi
  if port_taken "$NATS_PORT"; then
    die "port $NATS_PORT is taken: choose another for NATS with --nats-port, for example --nats-port $((NATS_PORT % 65535 + 1))"
  fi
}

# Two of us in one folder would write one store.
lock_folder() {
  mkdir -p "$DATA/natsjob" || die "cannot make the folder $DATA; choose another with --dir"
  DATA=$(cd "$DATA" && pwd)
  exec 9>"$DATA/.lock"
  flock -n 9 || die "another quickstart runs on $DATA; stop it, or choose another folder with --dir"
}

# Own sessions: a Ctrl-C of the terminal goes to this script alone, which then stops them in order.
start_nats() {
  setsid "$NATS_SERVER" -a 127.0.0.1 -p "$NATS_PORT" -js -sd "$DATA/nats" >>"$DATA/nats.log" 2>&1 9>&- &
  NATS_PID=$!
  wait_for "NATS" "$NATS_PID" "$DATA/nats.log" port_taken "$NATS_PORT"
}

start_server() {
  cd "$DATA/natsjob"
  setsid env NATSJOB_NATS_URL="nats://127.0.0.1:$NATS_PORT" NATSJOB_HTTP_PORT="$HTTP_PORT" NATSJOB_LOGIN_USER="$USER_NAME" \
    NATSJOB_LOGIN_PWD="$PASSWORD" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xms16m -Xmx128m \
    -jar "$JAR" >>"$DATA/natsjob.log" 2>&1 9>&- &
  SERVER_PID=$!
  cd "$ROOT"
  wait_for "natsjob" "$SERVER_PID" "$DATA/natsjob.log" is_ready
}

is_ready() { curl -fsS --noproxy '*' -m 5 -o /dev/null "http://127.0.0.1:$HTTP_PORT/readyz" 2>/dev/null; }

start_worker() {
  setsid env NATSJOB_NATS_URL="nats://127.0.0.1:$NATS_PORT" "$JAVA_HOME/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xmx32m \
    -jar "$JAR" demo-worker 2>&1 9>&- &
  WORKER_PID=$!
}

# wait_for NAME PID LOG COMMAND...: until the command is true, while the process lives.
wait_for() {
  local name=$1 pid=$2 log=$3 deadline=$((SECONDS + READY_LIMIT_SECONDS))
  shift 3
  until "$@"; do
    kill -0 "$pid" 2>/dev/null || fail "$name ended at once" "$log"
    [ "$SECONDS" -lt "$deadline" ] || fail "$name is not ready after $READY_LIMIT_SECONDS s" "$log"
    sleep 0.1
  done
}

# fail MESSAGE LOG: the message, the end of the log, and out.
fail() {
  say "--- the last lines of $2:" >&2
  tail -n 20 "$2" >&2 || true
  die "$1"
}

json_text() { printf '%s' "$1" | sed 's/[\\"]/\\&/g'; }

# api METHOD PATH [BODY]: sets STATUS and BODY. Status 000: no answer.
api() {
  local answer arguments=(-sS --noproxy '*' -m 10 -X "$1" -w '\n%{http_code}' -H "Authorization: Bearer $TOKEN")
  [ $# -lt 3 ] || arguments+=(-H 'Content-Type: application/json' --data-binary "$3")
  answer=$(curl "${arguments[@]}" "http://127.0.0.1:$HTTP_PORT/natsjob/api/v1/$2" 2>>"$DATA/curl.log") || true
  STATUS=${answer##*$'\n'}
  BODY=${answer%$'\n'*}
}

# field NAME: the value of a text or number field in the JSON object on standard input.
field() { sed -n -e "s/.*\"$1\" *: *\"\([^\"]*\)\".*/\1/p;t" -e "s/.*\"$1\" *: *\([0-9]*\).*/\1/p"; }

login() {
  TOKEN=none
  api POST login "{\"user\":\"$(json_text "$USER_NAME")\",\"password\":\"$(json_text "$PASSWORD")\"}"
  [ "$STATUS" = 200 ] || fail "login as $USER_NAME failed with status $STATUS: $BODY" "$DATA/natsjob.log"
  TOKEN=$(printf '%s' "$BODY" | field token)
}

create_job() {
  api POST jobs '{"namespace":"app","app":"biz","name":"owner","comment":"demo job of the quickstart","schedule":"@every 5s",
    "category":"standalone","model":"max","subjectModel":"memory","args":"hello"}'
  if [ "$STATUS" = 409 ] && [[ $BODY == *name.taken* ]]; then
    say "the job app/biz/owner is there already"
  elif [ "$STATUS" != 201 ]; then
    fail "creating the job failed with status $STATUS: $BODY" "$DATA/natsjob.log"
  fi
}

SHOWN=' '
SUCCESSES=0

# Prints what is new among the latest runs, oldest first.
show_runs() {
  local run id state fired
  api GET "runs?namespace=app&app=biz&job=owner&from=$STARTED_AT&limit=20"
  if [ "$STATUS" = 401 ]; then
    login
    return
  fi
  [ "$STATUS" = 200 ] || return 0
  while IFS= read -r run; do
    id=$(field taskId <<<"$run")
    state=$(field state <<<"$run")
    if [ -z "$id" ] || [[ $SHOWN == *" $id:$state "* ]]; then
      continue
    fi
    # Twenty runs of two states are asked for at a time; what is older need not be remembered.
    SHOWN=" $id:$state ${SHOWN:0:4000}"
    fired=$(field scheduledAt <<<"$run")
    say "natsjob: $(date -d "@$((${fired:-0} / 1000))" +%T) run $id $state $(field reason <<<"$run")"
    [ "$state" != success ] || SUCCESSES=$((SUCCESSES + 1))
  done < <(printf '%s\n' "$BODY" | sed 's/} *, *{/}\n{/g' | tac)
}

watch_runs() {
  local deadline=$((SECONDS + ONCE_LIMIT_SECONDS))
  while true; do
    show_runs
    if [ -n "$ONCE" ] && [ "$SUCCESSES" -ge "$ONCE_RUNS" ]; then
      say "$SUCCESSES successful runs: done"
      return
    fi
    kill -0 "$NATS_PID" 2>/dev/null || fail "NATS has ended" "$DATA/nats.log"
    kill -0 "$SERVER_PID" 2>/dev/null || fail "natsjob has ended" "$DATA/natsjob.log"
    kill -0 "$WORKER_PID" 2>/dev/null || fail "the worker has ended" "$DATA/natsjob.log"
    if [ -n "$ONCE" ] && [ "$SECONDS" -ge "$deadline" ]; then
      fail "only $SUCCESSES of $ONCE_RUNS successful runs in $ONCE_LIMIT_SECONDS s; the last answer of the API: $STATUS ${BODY:0:500}" \
        "$DATA/natsjob.log"
    fi
    sleep 0.5
  done
}

# stop PID: SIGTERM, and SIGKILL for what is still there after the limit.
stop() {
  [ -n "$1" ] && kill -TERM "$1" 2>/dev/null || return 0
  local deadline=$((SECONDS + STOP_LIMIT_SECONDS))
  while kill -0 "$1" 2>/dev/null; do
    if [ "$SECONDS" -ge "$deadline" ]; then
      say "pid $1 did not end within $STOP_LIMIT_SECONDS s; killing it" >&2
      kill -KILL "$1" 2>/dev/null || true
      break
    fi
    sleep 0.1
  done
  wait "$1" 2>/dev/null || true
}

stop_all() {
  trap '' INT TERM HUP
  stop "$WORKER_PID"
  stop "$SERVER_PID"
  stop "$NATS_PID"
}

read_arguments "$@"
# What else the environment sets belongs to another natsjob.
while IFS= read -r name; do unset "$name"; done < <(compgen -v NATSJOB_ || true)
check_ports_are_free
need_command curl curl
need_jar
need_nats
lock_folder
trap stop_all EXIT
trap 'say "stopping"; exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
STARTED_AT=$(date +%s%3N)
start_nats
start_server
login
create_job
say "natsjob runs at http://127.0.0.1:$HTTP_PORT/natsjob/   login: $USER_NAME, password: $([ "$PASSWORD" = natsjob ] && echo natsjob || echo 'as you set it')"
say "data and logs: $DATA   Ctrl-C stops all of it"
start_worker
watch_runs
