/* Renames, which no diff finds by itself. */
#include "migrate/ddl.h"

void ddl_rename(Buf *b, const Rename *r) {
  static const struct {
    const char *heading, *object, *part;
    bool text;
  } kinds[] = {[RENAME_TABLE] = {"RenameTable", "TABLE", "", false},
               [RENAME_COLUMN] = {"RenameColumn", "TABLE", "COLUMN ", false},
               [RENAME_ENUM] = {"RenameEnum", "TYPE", "", false},
               [RENAME_VALUE] = {"RenameEnumValue", "TYPE", "VALUE ", true}};
  void (*put)(Buf *, Slice) = kinds[r->kind].text ? ddl_text : ddl_name;
  buf_printf(b, "%s-- %s\nALTER %s ", b->n ? "\n" : "", kinds[r->kind].heading, kinds[r->kind].object);
  ddl_place(b, r->schema, r->of.n ? r->of : r->from);
  buf_printf(b, " RENAME %s", kinds[r->kind].part);
  if (r->of.n) {
    put(b, r->from);
    buf_byte(b, ' ');
  }
  buf_text(b, "TO ");
  put(b, r->to);
  buf_text(b, ";\n");
}
