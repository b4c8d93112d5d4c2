"""Invented names as the peoples of Yunnan bear them, each with the initials of its pinyin.

A name is written as pieces of `汉字:INITIALS`, one letter a character.
"""

from random import Random

Name = tuple[str, str]


def pieces(text: str) -> list[Name]:
    return [
        (chars, letters) for chars, _, letters in (part.partition(":") for part in text.split())
    ]


SURNAMES = pieces(
    "李:L 王:W 张:Z 杨:Y 赵:Z 陈:C 周:Z 段:D 董:D 何:H 罗:L 许:X 田:T 钱:Q 胡:H 吕:L 欧阳:OY"
)
GIVEN = {
    "1": pieces(
        "文博:WB 浩然:HR 俊杰:JJ 永平:YP 小勇:XY 建国:JG 成龙:CL 家豪:JH 志强:ZQ 宇轩:YX "
        "子涵:ZH 明:M 海:H 绍云:SY 春生:CS 学军:XJ 国梁:GL 天佑:TY 㛃:J 䶮:Y"
    ),
    "2": pieces(
        "思雨:SY 晓燕:XY 雨欣:YX 佳怡:JY 春梅:CM 秀英:XY 金凤:JF 梓萱:ZX 海燕:HY 小雨:XY "
        "玉芳:YF 雪:X 丽萍:LP 艳红:YH 桂花:GH 彩云:CY 静怡:JY 琴:Q 㛃:J 𬱖:D"
    ),
}
LISU = {
    "1": pieces("阿普:AP 阿邓:AD 开路:KL 四益:SY 阿恒:AH 此路恒:CLH 普才:PC 五才:WC"),
    "2": pieces("阿娜:AN 阿妞:AN 开花:KH 娜妥:NT 阿恰:AQ 四妹:SM 娜玛:NM 花妞:HN"),
}
LISU_SURNAMES = pieces("余:Y 胡:H 丰:F 褚:C 密:M 熊:X 蜂:F 麻:M")
BAI_SURNAMES = pieces("段:D 董:D 杨:Y 赵:Z 尹:Y 苏:S 洱:E")
YI_SURNAMES = pieces("普:P 毕:B 罗:L 鲁:L 字:Z 阿:A 沙马:SM 吉克:JK")
NAXI_SURNAMES = pieces("和:H 木:M")
MIAO_SURNAMES = pieces("陶:T 熊:X 王:W 项:X")
HUI_SURNAMES = pieces("马:M 忽:H 保:B 纳:N")
PUMI = {
    "1": pieces("尔青:EQ 鲁若:LR 品初:PC 扎西:ZX 独吉:DJ"),
    "2": pieces("拉姆:LM 甲姆:JM 格玛:GM 娜姆:NM"),
}
TIBETAN = {
    "1": pieces("鲁茸取扎西次仁:LRQZXCR 扎西顿珠:ZXDZ 次仁:CR 格桑平措:GSPC 取扎尼玛:QZNM"),
    "2": pieces("卓玛:ZM 斯那拉姆:SNLM 此里央宗:CLYZ 格桑曲珍:GSQZ"),
}
DAI = {
    "1": pieces("岩香:YX 岩叫:YJ 岩罕:YH 岩亮:YL 岩三:YS 岩温:YW"),
    "2": pieces("玉叫:YJ 玉香:YX 玉光:YG 玉金:YJ 玉罕:YH 玉儿:YE"),
}
NU = {
    "1": pieces("阿鲁:AL 普加:PJ 迪友:DY 光荣:GR"),
    "2": pieces("阿妮:AN 娜都:ND 茶妹:CM 迪花:DH"),
}

HAN, HUI, TIBET, MIAO, YI, BAI = "01", "03", "04", "05", "07", "14"
DAI_CODE, LISU_CODE, NAXI, PUMI_CODE, NU_CODE = "18", "20", "27", "34", "37"
# Shares of an invented county; the codes are GB/T 3304.
PEOPLES = {
    HAN: 24, LISU_CODE: 26, BAI: 16, YI: 11, PUMI_CODE: 7, NAXI: 4, TIBET: 4, DAI_CODE: 3,
    MIAO: 2, HUI: 2, NU_CODE: 1,
}  # fmt: skip
WITH_SURNAME = {
    HAN: SURNAMES, BAI: BAI_SURNAMES, YI: YI_SURNAMES, NAXI: NAXI_SURNAMES,
    MIAO: MIAO_SURNAMES, HUI: HUI_SURNAMES,
}  # fmt: skip
WHOLE = {TIBET: TIBETAN, DAI_CODE: DAI}
# The names a page has to stand: the longest, and three characters outside the common fonts.
HARD_NAMES = (
    ("鲁茸取扎西次仁", "LRQZXCR", "1", TIBET),
    ("王㛃", "WJ", "2", HAN),
    ("李䶮", "LY", "1", HAN),
    ("赵𬱖", "ZD", "2", HAN),
)
FAR_FAMILY = pieces("和:H 余:Y 普:P")


def ethnicity(rng: Random) -> str:
    return rng.choices(list(PEOPLES), list(PEOPLES.values()))[0]


def full_name(rng: Random, people: str, sex: str, surname: Name | None = None) -> Name:
    """A name of that people, and its initials; `surname` keeps a family together."""
    if people in WITH_SURNAME:
        return _joined(surname or rng.choice(WITH_SURNAME[people]), rng.choice(GIVEN[sex]))
    if people == LISU_CODE:
        return _joined(surname or rng.choice(LISU_SURNAMES), rng.choice(LISU[sex]))
    if people in (PUMI_CODE, NU_CODE):
        given = rng.choice((PUMI if people == PUMI_CODE else NU)[sex])
        return _joined(surname or rng.choice(FAR_FAMILY), given)
    return rng.choice(WHOLE[people][sex])


def surname_of(name: str, people: str) -> Name | None:
    """The family name a child's name begins with, where its people has one."""
    if people in WHOLE:
        return None
    known = [*WITH_SURNAME.get(people, []), *LISU_SURNAMES, *FAR_FAMILY]
    return next((piece for piece in known if name.startswith(piece[0])), None)


def _joined(first: Name, second: Name) -> Name:
    return first[0] + second[0], first[1] + second[1]
