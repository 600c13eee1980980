-- 简体中文. Names stand with their readings, for addresses.
local list = require "lorm.faker.list"
local readings = require("lorm.faker.locales").readings

local latin = {}

return {
  person = {
    latin = latin,
    female = readings([[
      秀英:Xiuying 桂英:Guiying 丽:Li 敏:Min 静:Jing 娟:Juan 艳:Yan 芳:Fang 娜:Na 霞:Xia 燕:Yan 玲:Ling 丹:Dan 萍:Ping 红:Hong 玉兰:Yulan
      婷:Ting 雪:Xue 倩:Qian 梅:Mei 琳:Lin 欣怡:Xinyi 梓涵:Zihan 诗涵:Shihan 梦琪:Mengqi 雨桐:Yutong 可馨:Kexin 佳怡:Jiayi 思琪:Siqi
      语嫣:Yuyan 晓燕:Xiaoyan 美玲:Meiling 淑华:Shuhua 月英:Yueying 春梅:Chunmei 秋菊:Qiuju 冬梅:Dongmei 彩云:Caiyun 文静:Wenjing
      雅芝:Yazhi 紫萱:Zixuan 若曦:Ruoxi 一诺:Yinuo 依诺:Yinuo 沐晴:Muqing 晨曦:Chenxi 慧:Hui 莹:Ying 洁:Jie 薇:Wei 颖:Ying 珊:Shan
      露:Lu 瑶:Yao 凤:Feng 琼:Qiong 云:Yun 莉:Li 蓉:Rong 璐:Lu
    ]], latin),
    male = readings([[
      伟:Wei 强:Qiang 磊:Lei 洋:Yang 勇:Yong 军:Jun 杰:Jie 涛:Tao 超:Chao 明:Ming 刚:Gang 平:Ping 辉:Hui 鹏:Peng 浩:Hao 宇:Yu 建国:Jianguo
      建华:Jianhua 志强:Zhiqiang 国强:Guoqiang 浩然:Haoran 子轩:Zixuan 宇轩:Yuxuan 浩宇:Haoyu 梓豪:Zihao 俊杰:Junjie 博文:Bowen
      天佑:Tianyou 文博:Wenbo 文昊:Wenhao 志远:Zhiyuan 海涛:Haitao 晓东:Xiaodong 家豪:Jiahao 明轩:Mingxuan 泽洋:Zeyang 嘉懿:Jiayi
      立诚:Licheng 思远:Siyuan 鑫:Xin 斌:Bin 波:Bo 凯:Kai 亮:Liang 龙:Long 峰:Feng 健:Jian 林:Lin 毅:Yi 翔:Xiang 旭:Xu 帆:Fan 昊:Hao
      晨:Chen 瑞:Rui 新:Xin 庆:Qing 德华:Dehua 学文:Xuewen 光明:Guangming
    ]], latin),
    last = readings([[
      王:Wang 李:Li 张:Zhang 刘:Liu 陈:Chen 杨:Yang 黄:Huang 赵:Zhao 吴:Wu 周:Zhou 徐:Xu 孙:Sun 马:Ma 朱:Zhu 胡:Hu 郭:Guo 何:He 高:Gao
      林:Lin 罗:Luo 郑:Zheng 梁:Liang 谢:Xie 宋:Song 唐:Tang 许:Xu 韩:Han 冯:Feng 邓:Deng 曹:Cao 彭:Peng 曾:Zeng 肖:Xiao 田:Tian
      董:Dong 袁:Yuan 潘:Pan 于:Yu 蒋:Jiang 蔡:Cai 余:Yu 杜:Du 叶:Ye 程:Cheng 苏:Su 魏:Wei 吕:Lyu 丁:Ding 任:Ren 沈:Shen 姚:Yao
      卢:Lu 姜:Jiang 崔:Cui 钟:Zhong 谭:Tan 陆:Lu 汪:Wang 范:Fan 金:Jin 石:Shi 廖:Liao 贾:Jia 夏:Xia 韦:Wei 付:Fu 方:Fang 白:Bai
      邹:Zou 孟:Meng 熊:Xiong 秦:Qin 邱:Qiu 江:Jiang 尹:Yin 薛:Xue 闫:Yan 段:Duan 雷:Lei 侯:Hou 龙:Long 史:Shi 陶:Tao 黎:Li 贺:He
      顾:Gu 毛:Mao 郝:Hao 龚:Gong 邵:Shao 万:Wan 钱:Qian 严:Yan 覃:Qin 武:Wu 戴:Dai 莫:Mo 孔:Kong 向:Xiang 汤:Tang 欧阳:Ouyang
    ]], latin),
    prefixes = { female = {}, male = {} }, suffixes = {}, fullName = "{last}{first}",
  },
  location = {
    countries = list.words [[
      中国 日本 韩国 蒙古 越南 泰国 印度 新加坡 马来西亚 印度尼西亚 菲律宾 澳大利亚 新西兰 美国 加拿大 墨西哥 古巴 巴西 阿根廷 智利
      秘鲁 哥伦比亚 英国 爱尔兰 法国 德国 意大利 西班牙 葡萄牙 荷兰 比利时 瑞士 奥地利 丹麦 瑞典 挪威 芬兰 冰岛 波兰 捷克 匈牙利
      罗马尼亚 保加利亚 希腊 土耳其 埃及 摩洛哥 肯尼亚 南非 以色列 乌克兰
    ]],
    states = {
      { name = "北京市", code = "京" }, { name = "天津市", code = "津" }, { name = "河北省", code = "冀" },
      { name = "山西省", code = "晋" }, { name = "内蒙古自治区", code = "蒙" }, { name = "辽宁省", code = "辽" },
      { name = "吉林省", code = "吉" }, { name = "黑龙江省", code = "黑" }, { name = "上海市", code = "沪" },
      { name = "江苏省", code = "苏" }, { name = "浙江省", code = "浙" }, { name = "安徽省", code = "皖" },
      { name = "福建省", code = "闽" }, { name = "江西省", code = "赣" }, { name = "山东省", code = "鲁" },
      { name = "河南省", code = "豫" }, { name = "湖北省", code = "鄂" }, { name = "湖南省", code = "湘" },
      { name = "广东省", code = "粤" }, { name = "广西壮族自治区", code = "桂" }, { name = "海南省", code = "琼" },
      { name = "重庆市", code = "渝" }, { name = "四川省", code = "川" }, { name = "贵州省", code = "黔" },
      { name = "云南省", code = "滇" }, { name = "西藏自治区", code = "藏" }, { name = "陕西省", code = "陕" },
      { name = "甘肃省", code = "甘" }, { name = "青海省", code = "青" }, { name = "宁夏回族自治区", code = "宁" },
      { name = "新疆维吾尔自治区", code = "新" },
    },
    county = "{last}家县",
    cities = list.words [[
      北京市 上海市 天津市 重庆市 广州市 深圳市 杭州市 南京市 苏州市 成都市 武汉市 西安市 长沙市 郑州市 青岛市 济南市 大连市 沈阳市
      长春市 哈尔滨市 石家庄市 太原市 合肥市 福州市 厦门市 南昌市 南宁市 海口市 贵阳市 昆明市 兰州市 西宁市 银川市 呼和浩特市
      宁波市 无锡市 常州市 温州市 绍兴市 嘉兴市 佛山市 东莞市 珠海市 中山市 惠州市 泉州市 烟台市 洛阳市 桂林市 扬州市
    ]],
    cityPatterns = { "{prefix}{suffix}市" },
    cityPrefixes = { "长", "吉", "太", "安", "永", "平", "新", "金", "临", "清", "南", "北", "东", "西" },
    citySuffixes = { "沙", "林", "原", "阳", "州", "安", "山", "海", "江", "口", "宁", "城", "泉", "川" },
    streetPatterns = { "{name}{suffix}", "{name}{suffix}", "{last}家{suffix}" },
    streetNames = list.words "人民 中山 解放 建设 和平 文化 青年 长江 黄河 新华 朝阳 胜利 光明 幸福 滨江 花园 学院 东风 桂花 梧桐",
    streetSuffixes = { "路", "路", "街", "大道", "巷", "桥" },
    numbers = { "!号", "!#号", "1#号", "1##号", "!##号" },
    secondary = { "!单元", "!栋!0!室", "1#楼" },
    zips = { "!#####", "1#####" },
    address = "{street}{number}", full = "{address}{secondary}", postal = "{state}{city}{address}\n{zip}",
  },
  phone = {
    human = { "1!#-####-####", "13#########", "0!#-########", "+86 13# #### ####" },
    national = { "13#########", "0!#-########" }, international = { "+8613#########" },
  },
  company = {
    suffixes = { "有限公司", "集团", "股份有限公司", "科技有限公司", "贸易有限公司" },
    patterns = { "{last}氏{suffix}", "{city}{last}氏{suffix}", "{last}{last}{suffix}" },
  },
}
