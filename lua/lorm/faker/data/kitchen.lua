-- What is eaten.
local list = require "lorm.faker.list"

return {
  adjectives = list.words [[
    bitter creamy crispy crunchy delicate delicious earthy fluffy fragrant fresh fruity golden grilled hearty juicy light mild
    moist nutty rich roasted salty savory smoky soft sour spicy succulent sweet tangy tart tender toasted zesty
  ]],
  cuisines = list.words [[
    Brazilian Chinese Cuban Danish Egyptian Ethiopian French German Georgian Greek Hungarian Indian Indonesian Iranian Irish
    Italian Jamaican Japanese Korean Lebanese Malaysian Mexican Moroccan Peruvian Polish Portuguese Russian Scottish Spanish
    Swedish Thai Turkish Ukrainian Vietnamese
  ]],
  dishes = list.lines [[
    Beef stew
    Bouillabaisse
    Caesar salad
    Chicken curry
    Chili con carne
    Fish and chips
    Fish pie
    French onion soup
    Fried rice
    Goulash
    Greek salad
    Lasagne
    Lentil soup
    Macaroni and cheese
    Meatballs
    Minestrone
    Moussaka
    Mushroom risotto
    Paella
    Pancakes
    Pad thai
    Pea soup
    Pizza Margherita
    Potato gratin
    Pumpkin soup
    Quiche
    Ratatouille
    Roast chicken
    Shakshuka
    Shepherd's pie
    Spaghetti carbonara
    Spring rolls
    Stuffed peppers
    Tacos
    Tagine
    Tomato soup
    Vegetable lasagne
  ]],
  fruits = list.words [[
    apple apricot avocado banana blackberry blackcurrant blueberry cherry clementine coconut cranberry date elderberry fig
    gooseberry grape grapefruit guava kiwi lemon lime lychee mandarin mango melon nectarine orange papaya peach pear persimmon
    pineapple plum pomegranate quince raspberry redcurrant strawberry tangerine watermelon
  ]],
  ingredients = list.lines [[
    almonds
    baking powder
    barley
    black beans
    bread crumbs
    brown rice
    brown sugar
    butter
    buttermilk
    capers
    cheddar
    chickpeas
    chocolate
    cocoa
    corn flour
    couscous
    cream
    cream cheese
    eggs
    feta
    flour
    goat cheese
    hazelnuts
    honey
    kidney beans
    lentils
    maple syrup
    milk
    mozzarella
    mustard
    noodles
    oats
    olive oil
    olives
    parmesan
    pasta
    peanut butter
    pine nuts
    polenta
    quinoa
    raisins
    rice
    ricotta
    sesame seeds
    sour cream
    soy sauce
    sugar
    tahini
    tofu
    tomato paste
    vinegar
    walnuts
    yeast
    yogurt
  ]],
  meats = list.words [[ bacon beef chicken duck goose ham lamb mutton pheasant pork quail rabbit salmon trout tuna turkey veal venison ]],
  spices = list.lines [[
    allspice
    aniseed
    basil
    bay leaf
    black pepper
    caraway
    cardamom
    cayenne
    chives
    cinnamon
    cloves
    coriander
    cumin
    dill
    fennel seed
    fenugreek
    garlic powder
    ginger
    juniper
    lavender
    mace
    marjoram
    mint
    mustard seed
    nutmeg
    oregano
    paprika
    parsley
    rosemary
    saffron
    sage
    star anise
    sumac
    tarragon
    thyme
    turmeric
    vanilla
  ]],
  vegetables = list.words [[
    artichoke asparagus aubergine beetroot broccoli cabbage carrot cauliflower celeriac celery chard chicory courgette
    cucumber fennel garlic kale kohlrabi leek lettuce mushroom okra onion parsnip pea pepper potato pumpkin radish rocket
    shallot spinach squash swede tomato turnip watercress yam
  ]],
}
