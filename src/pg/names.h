/* Names: what one connection has prepared, or is about to. At most so many; the least used make room. A name
 * goes FREE -> ASKED (Parse sent) -> READY (Parse succeeded) -> STALE (its plan is no good any more)
 *        -> CLOSING (DEALLOCATE sent) -> FREE
 * and back a step when the server skipped or refused the message. Inside pg only. */
#ifndef PG_NAMES_H
#define PG_NAMES_H

#include "base/base.h"

enum {
  NAMES_MAX = 500,   /* that the server may have at a time, unless fewer are asked for */
  NAMES_SPARE = 500, /* being closed meanwhile */
  NAMES_BUCKETS = 256,
  NAME_NONE = UINT16_MAX
};

typedef enum NameState {
  NAME_FREE,
  NAME_ASKED,
  NAME_READY,
  NAME_STALE,
  NAME_CLOSING
} NameState;

typedef struct Name {
  uint64_t key;
  uint32_t length; /* of the text: two texts with one key do not share a name */
  uint32_t used;   /* the clock at its last use */
  const void *by;  /* who asked or closes: it alone may go on with it */
  uint16_t next;   /* in its bucket; or of the free ones */
  uint8_t state;
  char text[18]; /* "l" and the key in hexadecimal */
} Name;

typedef struct Names {
  Name *items;
  uint32_t n, cap, live, clock; /* live: neither free nor closing */
  uint32_t max;                 /* live ones; 0: nothing is prepared */
  uint16_t buckets[NAMES_BUCKETS], free;
} Names;

void names_init(Names *names, uint32_t max); /* at most NAMES_MAX */
void names_free(Names *names);
uint16_t names_find(Names *names, uint64_t key, uint32_t length); /* NAME_NONE when unknown */
uint16_t names_add(Names *names, uint64_t key, uint32_t length);  /* NAME_NONE: no room, no memory */
uint16_t names_oldest(const Names *names); /* READY or STALE, used least recently; or NAME_NONE */
void names_set(Names *names, uint16_t i, NameState state);

#endif
