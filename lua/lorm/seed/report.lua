-- What a run of seeds says: lines on the way, a table at its end. Nothing when quiet.
--   local log = report.new(quiet)
--   log:say("%s is left out", name)
--   local mark = log:mark(); log:back(mark)          -- forget what was reported since
--   log:file("users.lua", { { "users", 1000 } }, ms)
--   log:summary(dryRun)
local report = {}

local Log = {}
Log.__index = Log

function report.new(quiet) return setmetatable({ quiet = quiet, files = {} }, Log) end

function Log:say(message, ...)
  if not self.quiet then io.stderr:write(message:format(...), "\n") end
end

function Log:mark() return #self.files end

function Log:back(mark)
  for i = #self.files, mark + 1, -1 do self.files[i] = nil end
end

function Log:file(path, counts, ms)
  local rows = 0
  for _, label in ipairs(counts) do rows = rows + counts[label] end
  self.files[#self.files + 1] = { path = path, counts = counts, rows = rows, ms = ms }
end

local function rate(rows, ms) return rows > 0 and ms > 0 and ("%d"):format(rows * 1000 // math.max(1, ms)) or "" end

-- Columns as wide as what is in them; the last three are numbers.
local function show(lines)
  local width = {}
  for _, line in ipairs(lines) do
    for i, cell in ipairs(line) do width[i] = math.max(width[i] or 0, utf8.len(cell) or #cell) end
  end
  for _, line in ipairs(lines) do
    local cells = {}
    for i, cell in ipairs(line) do
      local pad = (" "):rep(width[i] - (utf8.len(cell) or #cell))
      cells[i] = i > 2 and pad .. cell or cell .. pad
    end
    io.stderr:write((table.concat(cells, "  "):gsub(" +$", "")), "\n")
  end
end

function Log:summary(dryRun)
  if self.quiet then return end
  local lines, rows, ms = { { "file", "made", "rows", "seconds", "rows/s" } }, 0, 0
  for _, file in ipairs(self.files) do
    for i, label in ipairs(file.counts) do
      lines[#lines + 1] = { i == 1 and file.path or "", label, tostring(file.counts[label]), "", "" }
    end
    if #file.counts == 0 then lines[#lines + 1] = { file.path, "", "", "", "" } end
    local last = lines[#lines]
    last[4], last[5] = ("%.1f"):format(file.ms / 1000), rate(file.rows, file.ms)
    rows, ms = rows + file.rows, ms + file.ms
  end
  if #self.files > 1 then lines[#lines + 1] = { "all", "", tostring(rows), ("%.1f"):format(ms / 1000), rate(rows, ms) } end
  if #lines > 1 then show(lines) end
  if dryRun then self:say "dry run: everything was rolled back" end
end

return report
