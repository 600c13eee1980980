/* What an existing Prisma project says about itself outside of its schema: package.json, prisma.config.ts. */
#ifndef CLI_PRISMA_CONFIG_H
#define CLI_PRISMA_CONFIG_H

#include "base/slice.h"

typedef struct PrismaConfig { /* empty = not said */
  Slice schema, migrations, url;
  Slice url_env; /* the variable of env("X") or process.env.X */
} PrismaConfig;

/* "prisma": { "schema": "..." } of a package.json; text that is no JSON says nothing. */
Slice package_schema(Arena *a, Slice text);
/* The plain literals of a prisma.config.ts: schema, migrations.path, datasource.url. What is computed is not
 * seen: this reads text, it does not run a program. */
PrismaConfig prisma_config_read(Arena *a, Slice text);

#endif
