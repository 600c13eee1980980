-- Places. countries: name, ISO 3166-1 alpha-2, alpha-3; states: name, abbreviation.
local list = require "lorm.faker.list"

local function records(text)
  local found = {}
  for entry in text:gmatch "([^;\n]+)" do
    local name, code, long = entry:match "^%s*(.-)%s+(%u%u)%s*(%u*)%s*$"
    if name then found[#found + 1] = { name = name, code = code, long = long } end
  end
  return found
end

return {
  continents = { "Africa", "Antarctica", "Asia", "Europe", "North America", "Oceania", "South America" },
  cities = list.lines [[
    Aberdeen
    Adelaide
    Albany
    Amsterdam
    Antwerp
    Athens
    Atlanta
    Auckland
    Austin
    Barcelona
    Basel
    Belfast
    Bergen
    Berlin
    Bern
    Bologna
    Boston
    Bremen
    Brisbane
    Bristol
    Brussels
    Calgary
    Cambridge
    Canberra
    Cape Town
    Cardiff
    Chicago
    Cologne
    Copenhagen
    Cork
    Dallas
    Denver
    Dresden
    Dublin
    Dundee
    Edinburgh
    Exeter
    Florence
    Galway
    Geneva
    Ghent
    Glasgow
    Gothenburg
    Halifax
    Hamburg
    Hamilton
    Helsinki
    Hobart
    Houston
    Innsbruck
    Kyoto
    Leeds
    Leipzig
    Limerick
    Lisbon
    Liverpool
    London
    Lyon
    Madrid
    Manchester
    Melbourne
    Milan
    Montreal
    Munich
    Nantes
    Naples
    Nashville
    Newcastle
    Oslo
    Ottawa
    Oxford
    Perth
    Pittsburgh
    Porto
    Portland
    Prague
    Quebec
    Reykjavik
    Richmond
    Riga
    Rotterdam
    Salzburg
    San Diego
    Savannah
    Seattle
    Seville
    Sheffield
    Stockholm
    Stuttgart
    Sydney
    Tallinn
    Toronto
    Trieste
    Turin
    Utrecht
    Valencia
    Vancouver
    Vienna
    Vilnius
    Wellington
    Winnipeg
    York
    Zurich
  ]],
  cityPrefixes = { "East", "Fort", "Lake", "New", "North", "Old", "Port", "South", "Upper", "West" },
  citySuffixes = list.words [[
    borough bridge brook bury dale field ford gate ham haven hurst land mere mouth port side stead ton view ville wick
    wood worth
  ]],
  streetSuffixes = list.words [[
    Alley Avenue Boulevard Bridge Close Court Crescent Crossing Drive Gardens Green Grove Heights Hill Lane Meadow
    Mews Parade Park Path Place Plaza Point Ridge Road Row Square Street Terrace Trail View Walk Way
  ]],
  streetNames = list.words [[
    Abbey Acorn Alder Apple Ash Bank Beech Bell Birch Bridge Brook Castle Cedar Chapel Cherry Chestnut Church Clover
    College Cross Dove Elm Farm Ferry Field Forest Fountain Garden Gate Grange Hawthorn Hazel Heron High Hill Holly
    Ivy Juniper King Lake Laurel Lavender Linden Lower Maple Market Meadow Mill Moor Mulberry Oak Old Orchard Park
    Pine Poplar Prospect Quarry Queen River Rose Rowan School Spring Station Sycamore Tower Union Upper Valley
    Victoria Walnut Water Well Willow Windmill Yew
  ]],
  secondary = { "Apt. ###", "Suite ###", "Floor #", "Unit ##" },
  counties = list.words [[
    Adams Berkshire Blackwater Brookfield Carlow Cedar Cheshire Clare Clay Cumbria Dawson Devon Douglas Essex Fairfax
    Franklin Glenwood Grant Greene Hampshire Harrison Highland Jackson Jefferson Kent Kerry Lakeland Lancaster Lincoln
    Madison Marion Mayo Meath Monroe Montgomery Norfolk Orange Oxford Perry Pierce Polk Richmond Shelby Somerset
    Suffolk Surrey Sussex Union Warren Washington Wayne Wexford Windsor York
  ]],
  cardinal = { "North", "East", "South", "West" },
  cardinalShort = { "N", "E", "S", "W" },
  ordinal = { "Northeast", "Northwest", "Southeast", "Southwest" },
  ordinalShort = { "NE", "NW", "SE", "SW" },
  states = records [[
    Alabama AL; Alaska AK; Arizona AZ; Arkansas AR; California CA; Colorado CO; Connecticut CT; Delaware DE; Florida FL
    Georgia GA; Hawaii HI; Idaho ID; Illinois IL; Indiana IN; Iowa IA; Kansas KS; Kentucky KY; Louisiana LA; Maine ME
    Maryland MD; Massachusetts MA; Michigan MI; Minnesota MN; Mississippi MS; Missouri MO; Montana MT; Nebraska NE
    Nevada NV; New Hampshire NH; New Jersey NJ; New Mexico NM; New York NY; North Carolina NC; North Dakota ND; Ohio OH
    Oklahoma OK; Oregon OR; Pennsylvania PA; Rhode Island RI; South Carolina SC; South Dakota SD; Tennessee TN; Texas TX
    Utah UT; Vermont VT; Virginia VA; Washington WA; West Virginia WV; Wisconsin WI; Wyoming WY
  ]],
  countries = records [[
    Afghanistan AF AFG; Albania AL ALB; Algeria DZ DZA; Andorra AD AND; Angola AO AGO
    Antigua and Barbuda AG ATG; Argentina AR ARG; Armenia AM ARM; Australia AU AUS; Austria AT AUT
    Azerbaijan AZ AZE; Bahamas BS BHS; Bahrain BH BHR; Bangladesh BD BGD; Barbados BB BRB; Belarus BY BLR
    Belgium BE BEL; Belize BZ BLZ; Benin BJ BEN; Bhutan BT BTN; Bolivia BO BOL; Bosnia and Herzegovina BA BIH
    Botswana BW BWA; Brazil BR BRA; Brunei BN BRN; Bulgaria BG BGR; Burkina Faso BF BFA; Burundi BI BDI
    Cambodia KH KHM; Cameroon CM CMR; Canada CA CAN; Cape Verde CV CPV; Central African Republic CF CAF
    Chad TD TCD; Chile CL CHL; China CN CHN; Colombia CO COL; Comoros KM COM; Congo CG COG; Costa Rica CR CRI
    Croatia HR HRV; Cuba CU CUB; Cyprus CY CYP; Czechia CZ CZE; Denmark DK DNK; Djibouti DJ DJI; Dominica DM DMA
    Dominican Republic DO DOM; Ecuador EC ECU; Egypt EG EGY; El Salvador SV SLV; Equatorial Guinea GQ GNQ
    Eritrea ER ERI; Estonia EE EST; Eswatini SZ SWZ; Ethiopia ET ETH; Fiji FJ FJI; Finland FI FIN; France FR FRA
    Gabon GA GAB; Gambia GM GMB; Georgia GE GEO; Germany DE DEU; Ghana GH GHA; Greece GR GRC; Grenada GD GRD
    Guatemala GT GTM; Guinea GN GIN; Guyana GY GUY; Haiti HT HTI; Honduras HN HND; Hungary HU HUN
    Iceland IS ISL; India IN IND; Indonesia ID IDN; Iran IR IRN; Iraq IQ IRQ; Ireland IE IRL; Israel IL ISR
    Italy IT ITA; Ivory Coast CI CIV; Jamaica JM JAM; Japan JP JPN; Jordan JO JOR; Kazakhstan KZ KAZ
    Kenya KE KEN; Kiribati KI KIR; Kuwait KW KWT; Kyrgyzstan KG KGZ; Laos LA LAO; Latvia LV LVA; Lebanon LB LBN
    Lesotho LS LSO; Liberia LR LBR; Libya LY LBY; Liechtenstein LI LIE; Lithuania LT LTU; Luxembourg LU LUX
    Madagascar MG MDG; Malawi MW MWI; Malaysia MY MYS; Maldives MV MDV; Mali ML MLI; Malta MT MLT
    Mauritania MR MRT; Mauritius MU MUS; Mexico MX MEX; Micronesia FM FSM; Moldova MD MDA; Monaco MC MCO
    Mongolia MN MNG; Montenegro ME MNE; Morocco MA MAR; Mozambique MZ MOZ; Myanmar MM MMR; Namibia NA NAM
    Nauru NR NRU; Nepal NP NPL; Netherlands NL NLD; New Zealand NZ NZL; Nicaragua NI NIC; Niger NE NER
    Nigeria NG NGA; North Macedonia MK MKD; Norway NO NOR; Oman OM OMN; Pakistan PK PAK; Palau PW PLW
    Panama PA PAN; Papua New Guinea PG PNG; Paraguay PY PRY; Peru PE PER; Philippines PH PHL; Poland PL POL
    Portugal PT PRT; Qatar QA QAT; Romania RO ROU; Rwanda RW RWA; Saint Lucia LC LCA; Samoa WS WSM
    San Marino SM SMR; Saudi Arabia SA SAU; Senegal SN SEN; Serbia RS SRB; Seychelles SC SYC
    Sierra Leone SL SLE; Singapore SG SGP; Slovakia SK SVK; Slovenia SI SVN; Solomon Islands SB SLB
    Somalia SO SOM; South Africa ZA ZAF; South Korea KR KOR; Spain ES ESP; Sri Lanka LK LKA; Sudan SD SDN
    Suriname SR SUR; Sweden SE SWE; Switzerland CH CHE; Taiwan TW TWN; Tajikistan TJ TJK; Tanzania TZ TZA
    Thailand TH THA; Togo TG TGO; Tonga TO TON; Tunisia TN TUN; Turkmenistan TM TKM; Tuvalu TV TUV
    Uganda UG UGA; Ukraine UA UKR; United Arab Emirates AE ARE; United Kingdom GB GBR
    United States of America US USA; Uruguay UY URY; Uzbekistan UZ UZB; Vanuatu VU VUT; Venezuela VE VEN
    Vietnam VN VNM; Yemen YE YEM; Zambia ZM ZMB; Zimbabwe ZW ZWE
  ]],
  languages = list.lines [[
    Arabic ar
    Bengali bn
    Chinese zh
    Czech cs
    Danish da
    Dutch nl
    English en
    Finnish fi
    French fr
    German de
    Greek el
    Hebrew he
    Hindi hi
    Hungarian hu
    Indonesian id
    Irish ga
    Italian it
    Japanese ja
    Korean ko
    Norwegian no
    Persian fa
    Polish pl
    Portuguese pt
    Romanian ro
    Russian ru
    Spanish es
    Swahili sw
    Swedish sv
    Thai th
    Turkish tr
    Ukrainian uk
    Urdu ur
    Vietnamese vi
    Welsh cy
    Zulu zu
  ]],
}
