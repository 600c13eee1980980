/* UTF-8, strictly: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/slice.h"

bool utf8_valid(Slice s);
uint32_t utf8_next(Slice s, uint32_t *at);     /* code point at *at, which moves on; U+FFFD for a bad byte */
uint32_t utf8_put(uint32_t code, char out[4]); /* bytes written, 0 when it is no code point */
uint32_t utf8_columns(Slice s); /* terminal columns: wide characters two, combining ones none */

#endif
