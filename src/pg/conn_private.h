/* What conn.c (the connection's life), segment.c (what goes over it), cancel.c and pool.c share. */
#ifndef PG_CONN_PRIVATE_H
#define PG_CONN_PRIVATE_H

#include <libpq-fe.h>

#include "pg/conn.h"
#include "pg/names.h"
#include "pg/residue.h"

/* Who made the connection. Called from the loop; each may close the connection. */
typedef struct ConnOwner {
  void (*ready)(void *ctx);                  /* it came up */
  void (*failed)(void *ctx, const Err *err); /* it did not */
  void (*idle)(void *ctx);                   /* nothing is under way any more; perhaps inside a transaction */
  void (*dead)(void *ctx);                   /* it was up and is lost; its segments know. Perhaps again */
  void (*note)(void *ctx, const PGnotify *n); /* of a channel that it listens to */
} ConnOwner;

typedef enum ConnState {
  CONN_CONNECTING,
  CONN_UP,
  CONN_DEAD
} ConnState;

typedef enum AnswerKind {
  ANSWER_PARSE,
  ANSWER_CLOSE,     /* of a DEALLOCATE */
  ANSWER_STATEMENT, /* the owner's */
  ANSWER_UNDO,      /* of an abort's ROLLBACK */
  ANSWER_SYNC
} AnswerKind;

typedef struct Answer { /* one that is to come */
  uint8_t kind;
  uint16_t name; /* in conn->names, or NAME_NONE */
} Answer;

typedef struct Held { /* a statement that waits for its segment's turn */
  struct Held *next;
  Statement statement;
  Cell *params;
  uint32_t n;
} Held;

typedef enum CopyState { /* of a segment (copy.c) */
  COPY_NONE,             /* it is of statements */
  COPY_WAITS,
  COPY_ASKED,
  COPY_TAKES,
  COPY_GIVES,
  COPY_ENDS
} CopyState;

struct Segment {
  Segment *next; /* in the queue, or on the free list */
  Conn *conn;
  const SegmentOps *ops; /* NULL: nobody listens */
  void *ctx;
  bool shared;
  bool started;  /* what is sent goes to the wire at once */
  bool flushing; /* the owner waits for the answers before `mark` */
  bool ended;    /* the owner has said all */
  bool undo;     /* ... and wants nothing of it to stay */
  bool synced;   /* the Sync is on the wire */
  bool failed;   /* err is filled */
  bool said;     /* ... by the server, in place of a statement's answer */
  Answer *answers;
  uint32_t n_answers, cap, at, mark;
  uint32_t n_results; /* statements reported */
  uint32_t loose; /* number of the first text that may commit by itself (a raw one, COMMIT) among the answers,
                     from 1; 0: none */
  Arena *arena;   /* of what is held */
  Held *held, **held_end;
  CopyState copy;
  const char *copy_sql;
  bool copy_in;
  bool wants_ready; /* what was put is to leave before the owner goes on */
  bool heard;       /* something came while the server was taking data */
  bool paused;      /* the owner has enough */
  Err err;
};

enum {
  WIRE_SMALL = 16
};

typedef struct Wire { /* parameters as libpq takes them */
  const char **values;
  int *lengths, *formats;
  Oid *types;
  void *block; /* their memory, or NULL: the small ones */
  uint32_t cap;
  const char *small_values[WIRE_SMALL];
  int small_lengths[WIRE_SMALL], small_formats[WIRE_SMALL];
  Oid small_types[WIRE_SMALL];
} Wire;

typedef struct Cancel Cancel;

struct Conn {
  Loop *loop;
  const ConnInfo *info;
  const ConnOwner *owner;
  void *owner_ctx;
  PGconn *pg;
  ConnState state;
  LoopFd *fd;
  LoopTimer *timer; /* of connecting; later of a cancel */
  LoopSoon soon;
  Segment *head, **tail, *waiting; /* the queue; its first segment that has not started */
  Segment *free;
  uint32_t n_pending, n_started, n_exclusive; /* exclusive: started, and not shared */
  uint32_t spin_us;                           /* see PoolOptions */
  uint32_t depth;                             /* callbacks of ours on the stack */
  LoopTimer *stall;                           /* of socket_timeout, or NULL */
  int64_t stall_at;                           /* loop clock: answers are due by then; 0 = none are */
  int step_events;                            /* what the next step of connecting waits for */
  int64_t connect_deadline;                   /* loop clock, 0 = none */
  bool named;                                 /* statements may be prepared */
  bool in_transaction, writing, busy;         /* busy: the owner has not been told that it is idle */
  bool connecting_failed;                     /* at once; the owner is to hear of it */
  bool doomed;                                /* known to be of no use, not yet dead */
  bool stalled;                               /* ... because nothing came in time */
  bool closed;                                /* by its owner; freed when no callback is on the stack */
  Names names;
  Residues *residues; /* its owner's; NULL: what callers leave is nobody's concern */
  Suspects suspects;
  uint64_t settings; /* that the server told of at its birth */
  bool foreign;      /* callers' texts ran since it was as new */
  bool left;         /* the server says that something is left */
  Wire wire;
  Cancel *cancel;
  Err err; /* why it failed or died */
};

/* conn.c */
MUST Conn *conn_open(Loop *loop, const ConnInfo *info, bool named, const ConnOwner *owner, void *ctx,
                     Err *e);         /* NULL: out of memory; all else comes to the owner */
void conn_spin(Conn *c, uint32_t us); /* see PoolOptions; unsaid, it is 0 */
void conn_close(Conn *c);             /* its segments hear nothing any more; never waits */
bool conn_glance(Conn *c);            /* is it still there? Looks at the socket, without waiting */
void *conn_owner(const Conn *c);
void conn_late(const Conn *c, Err *e); /* it is connecting still: what is to be said of that */
void conn_flush(Conn *c);              /* write what the socket takes, and watch for the rest */
void conn_soon(Conn *c);               /* have the loop look after the queue */
void conn_mark_busy(Conn *c);          /* something is under way: the loop must stay */
void conn_stall(Conn *c);              /* from now on answers are due, or none are */

/* segment.c */
void segments_start(Conn *c);   /* those whose turn has come */
void segments_answers(Conn *c); /* take what has come */
void segments_lost(Conn *c);    /* the connection died */
void segments_free(Conn *c);
MUST bool segment_rollback(Conn *c, Err *e); /* a ROLLBACK behind what is under way */
MUST Segment *segment_open_copy(Conn *c, bool in, const char *sql, const SegmentOps *ops, void *ctx, Err *e);
void segment_finish(Segment *s, Outcome outcome);
void transaction_note(Conn *c);       /* what the server said last */
bool result_fatal(const PGresult *r); /* the server hangs up with these words */

/* copy.c */
void copy_send(Segment *s);
bool copy_step(Segment *s);    /* false: nothing more has come */
bool copy_refused(Segment *s); /* is there an error, where data is being sent? Before libpq reads */
void copy_abandon(Segment *s); /* no more of it */
bool copy_waits_for_owner(const Segment *s); /* nothing is due from the server */

/* clean.c */
void clean_by(Conn *c, Residues *known); /* its owner wants that */
void clean_born(Conn *c);                /* it came up */
void clean_note(Conn *c, Slice sql);     /* a caller's own text goes out */
void clean_spoilt(Conn *c);              /* somebody has seen that it is not as new */
bool clean_needed(Conn *c);              /* of an idle one: is it perhaps not as new? */
MUST bool clean_begin(
    Conn *c); /* it will be, when it is idle again and clean_needed says no; false: no memory */

/* cancel.c */
bool cancel_over(Conn *c);   /* the last thing it was to stop has stopped: new work may go out */
void cancel_forget(Conn *c); /* the connection goes */

#endif
