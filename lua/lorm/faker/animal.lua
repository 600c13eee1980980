-- faker.animal: animals by kind.
local animal = {}

for kind, names in pairs(require "lorm.faker.data.animals") do
  animal[kind] = function(f) return f.stream:pick(names) end
end

return animal
