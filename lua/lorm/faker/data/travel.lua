-- Airlines and airports (IATA codes), aircraft; makers and kinds of vehicles.
local list = require "lorm.faker.list"

-- "Air Example XX" -> { name =, iataCode = }
local function coded(text)
  local out = {}
  for _, line in ipairs(list.lines(text)) do
    local name, code = line:match "^(.-) (%w+)%s*$"
    out[#out + 1] = { name = name, code = code }
  end
  return out
end

return {
  airlines = coded [[
    Aegean Airlines A3
    Aer Lingus EI
    Aeromexico AM
    Air Canada AC
    Air France AF
    Air India AI
    Air New Zealand NZ
    airBaltic BT
    Alaska Airlines AS
    All Nippon Airways NH
    American Airlines AA
    Austrian Airlines OS
    Avianca AV
    British Airways BA
    Brussels Airlines SN
    Cathay Pacific CX
    Copa Airlines CM
    Delta Air Lines DL
    Emirates EK
    Ethiopian Airlines ET
    Finnair AY
    Iberia IB
    Icelandair FI
    ITA Airways AZ
    Japan Airlines JL
    Kenya Airways KQ
    KLM KL
    Korean Air KE
    LATAM Airlines LA
    LOT Polish Airlines LO
    Lufthansa LH
    Norwegian DY
    Qantas QF
    Qatar Airways QR
    Royal Air Maroc AT
    SAS SK
    Singapore Airlines SQ
    Southwest Airlines WN
    Swiss LX
    TAP Air Portugal TP
    Thai Airways TG
    Turkish Airlines TK
    United Airlines UA
    Vietnam Airlines VN
  ]],
  airports = coded [[
    Amsterdam Schiphol AMS
    Athens International ATH
    Atlanta Hartsfield-Jackson ATL
    Auckland AKL
    Bangkok Suvarnabhumi BKK
    Barcelona El Prat BCN
    Beijing Capital PEK
    Berlin Brandenburg BER
    Bogota El Dorado BOG
    Boston Logan BOS
    Brussels BRU
    Buenos Aires Ezeiza EZE
    Cairo International CAI
    Cape Town International CPT
    Chicago O'Hare ORD
    Copenhagen CPH
    Dallas Fort Worth DFW
    Delhi Indira Gandhi DEL
    Denver International DEN
    Dubai International DXB
    Dublin DUB
    Edinburgh EDI
    Frankfurt FRA
    Geneva GVA
    Helsinki-Vantaa HEL
    Hong Kong International HKG
    Istanbul IST
    Johannesburg O. R. Tambo JNB
    Keflavik KEF
    Kuala Lumpur International KUL
    Lagos Murtala Muhammed LOS
    Lima Jorge Chavez LIM
    Lisbon LIS
    London Gatwick LGW
    London Heathrow LHR
    Los Angeles LAX
    Madrid Barajas MAD
    Melbourne MEL
    Mexico City MEX
    Miami MIA
    Milan Malpensa MXP
    Montreal Trudeau YUL
    Mumbai Chhatrapati Shivaji BOM
    Munich MUC
    Nairobi Jomo Kenyatta NBO
    New York Kennedy JFK
    Oslo Gardermoen OSL
    Paris Charles de Gaulle CDG
    Prague Vaclav Havel PRG
    Rome Fiumicino FCO
    San Francisco SFO
    Santiago SCL
    Sao Paulo Guarulhos GRU
    Seattle-Tacoma SEA
    Seoul Incheon ICN
    Singapore Changi SIN
    Stockholm Arlanda ARN
    Sydney Kingsford Smith SYD
    Tokyo Haneda HND
    Toronto Pearson YYZ
    Vancouver YVR
    Vienna VIE
    Warsaw Chopin WAW
    Zurich ZRH
  ]],
  airplanes = coded [[
    Airbus A220-300 223
    Airbus A319 319
    Airbus A320 320
    Airbus A321 321
    Airbus A330-200 332
    Airbus A330-300 333
    Airbus A340-300 343
    Airbus A350-900 359
    Airbus A380-800 388
    ATR 72 AT7
    Boeing 717 717
    Boeing 737-700 73G
    Boeing 737-800 738
    Boeing 747-8 74H
    Boeing 757-200 752
    Boeing 767-300 763
    Boeing 777-200 772
    Boeing 777-300 773
    Boeing 787-8 788
    Boeing 787-9 789
    De Havilland Dash 8-400 DH4
    Embraer 170 E70
    Embraer 190 E90
    Embraer 195 E95
  ]],
  manufacturers = list.lines [[
    Alfa Romeo
    Aston Martin
    Audi
    Bentley
    BMW
    Bugatti
    Cadillac
    Chevrolet
    Citroen
    Dacia
    Dodge
    Ferrari
    Fiat
    Ford
    Honda
    Hyundai
    Jaguar
    Jeep
    Kia
    Lamborghini
    Land Rover
    Lexus
    Lotus
    Maserati
    Mazda
    Mercedes-Benz
    Mini
    Mitsubishi
    Nissan
    Opel
    Peugeot
    Polestar
    Porsche
    Renault
    Rolls-Royce
    Seat
    Skoda
    Subaru
    Suzuki
    Tesla
    Toyota
    Volkswagen
    Volvo
  ]],
  models = list.words [[
    Aurora Avant Beacon Boreal Breeze Canyon Cirrus Comet Corsair Crest Dune Echo Falcon Fjord Glacier Harbor Horizon Juniper
    Kestrel Lagoon Meridian Meteor Mistral Monsoon Nimbus Nova Orbit Osprey Pioneer Prairie Quartz Ranger Ridge Savanna Sierra
    Solstice Summit Swift Tempest Terra Tundra Vector Vertex Voyager Zenith Zephyr
  ]],
  vehicleTypes = list.lines [[
    Cargo van
    Convertible
    Coupe
    Crew cab pickup
    Estate
    Hatchback
    Microcar
    Minivan
    Off-roader
    Passenger van
    Roadster
    Saloon
    Sedan
    SUV
    Wagon
  ]],
  fuels = { "Diesel", "Electric", "Gasoline", "Hybrid" },
  bicycles = list.lines [[
    BMX Bicycle
    Cargo Bicycle
    City Bicycle
    Cruiser Bicycle
    Cyclocross Bicycle
    Folding Bicycle
    Gravel Bicycle
    Hybrid Bicycle
    Mountain Bicycle
    Recumbent Bicycle
    Road Bicycle
    Tandem Bicycle
    Touring Bicycle
    Track Bicycle
    Tricycle
  ]],
}
