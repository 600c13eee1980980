-- Money. currencies: code, number (ISO 4217), symbol, name.
local list = require "lorm.faker.list"

local function currencies(text)
  local found = {}
  for code, numeric, symbol, name in text:gmatch "(%u%u%u) (%d%d%d) (%S+) ([^\n]+)" do
    found[#found + 1] = { code = code, numericCode = numeric, symbol = symbol ~= "-" and symbol or "", name = name }
  end
  return found
end

return {
  currencies = currencies [[
    AED 784 - UAE Dirham
    ARS 032 $ Argentine Peso
    AUD 036 $ Australian Dollar
    BDT 050 - Taka
    BGN 975 лв Bulgarian Lev
    BRL 986 R$ Brazilian Real
    CAD 124 $ Canadian Dollar
    CHF 756 CHF Swiss Franc
    CLP 152 $ Chilean Peso
    CNY 156 ¥ Yuan Renminbi
    COP 170 $ Colombian Peso
    CZK 203 Kč Czech Koruna
    DKK 208 kr Danish Krone
    EGP 818 £ Egyptian Pound
    EUR 978 € Euro
    GBP 826 £ Pound Sterling
    GHS 936 - Ghana Cedi
    HKD 344 $ Hong Kong Dollar
    HUF 348 Ft Forint
    IDR 360 Rp Rupiah
    ILS 376 ₪ New Israeli Sheqel
    INR 356 ₹ Indian Rupee
    ISK 352 kr Iceland Krona
    JMD 388 J$ Jamaican Dollar
    JPY 392 ¥ Yen
    KES 404 - Kenyan Shilling
    KRW 410 ₩ Won
    KZT 398 ₸ Tenge
    MAD 504 - Moroccan Dirham
    MXN 484 $ Mexican Peso
    MYR 458 RM Malaysian Ringgit
    NGN 566 ₦ Naira
    NOK 578 kr Norwegian Krone
    NZD 554 $ New Zealand Dollar
    PEN 604 S/. Sol
    PHP 608 Php Philippine Peso
    PKR 586 ₨ Pakistan Rupee
    PLN 985 zł Zloty
    RON 946 lei Romanian Leu
    RSD 941 Дин. Serbian Dinar
    SAR 682 ﷼ Saudi Riyal
    SEK 752 kr Swedish Krona
    SGD 702 $ Singapore Dollar
    THB 764 ฿ Baht
    TND 788 - Tunisian Dinar
    TRY 949 ₺ Turkish Lira
    TWD 901 NT$ New Taiwan Dollar
    UAH 980 ₴ Hryvnia
    USD 840 $ US Dollar
    UYU 858 $U Peso Uruguayo
    VND 704 ₫ Dong
    ZAR 710 R Rand
  ]],
  accounts = list.words [[
    Auto-Loan Checking Credit-Card Home-Loan Investment Money-Market Personal-Loan Savings
  ]],
  transactions = list.words [[ deposit invoice payment withdrawal ]],
  cards = { -- issuer, patterns for helpers.replaceCreditCardSymbols
    { "visa", { "4###-####-####-###L" } },
    { "mastercard", { "5[1-5]##-####-####-###L" } },
    { "american_express", { "34##-######-####L", "37##-######-####L" } },
    { "discover", { "6011-####-####-###L", "65##-####-####-###L" } },
    { "diners_club", { "36##-######-###L" } },
    { "jcb", { "3528-####-####-###L", "358#-####-####-###L" } },
  },
  iban = { -- country, the account's form: # digit, ? capital letter
    { "AT", "################" }, { "BE", "############" }, { "CH", "#################" },
    { "DE", "##################" }, { "DK", "##############" }, { "ES", "####################" },
    { "FI", "##############" }, { "FR", "#######################" }, { "GB", "????##############" },
    { "IE", "????##############" }, { "IT", "?######################" }, { "NL", "????##########" },
    { "NO", "###########" }, { "PL", "########################" }, { "PT", "#####################" },
    { "SE", "####################" },
  },
}
