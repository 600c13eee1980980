/* Which action is which write. */
#include "plan/write.h"

typedef bool Writer(Builder *b);

static Writer *const writers[CALL_ACTIONS] = {
    [CALL_CREATE] = write_create,
    [CALL_CREATE_MANY] = write_create_many,
    [CALL_CREATE_MANY_AND_RETURN] = write_create_many,
    [CALL_COPY_IN] = copy_in,
    [CALL_RESERVE_IDS] = write_reserve,
    [CALL_UPDATE] = write_update,
    [CALL_UPDATE_MANY] = write_update_many,
    [CALL_UPDATE_MANY_AND_RETURN] = write_update_many,
    [CALL_UPDATE_EACH] = write_update_each,
    [CALL_UPSERT] = write_upsert,
    [CALL_UPSERT_MANY] = write_upsert_many,
    [CALL_DELETE] = write_delete,
    [CALL_DELETE_MANY] = write_delete_many,
};

bool write_plan(Builder *b) {
  Path root = {0};
  if (b->model->is_view)
    return b_error(b, &root, "`%.*s` is a view: it is only read.", SLICE_ARGS(b->model->name));
  return writers[b->action](b) && written_visible(b);
}
