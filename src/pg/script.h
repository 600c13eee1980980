/* Script: where in a text of several statements one of them begins. The server does not say which of them
 * failed when the error has no position of its own. Inside pg only. */
#ifndef PG_SCRIPT_H
#define PG_SCRIPT_H

#include "base/slice.h"

uint32_t script_statement(Slice sql, uint32_t k);       /* byte offset of the k-th statement (0, 1, ...) */
uint32_t script_line(Slice sql, uint32_t offset);       /* 1-based */
uint32_t script_offset(Slice sql, uint32_t characters); /* bytes of that many characters of UTF-8 */

#endif
