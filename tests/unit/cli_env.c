/* .env files by dotenv's rules, and what a Prisma project says of itself. */
#include "cli/env.h"

#include "check.h"
#include "cli/prisma_config.h"

static char *environment(const char *name) {
  static char home[] = "/home/ada";
  return strcmp(name, "HOME") == 0 ? home : NULL;
}

/* The value of NAME in `text`; "(none)" when it has none. */
static Slice value_of(Arena *a, const char *text, const char *name) {
  uint32_t n;
  EnvVar *vars = env_parse(a, slice_of(text), environment, &n);
  for (uint32_t i = 0; i < n; i++)
    if (slice_is(vars[i].name, name)) return vars[i].value;
  return SLICE("(none)");
}

typedef struct EnvCase {
  const char *text, *value; /* of A */
} EnvCase;

static void reads_values(void) {
  static const EnvCase cases[] = {
      {"A=1", "1"},
      {"A = 1 ", "1"},
      {"A: yaml", "yaml"},
      {"A:none", "(none)"},
      {"export A=1", "1"},
      {"export=x\nA=1", "1"},
      {"# A=0\nA=1 # comment", "1"},
      {"A=a#b", "a"},
      {"A=\"a#b\" # c", "a#b"},
      {"A='it\\n'", "it\\n"},
      {"A=\"x\\ny\\tz\"", "x\ny\\tz"},
      {"A=`both \" and '`", "both \" and '"},
      {"A=\"two\nlines\"\nB=2", "two\nlines"},
      {"A=\"open\nB=2", "\"open"},
      {"A=", ""},
      {"A=''", ""},
      {"A=1\r\nB=2\r\n", "1"},
      {"A=1\nA=2", "2"},
      {"\xEF\xBB\xBF"
       "A=1",
       "1"},
      {"nonsense\n=3\nA=1", "1"},
      {"A=postgresql://u:p%40s@h:5432/db?schema=public", "postgresql://u:p%40s@h:5432/db?schema=public"},
      {"A=\"a\\\"b\"", "a\\\"b"},
      {"A-B.c=1", "(none)"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena *a = arena_new(0);
    CHECK_TEXT(value_of(a, cases[i].text, "A"), cases[i].value);
    arena_free(a);
  }
}

static void replaces_variables(void) {
  static const EnvCase cases[] = {
      {"B=x\nA=${B}/${B}", "x/x"},  {"A=${B}\nB=later", "later"}, {"A=${HOME}\nHOME=/elsewhere", "/home/ada"},
      {"A=${NOBODY}.", "."},        {"A=\\${B}", "${B}"},         {"A='${B}'\nB=1", "1"},
      {"A=$B\nB=1", "$B"},          {"A=${B\nB=1", "${B"},        {"A=x${A}", "xxxxxxxxxxxxxxxxx"},
      {"C=3\nB=${C}\nA=${B}", "3"},
  };
  for (size_t i = 0; i < COUNT(cases); i++) {
    Arena *a = arena_new(0);
    CHECK_TEXT(value_of(a, cases[i].text, "A"), cases[i].value);
    arena_free(a);
  }
}

static void reads_package_json(void) {
  Arena *a = arena_new(0);
  CHECK_TEXT(
      package_schema(a, SLICE("{\"name\":\"x\",\"prisma\":{\"seed\":\"y\",\"schema\":\"db/my.prisma\"}}")),
      "db/my.prisma");
  CHECK_TEXT(package_schema(a, SLICE("{\"schema\":\"no\",\"x\":{\"prisma\":{\"schema\":\"no\"}}}")), "");
  CHECK_TEXT(package_schema(a, SLICE("{\"prisma\":{\"x\":{\"schema\":\"no\"}},\"y\":{\"schema\":\"no\"}}")),
             "");
  CHECK_TEXT(package_schema(a, SLICE("{\"prisma\":")), "");
  arena_free(a);
}

static void reads_prisma_config(void) {
  Arena *a = arena_new(0);
  PrismaConfig c =
      prisma_config_read(a, SLICE("import 'dotenv/config'; const schema = { schema: 'no' };\n"
                                  "// schema: 'no'\n"
                                  "export default defineConfig({\n"
                                  "  schema: \"prisma/schema.prisma\",\n"
                                  "  migrations: { path: './prisma/migrations', seed: `tsx seed.ts` },\n"
                                  "  /* datasource: { url: 'no' } */\n"
                                  "  datasource: { url: env('DATABASE_URL') },\n"
                                  "});\n"));
  CHECK_TEXT(c.schema, "prisma/schema.prisma");
  CHECK_TEXT(c.migrations, "./prisma/migrations");
  CHECK_TEXT(c.url_env, "DATABASE_URL");
  CHECK_TEXT(c.url, "");
  c = prisma_config_read(a, SLICE("export default { schema: path.join('a', 'b'), datasource: { url: "
                                  "process.env.PG_URL! }, migrations: { path: `${x}/y` } }"));
  CHECK_TEXT(c.schema, "");
  CHECK_TEXT(c.migrations, "");
  CHECK_TEXT(c.url_env, "PG_URL");
  c = prisma_config_read(
      a, SLICE("export default { x: { schema: 'no' }, datasource: { url: 'postgres://h/d' }"));
  CHECK_TEXT(c.schema, "");
  CHECK_TEXT(c.url, "postgres://h/d");
  arena_free(a);
}

TESTS(reads_values, replaces_variables, reads_package_json, reads_prisma_config)
