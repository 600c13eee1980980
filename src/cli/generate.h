/* What a schema's annotations are made anew by, for the commands that change it or the database. */
#ifndef CLI_GENERATE_H
#define CLI_GENERATE_H

#include "cli/cli.h"

/* Make the project's annotations anew where it has some. What goes wrong is a warning. */
void generate_again(Cli *c);

#endif
