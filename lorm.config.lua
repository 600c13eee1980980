-- The project. Every entry is optional; these are the defaults, but for the middleware.
return {
  schema     = "schema", -- a folder of *.prisma files, or one file
  migrations = "schema/migrations",
  seeds      = "seeds",

  -- The first is outermost. Quiet until something is slow (milliseconds).
  middleware = { { "logging", slow = 250 } },
}
