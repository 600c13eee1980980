/* The binary form of COPY's data. */
#include "pg/codec_family.h"
#include "pg/copy.h"
#include "pg/result_private.h"

static const char signature[] = "PGCOPY\n\377\r\n"; /* with its zero: 11 bytes */

enum {
  HEADER = sizeof signature + 8, /* flags, and the length of what may follow them */
  NO_CELL = -1
};

void copy_header(Buf *to) {
  buf_add(to, signature, sizeof signature);
  buf_be32(to, 0);
  buf_be32(to, 0);
}

void copy_row_open(Buf *to, uint16_t cells) { buf_be16(to, cells); }
void copy_cell_null(Buf *to) { buf_be32(to, UINT32_MAX); }

uint32_t copy_cell(Buf *to) {
  buf_be32(to, 0);
  return to->n;
}

void copy_cell_end(Buf *to, uint32_t mark) { codec_array_item_end(to, mark); }
void copy_trailer(Buf *to) { buf_be16(to, UINT16_MAX); }

/* The header of what is to be read, off its front. */
static bool header_take(Slice *piece) {
  if (piece->n < HEADER || memcmp(piece->p, signature, sizeof signature) != 0) return false;
  const uint8_t *flags = (const uint8_t *)piece->p + sizeof signature;
  uint32_t more = wire_u32(flags + 4);
  if (wire_u32(flags) >> 16 || more > piece->n - HEADER) return false; /* what we must know, and do not */
  piece->p += HEADER + more;
  piece->n -= HEADER + more;
  return true;
}

static CopyRead row_take(Slice piece, uint32_t columns, Result *to) {
  PGresult *pg = result_pg(to);
  const uint8_t *at = (const uint8_t *)piece.p + 2, *end = (const uint8_t *)piece.p + piece.n;
  int row = PQntuples(pg);
  for (uint32_t i = 0; i < columns; i++) {
    if (end - at < 4) return COPY_READ_BROKEN;
    uint32_t n = wire_u32(at);
    at += 4;
    bool null = n == UINT32_MAX;
    if (!null && n > (size_t)(end - at)) return COPY_READ_BROKEN;
    if (!PQsetvalue(pg, row, (int)i, (char *)(uintptr_t)at, null ? NO_CELL : (int)n))
      return COPY_READ_NO_MEMORY;
    at += null ? 0 : n;
  }
  return at == end ? COPY_READ_ROW : COPY_READ_BROKEN;
}

CopyRead copy_read(Slice piece, bool *begun, Result *to) {
  if (!*begun && !header_take(&piece)) return COPY_READ_BROKEN;
  *begun = true;
  if (piece.n == 0) return COPY_READ_NONE;
  if (piece.n < 2) return COPY_READ_BROKEN;
  uint16_t cells = wire_u16((const uint8_t *)piece.p);
  if (cells == UINT16_MAX) return piece.n == 2 ? COPY_READ_NONE : COPY_READ_BROKEN;
  if (cells != result_columns(to)) return COPY_READ_BROKEN;
  return row_take(piece, cells, to);
}
