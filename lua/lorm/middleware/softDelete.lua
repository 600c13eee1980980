-- What is deleted stays, and does not exist: a delete sets a field, and rows that have it set are seen by nobody, in
-- includes, filters, counts and nested writes neither.
--   middleware = { "softDelete" }                                  for models with a field deletedAt
--   middleware = { { "softDelete", field = "removed" } }           a DateTime is set to now, a Boolean to true
--
--   db.Post:delete { where = { id = 1 } }                          sets it; so do deleteMany and nested deletes
--   db.Post:withDeleted():findMany { ... }                         what was deleted, too
--   db.Post:onlyDeleted():count()                                  nothing else
--   db.Post:restore { where = { id = 1 } }                         { count = 1 }
--   db.Post:unscoped():delete { where = { id = 1 } }               really deletes it
--
-- To the database such a row is still there: a unique field stays taken, unless its key is for the others only,
--   @@unique([email], where: { deletedAt: null })
-- and foreign keys do nothing, so what belongs to the row stays as it is.
local lorm = require "lorm"

local softDelete = {}

-- By the type of the field: what it is in a row that was not deleted, and the filter of those that were.
local kinds = {
  DateTime = { living = lorm.null, deleted = { not_ = lorm.null } },
  Boolean = { living = false, deleted = true },
}

-- The models that have the field, with its kind.
local function models_with(field, schema)
  local found = {}
  for _, model in ipairs(schema.models) do
    for _, f in ipairs(model.fields) do
      if f.name == field and kinds[f.type] and not f.isList then found[model.name] = kinds[f.type] end
    end
  end
  if next(found) == nil then
    error(("softDelete: no model has a field %s of type DateTime or Boolean"):format(field), 0)
  end
  return found
end

local function methods_of(field, kind)
  local methods = {}
  function methods:withDeleted() return self:scoped("softDelete", true) end
  function methods:onlyDeleted() return self:scoped("softDelete", { [field] = kind.deleted }) end
  function methods:restore(args)
    local where = args and args.where
    if where and next(where) == nil and not args.all then
      error("restore: an empty `where` would restore every record. Leave it out, or say `all = true`.", 2)
    end
    return self:withDeleted():updateMany {
      where = { AND = { where or lorm.object {}, { [field] = kind.deleted } } },
      data = { [field] = kind.living },
    }
  end
  return methods
end

function softDelete.setup(db, options)
  local field = options.field or "deletedAt"
  local extension = { name = "softDelete", softDelete = field, scopes = {}, model = {} }
  for name, kind in pairs(models_with(field, db:schema())) do
    extension.scopes[name] = { [field] = kind.living }
    extension.model[name] = methods_of(field, kind)
  end
  return { extends = extension }
end

return softDelete
