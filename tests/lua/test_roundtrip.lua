-- Databases of many kinds: what is pulled is a schema, describes the database, makes one that is pulled alike, and a
-- schema that is changed into another one gives a database that needs no further change.
local here = arg[0]:match "^(.-)[^/]*$"
package.path = here .. "?.lua;" .. package.path
local client = require "lorm.client"
local core = require "lorm.core"
local lu = require "luaunit"
local lorm = require "lorm"
local support = require "support"

local EMPTY <const> = 'datasource db {\n  provider = "postgresql"\n  url = "postgresql://x"\n}\n'
local SCHEMAS <const> = 'generator client {\n  provider = "prisma-client-js"\n}\n\ndatasource db {\n'
  .. '  provider = "postgresql"\n  url = "postgresql://x"\n  schemas = ["s1", "s2"]\n}\n'
local db = support.database(EMPTY)
local url = core.url(client.handle(db))
local program = io.popen "readlink /proc/$PPID/exe":read "l"
local folder = support.folder()

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read "a"
  file:close()
  return text
end

local function write(name, text)
  local path = folder .. "/" .. name
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
  return path
end

-- Standard output; the test fails when the command does.
local function run(...)
  local words = { program }
  for _, word in ipairs { ... } do words[#words + 1] = "'" .. word .. "'" end
  local pipe = io.popen("NO_COLOR=1 " .. table.concat(words, " ") .. " 2>" .. folder .. "/err")
  local out = pipe:read "a"
  if not pipe:close() then lu.fail(table.concat(words, " ") .. "\n" .. read(folder .. "/err") .. out) end
  return out
end

local function fresh(script)
  lorm.migrate.execute(db, [[DROP SCHEMA IF EXISTS public CASCADE; DROP SCHEMA IF EXISTS s1 CASCADE;
    DROP SCHEMA IF EXISTS s2 CASCADE; CREATE SCHEMA public; ]] .. (script or ""))
end

local function pull(path) return run("db", "pull", "-q", "--print", "--schema", path, "--url", url) end
local function difference(path) return run("migrate", "diff", "--from-url", url, "--to-schema", path, "--script") end

local function describes(script, source)
  fresh(script)
  local path = write("pulled.prisma", pull(write("start.prisma", source or EMPTY)))
  local text = read(path)
  run("validate", "--schema", path)
  lu.assertEquals(difference(path), "-- This is an empty migration.", text)
  lu.assertEquals(pull(path), text, "a second time")
  return path, text
end

-- `whole`: the language has words for all of it.
local function roundTrip(script, whole, source)
  local path, text = describes(script, source)
  fresh()
  run("db", "push", "--schema", path, "--url", url, "--accept-data-loss")
  lu.assertEquals(difference(path), "-- This is an empty migration.", text)
  if whole then lu.assertEquals(pull(write("start.prisma", source or EMPTY)), text, "from the database that it makes") end
end

TestRoundTrip = {}

function TestRoundTrip.testTypes()
  local lines = {}
  for i, kind in ipairs { "int2", "int4", "int8", "float4", "float8", "numeric", "numeric(7,3)", "numeric(5)", "money", "text", "varchar",
    "varchar(9)", "char", "char(4)", "bytea", "date", "time", "time(2)", "timetz", "timetz(4)", "timestamp", "timestamp(0)",
    "timestamptz", "timestamptz(6)", "bool", "bit", "bit(5)", "varbit", "varbit(7)", "uuid", "xml", "json", "jsonb", "inet",
    "oid", "circle", "int4range", "tsvector", "macaddr", "interval", "point", "name", "cidr" } do
    lines[#lines + 1] = ("c%d %s, n%d %s NOT NULL, l%d %s[]"):format(i, kind, i, kind, i, kind)
  end
  roundTrip("CREATE TABLE t (id int PRIMARY KEY, " .. table.concat(lines, ", ") .. ")", true)
end

function TestRoundTrip.testDefaults()
  roundTrip([[CREATE TYPE mood AS ENUM ('a b', 'c''d', 'e');
    CREATE FUNCTION made() RETURNS text LANGUAGE sql AS 'select ''x''';
    CREATE TABLE t (id bigserial PRIMARY KEY, a text DEFAULT 'it''s "q" \ ', b text DEFAULT E'l1\nl2\t', c text DEFAULT '',
      d int DEFAULT -5, e numeric(5,2) DEFAULT -1.50, f float8 DEFAULT 1e10, g bool DEFAULT true, h timestamptz DEFAULT now(),
      i timestamp(3) DEFAULT CURRENT_TIMESTAMP, j date DEFAULT '2020-01-02', k mood DEFAULT 'a b', l mood[] DEFAULT ARRAY['c''d', 'e']::mood[],
      m jsonb DEFAULT '{"a": [1, "x"]}', n uuid DEFAULT gen_random_uuid(), o bytea DEFAULT '\x00ff', p text[] DEFAULT '{"a,b",c}',
      q int[] DEFAULT '{}', r float8 DEFAULT 'NaN', s interval DEFAULT '1 day', t time DEFAULT '10:00', u varchar(5) DEFAULT 'abc',
      v int8 DEFAULT 9007199254740993, w numeric DEFAULT 12345678901234567890.123, x text DEFAULT upper('a'), y timestamp DEFAULT now() + '1 day'::interval,
      z bit(3) DEFAULT '101', aa money DEFAULT 5, ab json DEFAULT '[]', ac inet DEFAULT '10.0.0.1', ad text DEFAULT NULL, ae oid DEFAULT 5)]], true)
end

function TestRoundTrip.testKeys()
  local actions, lines = { "CASCADE", "RESTRICT", "NO ACTION", "SET NULL", "SET DEFAULT" }, {}
  for i, delete in ipairs(actions) do
    for k, update in ipairs(actions) do
      lines[#lines + 1] = ("r%d%d int REFERENCES target (id) ON DELETE %s ON UPDATE %s"):format(i, k, delete, update)
    end
  end
  roundTrip([[CREATE TABLE target (id serial PRIMARY KEY, a int, b int, c int NOT NULL UNIQUE, UNIQUE (a, b));
    CREATE TABLE self (id int PRIMARY KEY, parent int REFERENCES self, other int REFERENCES self (id) ON DELETE CASCADE);
    CREATE TABLE two (x int, y int, z int REFERENCES target (c), PRIMARY KEY (y, x), FOREIGN KEY (x, y) REFERENCES target (a, b));
    CREATE TABLE three (y int, x int, id int PRIMARY KEY, FOREIGN KEY (y, x) REFERENCES two (y, x) DEFERRABLE INITIALLY DEFERRED, CONSTRAINT own UNIQUE (y, x));
    CREATE TABLE one (id int PRIMARY KEY REFERENCES target ON DELETE CASCADE);
    CREATE TABLE "_AToB" ("A" int NOT NULL REFERENCES target ON DELETE CASCADE ON UPDATE CASCADE,
       "B" int NOT NULL REFERENCES one ON DELETE CASCADE ON UPDATE CASCADE);
    CREATE UNIQUE INDEX "_AToB_AB_unique" ON "_AToB" ("A", "B"); CREATE INDEX "_AToB_B_index" ON "_AToB" ("B");
    CREATE TABLE source (id int PRIMARY KEY, ]] .. table.concat(lines, ", ") .. ")", false)
end

function TestRoundTrip.testIndexes()
  roundTrip([[CREATE TABLE t (id int PRIMARY KEY, a int, b text, c jsonb, d int[], e inet, f uuid, g timestamptz, h text, i varchar(9), j float8, k date);
    CREATE INDEX i1 ON t (a DESC, b); CREATE INDEX i2 ON t USING hash (b); CREATE INDEX i3 ON t USING gin (c);
    CREATE INDEX i4 ON t USING gin (c jsonb_path_ops); CREATE INDEX i5 ON t USING gin (d); CREATE INDEX i6 ON t USING brin (g);
    CREATE INDEX i7 ON t USING brin (a int4_minmax_multi_ops, f uuid_bloom_ops); CREATE INDEX i8 ON t USING gist (e inet_ops);
    CREATE INDEX i9 ON t USING spgist (b); CREATE INDEX i10 ON t (b text_pattern_ops); CREATE INDEX i11 ON t (i varchar_pattern_ops DESC);
    CREATE UNIQUE INDEX i12 ON t (a, b DESC); CREATE UNIQUE INDEX i13 ON t (h); ALTER TABLE t ADD CONSTRAINT u14 UNIQUE (b, a);
    CREATE INDEX i15 ON t USING brin (j float8_bloom_ops); CREATE INDEX i16 ON t USING spgist (e); CREATE INDEX i17 ON t USING brin (k date_minmax_multi_ops);
    CREATE INDEX i18 ON t (g, a, b, d)]], true)
end

-- For these the language has no words, or half of them: nothing may be lost by a migration.
function TestRoundTrip.testWhatHasNoWords()
  describes([[CREATE DOMAIN pos AS int CHECK (value > 0); CREATE TYPE pair AS (a int, b text);
    CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a int GENERATED BY DEFAULT AS IDENTITY, b int GENERATED ALWAYS AS (a * 2) STORED,
      c pos, d pair, e int CHECK (e > 0), f int4range, g text COLLATE "C", EXCLUDE USING gist (f WITH &&));
    CREATE INDEX x1 ON t (lower(g)); CREATE INDEX x2 ON t (a) WHERE a > 0; CREATE INDEX x3 ON t (a) INCLUDE (c);
    CREATE UNIQUE INDEX x4 ON t (a NULLS FIRST); CREATE INDEX x5 ON t (g COLLATE "C"); CREATE UNIQUE INDEX x6 ON t (c) NULLS NOT DISTINCT;
    COMMENT ON TABLE t IS 'a table'; COMMENT ON COLUMN t.a IS 'a column';
    CREATE TABLE p (id int, at date NOT NULL, PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
    CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
    CREATE TABLE base (id int PRIMARY KEY, x text); CREATE TABLE derived (y text) INHERITS (base);
    CREATE VIEW v AS SELECT id, g FROM t; CREATE MATERIALIZED VIEW mv AS SELECT id FROM t; CREATE SEQUENCE alone;
    CREATE TABLE rls (id int PRIMARY KEY); ALTER TABLE rls ENABLE ROW LEVEL SECURITY;
    CREATE TABLE none (a int, b int); CREATE UNLOGGED TABLE un (id int PRIMARY KEY)]])
end

function TestRoundTrip.testNames()
  roundTrip([[CREATE TYPE "Weird Enum" AS ENUM ('a-b', 'a_c', ''); CREATE TYPE model AS ENUM ('x');
    CREATE TABLE "my table" ("1 id" int PRIMARY KEY, "a b" "Weird Enum", "a_c" int, "Ünï" text, "model" model, "ab" int, "select" int, "x-y" text UNIQUE);
    CREATE TABLE "class" (id int PRIMARY KEY, "my table" int REFERENCES "my table"); CREATE TABLE "_under" (id int PRIMARY KEY, "_x" int);
    CREATE TABLE "UPPER" ("ID" int PRIMARY KEY, "it""s" int); CREATE TABLE "1st" (id int PRIMARY KEY);
    CREATE TABLE "a_very_long_name_that_fills_the_sixty_three_bytes_of_a_name_xyz" (id int PRIMARY KEY,
      "another_very_long_name_of_a_column_that_is_also_quite_long_indee" int UNIQUE)]], false)
end

function TestRoundTrip.testSchemas()
  roundTrip([[CREATE SCHEMA s1; CREATE SCHEMA s2; CREATE TYPE s1.e AS ENUM ('a'); CREATE TYPE s2.e AS ENUM ('b');
    CREATE TABLE s1.t (id serial PRIMARY KEY, e s1.e DEFAULT 'a', f s2.e);
     CREATE TABLE s2.t (id int PRIMARY KEY, t int REFERENCES s1.t, e s2.e[] DEFAULT '{b}');
    CREATE TABLE s2.only (id int PRIMARY KEY, t int REFERENCES s2.t ON DELETE SET NULL)]], false, SCHEMAS)
end

-- ---- from one schema to another ----

local function becomes(from, to, data)
  fresh()
  local before <close> = lorm.connect { schemaText = EMPTY .. from, url = url }
  lorm.migrate.push(before)
  if data then lorm.migrate.execute(db, data) end
  local script = lorm.migrate.diff { from = db, to = { schemaText = EMPTY .. to } }
  lorm.migrate.execute(db, script)
  lu.assertEquals(lorm.migrate.diff { from = db, to = { schemaText = EMPTY .. to } }, "", from .. to .. script)
end

-- All pairs take minutes: a part of them, always the same; LORM_ALL in the environment: all.
local function pairsOf(list, fn)
  local k = 0
  for _, from in ipairs(list) do
    for _, to in ipairs(list) do
      k = k + 1
      if from ~= to and (os.getenv "LORM_ALL" or k % 5 == 0) then fn(from, to) end
    end
  end
end

-- There and back again, by scripts from the live database.
local function bothWays(from, to)
  becomes(from, to)
  becomes(to, from)
end

local function model(fields, rest) return "model A {\n  " .. fields .. "\n" .. (rest and rest .. "\n" or "") .. "}\n" end

function TestRoundTrip.testChangesOfColumns()
  local kinds = { "Int", "Int?", "Int[]", "BigInt", "String", "String @default(\"x\")", "String? @db.VarChar(5)",
    "Boolean @default(false)", "DateTime @default(now())",
    "DateTime @db.Date", "Json", "Json? @db.Json", "Decimal @db.Decimal(5, 2)", "Float @default(1.5)", "Bytes", "E", "E @default(X)", "E[] @default([X, Y])",
    "F?", "Int @default(autoincrement())", "String @default(uuid()) @db.Uuid", "String @default(dbgenerated(\"lower('A')\"))", "Int @default(7) @map(\"w\")" }
  local enums = "enum E {\n  X\n  Y\n}\nenum F {\n  X\n  Z\n}\n"
  pairsOf(kinds, function(from, to) becomes(model("id Int @id\n  v " .. from) .. enums, model("id Int @id\n  v " .. to) .. enums) end)
end

function TestRoundTrip.testChangesOfKeys()
  local keys = { { "id Int @id" }, { "id Int @id @default(autoincrement())" },
    { "id BigInt @id @default(autoincrement())" }, { "id String @id @default(cuid())" },
    { "id Int\n  b Int @default(1)", "@@id([id, b])" }, { "id Int\n  b Int @default(1)", "@@id([b, id])" }, { "id Int @unique" },
    { "id Int\n  b Int @default(1)", "@@unique([id, b], map: \"u\")" },
    { "id Int @id(map: \"own\")" }, { "id Int @id @map(\"key\")" } }
  pairsOf(keys, function(from, to) becomes(model(from[1], from[2]), model(to[1], to[2])) end)
end

function TestRoundTrip.testChangesOfEnums()
  local function with(values, default, list)
    return ("enum E {\n  %s\n}\n"):format(table.concat(values, "\n  "))
      .. model("id Int @id\n  e E @default(" .. default .. ")\n  l E[] @default([" .. list .. "])\n  n E?")
  end
  bothWays(with({ "A", "B" }, "A", "A"), with({ "A", "B", "C" }, "A", "A"))
  becomes(with({ "A", "B" }, "A", "A, B"), with({ "B" }, "B", "B"))
  bothWays(with({ "A", "B" }, "B", "A"), with({ "A", "D" }, "A", "A"))
  bothWays(with({ "A", "B" }, "A", "A"), with({ "B", "A" }, "B", ""))
  bothWays(with({ "A", "B" }, "A", "A"), model "id Int @id")
end

function TestRoundTrip.testChangesOfRelations()
  local ends = { "Cascade", "Restrict", "NoAction", "SetNull", "SetDefault" }
  local function two(action, field)
    return model("id Int @id\n  bs B[]")
      .. ("model B {\n  id Int @id\n  %s Int? @default(1)\n  a A? @relation(fields: [%s], references: [id], onDelete: %s)\n}\n"):format(field, field, action)
  end
  for i, action in ipairs(ends) do bothWays(two(action, "aId"), two(ends[i % #ends + 1], i % 2 == 0 and "aId" or "otherId")) end
  local many = model("id Int @id\n  bs B[]") .. "model B {\n  id Int @id\n  as A[]\n}\n"
  local bigger = model("id BigInt @id\n  bs B[]") .. "model B {\n  id String @id\n  as A[]\n}\n"
  bothWays(many, two("Cascade", "aId"))
  bothWays(many, bigger)
  bothWays(many, model "id Int @id")
end

function TestRoundTrip.testChangesOfIndexes()
  local function with(...) return model("id Int @id\n  a Int\n  b String\n  c Json\n  d Int[]", table.concat({ ... }, "\n")) end
  local kinds = { { "@@index([a])" }, { "@@index([a, b])" }, { "@@index([a(sort: Desc)])" }, { "@@index([a], map: \"own\")" }, { "@@unique([a])" },
    { "@@index([a], type: Hash)" },
    { "@@index([c], type: Gin)" }, { "@@index([c(ops: JsonbPathOps)], type: Gin)" }, { "@@index([b(ops: raw(\"text_pattern_ops\"))])" },
    { "@@index([d], type: Gin)" },
    { "@@index([a], type: Brin)" },
    { "@@unique([a, b])", "@@index([b, a])" }, {} }
  pairsOf(kinds, function(from, to) becomes(with(table.unpack(from)), with(table.unpack(to))) end)
end

support.run(db)
