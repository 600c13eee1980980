/* The files of lua/, compiled in; made by embed.cmake. */
#ifndef RUNTIME_EMBEDDED_H
#define RUNTIME_EMBEDDED_H

#include <stddef.h>

typedef struct Embedded {
  const char *module; /* "lorm.print", and "lorm/studio/page.html" of what is no Lua; NULL ends the table */
  const char *chunk;  /* "=lorm.print": how it is called in messages */
  const unsigned char *text;
  size_t n;
} Embedded;

extern const Embedded embedded_files[];       /* lua/ */
extern const Embedded embedded_completions[]; /* src/cli/completion/, in the program only: "lorm.bash" */

#endif
