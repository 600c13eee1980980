/* Diagnostics: everything that is wrong with a text, found in one run, each with its place. */
#ifndef BASE_SOURCE_H
#define BASE_SOURCE_H

#include "base/buf.h"
#include "base/err.h"

typedef struct Source {
  Slice name; /* path as shown to the user */
  Slice text;
} Source;

typedef struct Span { /* byte offsets in sources[file].text, [start, end) */
  uint32_t file, start, end;
} Span;

typedef struct Diag {
  bool warning;
  Span span;
  Slice message;
  Slice hint; /* what was probably meant, or empty; may have several lines */
  Slice code; /* as in "error[code]"; empty: what is usual for the schema language */
} Diag;

typedef struct Diags {
  Arena *arena;
  const Source *sources;
  uint32_t n_sources;
  Diag *items; /* in the order found, MOST_DIAGS at most, half of them warnings */
  uint32_t n;
  uint32_t n_errors; /* all of them, also those that are not kept */
} Diags;

enum {
  MOST_DIAGS = 1000
};

void diag_error(Diags *d, Span span, const char *format, ...) PRINTF(3, 4);
void diag_warning(Diags *d, Span span, const char *format, ...) PRINTF(3, 4);
/* Add to the diagnostic that was said last, if that one is about `span` and was kept. */
void diag_hint(Diags *d, Span span, const char *format, ...) PRINTF(3, 4);
void source_position(const Source *s, uint32_t offset, uint32_t *line,
                     uint32_t *column); /* 1-based; column in characters */
/* "error[P1012]: message\n  --> file:line:col\n   |\n14 | code\n   |  ^^^^\n   = hint\n", coloured if asked
 */
void diag_render(Buf *to, const Diags *d, const Diag *diag, bool color);

#endif
