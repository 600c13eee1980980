/* Copy: a segment that is one COPY, in binary form, alone on its connection until it ends: COPY has no place
 * in a pipeline, so the connection leaves that mode for it.
 *
 *   Segment *s = copy_open(conn, true, sql, &ops, ctx, &e);     COPY ... FROM STDIN
 *   ops.ready(ctx)                      the server wants data, and what was put before has left
 *   copy_put(s, bytes, &e); ... copy_end(s, &e);                after each `ready`, one of these
 *   ops.result(ctx, 0, result)          how many rows it took
 *   ops.done(ctx, err or NULL, outcome)
 *
 *   s = copy_open(conn, false, sql, &ops, ctx, &e);             COPY ... TO STDOUT
 *   ops.piece(ctx, bytes)               a row, or less: copy_read takes it. The bytes live until it returns
 *   copy_pause(s, true)                 no more of it is read, until copy_pause(s, false): the server waits
 *   ops.done(...)
 *
 * As with other segments callbacks come from the loop only, segment_abort gives it up (the server is told
 * that the data failed; what it sends is read and dropped), segment_detach too, unheard. `sql` must live
 * until done. The data is whatever the owner makes of it: copy_row_open and the codecs make rows. */
#ifndef PG_COPY_H
#define PG_COPY_H

#include "base/buf.h"
#include "pg/conn.h"

MUST Segment *copy_open(Conn *c, bool in, Slice sql, const SegmentOps *ops, void *ctx, Err *e);
MUST bool copy_put(Segment *s, Slice bytes, Err *e); /* copied; false: no memory */
MUST bool copy_end(Segment *s, Err *e);
void copy_pause(Segment *s, bool pause);

/* The binary form: a header; for each row the number of its cells, and each cell behind its length; an end.
 */
void copy_header(Buf *to);
void copy_row_open(Buf *to, uint16_t cells);
void copy_cell_null(Buf *to);
uint32_t copy_cell(Buf *to); /* a mark; write the value by its Encode; then: */
void copy_cell_end(Buf *to, uint32_t mark);
void copy_trailer(Buf *to);

typedef enum CopyRead {
  COPY_READ_ROW,
  COPY_READ_NONE, /* a header, or the end */
  COPY_READ_BROKEN,
  COPY_READ_NO_MEMORY
} CopyRead;
/* One piece's row into `to`, a Result of as many columns (result_like). *begun: the header has been seen. */
CopyRead copy_read(Slice piece, bool *begun, Result *to);

#endif
