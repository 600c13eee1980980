-- Months, days, zones of the tz database.
local list = require "lorm.faker.list"

return {
  months = list.words [[
    January February March April May June July August September October November December
  ]],
  weekdays = list.words [[ Monday Tuesday Wednesday Thursday Friday Saturday Sunday ]],
  timeZones = list.words [[
    Africa/Abidjan Africa/Accra Africa/Addis_Ababa Africa/Algiers Africa/Cairo Africa/Casablanca Africa/Dakar
    Africa/Johannesburg Africa/Khartoum Africa/Kinshasa Africa/Lagos Africa/Luanda Africa/Maputo Africa/Nairobi
    Africa/Tripoli Africa/Tunis Africa/Windhoek America/Anchorage America/Argentina/Buenos_Aires America/Asuncion
    America/Bogota America/Caracas America/Chicago America/Costa_Rica America/Denver America/Edmonton
    America/Guatemala America/Guayaquil America/Halifax America/Havana America/Jamaica America/La_Paz America/Lima
    America/Los_Angeles America/Managua America/Manaus America/Mexico_City America/Montevideo America/New_York
    America/Panama America/Phoenix America/Regina America/Santiago America/Sao_Paulo America/St_Johns America/Tijuana
    America/Toronto America/Vancouver America/Winnipeg Asia/Almaty Asia/Amman Asia/Baghdad Asia/Baku Asia/Bangkok
    Asia/Beirut Asia/Colombo Asia/Damascus Asia/Dhaka Asia/Dubai Asia/Ho_Chi_Minh Asia/Hong_Kong Asia/Jakarta
    Asia/Jerusalem Asia/Kabul Asia/Karachi Asia/Kathmandu Asia/Kolkata Asia/Kuala_Lumpur Asia/Manila Asia/Muscat
    Asia/Riyadh Asia/Seoul Asia/Shanghai Asia/Singapore Asia/Taipei Asia/Tashkent Asia/Tbilisi Asia/Tehran Asia/Tokyo
    Asia/Ulaanbaatar Asia/Yangon Asia/Yerevan Atlantic/Azores Atlantic/Canary Atlantic/Reykjavik Australia/Adelaide
    Australia/Brisbane Australia/Darwin Australia/Hobart Australia/Melbourne Australia/Perth Australia/Sydney
    Europe/Amsterdam Europe/Athens Europe/Belgrade Europe/Berlin Europe/Brussels Europe/Bucharest Europe/Budapest
    Europe/Copenhagen Europe/Dublin Europe/Helsinki Europe/Istanbul Europe/Lisbon Europe/London Europe/Madrid
    Europe/Oslo Europe/Paris Europe/Prague Europe/Riga Europe/Rome Europe/Sofia Europe/Stockholm Europe/Tallinn
    Europe/Vienna Europe/Vilnius Europe/Warsaw Europe/Zurich Pacific/Auckland Pacific/Fiji Pacific/Guam
    Pacific/Honolulu Pacific/Port_Moresby Pacific/Tongatapu
  ]],
}
