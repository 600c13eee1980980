/* lorm help --json: the tables, for editors, documentation and tests. */
#include "base/json.h"
#include "cli/help.h"

/* "name":"value", behind a comma unless it is an object's first. */
static void put(Buf *b, const char *name, Slice value) {
  if (b->p[b->n - 1] != '{') buf_byte(b, ',');
  json_string(b, slice_of(name));
  buf_byte(b, ':');
  json_string(b, value);
}

static void put_options(Buf *b, const Command *k) {
  const char *comma = "";
  for (size_t i = 0; i < N_OPTIONS; i++) {
    const Option *o = &options[i];
    if (!option_shown(o, k)) continue;
    buf_printf(b, "%s{", comma);
    comma = ",";
    put(b, "name", option_long(o));
    if (option_short(o).n) put(b, "short", option_short(o));
    if (o->value[0]) put(b, "value", slice_of(o->value));
    put(b, "summary", slice_of(o->summary));
    buf_byte(b, '}');
  }
}

static void put_examples(Buf *b, const Command *k) {
  const char *comma = "";
  for (size_t i = 0; i < N_EXAMPLES; i++) {
    if (k != &commands[examples[i].command]) continue;
    buf_printf(b, "%s{", comma);
    comma = ",";
    put(b, "line", slice_of(examples[i].line));
    put(b, "summary", slice_of(examples[i].summary));
    buf_byte(b, '}');
  }
}

static void put_command(Buf *b, const Command *k) {
  buf_byte(b, '{');
  put(b, "name", slice_of(k->words));
  if (!k->run) {
    put(b, "sameAs", slice_of(commands[k->same].words));
  } else {
    put(b, "summary", slice_of(k->summary));
    put(b, "about", slice_of(command_abouts[k - commands]));
    put(b, "operands", slice_of(k->operands));
    buf_text(b, ",\"options\":[");
    put_options(b, k);
    buf_text(b, "],\"examples\":[");
    put_examples(b, k);
    buf_byte(b, ']');
  }
  buf_byte(b, '}');
}

static void put_values(Buf *b) {
  static const char *const words[] = {
#define VALUE(word, completed, summary) word,
#include "cli/values.def"
  };
  for (size_t i = 0; i < COUNT(words); i++) {
    if (i) buf_byte(b, ',');
    json_string(b, slice_of(words[i]));
  }
}

int help_json(Cli *c) {
  Buf b = buf_in(c->arena);
  buf_text(&b, "{\"commands\":[");
  for (size_t i = 0; i < N_COMMANDS; i++) {
    if (i) buf_byte(&b, ',');
    put_command(&b, &commands[i]);
  }
  buf_text(&b, "],\"options\":[");
  put_options(&b, NULL);
  buf_text(&b, "],\"values\":[");
  put_values(&b);
  printf("%.*s]}\n", (int)b.n, b.p);
  return EXIT_DONE;
}
