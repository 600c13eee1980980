-- Animals, by kind.
local list = require "lorm.faker.list"

return {
  bear = list.lines [[
    American black bear
    Andean bear
    Asian black bear
    Brown bear
    Giant panda
    Polar bear
    Sloth bear
    Sun bear
  ]],
  bird = list.lines [[
    Arctic tern
    Barn owl
    Barn swallow
    Blackbird
    Blue jay
    Blue tit
    Bullfinch
    Canada goose
    Chaffinch
    Common crane
    Common loon
    Common raven
    Cuckoo
    Eurasian magpie
    Golden eagle
    Goldfinch
    Great tit
    Great blue heron
    Grey heron
    Greylag goose
    Herring gull
    House sparrow
    Jackdaw
    Kestrel
    Kingfisher
    Lapwing
    Long-eared owl
    Mallard
    Mute swan
    Nightingale
    Nuthatch
    Osprey
    Oystercatcher
    Peregrine falcon
    Pied wagtail
    Puffin
    Red kite
    Robin
    Skylark
    Snow bunting
    Song thrush
    Starling
    Tawny owl
    Tree sparrow
    Turtle dove
    White stork
    Woodpigeon
    Wren
    Yellowhammer
  ]],
  cat = list.lines [[
    Abyssinian
    American Shorthair
    Balinese
    Bengal
    Birman
    Bombay
    British Shorthair
    Burmese
    Chartreux
    Cornish Rex
    Devon Rex
    Egyptian Mau
    Havana Brown
    Korat
    LaPerm
    Maine Coon
    Manx
    Norwegian Forest Cat
    Ocicat
    Oriental
    Persian
    Ragdoll
    Russian Blue
    Savannah
    Scottish Fold
    Siamese
    Siberian
    Singapura
    Somali
    Sphynx
    Tonkinese
    Turkish Angora
    Turkish Van
  ]],
  cetacean = list.lines [[
    Amazon river dolphin
    Beluga
    Blue whale
    Bottlenose dolphin
    Bowhead whale
    Common dolphin
    Dusky dolphin
    Fin whale
    Gray whale
    Harbour porpoise
    Humpback whale
    Killer whale
    Long-finned pilot whale
    Minke whale
    Narwhal
    Right whale
    Sei whale
    Sperm whale
    Spinner dolphin
    Striped dolphin
  ]],
  cow = list.lines [[
    Aberdeen Angus
    Ayrshire
    Belgian Blue
    Brown Swiss
    Charolais
    Galloway
    Gloucester
    Guernsey
    Hereford
    Highland
    Holstein Friesian
    Jersey
    Kerry
    Limousin
    Longhorn
    Maine-Anjou
    Normande
    Piedmontese
    Salers
    Shorthorn
    Simmental
    Sussex
    Welsh Black
    White Park
  ]],
  crocodilia = list.lines [[
    American alligator
    American crocodile
    Black caiman
    Chinese alligator
    Cuban crocodile
    Dwarf crocodile
    Freshwater crocodile
    Gharial
    Mugger crocodile
    Nile crocodile
    Orinoco crocodile
    Saltwater crocodile
    Siamese crocodile
    Spectacled caiman
  ]],
  dog = list.lines [[
    Afghan Hound
    Airedale Terrier
    Akita
    Alaskan Malamute
    Basenji
    Basset Hound
    Beagle
    Bearded Collie
    Bernese Mountain Dog
    Bichon Frise
    Border Collie
    Border Terrier
    Borzoi
    Boxer
    Briard
    Bulldog
    Cairn Terrier
    Chihuahua
    Chow Chow
    Cocker Spaniel
    Dachshund
    Dalmatian
    English Setter
    Fox Terrier
    German Shepherd
    Golden Retriever
    Gordon Setter
    Great Dane
    Greyhound
    Irish Wolfhound
    Labrador Retriever
    Leonberger
    Maltese
    Newfoundland
    Norfolk Terrier
    Otterhound
    Papillon
    Pointer
    Poodle
    Pug
    Rottweiler
    Saluki
    Samoyed
    Shetland Sheepdog
    Shiba Inu
    Siberian Husky
    Springer Spaniel
    Vizsla
    Weimaraner
    Welsh Corgi
    Whippet
  ]],
  fish = list.lines [[
    Anchovy
    Arctic char
    Atlantic cod
    Atlantic herring
    Atlantic mackerel
    Atlantic salmon
    Barramundi
    Bigeye tuna
    Bleak
    Bluefin tuna
    Bream
    Brook trout
    Brown trout
    Burbot
    Carp
    Chub
    Dace
    European eel
    European perch
    European sprat
    Flounder
    Grayling
    Haddock
    Halibut
    Pike
    Plaice
    Pollock
    Rainbow trout
    Roach
    Rudd
    Sardine
    Sea bass
    Sturgeon
    Tench
    Turbot
    Whiting
    Zander
  ]],
  horse = list.lines [[
    Akhal-Teke
    Andalusian
    Appaloosa
    Arabian
    Ardennes
    Belgian
    Camargue
    Cleveland Bay
    Clydesdale
    Connemara Pony
    Criollo
    Dales Pony
    Exmoor Pony
    Fell Pony
    Friesian
    Haflinger
    Hanoverian
    Holsteiner
    Icelandic Horse
    Knabstrupper
    Lipizzaner
    Lusitano
    Mustang
    Norwegian Fjord
    Oldenburg
    Percheron
    Shetland Pony
    Shire
    Suffolk Punch
    Trakehner
    Welsh Cob
  ]],
  insect = list.lines [[
    Ant lion
    Bumblebee
    Cabbage white
    Carpenter bee
    Cicada
    Cockchafer
    Common wasp
    Crane fly
    Damselfly
    Earwig
    Emperor dragonfly
    Field cricket
    Firefly
    Garden ant
    Grasshopper
    Green lacewing
    Ground beetle
    Honey bee
    Horsefly
    Hoverfly
    Ladybird
    Mason bee
    Mayfly
    Painted lady
    Peacock butterfly
    Pond skater
    Praying mantis
    Red admiral
    Sawfly
    Silverfish
    Stag beetle
    Stonefly
    Swallowtail
    Water boatman
  ]],
  lion = list.lines [[
    Asiatic lion
    Barbary lion
    Cape lion
    Masai lion
    Northeast Congo lion
    Southwest African lion
    Transvaal lion
    West African lion
  ]],
  petName = list.words [[
    Archie Bailey Bandit Barney Bella Benji Biscuit Buddy Buster Charlie Chester Cinnamon Coco Cookie Daisy Dexter Duke Ella
    Felix Finn Flash Fluffy Frankie Freddie Ginger Gizmo Goldie Gus Hazel Honey Hunter Jasper Lady Leo Lily Loki Lola Lucky
    Lucy Luna Maggie Maisie Max Milo Mimi Misty Molly Monty Muffin Nala Oliver Oreo Oscar Otis Patch Peanut Pebbles Penny
    Pepper Pip Poppy Princess Rex Rocky Rosie Ruby Rusty Sadie Sam Sasha Scout Shadow Simba Smokey Sparky Spot Sunny Teddy
    Tiger Tilly Toby Trixie Whiskers Willow Winston Ziggy
  ]],
  rabbit = list.lines [[
    Alaska
    Angora
    Belgian Hare
    Beveren
    Californian
    Chinchilla
    Dutch
    English Lop
    English Spot
    Flemish Giant
    Florida White
    French Lop
    Harlequin
    Havana
    Himalayan
    Holland Lop
    Jersey Wooly
    Lilac
    Lionhead
    Mini Rex
    Netherland Dwarf
    New Zealand
    Palomino
    Polish
    Rex
    Satin
    Silver Fox
    Tan
    Thrianta
  ]],
  rodent = list.lines [[
    Agouti
    Alpine marmot
    Bank vole
    Beaver
    Brown rat
    Capybara
    Chinchilla
    Chipmunk
    Coypu
    Degu
    Dormouse
    Field mouse
    Flying squirrel
    Gerbil
    Golden hamster
    Ground squirrel
    Guinea pig
    Harvest mouse
    House mouse
    Jerboa
    Lemming
    Mara
    Muskrat
    Naked mole-rat
    Porcupine
    Prairie dog
    Red squirrel
    Viscacha
    Water vole
    Wood mouse
  ]],
  snake = list.lines [[
    Adder
    Anaconda
    Ball python
    Black mamba
    Boa constrictor
    Boomslang
    Bushmaster
    Carpet python
    Coachwhip
    Copperhead
    Coral snake
    Corn snake
    Cottonmouth
    Death adder
    Diamondback rattlesnake
    Emerald tree boa
    Garter snake
    Grass snake
    Green mamba
    Gopher snake
    Horned viper
    King cobra
    Kingsnake
    Krait
    Milk snake
    Puff adder
    Rat snake
    Reticulated python
    Ringneck snake
    Sidewinder
    Smooth snake
    Taipan
    Tiger snake
    Tree snake
  ]],
  type = list.words [[
    alligator alpaca ant antelope armadillo badger bat bear beaver bee bird bison buffalo butterfly camel cat cetacean cheetah
    chicken chimpanzee cow coyote crab crocodile crow deer dog dolphin donkey dove duck eagle elephant elk falcon ferret fish
    flamingo fox frog gazelle gecko giraffe goat goose gorilla hamster hare hawk hedgehog heron hippopotamus horse hyena ibex
    insect jackal jaguar kangaroo koala lemur leopard lion lizard llama lynx magpie meerkat mole monkey moose mouse newt
    ocelot octopus opossum ostrich otter owl ox panda panther parrot peacock pelican penguin pig pigeon porcupine quail rabbit
    raccoon ram rat raven reindeer rhinoceros salamander seal shark sheep skunk sloth snail snake sparrow squid squirrel stork
    swan tapir tiger toad toucan turkey turtle walrus weasel whale wolf wombat yak zebra
  ]],
}
