-- Asks the service for lists, single images, jobs and the journal, as measure-service.py does.
--
-- wrk … -s readers.lua ADDRESS -- TOKEN NUMBER-OF-ATTACHMENTS

local headers, images = {}, 0

function init(arguments)
    headers["Authorization"] = "Bearer " .. arguments[1]
    images = tonumber(arguments[2])
    math.randomseed(os.time())
end

local function list()
    local lists = {
        "/v1/attachments", "/v1/attachments?missing=alt", "/v1/attachments?used=false",
        -- As they stand in `next`.
        "/v1/attachments?cursor=" .. 100 * math.random(images / 100),
        "/v1/attachments?q=" .. ({"img", "photo", "bulk", "1"})[math.random(4)],
    }
    return lists[math.random(#lists)]
end

function request()
    local what = math.random(5)
    local path
    if what <= 2 then path = list()
    elseif what == 3 then path = "/v1/attachments/" .. math.random(images)
    elseif what == 4 then path = "/v1/jobs"
    else path = "/v1/journal" end
    return wrk.format("GET", path, headers)
end

function done(summary, latency)
    local errors = summary.errors
    io.stderr:write(string.format(
        '{"requests": %d, "seconds": %.3f, "failed": %d, "p50": %.3f, "p95": %.3f, "p99": %.3f, "max": %.3f}\n',
        summary.requests, summary.duration / 1e6,
        errors.connect + errors.read + errors.write + errors.status + errors.timeout,
        latency:percentile(50) / 1e3, latency:percentile(95) / 1e3, latency:percentile(99) / 1e3,
        latency.max / 1e3))
end
