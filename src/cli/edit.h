/* Edit: the border to libedit, whose header is included nowhere else. A line editor that lets others work
 * while it waits for keys, with history in a file and completion. What is pasted in one go is text, whatever
 * keys it looks like: it may have several lines.
 *
 *   Edit *ed; edit_open(a, loop, &calls, history, &ed, &e);
 *   while (edit_read(ed, "lorm> ", &line) != EDIT_END) ...
 *   edit_close(ed);
 *
 * One at a time, on a terminal. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "base/err.h"

typedef struct Edit Edit;
struct Loop;

typedef struct EditCalls {
  void *ctx;
  /* What could stand before `cursor` in `text`: in the first line how many bytes before it are replaced, then
   * a candidate a line; in `a`. Empty: nothing. */
  Slice (*complete)(void *ctx, Arena *a, Slice text, uint32_t cursor);
  /* One turn of the loop, waiting for something to happen. True: something was written, the line is to be
   * drawn anew. */
  bool (*turn)(void *ctx);
} EditCalls;

typedef enum EditGot {
  EDIT_LINE,
  EDIT_INTERRUPTED, /* edit_interrupt was called; what was typed is gone */
  EDIT_END          /* Ctrl-D on an empty line, or no terminal any more */
} EditGot;

/* `history` is the path of a file, made when it is needed; NULL: none is kept. Lives in `a`, in its
 * protection; edit_close gives the terminal back. */
MUST bool edit_open(Arena *a, struct Loop *loop, const EditCalls *calls, const char *history, Edit **out,
                    Err *e);
void edit_close(Edit *ed); /* NULL is fine */
/* One line without its end, valid until the next call. The prompt may hold escape sequences between \1s. */
EditGot edit_read(Edit *ed, const char *prompt, Slice *out);
void edit_interrupt(Edit *ed);            /* from a callback of the loop */
void edit_remember(Edit *ed, Slice text); /* into the history and its file */

#endif
