-- Rows for many-to-many relations that have no model: up to three for each record of one side.
local MOST <const> = 3

-- The field that a join table refers to.
local function idOf(model) return model.uniques[1].fields[1] end

local function pairsOf(job, link, a, b)
  local from, to = {}, {}
  local left, right = job.pools[link.a], job.pools[link.b]
  for i = 1, left.n do
    job.stream:restart(job.seed, "auto links", link.relation, i)
    local seen = {}
    for _ = 1, math.min(job.stream:int(0, MOST), right.n) do
      local at = job.stream:int(1, right.n)
      if not seen[at] then
        seen[at] = true
        from[#from + 1], to[#to + 1] = left.rows[i][a], right.rows[at][b]
      end
    end
  end
  return from, to
end

return function(job, tables)
  for _, link in ipairs(tables.links) do
    local a, b = tables.byName[link.a], tables.byName[link.b]
    if a and b then
      local from, to = pairsOf(job, link, idOf(a), idOf(b))
      if #from > 0 then
        local n = job.db:executeRaw(([[INSERT INTO %s ("A", "B") SELECT * FROM unnest($1::%s[], $2::%s[]) ON CONFLICT DO NOTHING]])
          :format(link.table, link.aType, link.bType), from, to)
        job.count(link.table:match '"([^"]*)"$', n)
      end
    end
  end
end
