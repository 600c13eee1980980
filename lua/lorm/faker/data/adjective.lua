-- Adjectives.
return require("lorm.faker.list").words [[
  able absent abundant academic accurate acidic active actual adept admirable adventurous affable agile agreeable airy
  alert alive amber ambitious ample amused ancient angular animated annual antique apt arctic ardent arid aromatic
  artful artistic ashen astute athletic attentive authentic autumnal available average aware balanced bare basic
  bitter black blank bleak blond blue blunt bold bony bouncy brave breezy brief bright brilliant brisk broad bronze
  brown bulky bumpy buoyant busy calm candid capable careful caring casual cautious central ceramic certain charming
  cheap cheerful chief chilly circular civic civil classic clean clear clever close cloudy clumsy coarse coastal cold
  colorful comfortable common compact complete complex composed concrete confident conscious constant content
  convenient cool copper cordial corner correct cosmic costly cozy crafty creamy creative crimson crisp critical
  crooked crowded crucial crystal cultural curious curly current curved cute daily damp dapper daring dark dear decent
  decisive deep definite delicate delicious delightful dense dependable descriptive deserted detailed determined
  devoted digital diligent dim direct discreet distant distinct diverse double downright dramatic dreamy dry dual due
  durable dusty dutiful dynamic each eager early earnest earthy eastern easy eccentric economic edible educated
  efficient elaborate elastic elderly electric elegant elementary eligible eloquent emerald eminent empty enchanted
  endless energetic enormous entire equal essential eternal ethical even everyday evident exact excellent exclusive
  exotic expert extra fabulous factual faint fair faithful familiar famous fancy fantastic far fast favorable favorite
  fearless federal fertile festive few fickle fine finite firm first fit fixed flaky flashy flat flawless flexible
  floral fluffy fluid fond forceful foreign formal forthright fortunate forward fragrant frank free frequent fresh
  friendly frosty frozen frugal fruitful full functional funny fuzzy gallant general generous genial gentle genuine
  giant gifted gigantic giving glad glamorous gleaming global glorious glossy golden good graceful gracious grand
  granular grateful gray great green gregarious growing gullible gusty half handmade handsome handy happy hard hardy
  harmless harmonious hasty hazel healthy hearty heavenly heavy hefty helpful hidden high historic hollow honest
  honorable hopeful hospitable hot huge humble humid hungry hushed icy ideal idle imaginary immense impartial
  important impressive incredible indigo infinite informal inland inner innocent instant intelligent intent intrepid
  inventive iron ironclad ivory jagged jaunty jolly jovial joyful joyous jubilant judicious juicy junior just keen
  kind knowing known kosher large last lasting late lavish lawful lazy leading lean learned leather left legal lemon
  level light likable likely limited linear linen liquid little lively local lofty lonely long loose loud lovely low
  loyal lucid lucky luminous lunar lush luxurious magenta magical magnetic main major majestic mammoth marble marine
  marvelous massive mature meager mealy measured mechanical medical medium mellow memorable merciful merry metallic
  mighty mild miniature minor minty misty mixed mobile modern modest moist monthly moral mossy motionless muddy
  muffled multiple mundane muscular musical muted mutual mysterious narrow native natural nautical near neat necessary
  needy neighboring neutral new next nice nifty nimble noble nocturnal noisy normal northern notable novel numeric
  numerous nutritious nutty oblong obvious oceanic odd official oily old olive open optimal optimistic orange orderly
  ordinary organic original ornate other outer outgoing outlandish oval overdue overjoyed painted pale parallel
  partial particular passionate past patient peaceful peach pearly peppery perfect periodic perky personal petite
  physical pink plain plastic playful pleasant pleased plump plush poised polar polished polite popular portable
  positive possible postal potable powdery powerful practical precious precise premium present pretty previous prime
  primary private probable productive profound prominent prompt proper proud prudent public punctual pure purple
  quaint qualified quick quiet quirky quixotic quizzical radiant rapid rare rash raw ready real realistic reasonable
  recent rectangular red reflective regal regular relaxed reliable remarkable remote resolute respectful responsible
  rich right ripe robust romantic rosy rotating rough round rowdy royal rubber ruby rural rustic sacred safe salty
  same sandy sane sapphire satin satisfied scaly scarce scarlet scenic scientific seasoned second secret secure
  selective senior sensible separate serene serious several shadowy shallow sharp shimmering shiny short shy silent
  silky silver similar simple sincere single skilled sleek slender slight slim slow small smart smooth smug snappy
  snowy sociable social soft solar solemn solid solitary somber sonic soothing sophisticated sound southern spacious
  spare sparkling special specific spectacular speedy spherical spicy spiral spirited splendid spotless spotted
  springy square stable standard stark starry stately steady steel steep sterling stiff still stone stormy straight
  strange strategic striking striped strong studious sturdy subdued sublime substantial subtle suburban sudden sugary
  suitable sunny superb supple supreme sure swift sweet symbolic tall tame tangible tart tasty teal technical tender
  tense terrific thankful thick thin third thorough thoughtful thrifty tidy tight timely tiny tired total tough
  traditional tranquil transparent treasured tricky trim triple tropical true trusty truthful turquoise typical
  ultimate unaware uncommon uneven unfolded uniform unique united universal unlined untidy unusual upbeat upper
  upright upset urban urgent usable useful usual utter vacant vague valid valuable vapid variable vast velvety
  venerated verdant versatile vertical vibrant vigilant vigorous violet virtual visible vital vivacious vivid vocal
  volcanic warm wary watchful watery wavy wealthy weary webbed weekly weird welcome western wet white whole wicked
  wide wild willing windy winged wintry wise witty wonderful wooden woolen worldly worthy woven yawning yearly yellow
  young youthful yummy zany zealous zesty
]]
