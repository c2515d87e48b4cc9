-- For wrk, run by soak_load.py with one thread: asks for what stands in a file, line by line and
-- again from the top, until so many answers came, prints how often each status did, and ends.
-- A line is an address, what is accepted as encoding, and 1 for HTMX, with tabs between.
-- Arguments: the file, how many answers, the seed of the order.

function init(args)
  wanted = tonumber(args[2])
  math.randomseed(tonumber(args[3]))
  asked, answered, statuses, requests = 0, 0, {}, {}
  for line in io.lines(args[1]) do
    local path, encoding, htmx = line:match("^(.-)\t(.-)\t(.*)$")
    local headers = { ["Host"] = wrk.headers["Host"] }
    if encoding ~= "" then headers["Accept-Encoding"] = encoding end
    if htmx == "1" then headers["HX-Request"] = "true" end
    table.insert(requests, wrk.format("GET", path, headers))
  end
  for last = #requests, 2, -1 do
    local other = math.random(last)
    requests[last], requests[other] = requests[other], requests[last]
  end
end

function request()
  asked = asked + 1
  return requests[(asked - 1) % #requests + 1]
end

function response(status)
  answered = answered + 1
  statuses[status] = (statuses[status] or 0) + 1
  if answered < wanted then return end
  for code, count in pairs(statuses) do io.write(code, "=", count, "\n") end
  io.flush()
  -- wrk by itself would wait until its time is over.
  os.exit(0)
end
