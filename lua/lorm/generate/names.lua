-- Names of types: Prisma's, unless two things would have one name.
--   local named = names.new(dmmf)
--   named("User", "WhereInput")      "UserWhereInput"; "UserWhereInput_" where a model is called UserWhereInput
--   named("User")                    "User", the row
--   named(nil, "StringFilter")       "StringFilter", which belongs to no model
local names = {}

-- What LuaLS and its annotations of Lua's library have taken.
local RESERVED <const> = [[any boolean false fun function integer iolib lightuserdata mathlib nil number openmode osdate
  osdateparam oslib packagelib popenmode self string stringlib table tablelib thread true type unknown userdata utf8lib
  coroutinelib debuglib seekwhence vbuf loadmode gcoptions infowhat hookmask localecategory exitcode filetype debuginfo
  metatable asserterror G async]]

function names.new(dmmf)
  local taken, given = {}, setmetatable({}, { __index = function(self, model)
    self[model] = {}
    return self[model]
  end })
  for word in RESERVED:gmatch "%S+" do taken[word] = true end

  local function give(model, suffix)
    local name = model .. suffix
    while taken[name] do name = name .. "_" end
    taken[name], given[model][suffix] = true, name
    return name
  end
  -- Rows and enums first: they are what people write.
  for _, model in ipairs(dmmf.models or {}) do give(model.name, "") end
  for _, enum in ipairs(dmmf.enums or {}) do give(enum.name, "") end

  return function(model, suffix)
    model, suffix = model or "", suffix or ""
    return given[model][suffix] or give(model, suffix)
  end
end

return names
