-- Pages for others: an HTTP server inside of this program, which answers while its tasks wait.
--   local server = http.serve("127.0.0.1:9464", function(path) return 200, "text/plain", "hello\n" end)
--   print(server.port)     server:close()
-- GET and HEAD only; the handler gets the path, and may query and wait. It keeps no script from ending. Serving where
-- this program serves already exchanges the handler.
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

function http.serve(address, handler)
  local server = servers[address]
  if not server then
    local handle = core.http(address)
    server = setmetatable({ handle = handle, address = address, port = core.httpPort(handle) }, Server)
    servers[address] = server
  end
  server.handler = handler
  return server
end

local function answer(server, id, path)
  local ok, status, kind, body = pcall(server.handler, path)
  if not ok then
    log.error("a page failed", { path = path, error = tostring(status) })
    status, kind, body = 500, "text/plain", "This page failed; the log of the program says why.\n"
  end
  pcall(core.httpAnswer, server.handle, id, status, kind, body) -- it may have been closed meanwhile
end

-- What was asked for meanwhile, each from a task of its own.
function http.deliver()
  for _, server in pairs(servers) do
    for id, path in core.httpNext, server.handle do core.spawn(answer, server, id, path) end
  end
end

return http
