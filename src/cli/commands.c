#include "cli/commands.h"

#include <stdio.h>

enum {
  MANY = 1 << 30
};

const Command commands[N_COMMANDS] = {
#define COMMAND(id, words, operands, fewest, most, style, summary) \
  {words, operands, summary, fewest, most, OPERANDS_##style, cmd_##id, COMMAND_##id},
#define ALIAS(id, words, of) {words, "", "", 0, 0, OPERANDS_MIXED, NULL, COMMAND_##of},
#include "cli/commands.def"
};

const CommandRow command_rows[N_COMMAND_ROWS] = {
#define SECTION(title) {title, NULL},
#define COMMAND(id, words, operands, fewest, most, style, summary) {NULL, &commands[COMMAND_##id]},
#define ALIAS(id, words, of) {NULL, &commands[COMMAND_##id]},
#include "cli/commands.def"
};

const char *const command_abouts[N_COMMANDS] = {
#define ABOUT(id, text) [COMMAND_##id] = text,
#include "cli/commands.def"
};

const Example examples[N_EXAMPLES] = {
#define EXAMPLE(id, line, summary) {COMMAND_##id, line, summary},
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
      if (words_are(commands[i].words, first, *n == 2 ? second : NULL)) return &commands[commands[i].same];
  return NULL;
}

bool command_in_group(const Command *k, const char *word) {
  size_t n = strlen(word);
  return strncmp(k->words, word, n) == 0 && k->words[n] == ' ';
}

bool command_is_group(const char *word) {
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (command_in_group(&commands[i], word)) return true;
  return false;
}

/* Of "db push" what stands behind the space; NULL for a command of one word. */
static const char *second_word(const Command *k) {
  const char *space = strchr(k->words, ' ');
  return space ? space + 1 : NULL;
}

static Slice all_with_second(Arena *a, Slice word) {
  Slice out = {0};
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (second_word(&commands[i]) && slice_is(word, second_word(&commands[i])))
      out = slice_printf(a, "%.*s%s`%s`", SLICE_ARGS(out), out.n ? " or " : "", commands[i].words);
  return out;
}

/* The whole of it, else its first word, else a second word whose first was left out. */
static Slice command_nearest(Arena *a, const char *first, const char *second) {
  Slice names[N_COMMANDS], seconds[N_COMMANDS], near = {0};
  size_t n = 0;
  for (size_t i = 0; i < N_COMMANDS; i++) {
    names[i] = slice_of(commands[i].words);
    if (second_word(&commands[i])) seconds[n++] = slice_of(second_word(&commands[i]));
  }
  if (second) near = slice_nearest(slice_printf(a, "%s %s", first, second), names, N_COMMANDS);
  Slice left_out = all_with_second(a, slice_of(first));
  if (!near.n && left_out.n) return left_out;
  if (!near.n) near = slice_nearest(slice_of(first), names, N_COMMANDS);
  if (near.n) return slice_printf(a, "`%.*s`", SLICE_ARGS(near));
  return all_with_second(a, slice_nearest(slice_of(first), seconds, n));
}

Slice command_suggest(Arena *a, const char *first, const char *second) {
  Slice near = command_nearest(a, first, second);
  return near.n ? slice_printf(a, "; did you mean %.*s?", SLICE_ARGS(near)) : SLICE("");
}

bool option_of(const Option *o, const Command *command) {
  return o->command == COMMAND_ANY || (command && command == &commands[o->command]);
}

bool option_shown(const Option *o, const Command *k) {
  bool mine = k ? option_of(o, k) && o->command != COMMAND_ANY : o->command == COMMAND_ANY;
  return mine && o->summary[0];
}

Slice option_long(const Option *o) {
  const char *comma = strstr(o->name, ", ");
  return slice_of(comma ? comma + 2 : o->name);
}

Slice option_short(const Option *o) {
  const char *comma = strstr(o->name, ", ");
  return comma ? (Slice){o->name, (uint32_t)(comma - o->name)} : (Slice){0};
}

const Option *option_find(const Command *command, Slice text) {
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const Option *o = &options[i];
    if (!option_of(o, command)) continue;
    if (slice_eq(text, option_long(o)) || (text.n && slice_eq(text, option_short(o)))) return o;
  }
  return NULL;
}

Slice option_nearest(const Command *command, Slice text) {
  Slice names[N_OPTIONS];
  size_t n = 0;
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (option_of(&options[i], command)) names[n++] = option_long(&options[i]);
  return slice_nearest(text, names, n);
}

bool value_is_choice(const char *value) { return strchr(value, '|') != NULL; }

bool choice_next(const char *choices, uint32_t *at, Slice *out) {
  const char *p = choices + *at;
  if (!*p) return false;
  uint32_t n = (uint32_t)strcspn(p, "|");
  *out = (Slice){p, n};
  *at += n + (p[n] == '|');
  return true;
}
