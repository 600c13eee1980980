/* What this program was built of. Made by CMakeLists.txt from build.c.in, where versions and names come from.
 */
#ifndef CLI_BUILD_H
#define CLI_BUILD_H

#include <stdbool.h>

typedef struct Library {
  const char *name, *version; /* "hiredis", "0.14.1": of the build */
  const char *loaded;         /* the file that is loaded when it is needed first; "" when it is linked */
  const char *purpose;        /* of one that is loaded: what there is not without it */
} Library;

typedef struct Build {
  const char *version;  /* "0.1.0" */
  const char *commit;   /* "" when it is not known */
  const char *date;     /* of the commit, else of the build: "2026-01-31" */
  const char *type;     /* "Release" */
  const char *compiler; /* "gcc 12.2.0" */
  const char *lua;      /* "5.4.4" */
  const Library *libraries;
  unsigned n_libraries;
} Build;

extern const Build build;

/* Is it linked, or can it be loaded here? */
bool library_there(const Library *l);

#endif
