-- A small blog: people with profiles, categories, posts with their comments.
--   lorm seed [--seed N] [--scale N] [--reset] [--dry-run]
local db, faker, seed = ...

local users = seed.many("users", 10, function()
  return db.User:create {
    data = {
      email = faker.internet.email(),
      username = faker.internet.username(),
      password = faker.internet.password(),
      profile = { create = { bio = faker.lorem.paragraph(), avatar = faker.image.avatar() } },
    },
  }
end)

local categories = seed.many("categories", 5, function()
  return db.Category:create { data = { name = faker.word.noun() } }
end)

-- A list of categories to connect, a list of comments to create: plain tables, put together by plain functions.
local function someCategories()
  local list = faker.helpers.arrayElements(categories, { min = 1, max = 3 })
  for i, category in ipairs(list) do list[i] = { id = category.id } end
  return list
end

local function comment()
  return { content = faker.lorem.paragraph(), authorId = faker.helpers.arrayElement(users).id }
end

seed.many("posts", 30, function()
  return db.Post:create {
    data = {
      title = faker.lorem.sentence(),
      content = faker.lorem.paragraphs(),
      published = faker.datatype.boolean(),
      authorId = faker.helpers.arrayElement(users).id,
      categories = { connect = someCategories() },
      comments = { create = faker.helpers.multiple(comment, { count = { min = 0, max = 5 } }) },
    },
  }
end)
