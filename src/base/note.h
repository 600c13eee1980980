/* Note: what a channel of the server told its listeners, on its way out. */
#ifndef BASE_NOTE_H
#define BASE_NOTE_H

#include "base/slice.h"

typedef struct Note {
  struct Note *next;      /* its owner's */
  Slice channel, payload; /* empty in a gap */
  int pid;                /* of the session that notified */
  bool reconnected;       /* a gap: the connection was lost, and is there again */
  bool overflow;          /* a gap: too many had been waiting to be read */
} Note;

#endif
