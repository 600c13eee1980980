-- What companies are called, say and sell.
local list = require "lorm.faker.list"

return {
  companySuffixes = { "Inc", "LLC", "Group", "and Sons", "Ltd", "Partners", "& Co", "Holdings" },
  catchAdjectives = list.words [[
    Adaptive Advanced Ambitious Assimilated Automated Balanced Centralized Compatible Configurable Cross-platform
    Customizable Decentralized Digitized Distributed Diverse Down-sized Enhanced Ergonomic Exclusive Expanded Extended
    Focused Front-line Fundamental Grass-roots Horizontal Implemented Innovative Integrated Intuitive Inverse Managed
    Mandatory Monitored Multi-layered Networked Object-based Open-source Operative Optimized Organic Organized
    Persevering Phased Polarised Proactive Profound Programmable Progressive Public-key Quality-focused Reactive
    Realigned Reduced Reverse-engineered Robust Seamless Secured Self-enabling Sharable Stand-alone Streamlined
    Switchable Synchronized Synergistic Total Triple-buffered Universal Upgradable User-centric Versatile Virtual
    Visionary
  ]],
  catchDescriptors = list.words [[
    24-hour analyzing asymmetric asynchronous attitude-oriented bandwidth-monitored bi-directional bottom-line
    clear-thinking client-driven client-server coherent cohesive composite content-based context-sensitive dedicated
    demand-driven disintermediate dynamic eco-centric empowering encompassing even-keeled executive explicit
    fault-tolerant foreground fresh-thinking full-range global heuristic high-level holistic homogeneous
    human-resource hybrid impactful incremental intangible interactive intermediate leading-edge local logistical
    maximized methodical mission-critical mobile modular motivating multimedia national needs-based neutral
    next-generation object-oriented optimal optimizing radical real-time reciprocal regional responsive scalable
    secondary solution-oriented stable static systematic systemic tangible tertiary transitional uniform
    upward-trending value-added well-modulated zero-defect
  ]],
  catchNouns = list.words [[
    ability access adapter algorithm alliance analyzer application approach architecture archive array attitude
    benchmark budgetary capability capacity challenge circuit collaboration complexity concept conglomeration
    contingency core database definition emulation encoding encryption extranet firmware flexibility forecast
    framework function functionality hardware help-desk hierarchy hub implementation infrastructure initiative
    installation instruction interface intranet knowledge-base leverage matrix methodology middleware migration model
    moderator monitoring moratorium neural-net open-architecture orchestration paradigm parallelism policy portal
    pricing-structure product productivity project projection protocol service-desk software solution standardization
    strategy structure success superstructure support synergy task-force throughput time-frame toolset utilization
    website workforce
  ]],
  buzzVerbs = list.words [[
    aggregate architect benchmark brand cultivate deliver deploy disintermediate drive embrace empower enable engage
    engineer enhance envision evolve expedite exploit extend facilitate generate grow harness implement incentivize
    incubate innovate integrate iterate leverage maximize mesh monetize optimize orchestrate productize redefine
    reintermediate repurpose revolutionize scale seize simplify strategize streamline synergize syndicate synthesize
    target transform transition unleash utilize visualize whiteboard
  ]],
  buzzAdjectives = list.words [[
    AI-driven B2B B2C back-end best-of-breed bleeding-edge bricks-and-clicks clicks-and-mortar collaborative
    compelling cross-media customized cutting-edge decentralized distributed dynamic efficient end-to-end enterprise
    extensible frictionless front-end full-stack global granular holistic immersive impactful innovative integrated
    interactive intuitive killer leading-edge magnetic mission-critical next-generation one-to-one open-source
    out-of-the-box plug-and-play proactive quantum real-time responsive revolutionary robust scalable seamless
    serverless sexy smart sticky strategic sustainable synergistic turn-key ubiquitous user-centric value-added
    vertical virtual visionary web-enabled wireless world-class
  ]],
  buzzNouns = list.words [[
    AI action-items applications architectures bandwidth blockchains channels communities content convergence
    deliverables e-business e-commerce e-markets e-services e-tailers experiences eyeballs functionalities
    infomediaries infrastructures initiatives interfaces large-language-models lifetime-value markets methodologies
    metrics mindshare models networks niches paradigms partnerships platforms portals relationships ROI schemas
    smart-contracts solutions supply-chains synergies systems technologies users vortals web-readiness
  ]],
  departments = list.words [[
    Automotive Baby Beauty Books Clothing Computers Electronics Garden Games Grocery Health Home Industrial Jewelry
    Kids Movies Music Outdoors Pets Shoes Sports Tools Toys
  ]],
  productAdjectives = list.words [[
    Awesome Bespoke Compact Durable Elegant Electronic Ergonomic Fantastic Fresh Frozen Generic Gorgeous Handcrafted
    Handmade Incredible Intelligent Licensed Lightweight Luxurious Modern Oriental Practical Recycled Refined Rustic
    Sleek Small Soft Sturdy Tasty Timeless Unbranded Vintage
  ]],
  productMaterials = list.words [[
    Aluminum Bamboo Brass Bronze Canvas Ceramic Concrete Copper Cork Cotton Glass Gold Granite Leather Linen Marble
    Metal Oak Plastic Porcelain Rubber Silk Silver Slate Steel Stone Walnut Wooden Wool
  ]],
  products = list.words [[
    Backpack Bacon Ball Basket Bench Bike Blanket Bottle Bowl Car Candle Chair Cheese Chicken Chips Clock Computer Cup
    Desk Fish Gloves Hat Jacket Keyboard Knife Lamp Mouse Mug Notebook Pants Pen Pillow Pizza Plate Rug Salad Sausages
    Scarf Shelf Shirt Shoes Soap Sofa Spoon Table Towels Tray Tuna Umbrella Vase Wallet Watch
  ]],
  descriptions = {
    "The %s %s that goes with everything, made of %s to last for years.",
    "A %s %s of finest %s, as pleasant to use as it is to look at.",
    "Our %s %s is put together by hand from %s, one piece at a time.",
    "Meet the %s %s: less to carry, more to enjoy, and all of it %s.",
    "This %s %s brings the charm of %s to any room of the house.",
    "For those who know what they want: the %s %s in honest %s.",
  },
}
