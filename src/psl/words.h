/* Names in the places where the schema makes them itself: fields for models, keys for fields. */
#ifndef PSL_WORDS_H
#define PSL_WORDS_H

#include "base/slice.h"

Slice word_camel(Arena *a, Slice name);  /* user_profile, UserProfile -> userProfile; ABTest -> abtest */
Slice word_plural(Arena *a, Slice word); /* category -> categories; English, lower case */

#endif
