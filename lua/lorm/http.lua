-- Pages for others: an HTTP server inside of this program, which answers while its tasks wait.
--   local server = http.serve("127.0.0.1:9464", function(request) return 200, "text/plain", "hello\n" end)
--   print(server.port)     server:close()
-- The handler gets { method =, path =, body =, header = function(name) }, returns status, type, body and, where it has
-- some, a table of further headers; it may query and wait. GET and HEAD only, and POST with options.body, the bytes that
-- it may bring. It keeps no script from ending. Serving where this program serves already exchanges the handler.
local core = require "lorm.core"
local log = require "lorm.log"

local http = {}

local servers = {} -- address -> server

local Server = { __name = "lorm.server" }
Server.__index = Server

function Server:close()
  if servers[self.address] == self then servers[self.address] = nil end
  core.httpClose(self.handle)
end

function http.serve(address, handler, options)
  local server = servers[address]
  if not server then
    local handle = core.http(address, options and options.body or 0)
    server = setmetatable({ handle = handle, address = address, port = core.httpPort(handle) }, Server)
    servers[address] = server
  end
  server.handler = handler
  return server
end

local function send(server, id, status, kind, body, headers)
  if servers[server.address] ~= server then return end -- closed meanwhile
  headers = headers or {}
  headers["Content-Type"] = kind
  core.httpAnswer(server.handle, id, status, headers, body)
end

local function answer(server, id, request)
  local ok, e = pcall(function() send(server, id, server.handler(request)) end)
  if ok then return end
  log.error("a page failed", { path = request.path, error = tostring(e) })
  send(server, id, 500, "text/plain", "This page failed; the log of the program says why.\n")
end

-- What was asked for meanwhile, each from a task of its own.
function http.deliver()
  for _, server in pairs(servers) do
    for id, method, path, body in core.httpNext, server.handle do
      local function header(name) return core.httpHeader(server.handle, id, name) end
      core.spawn(answer, server, id, { method = method, path = path, body = body, header = header })
    end
  end
end

return http
