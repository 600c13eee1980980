/* Pieces: a script, taken apart where it cannot be one transaction. Inside migrate only. */
#ifndef MIGRATE_PIECES_H
#define MIGRATE_PIECES_H

#include "base/err.h"

typedef enum PieceKind {
  PIECE_TOGETHER,     /* statements that are one transaction */
  PIECE_CREATE_INDEX, /* CONCURRENTLY; one statement, as the other kinds */
  PIECE_DROP_INDEX,
  PIECE_OTHER
} PieceKind;

typedef struct Piece {
  PieceKind kind;
  uint32_t start, end; /* bytes */
  Slice name;          /* of the index, quoted, with its schema where one is said; may be empty */
} Piece;

typedef struct Pieces {
  Piece *items;
  uint32_t n;
  bool apart; /* some piece must be alone; otherwise nobody needs them */
} Pieces;

/* Under an arena_protect. A script that does not parse has none: the server will say what is wrong with it.
 */
void pieces_of(Arena *a, Slice script, Pieces *out);

#endif
