/* Production: databases that are asked about before they are filled or emptied. */
#ifndef CLI_PRODUCTION_H
#define CLI_PRODUCTION_H

#include "cli/project.h"

/* Does the URL lead no further than this machine: a Unix socket, loopback? What cannot be told is far. */
bool url_is_local(Slice url, const char *pghost);
/* As lorm.config.lua says, else by the URL; an empty one is none. */
bool production_is(const Project *p, Slice url);
/* True when the database is no production, or `yes`, or somebody
 * at the terminal says so. */
MUST bool production_ask(const Project *p, Slice url, bool yes, Err *e);

#endif
