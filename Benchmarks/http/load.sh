#!/bin/bash
# Loads a running service with wrk and tells what it took of the processor:
#   load.sh URL [seconds]
# NDJSON in batches of 1,000; single events from 64 connections; an agent's overview, alone and while events come in.
set -eu
url=${1:?URL of a service, such as http://127.0.0.1:8080}
seconds=${2:-10}
here=$(dirname "$0")
overview="$url/api/cost-tracking-dashboard/overview/agent-1"
process=$(ss -tlnpH "sport = :${url##*:}" | sed -n 's/.*pid=\([0-9]*\).*/\1/p' | head -1)

ticks() { awk '{print $14 + $15}' "/proc/$process/stat"; }

measure() {
    local name=$1 before after
    shift
    echo "== $name"
    before=$(ticks)
    "$@"
    after=$(ticks)
    awk -v t=$((after - before)) -v hz="$(getconf CLK_TCK)" -v s="$seconds" \
        'BEGIN {printf "processor of the service: %.2f s, %.0f %% of one core\n", t / hz, 100 * t / hz / s}'
}

latency() { wrk -t1 -c16 -d"${seconds}s" --latency "$1" | grep -E '99%|Requests/sec|Non-2xx' || true; }

beside() {
    EVENTS=1 wrk -t1 -c4 -d"${seconds}s" -s "$here/events.lua" "$url" > /dev/null &
    latency "$1"
    wait
}

measure "NDJSON, 1,000 events a request, 4 connections" \
    env EVENTS=1000 wrk -t1 -c4 -d"${seconds}s" -s "$here/events.lua" "$url"
measure "single events, 64 connections" \
    env EVENTS=1 wrk -t1 -c64 -d"${seconds}s" --latency -s "$here/events.lua" "$url"
measure "overview, 16 connections" latency "$overview"
measure "overview, while single events come in from 4 connections" beside "$overview"
