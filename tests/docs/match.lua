-- What a page says that is printed, against what is printed.
--   match(expected, got) -> true, or false and a text about the first difference
-- "…" stands for anything within a line; a line of nothing else for any number of lines. Times (1.3 ms) and blanks
-- at the end of a line do not count.
local function lines_of(text)
  local list = {}
  for line in (text .. "\n"):gmatch "(.-)\n" do
    line = line:gsub("%s+$", ""):gsub("%f[%w.]%d+%.?%d*( ?ms)%f[%W]", "N%1")
    list[#list + 1] = line
  end
  while list[#list] == "" do list[#list] = nil end
  return list
end

local function pattern_of(line)
  local escaped = line:gsub("[%^%$%(%)%%%.%[%]%*%+%-%?]", "%%%0"):gsub("…", ".-")
  return "^" .. escaped .. "$"
end

local function fits(expected, got)
  return expected == got or (expected:find("…", 1, true) and got:find(pattern_of(expected))) ~= nil
end

local function from(expected, i, got, k)
  while i <= #expected do
    if expected[i]:match "^%s*…$" then
      for skip = k, #got + 1 do
        if from(expected, i + 1, got, skip) then return true end
      end
      return false, i, k
    end
    if not got[k] or not fits(expected[i], got[k]) then return false, i, k end
    i, k = i + 1, k + 1
  end
  return k > #got, i, k
end

return function(expected, got)
  local wanted, found = lines_of(expected), lines_of(got)
  local ok, i, k = from(wanted, 1, found, 1)
  if ok then return true end
  return false, ("the page says: %s\n  it is:         %s\n  in:\n%s"):format(wanted[i] or "(nothing more)",
    found[k] or "(nothing more)", got)
end
