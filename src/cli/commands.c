#include "cli/commands.h"

#include <stdio.h>

enum {
  MANY = 1 << 30
};

const Command commands[N_COMMANDS] = {
#define COMMAND(id, words, operands, fewest, most, style, summary) \
  {words, operands, summary, fewest, most, OPERANDS_##style, cmd_##id},
#include "cli/commands.def"
};

const Option options[N_OPTIONS] = {
#define OPTION(id, name, value, summary) {COMMAND_##id, name, value, summary},
#include "cli/commands.def"
#define OPTION(id, name, value, summary) {COMMAND_##id, name, value, summary},
#include "cli/common_options.def"
};

/* Is `words` "first" or "first second"? */
static bool words_are(const char *words, const char *first, const char *second) {
  size_t n = strlen(first);
  if (strncmp(words, first, n) != 0) return false;
  if (!second) return words[n] == 0;
  return words[n] == ' ' && strcmp(words + n + 1, second) == 0;
}

const Command *command_find(const char *first, const char *second, int *n) {
  for (*n = second ? 2 : 1; *n > 0; --*n)
    for (size_t i = 0; i < N_COMMANDS; i++)
      if (words_are(commands[i].words, first, *n == 2 ? second : NULL)) return &commands[i];
  return NULL;
}

bool command_is_group(const char *word) {
  size_t n = strlen(word);
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (strncmp(commands[i].words, word, n) == 0 && commands[i].words[n] == ' ') return true;
  return false;
}

Slice command_nearest(Arena *a, const char *first, const char *second) {
  Slice names[N_COMMANDS];
  for (size_t i = 0; i < N_COMMANDS; i++) names[i] = slice_of(commands[i].words);
  Slice near = {0};
  if (second) near = slice_nearest(slice_printf(a, "%s %s", first, second), names, N_COMMANDS);
  return near.n ? near : slice_nearest(slice_of(first), names, N_COMMANDS);
}

bool option_of(const Option *o, const Command *command) {
  return o->command == COMMAND_ANY || (command && command == &commands[o->command]);
}

/* "-n, --name" has two spellings. */
static bool option_spelt(const Option *o, Slice text) {
  const char *comma = strstr(o->name, ", ");
  if (!comma) return slice_is(text, o->name);
  return slice_is(text, comma + 2) || slice_eq(text, (Slice){o->name, (uint32_t)(comma - o->name)});
}

const Option *option_find(const Command *command, Slice text) {
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (option_of(&options[i], command) && option_spelt(&options[i], text)) return &options[i];
  return NULL;
}

Slice option_nearest(const Command *command, Slice text) {
  Slice names[N_OPTIONS];
  size_t n = 0;
  for (size_t i = 0; i < N_OPTIONS; i++) {
    if (!option_of(&options[i], command)) continue;
    const char *comma = strstr(options[i].name, ", ");
    names[n++] = slice_of(comma ? comma + 2 : options[i].name);
  }
  return slice_nearest(text, names, n);
}
