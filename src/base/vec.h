/* Growing arrays in an arena, typed by the pointer they grow.
 *   Field *fields = NULL; uint32_t n = 0;  ...  *VEC_PUSH(arena, fields, n) = (Field){...};
 * The capacity is the power of two at or above n, so it needs no member of its own: grow such an array
 * by VEC_PUSH only. Outgrown copies stay in the arena. */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include "base/arena.h"

void *vec_grow(Arena *a, void *items, uint32_t n, size_t item_size);

#define VEC_PUSH(arena, items, n) \
  ((items) = vec_grow((arena), (items), (n), sizeof *(items)), &(items)[(n)++])

#endif
