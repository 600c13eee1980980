/* lorm help --man: the tables as a manual page, in the man(7) macros of roff. */
#include "cli/build.h"
#include "cli/help.h"

typedef struct Row {
  const char *label, *text;
} Row;

static const char *const paragraphs[] = {
#define PARAGRAPH(text) text,
#include "cli/manual.def"
};
static const Row statuses[] = {
#define STATUS(number, summary) {number, summary},
#include "cli/manual.def"
};
static const Row variables[] = {
#define VARIABLE(name, summary) {name, summary},
#include "cli/manual.def"
};
static const Row places[] = {
#define PLACE(path, summary) {path, summary},
#include "cli/manual.def"
};
static const Row values[] = {
#define VALUE(word, completed, summary) {word, summary},
#include "cli/values.def"
};

/* ---- roff ---- */

/* Characters that roff would read otherwise. A minus is one that can be copied, not a hyphen. */
static void put_char(FILE *to, char ch, bool line_begins) {
  switch (ch) {
    case '\\': fputs("\\e", to); break;
    case '-': fputs("\\-", to); break;
    case '\'': fputs("\\(aq", to); break;
    case '~': fputs("\\(ti", to); break;
    case '^': fputs("\\(ha", to); break;
    case '.': fputs(line_begins ? "\\&." : ".", to); break;
    default: fputc(ch, to);
  }
}

/* A hyphen between two letters of prose. */
static bool is_hyphen(const char *text, const char *p) {
  return *p == '-' && p > text && !strchr(" -`\"(", p[-1]) && p[1] && p[1] != ' ' && p[1] != '-';
}

/* Text in short lines, `code` in bold. */
static void put_text(FILE *to, const char *text) {
  bool bold = false;
  const char *line = text;
  for (const char *p = text; *p; p++) {
    if (*p == '`') {
      bold = !bold;
      fputs(bold ? "\\fB" : "\\fR", to);
    } else if (*p == ' ' && p - line + (int)strcspn(p + 1, " ") > 65) {
      fputc('\n', to);
      line = p + 1;
    } else if (!bold && is_hyphen(text, p)) {
      fputc('-', to);
    } else {
      put_char(to, *p, p == line);
    }
  }
}

static void put_code(FILE *to, Slice text) {
  for (uint32_t i = 0; i < text.n; i++) put_char(to, text.p[i], i == 0);
}

static char upper(char ch) { return ch >= 'a' && ch <= 'z' ? (char)(ch - 32) : ch; }

/* A sentence out of a summary, which is none. */
static void put_sentence(FILE *to, const char *text) {
  if (text[0] != '`') fputc(upper(*text++), to);
  put_text(to, text);
  fputs(strchr(".?!", text[strlen(text) - 1]) ? "\n" : ".\n", to);
}

static void put_rows(FILE *to, const char *title, const Row *r, size_t n) {
  fprintf(to, ".SH %s\n", title);
  for (size_t i = 0; i < n; i++) {
    fputs(".TP\n.B ", to);
    put_code(to, slice_of(r[i].label));
    fputc('\n', to);
    put_sentence(to, r[i].text);
  }
}

/* ---- commands ---- */

/* "\fB-n\fR, \fB--name\fR \fINAME\fR"; of choices, the words are bold and the bars are not. */
static void put_option(FILE *to, const Option *o) {
  fputs(".TP\n", to);
  if (option_short(o).n) {
    fputs("\\fB", to);
    put_code(to, option_short(o));
    fputs("\\fR, ", to);
  }
  fputs("\\fB", to);
  put_code(to, option_long(o));
  fputs("\\fR", to);
  if (o->value[0]) fprintf(to, " \\fI%s\\fR", o->value);
  fputc('\n', to);
  put_sentence(to, o->summary);
}

static void put_options(FILE *to, const Command *k) {
  for (size_t i = 0; i < N_OPTIONS; i++)
    if (option_shown(&options[i], k)) put_option(to, &options[i]);
}

static void put_usage(FILE *to, const Command *k) {
  fprintf(to, ".SS \"lorm %s", k->words);
  if (k->operands[0]) fputc(' ', to);
  put_code(to, slice_of(k->operands));
  fputs("\"\n", to);
}

static void put_examples(FILE *to, const Command *k) {
  for (size_t i = 0; i < N_EXAMPLES; i++) {
    const Example *x = &examples[i];
    if (k != &commands[x->command]) continue;
    fputs(".PP\n.RS 4\n.EX\n", to);
    put_code(to, slice_of(x->line));
    fputs("\n.EE\n.RE\n.RS 8\n", to);
    put_sentence(to, x->summary);
    fputs(".RE\n", to);
  }
}

static void put_command(FILE *to, const Command *k) {
  put_usage(to, k);
  put_sentence(to, k->summary);
  put_text(to, command_abouts[k - commands]);
  fputc('\n', to);
  for (size_t i = 0; i < N_COMMANDS; i++)
    if (!commands[i].run && k == &commands[commands[i].same])
      fprintf(to, "\\fBlorm %s\\fR is the same.\n", commands[i].words);
  put_options(to, k);
  put_examples(to, k);
}

static void put_commands(FILE *to) {
  for (size_t i = 0; i < N_COMMAND_ROWS; i++) {
    const CommandRow *row = &command_rows[i];
    if (!row->section) {
      if (row->command->run) put_command(to, row->command); /* another name is told of with it */
      continue;
    }
    fputs(".SH \"COMMANDS: ", to);
    for (const char *p = row->section; *p; p++) fputc(upper(*p), to);
    fputs("\"\n", to);
  }
}

int help_man(void) {
  FILE *to = stdout;
  fprintf(to, ".\\\" Made by `lorm help --man` from the table of commands.\n");
  fprintf(to, ".TH LORM 1 \"%s\" \"lorm %s\" \"User Commands\"\n", build.date, build.version);
  fputs(".SH NAME\nlorm \\- a database client for Lua scripts, with Prisma\\(aqs schemas and names\n", to);
  fputs(".SH SYNOPSIS\n.B lorm\n.I COMMAND\n[\\fIOPTION\\fR...]\n", to);
  fputs(".SH DESCRIPTION\n", to);
  for (size_t i = 0; i < COUNT(paragraphs); i++) {
    if (i) fputs(".PP\n", to);
    put_text(to, paragraphs[i]);
    fputc('\n', to);
  }
  fputs(".SH OPTIONS\nEvery command has these; its own are told with it.\n", to);
  put_options(to, NULL);
  put_commands(to);
  put_rows(to, "VALUES", values, COUNT(values));
  put_rows(to, "\"EXIT STATUS\"", statuses, COUNT(statuses));
  put_rows(to, "ENVIRONMENT", variables, COUNT(variables));
  put_rows(to, "FILES", places, COUNT(places));
  fputs(".SH \"SEE ALSO\"\n.BR lua5.4 (1),\n.BR psql (1),\n.BR pg_dump (1)\n", to);
  return EXIT_DONE;
}
