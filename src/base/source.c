#include "base/source.h"

#include <stdarg.h>
#include <stdio.h>

#include "base/utf8.h"
#include "base/vec.h"

static Slice format_text(Arena *a, const char *format, va_list args) {
  va_list again;
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  char *text = arena_alloc(a, (size_t)n + 1);
  vsnprintf(text, (size_t)n + 1, format, again);
  va_end(again);
  return (Slice){text, (uint32_t)n};
}

static void diag_add(Diags *d, bool warning, Span span, const char *format, va_list args) {
  d->n_errors += !warning;
  if (d->n >= (warning ? MOST_DIAGS / 2 : MOST_DIAGS)) return;
  Slice text = format_text(d->arena, format, args);
  *VEC_PUSH(d->arena, d->items, d->n) = (Diag){.warning = warning, .span = span, .message = text};
}

void diag_error(Diags *d, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  diag_add(d, false, span, format, args);
  va_end(args);
}

void diag_warning(Diags *d, Span span, const char *format, ...) {
  va_list args;
  va_start(args, format);
  diag_add(d, true, span, format, args);
  va_end(args);
}

void diag_hint(Diags *d, Span span, const char *format, ...) {
  Diag *last = d->n ? &d->items[d->n - 1] : NULL;
  if (!last || memcmp(&last->span, &span, sizeof span) != 0) return;
  va_list args;
  va_start(args, format);
  last->hint = format_text(d->arena, format, args);
  va_end(args);
}

/* Start of the line that holds `offset`; only \n ends a line, with or without a \r before it. */
static uint32_t line_start(Slice text, uint32_t offset, uint32_t *line) {
  uint32_t start = 0;
  *line = 1;
  for (uint32_t i = 0; i < offset; i++)
    if (text.p[i] == '\n') {
      start = i + 1;
      ++*line;
    }
  return start;
}

void source_position(const Source *s, uint32_t offset, uint32_t *line, uint32_t *column) {
  if (offset > s->text.n) offset = s->text.n;
  uint32_t at = line_start(s->text, offset, line);
  for (*column = 1; at < offset; ++*column) utf8_next(s->text, &at);
}

/* The line of text from `start`, without its end. */
static Slice line_at(Slice text, uint32_t start) {
  uint32_t end = start;
  while (end < text.n && text.p[end] != '\n' && text.p[end] != '\r') end++;
  return (Slice){text.p + start, end - start};
}

static uint32_t columns_of(Slice line, uint32_t from, uint32_t to) {
  return utf8_columns((Slice){line.p + from, to - from});
}

/* The blanks under `line` up to `to`: tabs stay tabs, so that the marks stand right under the text. */
static void render_indent(Buf *b, Slice line, uint32_t to) {
  for (uint32_t at = 0; at < to;) {
    uint32_t from = at;
    utf8_next(line, &at);
    if (line.p[from] == '\t') {
      buf_byte(b, '\t');
    } else {
      for (uint32_t n = columns_of(line, from, at); n; n--) buf_byte(b, ' ');
    }
  }
}

enum {
  LONGEST_CODE = 400, /* bytes of a line that are shown */
  CODE_BEFORE = 80    /* of them before the marks, when the line is cut */
};

static bool is_border(Slice s, uint32_t at) { return at >= s.n || ((unsigned char)s.p[at] & 0xC0) != 0x80; }

/* The part of a long line around [*from, *end), which become places in it. */
static Slice cut_code(Slice code, uint32_t *from, uint32_t *end) {
  if (code.n <= LONGEST_CODE) return code;
  uint32_t start = *from > CODE_BEFORE ? *from - CODE_BEFORE : 0;
  while (!is_border(code, start)) start++;
  uint32_t stop = code.n - start > LONGEST_CODE ? start + LONGEST_CODE : code.n;
  while (!is_border(code, stop)) stop--;
  if (*end > stop) *end = stop;
  *from -= start;
  *end = *end > start ? *end - start : 0;
  return (Slice){code.p + start, stop - start};
}

/* "14 | code\n   |      ^^^^\n" */
static void render_code(Buf *to, const Source *s, Span span, uint32_t line, const char *color,
                        const char *plain) {
  uint32_t ignored, offset = span.start < s->text.n ? span.start : s->text.n;
  uint32_t start = line_start(s->text, offset, &ignored);
  Slice code = line_at(s->text, start);
  uint32_t from = offset - start < code.n ? offset - start : code.n;
  uint32_t end = span.end > start ? span.end - start : 0;
  if (end > code.n) end = code.n;
  while (end > from + 1 && (code.p[end - 1] == ' ' || code.p[end - 1] == '\t')) end--;
  code = cut_code(code, &from, &end);
  int width = snprintf(NULL, 0, "%u", line);
  buf_printf(to, "%*s |\n%u | %.*s\n%*s | ", width, "", line, SLICE_ARGS(code), width, "");
  render_indent(to, code, from);
  buf_text(to, color);
  for (uint32_t n = end > from ? columns_of(code, from, end) : 1; n; n--) buf_byte(to, '^');
  buf_printf(to, "%s\n", plain);
}

static void render_title(Buf *to, const Diag *d) {
  Slice code = d->code;
  if (!code.n && !d->warning) code = SLICE("P1012");
  buf_text(to, d->warning ? "warning" : "error");
  if (code.n) buf_printf(to, "[%.*s]", SLICE_ARGS(code));
}

/* Further lines stand under the first. */
static void render_hint(Buf *to, Slice hint, int width) {
  const char *mark = "=";
  while (hint.n) {
    Slice line = line_at(hint, 0);
    buf_printf(to, "%*s %s %.*s\n", width, "", mark, SLICE_ARGS(line));
    uint32_t gone = line.n + (line.n < hint.n);
    hint = (Slice){hint.p + gone, hint.n - gone};
    mark = " ";
  }
}

void diag_render(Buf *to, const Diags *d, const Diag *diag, bool color) {
  const char *strong = color ? "\x1b[1m" : "", *plain = color ? "\x1b[0m" : "";
  const char *tint = !color ? "" : diag->warning ? "\x1b[1;33m" : "\x1b[1;31m";
  buf_text(to, tint);
  render_title(to, diag);
  buf_printf(to, "%s%s: %.*s%s\n", plain, strong, SLICE_ARGS(diag->message), plain);
  if (diag->span.file >= d->n_sources) return;
  const Source *s = &d->sources[diag->span.file];
  uint32_t line, column;
  source_position(s, diag->span.start, &line, &column);
  int width = snprintf(NULL, 0, "%u", line);
  buf_printf(to, "%*s--> %.*s:%u:%u\n", width, "", SLICE_ARGS(s->name), line, column);
  render_code(to, s, diag->span, line, tint, plain);
  render_hint(to, diag->hint, width);
}
