#include "psl/table.h"

#include "base/vec.h"

TableRow *table_row(Table *t) {
  TableRow *row = VEC_PUSH(t->arena, t->rows, t->n);
  *row = (TableRow){.unformed = false};
  return row;
}

static uint32_t last_column(const TableRow *row) {
  uint32_t n = TABLE_COLUMNS;
  while (n && !row->columns[n - 1].n) n--;
  return n;
}

static void blanks(Buf *to, uint32_t n) {
  memset(buf_reserve(to, n), ' ', n);
  to->n += n;
}

static void print_row(const TableRow *row, const uint32_t widths[TABLE_COLUMNS], Buf *to, uint32_t indent) {
  uint32_t n = row->unformed ? 0 : last_column(row);
  if (n || row->suffix.n) blanks(to, indent);
  for (uint32_t i = 0; i < n; i++) {
    buf_slice_add(to, row->columns[i]);
    if (i + 1 < n) blanks(to, widths[i] - row->columns[i].n + 1);
  }
  if (n && row->suffix.n) buf_byte(to, ' ');
  buf_slice_add(to, row->suffix);
  buf_byte(to, '\n');
}

void table_print(Table *t, Buf *to, uint32_t indent) {
  uint32_t widths[TABLE_COLUMNS] = {0};
  for (uint32_t i = 0; i < t->n; i++)
    for (uint32_t k = 0; k < TABLE_COLUMNS && !t->rows[i].unformed; k++)
      if (t->rows[i].columns[k].n > widths[k]) widths[k] = t->rows[i].columns[k].n;
  for (uint32_t i = 0; i < t->n; i++) print_row(&t->rows[i], widths, to, indent);
  *t = table_in(t->arena);
}
