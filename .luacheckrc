-- luacheck's settings; ./dev lint runs it.
std = "lua54"
self = false -- a method need not use it
max_line_length = 160
read_globals = { "lorm", "db" }

-- Variables that are there for their <close>.
ignore = { "211/box", "211/guard", "211/keep", "211/restore" }

files["lua/lorm/globals.lua"].globals = { "lorm", "db" } -- it makes them

-- Test classes are globals: luaunit finds them so.
files["tests/lua"].ignore = { "11[123]/Test.*" }
