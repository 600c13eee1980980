-- 日本語. Names stand with their readings, for addresses.
local list = require "lorm.faker.list"
local readings = require("lorm.faker.locales").readings

local latin = {}

return {
  person = {
    latin = latin,
    female = readings([[
      葵:Aoi 陽菜:Hina 結衣:Yui 美咲:Misaki さくら:Sakura 優奈:Yuna 莉子:Riko 凛:Rin 花:Hana 美羽:Miu 結菜:Yuina 咲良:Sara 七海:Nanami
      愛:Ai 真央:Mao 遥:Haruka 彩:Aya 恵:Megumi 由美:Yumi 久美子:Kumiko 陽子:Yoko 明美:Akemi 直子:Naoko 智子:Tomoko 裕子:Yuko 和子:Kazuko
      幸子:Sachiko 節子:Setsuko 京子:Kyoko 洋子:Hiroko 恵子:Keiko 千尋:Chihiro 千夏:Chinatsu 琴音:Kotone 美月:Mizuki 杏:An 心春:Koharu
      柚希:Yuzuki 紗希:Saki 舞:Mai 菜々子:Nanako 里奈:Rina 理恵:Rie 真由美:Mayumi 香織:Kaori 瞳:Hitomi 麻衣:Mai 桃子:Momoko 楓:Kaede
      雪:Yuki 百合:Yuri 静香:Shizuka 芽衣:Mei 詩織:Shiori 美穂:Miho 綾香:Ayaka 沙織:Saori 友香:Tomoka 茜:Akane 渚:Nagisa 翠:Midori
    ]], latin),
    male = readings([[
      翔:Sho 蓮:Ren 大翔:Hiroto 悠真:Yuma 湊:Minato 樹:Itsuki 陽翔:Haruto 颯太:Sota 悠斗:Yuto 大和:Yamato 健太:Kenta 拓海:Takumi 翔太:Shota
      大輔:Daisuke 誠:Makoto 健一:Kenichi 浩:Hiroshi 隆:Takashi 豊:Yutaka 茂:Shigeru 勇:Isamu 進:Susumu 実:Minoru 清:Kiyoshi 正:Tadashi
      和也:Kazuya 直樹:Naoki 達也:Tatsuya 哲也:Tetsuya 剛:Tsuyoshi 学:Manabu 亮:Ryo 涼介:Ryosuke 優斗:Yuto 海斗:Kaito 陸:Riku 空:Sora
      陽太:Yota 春樹:Haruki 晴:Haru 蒼:Ao 律:Ritsu 朝陽:Asahi 駿:Shun 智也:Tomoya 雄太:Yuta 祐介:Yusuke 光:Hikaru 昭:Akira 修:Osamu
      武:Takeshi 一郎:Ichiro 次郎:Jiro 三郎:Saburo 信之:Nobuyuki 秀樹:Hideki 康弘:Yasuhiro 義之:Yoshiyuki 俊介:Shunsuke 慎吾:Shingo
    ]], latin),
    last = readings([[
      佐藤:Sato 鈴木:Suzuki 高橋:Takahashi 田中:Tanaka 伊藤:Ito 渡辺:Watanabe 山本:Yamamoto 中村:Nakamura 小林:Kobayashi 加藤:Kato
      吉田:Yoshida 山田:Yamada 佐々木:Sasaki 山口:Yamaguchi 松本:Matsumoto 井上:Inoue 木村:Kimura 林:Hayashi 斎藤:Saito 清水:Shimizu
      山崎:Yamazaki 森:Mori 池田:Ikeda 橋本:Hashimoto 阿部:Abe 石川:Ishikawa 山下:Yamashita 中島:Nakajima 石井:Ishii 小川:Ogawa
      前田:Maeda 岡田:Okada 長谷川:Hasegawa 藤田:Fujita 後藤:Goto 近藤:Kondo 村上:Murakami 遠藤:Endo 青木:Aoki 坂本:Sakamoto
      福田:Fukuda 太田:Ota 西村:Nishimura 藤井:Fujii 金子:Kaneko 岡本:Okamoto 藤原:Fujiwara 中野:Nakano 三浦:Miura 原田:Harada
      中川:Nakagawa 松田:Matsuda 竹内:Takeuchi 小野:Ono 田村:Tamura 中山:Nakayama 和田:Wada 石田:Ishida 森田:Morita 上田:Ueda
      原:Hara 内田:Uchida 柴田:Shibata 酒井:Sakai 宮崎:Miyazaki 横山:Yokoyama 高木:Takagi 安藤:Ando 宮本:Miyamoto 大野:Ono
      小島:Kojima 谷口:Taniguchi 工藤:Kudo 今井:Imai 高田:Takada 増田:Masuda 丸山:Maruyama 杉山:Sugiyama 村田:Murata 大塚:Otsuka
      新井:Arai 小山:Koyama 平野:Hirano 藤本:Fujimoto 河野:Kono 上野:Ueno 野口:Noguchi 武田:Takeda 松井:Matsui 千葉:Chiba
      菅原:Sugawara 岩崎:Iwasaki 久保:Kubo 木下:Kinoshita 佐野:Sano 野村:Nomura 松尾:Matsuo 菊地:Kikuchi 杉本:Sugimoto 市川:Ichikawa
    ]], latin),
    prefixes = { female = {}, male = {} }, suffixes = {}, fullName = "{last} {first}",
  },
  location = {
    countries = list.words [[
      アイスランド アイルランド アメリカ アルゼンチン イギリス イスラエル イタリア インド インドネシア ウクライナ エジプト エストニア
      オーストラリア オーストリア オランダ カナダ ギリシャ クロアチア ケニア コロンビア シンガポール スイス スウェーデン スペイン
      スロベニア タイ チェコ チリ デンマーク ドイツ トルコ ニュージーランド ノルウェー ハンガリー フィリピン フィンランド ブラジル
      フランス ブルガリア ベトナム ベルギー ペルー ポーランド ポルトガル マレーシア メキシコ モロッコ モンゴル ラトビア リトアニア
      ルーマニア 韓国 台湾 中国 南アフリカ 日本
    ]],
    states = {
      { name = "北海道", code = "01" }, { name = "青森県", code = "02" }, { name = "岩手県", code = "03" },
      { name = "宮城県", code = "04" }, { name = "秋田県", code = "05" }, { name = "山形県", code = "06" },
      { name = "福島県", code = "07" }, { name = "茨城県", code = "08" }, { name = "栃木県", code = "09" },
      { name = "群馬県", code = "10" }, { name = "埼玉県", code = "11" }, { name = "千葉県", code = "12" },
      { name = "東京都", code = "13" }, { name = "神奈川県", code = "14" }, { name = "新潟県", code = "15" },
      { name = "富山県", code = "16" }, { name = "石川県", code = "17" }, { name = "福井県", code = "18" },
      { name = "山梨県", code = "19" }, { name = "長野県", code = "20" }, { name = "岐阜県", code = "21" },
      { name = "静岡県", code = "22" }, { name = "愛知県", code = "23" }, { name = "三重県", code = "24" },
      { name = "滋賀県", code = "25" }, { name = "京都府", code = "26" }, { name = "大阪府", code = "27" },
      { name = "兵庫県", code = "28" }, { name = "奈良県", code = "29" }, { name = "和歌山県", code = "30" },
      { name = "鳥取県", code = "31" }, { name = "島根県", code = "32" }, { name = "岡山県", code = "33" },
      { name = "広島県", code = "34" }, { name = "山口県", code = "35" }, { name = "徳島県", code = "36" },
      { name = "香川県", code = "37" }, { name = "愛媛県", code = "38" }, { name = "高知県", code = "39" },
      { name = "福岡県", code = "40" }, { name = "佐賀県", code = "41" }, { name = "長崎県", code = "42" },
      { name = "熊本県", code = "43" }, { name = "大分県", code = "44" }, { name = "宮崎県", code = "45" },
      { name = "鹿児島県", code = "46" }, { name = "沖縄県", code = "47" },
    },
    county = "{last}郡",
    cities = list.words [[
      札幌市 仙台市 さいたま市 千葉市 横浜市 川崎市 相模原市 新潟市 静岡市 浜松市 名古屋市 京都市 大阪市 堺市 神戸市 岡山市 広島市
      北九州市 福岡市 熊本市 函館市 旭川市 青森市 盛岡市 秋田市 山形市 福島市 郡山市 水戸市 宇都宮市 前橋市 高崎市 川越市 船橋市
      八王子市 横須賀市 富山市 金沢市 福井市 甲府市 長野市 松本市 岐阜市 豊橋市 大津市 奈良市 和歌山市 鳥取市 松江市 倉敷市 呉市
      下関市 徳島市 高松市 松山市 高知市 佐賀市 長崎市 大分市 宮崎市 鹿児島市 那覇市
    ]],
    cityPatterns = { "{last}市", "{prefix}{last}市", "{last}{suffix}" },
    cityPrefixes = { "北", "南", "東", "西", "新" }, citySuffixes = { "町", "村", "市" },
    streetPatterns = { "{name}{suffix}", "{last}{suffix}" },
    streetNames = list.words "本町 中央 栄 緑 桜 若葉 旭 泉 寿 幸 末広 大手 元町 新町 宮前 駅前 朝日 弥生",
    streetSuffixes = { "一丁目", "二丁目", "三丁目", "四丁目", "五丁目" },
    numbers = { "!-!", "!#-!", "1#-!#", "!-1#-!" },
    secondary = { "!0!号室", "1F", "!F" },
    zips = { "###-####" },
    address = "{street}{number}", full = "{address} {secondary}", postal = "〒{zip}\n{state}{city}{address}",
  },
  phone = {
    human = { "0!-####-####", "090-####-####", "080-####-####", "0!#-###-####", "+81 !-####-####" },
    national = { "0!-####-####", "090-####-####" }, international = { "+8190########", "+81!########" },
  },
  company = {
    suffixes = { "株式会社", "有限会社", "合同会社" },
    patterns = { "{suffix}{last}", "{last}{suffix}", "{last}商事{suffix}", "{last}工業{suffix}", "{last}建設{suffix}" },
  },
}
