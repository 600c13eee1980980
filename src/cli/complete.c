#include "cli/complete.h"

#include "cli/project.h"
#include "migrate/history.h"

typedef enum Completed {
  COMPLETED_NOTHING,
  COMPLETED_FILES,
  COMPLETED_FOLDERS,
  COMPLETED_SCHEMAS,
  COMPLETED_MIGRATIONS,
  COMPLETED_COMMANDS,
  COMPLETED_MODELS
} Completed;

typedef struct ValueWord {
  const char *word;
  Completed completed;
} ValueWord;

static const ValueWord value_words[] = {
#define VALUE(word, completed, summary) {word, COMPLETED_##completed},
#include "cli/values.def"
};

typedef struct Completion {
  Cli *c;
  FILE *to;
  const Command *command; /* NULL: its name is not complete */
  const char *group;
  const Option *pending; /* the word is its value */
  bool given[N_OPTIONS];
  bool options_end;
  int n_operands;
  Slice typed;  /* what a candidate has to begin with */
  Slice before; /* "--color=": what stands in front of candidates in the same word */
} Completion;

static void offer(const Completion *x, Slice candidate, const char *summary) {
  if (!slice_starts(candidate, x->typed)) return;
  fprintf(x->to, "%.*s%.*s%s%s\n", SLICE_ARGS(x->before), SLICE_ARGS(candidate), summary[0] ? "\t" : "",
          summary);
}

/* ---- names of commands ---- */

static void offer_seconds(const Completion *x, const char *group) {
  for (size_t i = 0; i < N_COMMANDS; i++) {
    const Command *k = &commands[i];
    if (!command_in_group(k, group)) continue;
    offer(x, slice_of(k->words + strlen(group) + 1), commands[k->same].summary);
  }
}

/* "db" once, with what it stands for: "push, pull, ..." */
static void offer_group(const Completion *x, const Command *k) {
  Slice name = {k->words, (uint32_t)strcspn(k->words, " ")};
  Slice all = {0}, copy = slice_copy(x->c->arena, name);
  for (const Command *i = commands; i < commands + N_COMMANDS; i++) {
    if (!command_in_group(i, copy.p)) continue;
    if (i < k) return; /* it was that one's turn */
    all = slice_printf(x->c->arena, "%.*s%s%s", SLICE_ARGS(all), all.n ? ", " : "", i->words + name.n + 1);
  }
  offer(x, name, all.p);
}

static void offer_firsts(const Completion *x) {
  for (size_t i = 0; i < N_COMMANDS; i++) {
    const Command *k = &commands[i];
    if (strchr(k->words, ' '))
      offer_group(x, k);
    else
      offer(x, slice_of(k->words), commands[k->same].summary);
  }
}

/* ---- options ---- */

static void offer_options(const Completion *x) {
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const Option *o = &options[i];
    if (x->given[i] || !o->summary[0] || !option_of(o, x->command)) continue;
    offer(x, option_long(o), o->summary);
    if (x->typed.n == 2 && option_short(o).n) offer(x, option_short(o), o->summary);
  }
}

/* ---- values and operands ---- */

static void offer_models(const Completion *x) {
  Project p;
  project_guess(x->c, &p);
  const Schema *s = project_schema_try(x->c, &p);
  for (uint32_t i = 0; s && i < s->n_models; i++)
    offer(x, slice_printf(x->c->arena, "db.%.*s", SLICE_ARGS(s->models[i].name)), "");
}

static void offer_migrations(const Completion *x) {
  Project p;
  Migration *all;
  uint32_t n;
  Err ignored;
  project_guess(x->c, &p);
  if (!p.migrations || !migrations_read(x->c->arena, p.migrations, &all, &n, &ignored)) return;
  for (uint32_t i = 0; i < n; i++) offer(x, all[i].name, "");
}

static void offer_of(const Completion *x, Completed kind) {
  switch (kind) {
    case COMPLETED_NOTHING: break;
    case COMPLETED_FILES: fputs(":files\n", x->to); break;
    case COMPLETED_FOLDERS: fputs(":folders\n", x->to); break;
    case COMPLETED_SCHEMAS: fputs(":files prisma\n", x->to); break;
    case COMPLETED_MIGRATIONS: offer_migrations(x); break;
    case COMPLETED_COMMANDS: offer_firsts(x); break;
    case COMPLETED_MODELS: offer_models(x); break;
  }
}

/* `value` is a word of values.def, FILE with an ending, or choices. */
static void offer_value(const Completion *x, Slice value) {
  Slice choice;
  uint32_t at = 0;
  const char *text = slice_copy(x->c->arena, value).p;
  if (value_is_choice(text)) {
    while (choice_next(text, &at, &choice)) offer(x, choice, "");
  } else if (slice_starts(value, SLICE("FILE."))) {
    fprintf(x->to, ":files %s\n", text + 5);
  } else {
    for (size_t i = 0; i < COUNT(value_words); i++)
      if (slice_is(value, value_words[i].word)) offer_of(x, value_words[i].completed);
  }
}

/* Of "[FILE.lua...] [-- ARG...]" the word for the operand `at`, which may stand behind "--"; empty where
 * there is none. */
static Slice operand_word(const char *operands, int at, bool behind) {
  const char *dashes = strstr(operands, "-- "), *p = operands;
  const char *end = dashes && !behind ? dashes : operands + strlen(operands);
  if (dashes && behind) p = dashes + 3;
  for (;;) {
    p += strspn(p, "[] ");
    if (p >= end) return (Slice){0};
    Slice word = {p, (uint32_t)strcspn(p, "[] ")};
    bool often = word.n > 3 && memcmp(p + word.n - 3, "...", 3) == 0;
    if (often) word.n -= 3;
    if (often || at-- == 0) return word;
    p += word.n;
  }
}

static void offer_operand(const Completion *x) {
  const Command *k = x->command;
  if (x->n_operands >= k->most) return;
  if (k == &commands[COMMAND_help] && x->n_operands == 1) {
    offer_seconds(x, x->group ? x->group : "");
    return;
  }
  bool behind = x->options_end && k->style == OPERANDS_MIXED;
  offer_value(x, operand_word(k->operands, x->n_operands, behind));
}

/* ---- what was typed before ---- */

static void pass_option(Completion *x, const char *arg) {
  const char *equals = strchr(arg, '=');
  Slice name = {arg, equals ? (uint32_t)(equals - arg) : (uint32_t)strlen(arg)};
  const Option *o = option_find(x->command, name);
  if (!o) return;
  x->given[o - options] = true;
  if (o->value[0] && !equals) x->pending = o;
}

static void pass_operand(Completion *x, const char *arg) {
  if (x->n_operands++ == 0) x->group = arg; /* for `lorm help db` */
  x->options_end |= x->command->style == OPERANDS_REST;
}

static void pass_word(Completion *x, const char *arg) {
  int n;
  if (x->pending) {
    x->pending = NULL;
  } else if (!x->options_end && strcmp(arg, "--") == 0) {
    x->options_end = true;
    x->n_operands = 0;
  } else if (!x->options_end && arg[0] == '-' && arg[1]) {
    pass_option(x, arg);
  } else if (x->command) {
    pass_operand(x, arg);
  } else {
    x->command = x->group ? command_find(x->group, arg, &n) : command_find(arg, NULL, &n);
    x->group = arg;
    x->options_end = x->command && x->command->style == OPERANDS_RAW;
  }
}

/* "--color=al" is a value behind what names it. */
static void split(Completion *x, const char *word) {
  const char *equals = strchr(word, '=');
  x->typed = slice_of(word);
  if (x->pending || x->options_end || word[0] != '-' || !equals) return;
  pass_option(x, slice_copy(x->c->arena, (Slice){word, (uint32_t)(equals - word)}).p);
  x->before = (Slice){word, (uint32_t)(equals - word) + 1};
  x->typed = slice_of(equals + 1);
}

void complete(Cli *c, const char *const *words, int n, FILE *to) {
  Completion x = {.c = c, .to = to};
  for (int i = 1; i < n - 1; i++) pass_word(&x, words[i]);
  split(&x, n > 1 ? words[n - 1] : "");
  if (x.pending) {
    offer_value(&x, slice_of(x.pending->value));
  } else if (!x.options_end && x.typed.n && x.typed.p[0] == '-') {
    offer_options(&x);
  } else if (x.command) {
    offer_operand(&x);
  } else if (x.group) {
    offer_seconds(&x, x.group);
  } else {
    offer_firsts(&x);
  }
}
