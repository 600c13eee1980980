/* What the passes share: the frames of messages, and lists of names in them. */
#include "psl/resolve.h"

#include <stdarg.h>
#include <stdio.h>

Slice text_format(Arena *a, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  char *p = arena_alloc(a, (size_t)n + 1);
  vsnprintf(p, (size_t)n + 1, format, again);
  va_end(again);
  return (Slice){p, (uint32_t)n};
}

void error_at(Resolver *r, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Slice text = text_format(r->arena, format, args);
  va_end(args);
  diag_error(r->d, span, "Error validating: %.*s", SLICE_ARGS(text));
}

void error_attribute(Resolver *r, const char *sign, Slice name, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Slice text = text_format(r->arena, format, args);
  va_end(args);
  diag_error(r->d, span, "Error parsing attribute \"%s%.*s\": %.*s", sign, SLICE_ARGS(name),
             SLICE_ARGS(text));
}

void error_model(Resolver *r, const char *word, const ModelInfo *m, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Slice text = text_format(r->arena, format, args);
  va_end(args);
  diag_error(r->d, span, "Error validating %s \"%.*s\": %.*s", word, SLICE_ARGS(m->ast->name),
             SLICE_ARGS(text));
}

void error_field(Resolver *r, const FieldInfo *f, const char *format, ...) {
  va_list args;
  va_start(args, format);
  Slice text = text_format(r->arena, format, args);
  va_end(args);
  diag_error(r->d, f->ast->span, "Error validating field `%.*s` in %s `%.*s`: %.*s", SLICE_ARGS(f->ast->name),
             model_word(f->model), SLICE_ARGS(f->model->ast->name), SLICE_ARGS(text));
}

Slice words_join(Arena *a, const Slice *words, uint32_t n, const char *quote, const char *between) {
  Buf b = buf_in(a);
  buf_reserve(&b, 1);
  for (uint32_t i = 0; i < n; i++) {
    if (i) buf_text(&b, between);
    buf_text(&b, quote);
    buf_slice_add(&b, words[i]);
    buf_text(&b, quote);
  }
  return buf_slice(&b);
}

Slice names_join(Arena *a, FieldInfo *const *fields, uint32_t n, const char *quote, const char *between) {
  Slice *words = ARENA_ARRAY(a, Slice, n);
  for (uint32_t i = 0; i < n; i++) words[i] = fields[i]->ast->name;
  return words_join(a, words, n, quote, between);
}

Slice index_names(Arena *a, const IndexInfo *index, const char *between) {
  Slice *words = ARENA_ARRAY(a, Slice, index->n_parts);
  for (uint32_t i = 0; i < index->n_parts; i++) words[i] = index->parts[i].leaf->ast->name;
  return words_join(a, words, index->n_parts, "", between);
}

Slice index_key(Arena *a, const IndexInfo *index) {
  Buf b = buf_in(a);
  buf_reserve(&b, 1);
  for (uint32_t i = 0; i < index->n_parts; i++) {
    if (i) buf_byte(&b, '_');
    buf_slice_add(&b, index->parts[i].path);
  }
  for (uint32_t i = 0; i < b.n; i++)
    if (b.p[i] == '.') b.p[i] = '_';
  return buf_slice(&b);
}

const char *index_sign(const IndexInfo *i) { return i->source ? "@" : "@@"; }

bool index_is_strict(const IndexInfo *i) {
  for (uint32_t k = 0; k < i->n_parts; k++) {
    const FieldInfo *f = i->parts[k].leaf;
    if (f->ast->arity == ARITY_OPTIONAL || f->ast->unsupported) return false;
  }
  return true;
}

void hint_nearest(Resolver *r, Span span, Slice word, const Slice *candidates, uint32_t n,
                  const char *before) {
  if (r->d->n == MOST_DIAGS) return; /* there is no error to hang it on */
  Slice near = slice_nearest(word, candidates, n);
  if (near.n && !slice_eq(near, word))
    diag_hint(r->d, span, "did you mean `%s%.*s`?", before, SLICE_ARGS(near));
}

FieldInfo *model_find(const ModelInfo *m, Slice name) { return map_get(&m->names, name); }

const IndexInfo *model_criterion(const ModelInfo *m) {
  if (m->id && index_is_strict(m->id)) return m->id;
  for (uint32_t i = 0; i < m->n_indexes; i++) {
    const IndexInfo *x = m->indexes[i];
    if (x->kind == INDEX_UNIQUE && !x->where && index_is_strict(x)) return x;
  }
  return NULL;
}

const char *referential_name(ReferentialAction a) {
  static const char *const names[] = {"", "Cascade", "Restrict", "NoAction", "SetNull", "SetDefault"};
  return names[a];
}

void error_unknown_function(Resolver *r, const Expr *call) {
  diag_error(
      r->d, call->span,
      "Unknown function in @default(): `%.*s` is not known. You can read about the available functions here: "
      "https://pris.ly/d/attribute-functions",
      SLICE_ARGS(call->text));
}
