-- faker.food: dishes and what they are made of.
local kitchen = require "lorm.faker.data.kitchen"

local food = {}

local function drawn(list)
  return function(f) return f.stream:pick(list) end
end

food.adjective = drawn(kitchen.adjectives)
food.ethnicCategory = drawn(kitchen.cuisines)
food.fruit = drawn(kitchen.fruits)
food.ingredient = drawn(kitchen.ingredients)
food.meat = drawn(kitchen.meats)
food.spice = drawn(kitchen.spices)
food.vegetable = drawn(kitchen.vegetables)

local function capital(text) return text:sub(1, 1):upper() .. text:sub(2) end

function food.dish(f)
  if f.stream:chance(0.5) then return f.stream:pick(kitchen.dishes) end
  local main = f.stream:chance(0.5) and food.meat(f) or food.vegetable(f)
  return capital(("%s %s with %s"):format(food.adjective(f), main, food.ingredient(f)))
end

function food.description(f)
  local patterns = {
    "%s %s with %s and a touch of %s, in the %s manner.",
    "%s %s, slowly cooked with %s, refined with %s, %s at heart.",
    "%s %s on a bed of %s, seasoned with %s: a %s favourite.",
  }
  return capital(f.stream:pick(patterns):format(food.adjective(f), food.meat(f), food.vegetable(f), food.spice(f),
    food.ethnicCategory(f)))
end

return food
