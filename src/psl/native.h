/* Native types with their arguments: VarChar(255), Decimal(10, 2). */
#ifndef PSL_NATIVE_H
#define PSL_NATIVE_H

#include "psl/ast.h"
#include "psl/tables.h"

/* Whether the arguments are numbers, as many as the type may have (if it may). Out: those numbers. */
bool native_arguments(const NativeEntry *native, const Arguments *args, uint32_t values[2]);
/* The same with messages, and with the ranges. */
void native_check(Diags *d, Arena *a, const NativeEntry *native, const Arguments *args, Span span);
/* Is `text` ("VarChar(3)") what a native type is written as? Then the scalar ("String") and how it stands
 * behind @db ("VarChar(3)"). */
bool native_of_text(Arena *a, Slice text, Slice *scalar, Slice *native);

#endif
