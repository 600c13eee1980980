/* Help: the tables of commands as texts of several forms. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

int help_json(Cli *c); /* all of it, to standard output; an exit status */
int help_man(void);    /* the manual page, likewise */

#endif
