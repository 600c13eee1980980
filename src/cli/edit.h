/* Edit: the border to libedit, whose header is included nowhere else. A line editor that turns the loop while
 * it waits for keys, with history in a file and completion.
 *
 *   Edit *ed; edit_open(a, loop, history, complete, ctx, &ed, &e);
 *   while (edit_read(ed, "lorm> ", &line) != EDIT_END) ...
 *   edit_close(ed);
 *
 * One at a time, on a terminal. */
#ifndef CLI_EDIT_H
#define CLI_EDIT_H

#include "base/err.h"

typedef struct Edit Edit;
struct Loop;

/* Candidates for what stands before `cursor` in `text`, newline-separated, in `a`. */
typedef Slice EditComplete(void *ctx, Arena *a, Slice text, uint32_t cursor);

typedef enum EditGot {
  EDIT_LINE,
  EDIT_INTERRUPTED, /* edit_interrupt was called; what was typed is gone */
  EDIT_END          /* Ctrl-D on an empty line, or no terminal any more */
} EditGot;

/* `history` is the path of a file, made when it is needed; NULL: none is kept. Lives in `a`, in its
 * protection; edit_close gives the terminal back. */
MUST bool edit_open(Arena *a, struct Loop *loop, const char *history, EditComplete *complete, void *ctx,
                    Edit **out, Err *e);
void edit_close(Edit *ed); /* NULL is fine */
/* One line without its end, valid until the next call. */
EditGot edit_read(Edit *ed, const char *prompt, Slice *out);
void edit_interrupt(Edit *ed); /* from a callback of the loop */
/* Into the history and its file. A text that begins with a blank, or holds a URL, is not kept. */
void edit_remember(Edit *ed, Slice text);

#endif
