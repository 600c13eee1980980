#include "cli/ask.h"

#include <ctype.h>
#include <stdio.h>
#include <unistd.h>

enum {
  LONGEST_LINE = 512
};

bool ask_possible(void) { return isatty(STDIN_FILENO); }

Slice ask_line(Arena *a, const char *question) {
  char line[LONGEST_LINE];
  fflush(stdout);
  fprintf(stderr, "%s ", question);
  if (!fgets(line, sizeof line, stdin)) return SLICE("");
  Slice s = slice_of(line);
  while (s.n && isspace((unsigned char)s.p[0])) s.p++, s.n--;
  while (s.n && isspace((unsigned char)s.p[s.n - 1])) s.n--;
  return slice_copy(a, s);
}

bool ask_yes(const char *question) {
  char line[LONGEST_LINE];
  fflush(stdout);
  fprintf(stderr, "%s [y/N] ", question);
  return fgets(line, sizeof line, stdin) && (line[0] == 'y' || line[0] == 'Y');
}
