/* The project's private PostgreSQL, for commands that develop. */
#ifndef CLI_PRIVATE_H
#define CLI_PRIVATE_H

#include "cli/project.h"
#include "devserver/devserver.h"

/* Start it where it does not run, say so, and make sure that its database is there. An error outside of a
 * project. */
MUST bool private_open(Cli *c, const Project *p, const DevOptions *o, DevServer *out, Err *e);

#endif
