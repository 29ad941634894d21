#!/usr/bin/env bash
# Measures submissions and status reads over HTTP with wrk, 32 connections, load generator and server on the same
# cores; then checks that the server counts as many jobs as were acknowledged. Needs wrk and curl.
#
#   bench/http.sh [SECONDS]     each figure over so many seconds, 10 by default, after a warm-up of twice as long
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

seconds=${1:-10}
warm=$((2 * seconds))
work=$(mktemp -d)
trap 'kill "$server" 2>/dev/null; wait "$server" 2>/dev/null || true; rm -rf "$work"' EXIT

./coatcheck serve --port 0 --data "$work/data" >"$work/out" 2>"$work/err" &
server=$!
until grep -q "is ready at" "$work/out" 2>/dev/null; do
  kill -0 "$server" || { cat "$work/err" >&2; exit 1; }
  sleep 0.2
done
url=$(sed -n 's/.*is ready at //p' "$work/out")

ticks() { awk '{ print $14 + $15 }' "/proc/$server/stat"; }
requests() { awk '/requests in/ { print $1 }' "$1"; }
acknowledged=0

# measure NAME WRK-ARGUMENTS…: one row after a warm-up, and what was acknowledged is added up
measure() {
  local name=$1
  shift
  wrk -t1 -c32 -d"${warm}s" "$@" >"$work/wrk"
  count "$work/wrk"
  row "$name" "$@"
}

row() {
  local name=$1 out=$work/wrk before after
  shift
  before=$(ticks)
  wrk -t1 -c32 -d"${seconds}s" --latency "$@" >"$out"
  after=$(ticks)
  count "$out"
  awk -v name="$name" -v ticks=$((after - before)) -v hertz="$(getconf CLK_TCK)" '
    /Requests\/sec/ { rate = $2 } /50%/ { p50 = $2 } /99%/ { p99 = $2 } /requests in/ { n = $1 }
    /Non-2xx/ { wrong = $5 } /Socket errors/ { print "  " $0 > "/dev/stderr" }
    END { printf "| %-36s | %9.0f | %8s | %8s | %7.0f |\n", name, rate, p50, p99, ticks / hertz * 1e6 / n
          if (wrong) print "  " wrong " answers were not 2xx" > "/dev/stderr" }' "$out"
}

# count FILE: adds what was answered 2xx, if jobs were handed in
count() {
  [[ -n ${BODY:-} ]] || return 0
  local wrong
  wrong=$(awk '/Non-2xx/ { print $5 }' "$1")
  acknowledged=$((acknowledged + $(requests "$1") - ${wrong:-0}))
}

echo "| 32 connections                       | requests/s |   p50    |   p99    | CPU µs  |"
echo "|--------------------------------------|-----------|----------|----------|---------|"
export BODY='{"worker":"simulate","input":{}}'
measure "submit, durable; the job runs" -s bench/submit.lua "$url"
export BODY='{"worker":"simulate","input":{},"delay":"1h"}'
# A worker queues 100,000 jobs at most: no warm-up of its own, and not for long.
seconds=5 row "submit, durable; the job waits" -s bench/submit.lua "$url"
job=$(curl -s "$url/v1/jobs" -H 'Content-Type: application/json' -d "$BODY" | sed 's/.*"id":"\(job_[0-9a-z]*\)".*/\1/')
acknowledged=$((acknowledged + 1))
unset BODY
done=$(curl -s "$url/v1/jobs?status=succeeded&limit=1" | sed 's/.*"id":"\(job_[0-9a-z]*\)".*/\1/')
measure "status of a finished job" "$url/v1/jobs/$done"
measure "status of a job that waits" "$url/v1/jobs/$job"
measure "/health/live, for comparison" "$url/health/live"

counted=$(curl -s "$url/metrics" | awk '/^coatcheck_jobs_submitted_total/ { n += $2 } END { printf "%d", n }')
echo
echo "$acknowledged submissions were acknowledged, the server counts $counted."
# wrk stops with requests in flight: each of its connections may have one more.
(( counted >= acknowledged && counted <= acknowledged + 128 ))
