/* Project: the folder in which a command works, and what is said in it: paths, environment, schema, database.
 *
 *   Project p; Schema *s; Slice url; Err e;
 *   if (!project_find(c, &p, &e) || !project_schema(c, &p, &s, &e) ||
 *       !project_url(c, &p, s, URL_DIRECT, &url, &e)) return cli_fail(c, &e);
 *
 * Paths are written as the user would write them, from the working directory. Everything lives in c->arena.
 */
#ifndef CLI_PROJECT_H
#define CLI_PROJECT_H

#include "cli/cli.h"
#include "cli/prisma_config.h"
#include "psl/schema.h"
#include "runtime/runtime.h"

typedef struct Project {
  const char *root;               /* NULL outside of a project */
  const char *config_path;        /* lorm.config.lua, or NULL */
  const char *schema_path;        /* a file or a folder, or NULL */
  const char *migrations, *seeds; /* folders that may not exist; NULL without a root */
  ProjectConfig config;
  PrismaConfig prisma;
} Project;

/* Walk up from the working directory (else from --schema) to the project, read its settings, put what its
 * .env files say into the environment. To find none is no error. */
MUST bool project_find(Cli *c, Project *out, Err *e);
/* Where its schema and migrations are likely to be, without running or reading its settings. */
void project_guess(Cli *c, Project *out);

MUST bool project_root(const Project *p, Err *e); /* an error outside of a project */
/* The text of the schema's files. Without a schema: an error that says where it was looked for. */
MUST bool project_sources(Cli *c, const Project *p, Source **sources, uint32_t *n, Err *e);
/* Load the schema. What is wrong with it has been printed when `e` is P1012 without a message (cli_fail
 * knows); warnings are printed, too. Without a schema: an error that says where it was looked for. */
MUST bool project_schema(Cli *c, const Project *p, Schema **out, Err *e);
/* The same for those who can do without: NULL when there is none or it is wrong, and nothing is said. */
Schema *project_schema_try(Cli *c, const Project *p);
/* A schema file or folder that is not the project's own. */
MUST bool schema_of_path(Cli *c, const char *path, Schema **out, Err *e);

typedef enum UrlUse {
  URL_CLIENT, /* scripts: url, else the private server */
  URL_DIRECT, /* changes of the database itself: directUrl, url, else the private server */
  URL_GIVEN   /* as URL_DIRECT, and never the private server */
} UrlUse;
/* --url, else lorm.config.lua, else the datasource of the schema (NULL: there is none), else that of
 * prisma.config.ts, else DATABASE_URL where the schema says nothing, else the private server, as `use`
 * allows. */
MUST bool project_url(Cli *c, const Project *p, const Schema *s, UrlUse use, Slice *out, Err *e);
/* The same without the private server: empty when nothing names a database. */
MUST bool project_url_written(Cli *c, const Project *p, const Schema *s, UrlUse use, Slice *out, Err *e);
/* The URL that a datasource names: P1012 with its place when the variable is not set. */
MUST bool datasource_url(Cli *c, const Schema *s, UrlUse use, Slice *out, Err *e);
/* The datasource's shadowDatabaseUrl; empty when it has none, or its variable is not set. */
MUST bool datasource_shadow_url(Cli *c, const Schema *s, Slice *out, Err *e);
/* What an option says: a URL, @FILE, or - for standard input. */
MUST bool url_of_option(Cli *c, const char *text, Slice *out, Err *e);

#endif
