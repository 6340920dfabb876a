-- Posts events as NDJSON, so many a request: `EVENTS=1000 wrk -s events.lua URL`; 1, the default, posts each as JSON. Every event has an id of
-- its own, an agent of 100, and one language-model call: about 190 bytes.
local threads = 0
function setup(thread)
    thread:set("number", threads)
    threads = threads + 1
end

local count, run, sent = 1, 0, 0
function init()
    count = tonumber(os.getenv("EVENTS")) or 1
    run = os.time() % 1000000
    path = "/api/cost-tracking/events"
    headers = {
        ["content-type"] = count == 1 and "application/json" or "application/x-ndjson",
        ["accept"] = count == 1 and "application/json" or "application/x-ndjson",
    }
    key = os.getenv("USAGE_LEDGER_KEY")
    if key then headers["authorization"] = "Bearer " .. key end
end

-- Made once: wrk's own work should not be what is measured.
local tails = {}
for i = 0, 999 do
    tails[i] = ('","agent":"agent-%d","operation":"psychology_analysis","time":"%s","provider":"openai","model":"gpt-4.1",'
        .. '"usage":{"input_tokens":%d,"output_tokens":%d}}'):format(
        i % 100, os.date("!%Y-%m-%dT%H:%M:%SZ"), 1000 + i, 300 + i % 300)
end

function request()
    local lines = {}
    local head = '{"id":"' .. run .. "-" .. number .. "-"
    for i = 1, count do
        sent = sent + 1
        lines[i] = head .. sent .. tails[sent % 1000]
    end
    return wrk.format("POST", path, headers, table.concat(lines, "\n"))
end

function done(summary)
    local seconds = summary.duration / 1000000
    local errors = summary.errors
    io.write(("%.0f events/s; %d answers with an error status, %d failed connections\n"):format(
        summary.requests * (tonumber(os.getenv("EVENTS")) or 1) / seconds, errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
