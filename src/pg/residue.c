#include "pg/residue.h"

enum {
  ASK_AGAIN = 64,      /* uses of a known text */
  RESIDUE_LEAVES = 255 /* in place of a number of uses */
};

/* ---- words ---- */

static bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
static char lower(char c) { return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c; }
static bool is_word(char c) {
  c = lower(c);
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c & 0x80;
}

static Slice from(Slice s, uint32_t i) { return (Slice){s.p + i, s.n - i}; }

static uint32_t comment_end(Slice s) {
  uint32_t i = 2, depth = 1;
  if (s.p[0] == '-') {
    while (i < s.n && s.p[i] != '\n') i++;
    return i;
  }
  for (; i < s.n && depth; i++) {
    bool two = i + 1 < s.n;
    if (two && s.p[i] == '/' && s.p[i + 1] == '*') depth++, i++;
    if (two && s.p[i] == '*' && s.p[i + 1] == '/') depth--, i++;
  }
  return i;
}

/* What stands before a word: space, comments, parentheses. */
static Slice skip(Slice s) {
  while (s.n) {
    bool comment = s.n > 1 && ((s.p[0] == '-' && s.p[1] == '-') || (s.p[0] == '/' && s.p[1] == '*'));
    if (!comment && !is_space(s.p[0]) && s.p[0] != '(' && s.p[0] != ';') return s;
    s = from(s, comment ? comment_end(s) : 1);
  }
  return s;
}

/* The next word; what follows stays in *s. */
static Slice word_take(Slice *s) {
  *s = skip(*s);
  uint32_t n = 0;
  while (n < s->n && is_word(s->p[n])) n++;
  Slice word = {s->p, n};
  *s = from(*s, n);
  return word;
}

static bool word_is(Slice word, const char *z) {
  size_t n = strlen(z);
  if (word.n != n) return false;
  for (size_t i = 0; i < n; i++)
    if (lower(word.p[i]) != z[i]) return false;
  return true;
}

/* Where `z`, in lower case, stands in the text; s.n: nowhere. */
static uint32_t find(Slice s, const char *z) {
  size_t n = strlen(z);
  for (uint32_t i = 0; i + n <= s.n; i++)
    if (lower(s.p[i]) == z[0] && word_is((Slice){s.p + i, (uint32_t)n}, z)) return i;
  return s.n;
}

static bool has(Slice s, const char *z) { return find(s, z) < s.n; }

/* ---- what they say ---- */

/* set_config(name, value, true) is over with its transaction: is that what every call of it says? */
static bool sets_for_good(Slice s) {
  for (uint32_t i; (i = find(s, "set_config")) < s.n;) {
    s = from(s, i + 10);
    uint32_t depth = 0, end = 0;
    for (; end < s.n && !(s.p[end] == ')' && depth == 1); end++)
      depth += (s.p[end] == '(') - (s.p[end] == ')');
    while (end && is_space(s.p[end - 1])) end--;
    if (end < 4 || !word_is((Slice){s.p + end - 4, 4}, "true")) return true;
  }
  return false;
}

/* Of advisory locks, those of a transaction end with it. */
static bool locks_for_good(Slice s) {
  for (uint32_t i; (i = find(s, "advisory_")) < s.n;) {
    s = from(s, i + 9);
    if (find(s, "xact_") != 0) return true;
  }
  return false;
}

typedef Residue OfRest(Slice rest);

static Residue of_query(Slice rest) {
  bool certain = sets_for_good(rest) || locks_for_good(rest) || has(rest, "temp");
  return certain ? RESIDUE_CERTAIN : RESIDUE_PERHAPS;
}

static Residue of_create(Slice rest) { return has(rest, "temp") ? RESIDUE_CERTAIN : RESIDUE_NONE; }
static Residue of_declare(Slice rest) { return has(rest, "hold") ? RESIDUE_CERTAIN : RESIDUE_NONE; }
static Residue of_code(Slice rest) {
  (void)rest;
  return RESIDUE_PERHAPS;
}

static Residue of_set(Slice rest) {
  Slice what = word_take(&rest);
  bool passes = word_is(what, "local") || word_is(what, "transaction") || word_is(what, "constraints");
  return passes ? RESIDUE_NONE : RESIDUE_CERTAIN;
}

/* First words. NULL: nothing is left. A word that is not here leaves something. */
static const struct {
  const char *word;
  OfRest *of_rest;
} words[] = {
    {"select", of_query},  {"insert", of_query},  {"update", of_query},    {"delete", of_query},
    {"with", of_query},    {"values", of_query},  {"table", of_query},     {"merge", of_query},
    {"explain", of_query}, {"refresh", of_query}, {"copy", of_query},      {"do", of_code},
    {"call", of_code},     {"create", of_create}, {"declare", of_declare}, {"set", of_set},
    {"begin", NULL},       {"start", NULL},       {"commit", NULL},        {"end", NULL},
    {"rollback", NULL},    {"abort", NULL},       {"savepoint", NULL},     {"release", NULL},
    {"alter", NULL},       {"drop", NULL},        {"truncate", NULL},      {"grant", NULL},
    {"revoke", NULL},      {"comment", NULL},     {"analyze", NULL},       {"analyse", NULL},
    {"vacuum", NULL},      {"reindex", NULL},     {"cluster", NULL},       {"lock", NULL},
    {"show", NULL},        {"checkpoint", NULL},  {"fetch", NULL},         {"move", NULL},
    {"close", NULL},       {"notify", NULL},      {"import", NULL},        {"security", NULL},
    {"reassign", NULL},
};

Residue residue_of(Slice sql) {
  Slice rest = sql, word = word_take(&rest);
  if (!word.n && !rest.n) return RESIDUE_NONE;
  for (size_t i = 0; i < COUNT(words); i++)
    if (word_is(word, words[i].word)) return words[i].of_rest ? words[i].of_rest(rest) : RESIDUE_NONE;
  return RESIDUE_CERTAIN;
}

/* ---- what was learnt ---- */

/* Where a number or a quoted text ends that begins at i; i: none does. */
static uint32_t literal_end(Slice s, uint32_t i) {
  if (s.p[i] == '\'') {
    while (++i < s.n && s.p[i] != '\'') continue;
    return i < s.n ? i + 1 : i;
  }
  if (i && is_word(s.p[i - 1])) return i; /* in the middle of a name */
  while (i < s.n && s.p[i] >= '0' && s.p[i] <= '9') i++;
  return i;
}

/* Texts that differ in literals only are one. Never zero. */
static uint64_t text_of(Slice s) {
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (uint32_t i = 0; i < s.n;) {
    uint32_t end = literal_end(s, i);
    hash = (hash ^ (uint8_t)(end > i ? '0' : s.p[i])) * UINT64_C(0x100000001b3);
    i = end > i ? end : i + 1;
  }
  return (hash ^ hash >> 29) | 1;
}

/* The text's own place, as far as it is known; NULL: it is not. */
static uint8_t *uses_of(Residues *known, uint64_t text) {
  uint32_t i = text % RESIDUE_KNOWN;
  return known->texts[i] == text ? &known->uses[i] : NULL;
}

void residue_note(Residues *known, Suspects *s, Slice sql) {
  Residue residue = residue_of(sql);
  uint64_t text = text_of(sql);
  uint8_t *uses = residue == RESIDUE_PERHAPS ? uses_of(known, text) : NULL;
  if (uses && *uses == RESIDUE_LEAVES) residue = RESIDUE_CERTAIN;
  if (uses && *uses < ASK_AGAIN) {
    ++*uses;
    return;
  }
  if (residue > s->residue) s->residue = residue;
  if (residue != RESIDUE_PERHAPS) return;
  if (s->n < RESIDUE_ASKED) s->texts[s->n] = text;
  s->n++;
}

static void remember(Residues *known, uint64_t text, uint8_t uses) {
  known->texts[text % RESIDUE_KNOWN] = text;
  known->uses[text % RESIDUE_KNOWN] = uses;
}

void residue_learn(Residues *known, Suspects *s, bool left) {
  for (uint32_t i = 0; !left && !s->undone && i < s->n && i < RESIDUE_ASKED; i++)
    remember(known, s->texts[i], 0);
  if (left && s->n == 1) remember(known, s->texts[0], RESIDUE_LEAVES);
  *s = (Suspects){0};
}
