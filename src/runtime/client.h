/* Client: what stands behind db, tx and the b of a batch. Each is a userdata that begins with a Handle; the
 * closures of model actions hold one as their first upvalue.
 *
 * A client is open until client_close, which leaves no request, transaction or batch of it under way; its
 * schema lives as long as the userdata, so that field references stay good. */
#ifndef RUNTIME_CLIENT_H
#define RUNTIME_CLIENT_H

#include "runtime/borrow.h"
#include "runtime/call.h"

typedef struct Client Client;
typedef struct TxHandle TxHandle;
typedef struct Batch Batch;
typedef struct Ear Ear;

typedef struct Handle {
  Kind kind; /* KIND_CLIENT, KIND_IDENTITY, KIND_TX, KIND_BATCH */
  Runtime *rt;
  Client *client;            /* user value 1 of the others keeps it, by way of an Identity perhaps */
  const struct Identity *as; /* or NULL: as whom the pool connects */
} Handle;

typedef struct Identity { /* user value 1: the client */
  Handle handle;
  uint32_t n;
  Setting settings[]; /* their texts stand behind them */
} Identity;

typedef struct Event { /* a statement that was run */
  struct Event *next;
  Slice sql, params;
  int64_t duration_us, at; /* at: when it ended, as datetime */
  bool failed;
  char code[16], message[512];
} Event;

typedef struct Memory { /* in the arena that it counts the users of */
  Arena *arena;
  uint32_t users;
} Memory;
void memory_drop(Memory *m); /* NULL is fine */

struct Client {
  Handle handle;
  Client *next, *prev; /* on rt->clients while open */
  Memory *memory;      /* schema, omit, url; a job on a worker thread may outlive the client */
  Arena *arena;        /* memory's */
  const Schema *schema;
  Engine *engine; /* NULL: closed */
  Slice url;
  TxHandle *txs;
  Batch *batches;
  Ear *ears;
  Event *events, *last_event; /* not yet delivered */
  LeakWatch watch;
};

struct TxHandle { /* user value 1: the client; 2: the task that opened it */
  Handle handle;
  TxHandle *next, *prev; /* on client->txs while tx is not NULL */
  Tx *tx;                /* NULL: released */
  const Task *owner;     /* NULL: opened outside of tasks, open to all */
  Borrow borrow;
};

struct Batch { /* user value 1: the client; 2: the transaction it is in; 3: what its calls need, as keys */
  Handle handle;
  Batch *next, *prev; /* on client->batches while it is open */
  TxHandle *tx;       /* or NULL */
  Request **requests; /* looked up; the Batch owns them */
  const CallKind **kinds;
  uint32_t n, cap, pending;
  Task *waiter; /* who waits for it to land */
  bool flown, lost;
};

struct Ear { /* user value 1: the client */
  Client *client;
  Ear *next, *prev;           /* on client->ears while it is open */
  Subscription *subscription; /* NULL: closed */
  Task *waiter;               /* who waits for a note */
  bool waits;                 /* the loop was told that somebody does */
  bool lost;                  /* the client was closed */
};

void ear_close(Ear *ear); /* [-0, +0, -] whoever waits goes on */
/* A schema from a path (file or folder), or else from its text; a datasource is added when there is none. In
 * `a`, in its protection. NULL: `e`, and what is wrong with the schema in `d`. */
const Schema *client_load_schema(Arena *a, const char *path, Slice text, Diags *d, Err *e);
void client_close(Client *c);                         /* [-0, +0, -] never waits */
Engine *client_engine(lua_State *L, const Handle *h); /* [-0, +0, v] raises when closed */
/* [-0, +0, v] The handle at `index` of the stack. */
Handle *handle_check(lua_State *L, Runtime *rt, int index);
/* [-0, +0, v] The same, of a client or an identity. */
Handle *client_check(lua_State *L, Runtime *rt, int index);
/* The request becomes a call on this handle; tx is handle_tx's. */
void handle_enter(const Handle *h, Tx *tx, Request *r);
/* [-0, +0, v] The transaction that a call on this handle belongs to, or NULL. Raises when the running task
 * has no right to it. */
Tx *handle_tx(lua_State *L, const Handle *h);
void tx_handle_release(TxHandle *t);
void batch_drop(Batch *b, bool release);    /* its requests go; `release`: the engine is still open */
void batch_reserve(lua_State *L, Batch *b); /* [-0, +0, v] room for one more */
/* [-0, +0, v] The batch at stack index `batch` keeps the value at `value` for its calls. */
void batch_anchor(lua_State *L, int batch, int value);
int batch_add(lua_State *L, Batch *b, Request *r,
              const CallKind *kind); /* [-0, +1, -] owns r from now; pushes its number */

#endif
