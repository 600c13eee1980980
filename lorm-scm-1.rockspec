-- luarocks make: the module, and the program, built here by cmake. Debian's names of what it needs are in ./dev.
rockspec_format = "3.0"
package = "lorm"
version = "scm-1"
source = { url = "git+file://." }
description = {
  summary = "ORM for Lua scripts on PostgreSQL, with Prisma's schemas",
  detailed = [[
    lorm reads Prisma's schemas, keeps a PostgreSQL database in line with them, seeds it, and runs Lua scripts that query
    it by Prisma's actions and arguments, written as Lua tables.]],
  license = "MIT",
}
supported_platforms = { "linux" }
dependencies = { "lua ~> 5.4" }
build = {
  type = "cmake",
  variables = {
    CMAKE_BUILD_TYPE = "Release",
    CMAKE_INSTALL_PREFIX = "$(PREFIX)",
    CMAKE_INSTALL_BINDIR = "$(BINDIR)",
    LORM_LUA_DIR = "$(LIBDIR)",
    LORM_TESTS = "OFF",
  },
}
