/* A new project. Nothing that is there is touched: it is all of these files or none. */
#include <unistd.h>

#include "cli/cli.h"
#include "cli/file.h"

typedef enum FileNeed {
  ALWAYS,
  WITH_MODEL,
  WITHOUT_MODEL
} FileNeed;

typedef struct Template {
  const char *path, *text;
  FileNeed need;
} Template;

#define SCHEMA_HEAD                      \
  "datasource db {\n"                    \
  "  provider = \"postgresql\"\n"        \
  "  url      = env(\"DATABASE_URL\")\n" \
  "}\n"                                  \
  "\n"                                   \
  "generator client {\n"                 \
  "  provider = \"prisma-client-js\"\n"  \
  "}\n"

static const char config_text[] =
    "-- The project. Every entry is optional.\n"
    "return {\n"
    "  schema     = \"schema\", -- a folder of *.prisma files, or one file\n"
    "  migrations = \"schema/migrations\",\n"
    "  seeds      = \"seeds\",\n"
    "  middleware = { \"./middleware/slow.lua\" }, -- the first is outermost\n"
    "}\n";

static const char middleware_text[] =
    "-- Says so when a call takes longer than a quarter of a second. A middleware is a function of what is "
    "asked\n"
    "-- for ({ model, action, args }) and of what comes next.\n"
    "return function(params, next)\n"
    "  local begun = lorm.clock()\n"
    "  local result = next(params)\n"
    "  local ms = lorm.clock() - begun\n"
    "  if ms > 250 then io.stderr:write((\"%s.%s took %d ms\\n\"):format(params.model, params.action, ms // "
    "1)) end\n"
    "  return result\n"
    "end\n";

#define SEED_HEAD                                                                          \
  "-- `lorm seed` runs the files of this folder in name order; each is one transaction.\n" \
  "local db, faker, seed = ...\n"

static const char seed_example[] = SEED_HEAD
    "\n"
    "-- seed.many(\"users\", 10, function()\n"
    "--   return db.User:create { data = { email = faker.internet.email(), name = faker.person.fullName() } "
    "}\n"
    "-- end)\n";

static const char seed_text[] = SEED_HEAD
    "\n"
    "seed.many(\"users\", 10, function()\n"
    "  return db.User:create { data = { email = faker.internet.email(), name = faker.person.fullName() } }\n"
    "end)\n";

static const Template templates[] = {
    {"schema/schema.prisma", SCHEMA_HEAD, WITHOUT_MODEL},
    {"schema/schema.prisma",
     SCHEMA_HEAD "\n"
                 "model User {\n"
                 "  id    Int     @id @default(autoincrement())\n"
                 "  email String  @unique\n"
                 "  name  String?\n"
                 "}\n",
     WITH_MODEL},
    {"lorm.config.lua", config_text, ALWAYS},
    {"middleware/slow.lua", middleware_text, ALWAYS},
    {"seeds/first.lua", seed_example, WITHOUT_MODEL},
    {"seeds/first.lua", seed_text, WITH_MODEL},
    {".env", NULL, ALWAYS}, /* env_text */
    {".gitignore", ".env\n/.lorm/\n", ALWAYS},
};

typedef struct Init {
  Cli *c;
  const char *dir;
  bool model;
  const Template *written[COUNT(templates)];
  size_t n_written;
  Err *e;
} Init;

static bool wanted(const Init *in, const Template *t) {
  return t->need == ALWAYS || (t->need == WITH_MODEL) == in->model;
}

static const char *place(const Init *in, const char *path) {
  return path_join(in->c->arena, in->dir, slice_of(path));
}

/* Without --url the line is a comment: then development commands have a private server. */
static Slice env_text(const Init *in) {
  const char *url = cli_option(in->c, "--url");
  if (url) return slice_printf(in->c->arena, "DATABASE_URL=\"%s\"\n", url);
  return SLICE(
      "# The database. Without this line, development commands use a private PostgreSQL in .lorm/ (`lorm "
      "dev`).\n"
      "# DATABASE_URL=\"postgresql://user:password@localhost:5432/mydb?schema=public\"\n");
}

/* A .gitignore that is there stays as it is: that is the one file that others make, too. */
static bool nothing_there(const Init *in) {
  if (file_exists(place(in, "prisma")))
    return err_set(in->e, ERR_IO, "%s is a project of Prisma's: lorm works with it as it is", in->dir);
  for (size_t i = 0; i < COUNT(templates); i++) {
    const char *path = place(in, templates[i].path);
    if (file_exists(path) && strcmp(templates[i].path, ".gitignore") != 0)
      return err_set(in->e, ERR_IO, "%s exists already; nothing was written", path);
  }
  return true;
}

static bool make_folder(Init *in, const char *path) {
  return folder_make(in->c->arena, path, 0777) || err_io(in->e, "Cannot make the folder", path);
}

static bool write_template(Init *in, const Template *t) {
  const char *path = place(in, t->path);
  if (!make_folder(in, path_folder(in->c->arena, path))) return false;
  if (file_exists(path)) return true;
  if (!file_write(in->c->arena, path, t->text ? slice_of(t->text) : env_text(in), in->e)) return false;
  in->written[in->n_written++] = t;
  return true;
}

/* What was written goes again, and the folders that are empty then. */
static void undo(Init *in) {
  while (in->n_written) {
    const char *path = place(in, in->written[--in->n_written]->path);
    unlink(path);
    rmdir(path_folder(in->c->arena, path));
  }
}

static bool write_all(Init *in) {
  if (!nothing_there(in) || !make_folder(in, in->dir)) return false;
  for (size_t i = 0; i < COUNT(templates); i++) {
    if (!wanted(in, &templates[i]) || write_template(in, &templates[i])) continue;
    undo(in);
    return false;
  }
  return true;
}

int cmd_init(Cli *c) {
  Err e;
  Init in = {
      .c = c, .dir = c->n_operands ? c->operands[0] : ".", .model = cli_flag(c, "--with-model"), .e = &e};
  if (!write_all(&in)) return cli_fail(c, &e);
  for (size_t i = 0; i < in.n_written; i++) printf("%s\n", place(&in, in.written[i]->path));
  cli_note(c, "\nNext: models into schema/schema.prisma, `lorm db push`, `lorm seed`, `lorm repl`.");
  return EXIT_DONE;
}
