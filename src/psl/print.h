/* A parsed file as text, in the one layout. Private to psl; format.h is for everybody. */
#ifndef PSL_PRINT_H
#define PSL_PRINT_H

#include "psl/ast.h"

/* `ast` was parsed from this source alone. Nothing is lost: invalid lines and comments stay. */
Slice print_source(Arena *a, const Source *source, const Ast *ast);

#endif
