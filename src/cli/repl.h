/* Repl: one interactive session. cmd_repl.c reads and evaluates, repl_dot.c has the dot commands. */
#ifndef CLI_REPL_H
#define CLI_REPL_H

#include "cli/edit.h"
#include "cli/script.h"

typedef struct Repl {
  Cli *c;
  Script *script;
  Edit *edit;   /* NULL: standard input is no terminal */
  Arena *arena; /* of one statement: emptied after it */
  Err last;     /* the last error */
  bool evaluating, over, failed;
} Repl;

/* Is the line ".name ..."? Then it is carried out, or said to be unknown. */
bool repl_dot(Repl *r, Slice line);
/* Dot commands that begin as the line does, newline-separated. */
Slice repl_dot_complete(Arena *a, Slice line);

#endif
