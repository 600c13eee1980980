-- Prepositions.
return require("lorm.faker.list").words [[
  aboard about above across after against along amid among around as aside astride at atop before behind below beneath
  beside besides between beyond but by circa concerning considering despite down during except excluding following for
  from given in including inside into like minus near next notwithstanding of off on onto opposite out outside over
  past pending per plus regarding round save since than through throughout till to toward towards under underneath
  unlike until unto up upon versus via with within without
]]
