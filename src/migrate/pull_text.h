/* Pieces of the schema's text, each with its line ends; inside pull only. */
#ifndef MIGRATE_PULL_TEXT_H
#define MIGRATE_PULL_TEXT_H

#include "migrate/pull_private.h"

void pull_string(Buf *b, Slice s); /* quoted, as the schema language escapes it */
void pull_doc(Buf *b, Slice doc);  /* comment lines */
void pull_scalar(Buf *b, const Pull *p, const PullModel *m, const PullField *f);
void pull_relation_fields(Buf *b, const Pull *p, const PullModel *m);
void pull_indexes(Buf *b, const Pull *p, const PullModel *m); /* those that stand in the block */

#endif
