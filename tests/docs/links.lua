-- links.lua PAGE...: every link of the pages leads somewhere: to a file that is there, and a heading in it. Every
-- page in a folder with a README.md is listed there, and begins with a title and a word about what it is for.
--   lua5.4 tests/docs/links.lua README.md docs/*.md
local failures, links = 0, 0
local function fail(page, line, what)
  failures = failures + 1
  io.stderr:write(("%s:%d: %s\n"):format(page, line, what))
end

-- The lines outside of code, with their numbers.
local function prose(path)
  local list, inside = {}, false
  local number = 0
  for line in io.lines(path) do
    number = number + 1
    if line:find "^%s*```" then inside = not inside
    elseif not inside then list[#list + 1] = { number, line } end
  end
  return list
end

-- A heading's anchor, by GitHub's rules.
local function anchor(heading)
  local text = heading:gsub("%[(.-)%]%(.-%)", "%1"):lower()
  return (text:gsub("[^%w%s_\x80-\xff-]", ""):gsub("[“”‘’…–—·]", ""):gsub("%s", "-"))
end

local known = {}
local function anchors(path)
  if known[path] then return known[path] end
  local list, seen = {}, {}
  for _, line in ipairs(prose(path)) do
    local heading = line[2]:match "^#+%s+(.-)%s*$"
    if heading then
      local name = anchor(heading)
      list[seen[name] and name .. "-" .. seen[name] or name] = true
      seen[name] = (seen[name] or 0) + 1
    end
    for id in line[2]:gmatch '<a id="([^"]+)"' do list[id] = true end
  end
  known[path] = list
  return list
end

local function exists(path)
  local file = io.open(path)
  if file then file:close() end
  return file ~= nil
end

local function plain(path) -- without "x/../"
  local before
  repeat before, path = path, path:gsub("[^/.]+/%.%./", "") until path == before
  return path
end

local function check_link(page, number, target)
  if target:find "^%a+:" then return end
  links = links + 1
  local file, name = target:match "^([^#]*)#?(.*)$"
  local path = file == "" and page or plain((page:match "^.*/" or "") .. file)
  if not exists(path) then return fail(page, number, "no such file: " .. target) end
  if name ~= "" and not anchors(path)[name] then fail(page, number, "no such heading: " .. target) end
end

local function check_page(page)
  local lines = prose(page)
  if not lines[1][2]:find "^# %S" then fail(page, 1, "it begins without a title") end
  if not (lines[3] and lines[3][2]:find "^[%w`*]") then fail(page, 3, "no word about what the page is for") end
  for _, line in ipairs(lines) do
    for target in line[2]:gsub("`[^`]*`", ""):gmatch "%]%(([^)%s]+)%)" do check_link(page, line[1], target) end
  end
end

local function check_index(page)
  local folder = page:match "^(.*/)"
  local index = folder and folder .. "README.md"
  if not index or page == index or not exists(index) then return end
  local file <close> = io.open(index)
  if not file:read "a":find("](" .. page:sub(#folder + 1) .. ")", 1, true) then fail(index, 1, "it does not list " .. page) end
end

for _, page in ipairs(arg) do
  check_page(page)
  check_index(page)
end
print(("%d pages, %d links, %d failures"):format(#arg, links, failures))
os.exit(failures == 0 and #arg > 0 and links > 0)
