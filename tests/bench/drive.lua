-- Asks for the paths that a file lists, one a line, over and over; every thread begins at another place.
local threads = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init(arguments)
  requests = {}
  for path in io.lines(arguments[1]) do
    requests[#requests + 1] = wrk.format("GET", path)
  end
  at = math.floor(#requests * place / 2) % #requests
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary, latency, answers)
  local errors = summary.errors
  io.stderr:write(string.format(
    '{"answers": %d, "microseconds": %d, "p50": %d, "p99": %d, ' ..
    '"errors": {"connect": %d, "read": %d, "write": %d, "status": %d, "timeout": %d}}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.connect, errors.read, errors.write, errors.status, errors.timeout))
end
