-- lorm studio: pages in a browser that show and change what is in the database, served to this machine alone.
--   studio.main("5555", "read-only", ...)     serves until it is interrupted; "": no port was asked for
-- Whoever can reach the port is nobody yet: what is no part of the page itself takes the token that is made at each start
-- and told on the terminal, in a header, which no other site's page can send. Names that lead here from elsewhere (a
-- Host that is not this machine's) and other sites' pages (a foreign Origin) are turned away before.
local api = require "lorm.studio.api"
local core = require "lorm.core"
local http = require "lorm.http"

local studio = {}

local MAX_BODY <const> = 8 << 20 -- bytes; a cell can be long
local DEFAULT_PORT <const> = 5555

local TEXT <const>, JSON <const> = "text/plain; charset=utf-8", "application/json"

local files = {
  ["/"] = { "page.html", "text/html; charset=utf-8" },
  ["/studio.css"] = { "studio.css", "text/css; charset=utf-8" },
  ["/icon.svg"] = { "icon.svg", "image/svg+xml" },
}
for _, name in ipairs { "main", "remote", "dom", "values", "browse", "cell", "filters", "edits", "console" } do
  files["/" .. name .. ".js"] = { name .. ".js", "text/javascript; charset=utf-8" }
end

-- Nothing from elsewhere runs in the page, nobody frames it, and nothing of it is kept.
local function headers()
  return {
    ["Content-Security-Policy"] = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
      .. "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ["X-Content-Type-Options"] = "nosniff",
    ["X-Frame-Options"] = "DENY",
    ["Referrer-Policy"] = "no-referrer",
    ["Cross-Origin-Resource-Policy"] = "same-origin",
    ["Cross-Origin-Opener-Policy"] = "same-origin",
    ["Cache-Control"] = "no-store",
  }
end

local function new_token()
  local file <close> = assert(io.open("/dev/urandom", "rb"))
  return (file:read(16):gsub(".", function(c) return ("%02x"):format(c:byte()) end))
end

-- The names under which a browser on this machine asks for it.
local function hosts_of(port)
  local hosts = {}
  for _, name in ipairs { "127.0.0.1", "localhost", "[::1]" } do hosts[("%s:%d"):format(name, port)] = true end
  return hosts
end

-- ---- requests ----

local function asset(path)
  local file = files[path]
  if not file then return 404, TEXT, "There is nothing here.\n", headers() end
  return 200, file[2], core.embedded("lorm/studio/" .. file[1]), headers()
end

local function reply(value) return 200, JSON, core.json.encode(value), headers() end

-- Why this request is turned away, or nil.
local function refusal(server, request)
  if not server.hosts[(request.header "host" or ""):lower()] then return "This server goes by other names." end
  if request.method ~= "POST" then return nil end
  local origin = request.header "origin"
  if origin and not server.hosts[origin:lower():match "^http://(.*)$" or ""] then return "Other sites have no business here." end
  if (request.header "content-type" or ""):lower():match "^[^;]*" ~= JSON then return "JSON is what is understood here." end
  if request.header "x-lorm-token" ~= server.token then return "The token is missing or wrong: open the address that `lorm studio` printed." end
end

local function answer(server, request)
  local why = refusal(server, request)
  if why then return 403, TEXT, why .. "\n", headers() end
  if request.method ~= "POST" then return asset(request.path) end
  local call = server.calls[request.path:match "^/api/(%a+)$" or ""]
  if not call then return 404, TEXT, "There is nothing here.\n", headers() end
  local ok, given = pcall(core.json.decode, request.body)
  if not ok or type(given) ~= "table" then return 400, TEXT, "This is no JSON object.\n", headers() end
  return reply(api.call(call, given))
end

-- ---- serving ----

-- The port that was asked for; without one the usual one, or any that is free.
local function listen(port, handler)
  local options = { body = MAX_BODY }
  if port then return http.serve(("127.0.0.1:%d"):format(port), handler, options) end
  local ok, server = pcall(http.serve, ("127.0.0.1:%d"):format(DEFAULT_PORT), handler, options)
  return ok and server or http.serve("127.0.0.1:0", handler, options)
end

local function serve(port, readOnly)
  local client = readOnly and api.read_only(db) or db
  local server = { token = new_token(), calls = api.new { db = client, readOnly = readOnly } }
  server.port = listen(port, function(request) return answer(server, request) end).port
  server.hosts = hosts_of(server.port)
  return server
end

local function port_of(text)
  local port = math.tointeger(tonumber(text))
  if port and port >= 0 and port <= 65535 then return port end
  core.throw { name = "UsageError", message = ("%s is no port: a number up to 65535 is one."):format(text) }
end

function studio.main(port, ...)
  local words = {}
  for _, word in ipairs { ... } do words[word] = true end
  local server = serve(port ~= "" and port_of(port) or nil, words["read-only"])
  io.stdout:write(("http://127.0.0.1:%d/#token=%s\n"):format(server.port, server.token))
  io.stdout:flush()
  if not words.quiet then io.stderr:write "Open this address in a browser on this machine; Ctrl-C ends it.\n" end
  while true do core.sleep(3600 * 1000) end
end

return studio
