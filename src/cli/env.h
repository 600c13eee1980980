/* Env: the files called .env, by the rules of dotenv as Prisma applies them.
 *
 *   NAME=value    export NAME=value    NAME: value    # comment    NAME=value # comment
 *   'as it stands'   `as it stands`   "with \n and \r", each over several lines if need be
 *   ${OTHER} is replaced in every value: the process's environment first, then the file; \${ stays.
 * Lines that are none of these are ignored, as dotenv does. */
#ifndef CLI_ENV_H
#define CLI_ENV_H

#include "base/slice.h"

typedef struct EnvVar {
  Slice name, value; /* (z) */
} EnvVar;

/* In the order of the file, a later one of the same name replacing the earlier. Call it in the arena's
 * protection. `lookup` is getenv, or NULL: no environment. */
typedef char *EnvLookup(const char *name);
EnvVar *env_parse(Arena *a, Slice text, EnvLookup *lookup, uint32_t *n);

#endif
