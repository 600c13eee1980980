-- The HTTP server that metrics and the studio stand on.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local http_client = require "http_client"
local lu = require "luaunit"
local lorm = require "lorm"
local http = require "lorm.http"
local support = require "support"

TestHttp = {}

local server
function TestHttp:tearDown() server:close() end

local function seen(options)
  local asked = {}
  server = http.serve("127.0.0.1:0", function(request)
    asked[#asked + 1] = { request.method, request.path, request.body, request.header "x-mark" }
    return 201, "text/plain", "done", { ["X-Answer"] = "42" }
  end, options)
  return asked
end

function TestHttp.testPost()
  local asked = seen { body = 1000 }
  local body = ("\0\"'$%"):rep(100)
  local answer = http_client.post(server.port, "/a%20b?c=d", body, { ["X-Mark"] = "here" })
  lu.assertEquals(asked, { { "POST", "/a b", body, "here" } })
  lu.assertStrMatches(answer, "HTTP/1.%d 201 .*\r\n\r\ndone")
  lu.assertStrContains(answer, "X-Answer: 42\r\n")
  lu.assertStrContains(answer, "Content-Type: text/plain\r\n")
end

function TestHttp.testBodiesHaveALimit()
  local asked = seen { body = 1000 }
  lu.assertStrMatches(http_client.post(server.port, "/", ("x"):rep(1000)), "HTTP/1.%d 201 .*")
  lu.assertStrMatches(http_client.post(server.port, "/", ("x"):rep(1001)), "HTTP/1.%d 413 .*")
  lu.assertStrMatches(http_client.post(server.port, "/", ("x"):rep(300000)), "HTTP/1.%d 413 .*")
  lu.assertEquals(#asked, 1)
end

function TestHttp.testNoPostUnlessWanted()
  local asked = seen()
  local answer = http_client.post(server.port, "/", "abc")
  lu.assertStrMatches(answer, "HTTP/1.%d 405 .*")
  lu.assertStrContains(answer, "Allow: GET, HEAD\r\n")
  lu.assertStrMatches(http_client.send(server.port, "PUT / HTTP/1.0\r\n\r\n"), "HTTP/1.%d 405 .*")
  lu.assertEquals(asked, {})
end

-- A body that came with a GET is nobody's.
function TestHttp.testGet()
  local asked = seen { body = 10 }
  http_client.send(server.port, "GET /x HTTP/1.0\r\nContent-Length: 3\r\n\r\nabc")
  lu.assertEquals(asked, { { "GET", "/x", "", nil } })
end

function TestHttp.testBadHeaderOfAnAnswer()
  server = http.serve("127.0.0.1:0", function() return 200, "text/plain", "x", { ["X-Bad"] = "a\r\nb" } end)
  local said = {}
  local write = lorm.log.write
  lorm.log.write = function(line) said[#said + 1] = line end
  local answer = http_client.get(server.port, "/")
  lorm.log.write = write
  lu.assertStrMatches(answer, "HTTP/1.%d 500 .*")
  lu.assertStrContains(table.concat(said), "no header of HTTP")
end

support.run()
