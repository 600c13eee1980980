/* A walk over attributes and their arguments that notices what nobody asked for.
 *
 *   AttrSet s = attrs_open(r, ast->attributes, ast->n_attributes);
 *   ArgSet a;
 *   if (attr_take(&s, "map", &a)) { arg_default(&a, "name"); ... args_close(&a); }
 *   attrs_close(&s);                      "Attribute not known"
 *
 * args_close reports "No such argument." for what was not taken; leave it out to say nothing more. */
#ifndef PSL_VISIT_H
#define PSL_VISIT_H

#include "psl/resolve.h"

typedef struct AttrSet {
  Resolver *r;
  const Attribute *items;
  uint32_t n;
  bool *used;
} AttrSet;

typedef struct ArgSet {
  Resolver *r;
  const Attribute *attr;
  bool *used;
} ArgSet;

AttrSet attrs_open(Resolver *r, const Attribute *items, uint32_t n);
bool attr_take(AttrSet *s, const char *name, ArgSet *a);                  /* at most one may be there */
bool attr_take_next(AttrSet *s, const char *name, ArgSet *a);             /* any number, one a call */
const Attribute *attr_take_scoped(AttrSet *s, Slice *scope, Slice *name); /* @db.Text; NULL: none */
void attrs_close(AttrSet *s);

const Expr *arg_take(ArgSet *a, const char *name);    /* NULL: not given */
const Expr *arg_default(ArgSet *a, const char *name); /* named or the positional one; NULL: reported */
const Expr *arg_default_quietly(ArgSet *a, const char *name);
void args_close(ArgSet *a);
void arg_error(ArgSet *a, const char *format, ...) PRINTF(2, 3); /* in the frame of the attribute */

/* Coercions report what they cannot do. */
bool expr_string(Resolver *r, const Expr *e, Slice *out);
bool expr_constant(Resolver *r, const Expr *e, Slice *out);
bool expr_boolean(Resolver *r, const Expr *e, bool *out);
bool expr_integer(Resolver *r, const Expr *e, int64_t *out);
void expr_mismatch(Resolver *r, const Expr *e, const char *expected);
/* A string argument that may not be empty: empty when not given or refused. */
Slice arg_name(ArgSet *a, const char *name);

#endif
