/* Completion: what can stand where somebody is about to type, from the tables of commands.
 *
 *   lorm completion --words -- lorm migrate dev --na
 * prints a line for each candidate: it, a tab, what it is. What only a shell completes well is said by a line
 * of its own: ":files", ":files lua" (these and folders), ":folders". Nothing of the project is run for it.
 */
#ifndef CLI_COMPLETE_H
#define CLI_COMPLETE_H

#include "cli/cli.h"

/* `words` begin with the program's name and end with what is being typed, "" when it is not begun. */
void complete(Cli *c, const char *const *words, int n, FILE *to);

#endif
