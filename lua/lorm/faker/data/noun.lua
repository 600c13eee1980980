-- Nouns.
return require("lorm.faker.list").words [[
  ability abode absence academy accent access account accuracy achievement acorn acre activity actor adapter addition
  address adjustment admiration adult advantage adventure advice affair afternoon age agency agenda agreement aim air
  airport alarm album alley alliance almanac almond alpaca alphabet altitude ambition amount analogy analysis anchor
  angle animal ankle anniversary announcement answer ant anthem antique apartment apology appetite apple application
  appointment appreciation apron aquarium arch archer architect archive area arena argument arm armchair army aroma
  arrival arrow art article artist ash aspect assembly asset assignment assistance assistant association assumption
  athlete atlas atmosphere attempt attention attic attitude auction audience aunt author autumn avenue avocado award
  axis baby back backpack badge bag bagel bakery balance balcony ball ballad balloon bamboo banana band bandage banjo
  bank banner bar barber bargain bark barn barrel barrier base baseball basement basin basis basket bat bath battery
  battle bay beach beacon bead beak beam bean bear beard beast beat beauty beaver bed bedroom bee beetle beginning
  behavior belief bell belly belt bench benefit berry bicycle bill biology birch bird birth birthday biscuit bite
  blade blanket blaze blizzard block blossom blouse blueberry board boat body bolt bone bonfire bonus book bookcase
  boot border bottle bottom boulder boundary bouquet bow bowl box boy bracelet brain brake branch brand brass bread
  break breakfast breath breeze brewery brick bride bridge briefing broccoli brook broom brother brush bubble bucket
  buckle bud budget buffalo building bulb bull bumper bunch bundle bunny bureau burger bus bush business butcher
  butter butterfly button buyer cabbage cabin cabinet cable cactus cafe cage cake calculator calendar calf calm camel
  camera camp campaign canal candidate candle candy cane canoe canopy canvas canyon cap capacity cape capital captain
  car caravan card cardigan career cargo carnival carpenter carpet carriage carrot cart cartoon case cash castle cat
  category cathedral cattle cauliflower cause cave ceiling celebration celery cell cello cement center century ceramic
  cereal ceremony chain chair chalk challenge chamber champion chance change channel chapter character charcoal
  charity chart charter check cheek cheese cheetah chef chemist cherry chess chest chestnut chicken chief child
  chimney chin chip chocolate choice choir church cider cinema cinnamon circle circuit circus citizen city claim clam
  clarinet class clay cleaner clerk cliff climate climb clinic clock closet cloth cloud clove clover club clue coach
  coal coast coat cobbler cocoa coconut code coffee coin collar collection college collision colony color column comb
  comedy comet comfort command comment commerce committee community companion company comparison compass competition
  complaint compliment component computer concept concert conclusion condition conductor confidence connection
  consequence construction contact container contest context contract contrast contribution control conversation cook
  cookie copper copy coral cord core cork corn corner cosmos cost costume cottage cotton couch cough council counter
  country couple courage course court cousin cover cow crab cradle craft crane crate crayon cream creature credit
  creek crew cricket crime crop crowd crown crumb crust crystal cub cube cucumber cue cuff cult culture cup cupboard
  curb cure curiosity currency current curtain curve cushion custom customer cycle cyclist cylinder dad daffodil dairy
  daisy dam dance dancer danger dark data date daughter dawn day daylight deal debate decade decision deck decoration
  deer defeat defense degree delay delight delivery demand den dentist department departure deposit depth deputy
  desert design desk dessert destination detail detective development device dew dial diamond diary dictionary diet
  difference difficulty dignity dinner dinosaur diploma direction director dirt disaster discipline discount discovery
  discussion dish disk display distance district diver division dock doctor document dog doll dollar dolphin domain
  donkey door doorway dot doubt dove dragon drain drama drawer drawing dream dress drill drink driver drop drum duck
  duckling duet dusk dust duty dwelling eagle ear earth ease east echo eclipse ecology economy edge edition editor
  education eel effect effort egg eggplant elbow election elegance element elephant elevator elf elk elm ember emerald
  emotion emphasis employee employer encounter end energy engine engineer enterprise entertainment enthusiasm entrance
  entry envelope environment episode equation equipment error eruption essay estate estimate evening event evidence
  exam example exchange excitement excuse exercise exhibit existence exit expansion expedition expense experience
  experiment expert explanation explorer expression extension extent eye eyebrow fabric face fact factor factory
  failure fair fairy faith falcon fall fame family fan farm farmer fashion father faucet favor feast feather feature
  fee feedback feeling fence fender fern ferry festival fiber fiction fiddle field fig figure file film filter finance
  finding finger finish fir fire firefly fireplace fish flag flame flamingo flannel flash flask flavor fleet flight
  flock flood floor florist flour flow flower flute fly foam focus fog fold folder foliage folk food foot football
  force forecast forehead forest fork form formula fort fortune forum fossil foundation fountain fox fraction fragment
  frame freedom freight frequency friend friendship frog front frost fruit fuel fun function fund funnel fur furnace
  furniture future gadget galaxy gallery game gap garage garden gardener garlic garment gas gate gathering gauge
  gazelle gear gem gender gene general generation generosity genius geography geology gesture giant gift ginger
  giraffe girl glacier glass glasses glen globe glory glove glue goal goat gold golf good goose gorilla gossip
  government governor grace grade grain grammar grandfather grandmother granite grape grapefruit graph grass
  grasshopper gravel gravity gravy grease greenhouse greeting grid grin grip grocery ground group grove growth
  guarantee guard guest guidance guide guitar gulf gull gum gymnast habit hail hair half hall hallway halo ham hammer
  hammock hamster hand handle handshake harbor hardware hare harmony harp harvest hat hatch hawk hay hazelnut head
  headline health heap heart hearth heat heaven hedge hedgehog heel height helicopter helmet help hen herb herd
  heritage hero heron highway hill hip hippo history hobby hockey hole holiday home honesty honey honor hood hoof hook
  hope horizon horn hornet horse horseshoe hospital host hotel hour house household hub hug human humor hunter
  hurricane hut hyacinth hydrant ice icicle icon idea ideal identity igloo image imagination impact importance
  impression improvement impulse inch incident income increase independence index indication industry influence
  information ingredient initiative injury ink inlet inn innovation input insect insight inspection inspector
  inspiration instance instinct instruction instrument insurance intelligence intention interaction interest interior
  interval interview introduction invention inventor investment invitation iron island isle item ivory ivy jacket
  jackal jade jaguar jail jam jar jaw jazz jeans jelly jellyfish jet jewel job joke journal journey joy judge judgment
  jug juice jump junction jungle jury justice kale kangaroo kayak kettle key keyboard kid kilogram kilometer kind
  kindness king kingdom kiss kitchen kite kitten knee knife knight knot knowledge koala label labor laboratory lace
  lack ladder lady lagoon lake lamb lamp land landing landmark landscape lane language lantern lap lark laser latch
  lather laugh laundry lava lavender law lawn lawyer layer leader leadership leaf league leather lecture leg legend
  lemon lemonade length lens lentil leopard lesson letter lettuce level lever library license lid life lift light
  lighthouse lightning lily limb lime limit limousine line linen link lion lip liquid list listener literature lizard
  llama load loaf loan lobby lobster location lock locket locomotive lodge log logic lotion lounge love luck luggage
  lumber lunch lung lute lynx lyric machine machinery magazine magic magician magnet maid mail mailbox maintenance
  majesty majority maker mall mammal man management manager mandolin mango manner mansion manual manufacturer map
  maple marathon marble margin marigold mark market marketing marriage marsh mask mass mast master mat match material
  mathematics matter mattress mayor meadow meal meaning measure meat mechanic medal media medicine medium meeting
  melody melon member membership memory mention menu merchant mercy message metal meteor method microphone midnight
  mile milk mill millennium mind mine miner mineral minister mint minute miracle mirror mission mist mitten mixture
  moat mode model modem molecule moment money monitor monkey month monument mood moon moonlight moose morning mortar
  mosaic mosquito moss motel moth mother motion motivation motor mountain mouse mouth movement movie mud muffin mug
  mule muscle museum mushroom music musician mustard mystery myth nail name napkin nation nature neck necklace need
  needle neighbor neighborhood nephew nerve nest net network news newspaper nickel niece night nightingale node noise
  noodle noon north nose note notebook nothing notice notion novel number nurse nursery nut nutmeg oak oar oasis oat
  object obligation observation observatory ocean octopus office officer oil olive omelet onion opening opera
  operation operator opinion opportunity option orange orbit orchard orchestra orchid order organ organization origin
  ornament ostrich otter outcome outfit outlet outline output outside oval oven overcoat owl owner ox oxygen oyster
  pace pack package paddle page pail pain paint painter painting pair pajamas palace palm pan pancake panda panel
  pansy panther pantry paper parachute parade paragraph parcel parent park parking parrot parsley part participant
  partner party pass passage passenger passion passport past pasta paste pastry pasture patch path patience patient
  patio pattern pause pavement paw payment pea peace peach peacock peak peanut pear pearl pebble pedal pelican pen
  penalty pencil penguin people pepper percentage perception performance perfume period permission permit person
  personality perspective petal pharmacist pheasant philosophy phone photo phrase physics pianist piano pickle picnic
  picture pie piece pier pig pigeon pile pillar pillow pilot pin pine pineapple pint pioneer pipe pirate pistachio
  pitch pitcher pizza place plain plan plane planet plank plant plaster plate plateau platform platter play player
  playground plaza pleasure plot plow plum plumber pocket poem poet poetry point polar pole policy politics pollen
  pollution polo pond pony pool popcorn poppy population porch porcupine port portion portrait position possession
  possibility post postage poster pot potato pottery poultry pound powder power practice prairie preference
  preparation presence present presentation president press pressure price pride priest prince princess principle
  printer priority privacy prize problem procedure process produce product profession professor profile profit program
  progress project promise promotion proof property proposal prospect protection protest proverb province prune
  psychology public pudding puddle pulley pulse pump pumpkin punch pupil puppet puppy purchase purpose purse puzzle
  pyramid quail quality quantity quarry quart quarter quartz queen query quest question queue quicksand quiet quill
  quilt quiver quota quotation rabbit raccoon race rack radar radio radish raft rail railway rain rainbow raincoat
  raisin rally ranch range rank raspberry rate ratio raven ray reaction reader reading reality reason receipt
  reception recipe recognition recommendation record recording recovery recreation rectangle reduction reed reef
  reference reflection refrigerator region register regret reindeer relation relationship relative relaxation release
  relief remedy reminder rent repair replacement reply report reporter representative republic reputation request
  requirement rescue research reservoir residence resolution resort resource respect response responsibility rest
  restaurant result retailer return reunion revenue review revolution reward rhinoceros rhyme rhythm ribbon rice
  riddle ride ridge rifle ring rink ripple rise risk ritual river road roast robe robin robot rock rocket rod role
  roll romance roof room rooster root rope rose route routine row rowboat royalty rubber ruby rudder rug ruin rule
  runner runway rust sack saddle safari safety sage sail sailboat sailor salad salary sale salesman salmon salon salt
  salute sample sand sandal sandwich sapphire satellite satisfaction sauce saucer sauna sausage saw saxophone scale
  scallion scarecrow scarf scene scenery scent schedule scheme scholar school science scientist scissors scooter scope
  score scout screen screw script scroll sculptor sculpture sea seafood seagull seal seaplane search season seat
  seaweed second secret secretary section sector security seed selection self seller semester senate sense sentence
  sequence series servant service session set setting settler shack shade shadow shampoo shape share shark sheep sheet
  shelf shell shelter shepherd shield shift ship shirt shoe shoelace shop shore shoulder shovel show shower shrimp
  shrub side sidewalk sign signal signature significance silence silk silver similarity singer sink sister site
  situation size skate skeleton sketch ski skill skin skirt skull sky skyscraper slate sled sleep sleeve sleigh slice
  slide slipper slope smell smile smoke snack snail snake snow snowflake snowman soap soccer society sock soda sofa
  software soil soldier solid solution son song sort soul sound soup source south souvenir soybean space spaceship
  spade spaghetti spark sparrow speaker spear specialist species spectacle speech speed spell sphere spice spider
  spinach spirit splash spokesman sponge sponsor spoon sport spot spray spring sprinkler sprout spruce square squash
  squid squirrel stable stadium staff stage staircase stallion stamp standard star starfish starling state statement
  station statue status steak steam steel stem step stereo stew stick stitch stock stocking stomach stone stool stop
  storage store stork storm story stove stranger strategy straw strawberry stream street strength stress stretch
  string stripe structure struggle student studio study style subject substance suburb subway success sugar suggestion
  suit suitcase summer summit sun sunbeam sundial sunflower sunlight sunrise sunset supermarket supper supplier supply
  support surface surgeon surprise surrounding survey suspect swallow swamp swan sweater swim swing sword symbol
  sympathy symphony system table tablet tackle tadpole tail tailor talent talk tambourine tangerine tank tap tapestry
  target task taste tax taxi tea teacher teaching team teapot technician technique technology teenager telephone
  telescope television temper temperature temple tempo tennis tent term terrace territory test text textbook texture
  thanks theater theme theory thicket thief thimble thing thistle thought thread threat throat throne thumb thunder
  ticket tide tie tiger tile timber time tin tire tissue title toad toast toaster toe tomato tone tongue tool tooth
  top topic torch tornado tortoise touch tour tourist towel tower town toy track tractor trade tradition traffic trail
  trailer train trainer trait transition transport trap trapeze travel traveler tray treasure treat treatment tree
  trellis trend trial triangle tribe trick tricycle trip trombone trophy trouble trousers trout truck trumpet trunk
  trust truth tub tuba tulip tuna tune tunnel turban turkey turn turnip turtle tutor twig twilight twin twist type
  typewriter umbrella umpire uncle understanding uniform union unit universe university upstairs uncertainty usage
  user utensil vacation valley value van vanilla variation variety vase vault vegetable vehicle veil vein velvet
  vendor venture verdict verse version vessel veteran victory video view village vine vinegar vineyard violet violin
  virtue vision visitor vitamin voice volcano volleyball volume volunteer vote voyage vulture wafer wagon waist waiter
  waitress walk wall wallet walnut walrus wardrobe warehouse warmth warning warrior wasp watch water watercress
  waterfall watermelon wave wax way wealth weasel weather weaver web wedding weed week weekend weight welcome well
  west whale wharf wheat wheel wheelbarrow whip whiskers whisper whistle width wife wildlife willow wind windmill
  window windshield wine wing winner winter wire wisdom wish witness wizard wolf woman wonder wood woodpecker wool
  word work worker workshop world worm wound wreath wren wrench wrinkle wrist writer writing yacht yak yard yarn year
  yeast yogurt youth zebra zephyr zinc zipper zone zoo zucchini
]]
