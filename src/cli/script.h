/* Script: a runtime for the commands that run Lua. */
#ifndef CLI_SCRIPT_H
#define CLI_SCRIPT_H

#include "cli/project.h"

typedef struct ScriptNeeds {
  bool
      project; /* an error outside of a project, or with a schema that is wrong; else db tells at first use */
  bool early;  /* find the database now where that can be done, so that what is said of it comes first */
  bool unhooked; /* without the config's middleware */
  bool watch;    /* reload middleware when it is saved */
} ScriptNeeds;

typedef struct Script {
  Project project;
  Runtime *rt;
  Slice url; /* empty when it is found out at first use */
} Script;

/* Find the project and its database, and make a runtime; *out and what is in it end with c->arena. */
MUST bool script_open(Cli *c, const ScriptNeeds *needs, Script **out, Err *e);

#endif
