-- Interjections.
return require("lorm.faker.list").words [[
  aah ah aha ahem ahoy alas amen aw bah boo bravo brr cheers crikey duh eek eh er fie gee golly gosh ha hallelujah
  hear hello hey hmm ho hooray huh hum hurrah indeed lo my no oh okay oof oops ouch ow phew pooh psst rats shh shoo ta
  tada tsk tush ugh uh voila well whee whew whoa whoops wow yahoo yay yes yikes yippee yo yuck yum zounds
]]
