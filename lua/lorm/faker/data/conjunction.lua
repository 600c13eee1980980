-- Conjunctions.
return require("lorm.faker.list").words [[
  after although and as because before but how however if lest like nor once or plus provided since so than that
  though till unless until when whenever where whereas wherever whether while yet
]]
