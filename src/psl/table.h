/* Rows whose columns stand under each other: how fields, values and properties are printed. */
#ifndef PSL_TABLE_H
#define PSL_TABLE_H

#include "base/buf.h"

enum {
  TABLE_COLUMNS = 3
};

typedef struct TableRow {
  Slice columns[TABLE_COLUMNS];
  Slice suffix;  /* behind the last column, of no influence on the layout: comments */
  bool unformed; /* suffix is the whole row, outside of the columns */
} TableRow;

typedef struct Table {
  Arena *arena;
  TableRow *rows;
  uint32_t n;
} Table;

static inline Table table_in(Arena *a) { return (Table){.arena = a}; }
TableRow *table_row(Table *t); /* a new one, empty: prints as an empty line */
/* Print all rows, indented, and forget them. */
void table_print(Table *t, Buf *to, uint32_t indent);

#endif
