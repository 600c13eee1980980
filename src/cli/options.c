/* From argv to Cli. */
#include <stdlib.h>
#include <unistd.h>

#include "base/vec.h"
#include "cli/cli.h"

typedef struct Parsing {
  Cli *c;
  char **argv;
  int argc, at;
  bool options_end;
  uint32_t n_operands;
  Err *e;
} Parsing;

static bool bad_option(Parsing *p, Slice name) {
  Slice near = option_nearest(p->c->command, name);
  const char *of = p->c->command ? p->c->command->words : "";
  const char *said = near.n ? "; did you mean " : "";
  return err_set(p->e, ERR_USAGE, "Unknown option %.*s%s%s%s%.*s%s", SLICE_ARGS(name),
                 of[0] ? " of lorm " : "", of, said, SLICE_ARGS(near), near.n ? "?" : "");
}

/* Where the table lists what is allowed, anything else is wrong. */
static bool check_choice(Parsing *p, Slice name, const char *choices, const char *value) {
  Slice names[16], near;
  uint32_t at = 0, n = 0;
  if (!value_is_choice(choices)) return true;
  while (n < COUNT(names) && choice_next(choices, &at, &names[n]))
    if (slice_is(names[n++], value)) return true;
  near = slice_nearest(slice_of(value), names, n);
  return err_set(p->e, ERR_USAGE, "%.*s is one of %s, not `%s`%s%.*s%s", SLICE_ARGS(name), choices, value,
                 near.n ? "; did you mean " : "", SLICE_ARGS(near), near.n ? "?" : "");
}

/* "--name", "--name=value", "--name value", "-n value" */
static bool take_option(Parsing *p, const char *arg) {
  const char *equals = strchr(arg, '=');
  Slice name = {arg, equals ? (uint32_t)(equals - arg) : (uint32_t)strlen(arg)};
  const Option *o = option_find(p->c->command, name);
  if (!o) return bad_option(p, name);
  const char *value = equals ? equals + 1 : "";
  if (!o->value[0] && equals) return err_set(p->e, ERR_USAGE, "%.*s takes no value", SLICE_ARGS(name));
  if (o->value[0] && !equals) {
    if (p->at >= p->argc) return err_set(p->e, ERR_USAGE, "%s needs a value: %s", arg, o->value);
    value = p->argv[p->at++];
  }
  if (!check_choice(p, name, o->value, value)) return false;
  p->c->given[o - options] = value;
  return true;
}

static bool no_command(Parsing *p, const char *first, const char *second) {
  bool group = command_is_group(first);
  Slice near = command_suggest(p->c->arena, first, second);
  const char *else_ = group ? "" : "; `lorm help` lists what there is";
  if (group && !near.n) p->c->group = first; /* all of it is shown then */
  return err_set(p->e, ERR_USAGE, "Unknown command `%s%s%s`%s", first, group ? " " : "", group ? second : "",
                 near.n ? near.p : else_);
}

static const char *word_at(const Parsing *p, int at) {
  return at < p->argc && p->argv[at][0] != '-' ? p->argv[at] : NULL;
}

/* `first`, or `group first`, or `first second`. The word that a group needs may come behind options. */
static bool take_command(Parsing *p, const char *word) {
  int n;
  const char *group = p->c->group, *first = group ? group : word;
  const char *second = group ? word : word_at(p, p->at);
  p->c->command = command_find(first, second, &n);
  if (!p->c->command && !second && command_is_group(first)) {
    p->c->group = first;
    return true;
  }
  if (!p->c->command) return no_command(p, first, second);
  if (!group) p->at += n - 1;
  p->options_end = p->c->command->style == OPERANDS_RAW;
  return true;
}

/* Where all that follows is somebody else's, --help alone is still a question about the command. */
static bool is_help(const Parsing *p, const char *arg) {
  return p->c->command->style == OPERANDS_RAW && p->n_operands == 0 && p->at == p->argc &&
         strcmp(arg, "--help") == 0;
}

static bool take_word(Parsing *p, const char *arg) {
  if (!p->c->command) return take_command(p, arg);
  if (is_help(p, arg)) return take_option(p, arg);
  *VEC_PUSH(p->c->arena, p->c->operands, p->n_operands) = arg;
  p->options_end |= p->c->command->style == OPERANDS_REST;
  return true;
}

static bool take_args(Parsing *p) {
  while (p->at < p->argc) {
    const char *arg = p->argv[p->at++];
    bool is_option = !p->options_end && arg[0] == '-' && arg[1];
    if (is_option && strcmp(arg, "--") == 0) {
      p->options_end = true;
      p->c->n_before = (int)p->n_operands;
    } else if (!(is_option ? take_option(p, arg) : take_word(p, arg))) {
      return false;
    }
  }
  return true;
}

static bool check_operands(const Cli *c, Err *e) {
  const Command *k = c->command;
  if (!k && c->group) return err_set(e, ERR_USAGE, "`lorm %s` is several commands", c->group);
  if (!k) return true;
  if (c->n_operands > k->most)
    return err_set(e, ERR_USAGE, "lorm %s does not know what to do with `%s`", k->words,
                   c->operands[k->most]);
  if (c->n_operands < k->fewest)
    return err_set(e, ERR_USAGE, "Something is missing: lorm %s %s", k->words, k->operands);
  return true;
}

static bool is_set(const char *variable) {
  const char *value = getenv(variable);
  return value && value[0] && strcmp(value, "0") != 0;
}

/* What was asked for, else what the environment says (no-color.org, bixense.com/clicolors), else who looks.
 */
static void color_choose(Cli *c) {
  const char *when = cli_option(c, "--color"), *no = getenv("NO_COLOR"), *term = getenv("TERM");
  if (!when && no && no[0]) when = "never";
  if (!when && (is_set("CLICOLOR_FORCE") || is_set("FORCE_COLOR"))) when = "always";
  bool always = when && strcmp(when, "always") == 0;
  bool automatic = (!when || strcmp(when, "auto") == 0) && !(term && strcmp(term, "dumb") == 0);
  c->color = always || (automatic && isatty(STDERR_FILENO));
  c->color_out = always || (automatic && isatty(STDOUT_FILENO));
}

/* `lorm --version`, as everybody types it */
static bool is_version(const char *arg) { return strcmp(arg, "--version") == 0 || strcmp(arg, "-v") == 0; }

bool cli_parse(Cli *c, int argc, char **argv, Err *e) {
  Parsing p = {.c = c, .argv = argv, .argc = argc, .at = 1, .e = e};
  if (argc == 2 && is_version(argv[1])) {
    c->command = &commands[COMMAND_version];
    return true;
  }
  c->n_before = -1;
  bool good = take_args(&p);
  c->n_operands = (int)p.n_operands;
  if (c->n_before < 0) c->n_before = c->n_operands;
  c->quiet = cli_flag(c, "--quiet");
  c->json = cli_flag(c, "--json");
  color_choose(c);
  if (!good || cli_flag(c, "--help")) return good;
  return check_operands(c, e);
}
