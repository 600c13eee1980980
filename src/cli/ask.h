/* Questions, to whoever sits at the terminal. */
#ifndef CLI_ASK_H
#define CLI_ASK_H

#include "base/err.h"

bool ask_possible(void); /* standard input is a terminal */
/* "question [y/N] ": true for y or yes. False, too, at the end of input. */
bool ask_yes(const char *question);
/* A line, without blanks around it; empty when there is none. */
Slice ask_line(Arena *a, const char *question);

#endif
