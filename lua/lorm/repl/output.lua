-- What a line returned, on the screen.
--   local show = output.new { terminal =, color =, plain =, write = fn, note = fn }
--   show.results(table.pack(...), { millis =, statements =, timing = })
-- On a terminal tables are fitted to it, long ones capped, and what is longer than the screen goes through a pager
-- ($LORM_PAGER, $PAGER, else less; empty or "cat": none). Elsewhere everything is written as it is.
local core = require "lorm.core"
local grid = require "lorm.grid"
local printer = require "lorm.print"

local output = {}

local CAP <const> = 100 -- rows of a table on a terminal
local UNFITTED <const> = 100 -- columns, for values that are no rows, where there is no terminal

local function counted(n, what) return ("%d %s%s"):format(n, what, n == 1 and "" or "s") end

local function rows_of(value)
  if core.kindOf(value) == "row" then return 1 end
  return #value
end

local function footer(rows, about)
  local parts = {}
  if rows then parts[#parts + 1] = counted(rows, "row") end
  if about.statements and about.statements > 0 then parts[#parts + 1] = counted(about.statements, "statement") end
  if about.timing and about.millis then parts[#parts + 1] = ("%.1f ms"):format(about.millis) end
  return #parts > 0 and "(" .. table.concat(parts, ", ") .. ")" or nil
end

local function pager_command()
  local given = os.getenv "LORM_PAGER" or os.getenv "PAGER"
  if given then return given:find "%S" and given ~= "cat" and given or nil end
  return os.execute "command -v less >/dev/null 2>&1" and "less -FRX" or nil
end

local function height_of(text, columns)
  local lines = 0
  for line in (text .. "\n"):gmatch "(.-)\n" do
    local width = core.width((line:gsub("\27%[[%d;]*m", "")))
    lines = lines + math.max(1, math.ceil(width / columns))
  end
  return lines
end

-- A pager that cannot be run is no reason to show nothing.
local function paged(text)
  local command = pager_command()
  local pipe = command and io.popen(command, "w")
  if not pipe then return false end
  pipe:write(text, "\n")
  local fine, how, code = pipe:close()
  return fine or (how == "exit" and code ~= 127 and code ~= 126)
end

function output.new(options)
  local show = {}

  local function rendered(value, columns)
    if not grid.is_rows(value) then
      return printer.render(value, { width = columns or UNFITTED, color = options.color })
    end
    return (grid.render(value, { width = columns, cap = columns and CAP or nil, color = options.color }))
  end

  function show.text(text)
    local columns, height = core.terminal()
    if options.terminal and columns and height_of(text, columns) >= height and paged(text) then return end
    options.write(text)
  end

  function show.results(values, about)
    local columns = options.terminal and core.terminal() or nil
    local parts, rows = {}, nil
    for i = 1, values.n do
      local value = values[i]
      if not (value == nil and values.n == 1) then
        parts[#parts + 1] = rendered(value, columns)
        if grid.is_rows(value) then rows = (rows or 0) + rows_of(value) end
        if type(value) == "table" and next(value) == nil and about.statements and about.statements > 0 then
          parts[#parts], rows = nil, (rows or 0)
        end
      end
    end
    local last = footer(rows, about)
    if last then parts[#parts + 1] = options.color and "\27[2m" .. last .. "\27[0m" or last end
    if #parts > 0 then show.text(table.concat(parts, "\n")) end
  end

  return show
end

return output
