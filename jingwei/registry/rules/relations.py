"""Relations to the head of a household, GB/T 4761-2008 (家庭关系代码), and the words of the other small lists about residents."""

from jingwei.kit.text import T

HEAD = ("01", "02")  # 本人 and 户主 are the head
RELATIONS: dict[str, T] = {
    code: T(zh, en)
    for code, zh, en in (
        ("01", "本人", "Self"),
        ("02", "户主", "Head"),
        ("10", "配偶", "Spouse"),
        ("11", "夫", "Husband"),
        ("12", "妻", "Wife"),
        ("20", "子", "Son"),
        ("21", "独生子", "Only son"),
        ("22", "长子", "Eldest son"),
        ("23", "次子", "Second son"),
        ("24", "三子", "Third son"),
        ("25", "四子", "Fourth son"),
        ("26", "五子", "Fifth son"),
        ("27", "养子或继子", "Adopted son or stepson"),
        ("28", "女婿", "Son-in-law"),
        ("29", "其他儿子", "Other son"),
        ("30", "女", "Daughter"),
        ("31", "独生女", "Only daughter"),
        ("32", "长女", "Eldest daughter"),
        ("33", "次女", "Second daughter"),
        ("34", "三女", "Third daughter"),
        ("35", "四女", "Fourth daughter"),
        ("36", "五女", "Fifth daughter"),
        ("37", "养女或继女", "Adopted daughter or stepdaughter"),
        ("38", "儿媳", "Daughter-in-law"),
        ("39", "其他女儿", "Other daughter"),
        ("40", "孙子、孙女或外孙子、外孙女", "Grandchild"),
        ("41", "孙子", "Son's son"),
        ("42", "孙女", "Son's daughter"),
        ("43", "外孙子", "Daughter's son"),
        ("44", "外孙女", "Daughter's daughter"),
        ("45", "孙媳妇或外孙媳妇", "Grandson's wife"),
        ("46", "孙女婿或外孙女婿", "Granddaughter's husband"),
        ("47", "曾孙子或外曾孙子", "Great-grandson"),
        ("48", "曾孙女或外曾孙女", "Great-granddaughter"),
        ("49", "其他孙辈", "Other grandchild"),
        ("50", "父母", "Parent"),
        ("51", "父亲", "Father"),
        ("52", "母亲", "Mother"),
        ("53", "公公", "Husband's father"),
        ("54", "婆婆", "Husband's mother"),
        ("55", "岳父", "Wife's father"),
        ("56", "岳母", "Wife's mother"),
        ("57", "继父或养父", "Stepfather or adoptive father"),
        ("58", "继母或养母", "Stepmother or adoptive mother"),
        ("59", "其他父母关系", "Other parent"),
        ("60", "祖父母或外祖父母", "Grandparent"),
        ("61", "祖父", "Father's father"),
        ("62", "祖母", "Father's mother"),
        ("63", "外祖父", "Mother's father"),
        ("64", "外祖母", "Mother's mother"),
        ("65", "配偶的祖父母或外祖父母", "Spouse's grandparent"),
        ("66", "曾祖父", "Great-grandfather"),
        ("67", "曾祖母", "Great-grandmother"),
        ("68", "配偶的曾祖父母或外曾祖父母", "Spouse's great-grandparent"),
        ("69", "其他祖父母或外祖父母关系", "Other grandparent"),
        ("70", "兄弟姐妹", "Brother or sister"),
        ("71", "兄", "Elder brother"),
        ("72", "嫂", "Elder brother's wife"),
        ("73", "弟", "Younger brother"),
        ("74", "弟媳", "Younger brother's wife"),
        ("75", "姐姐", "Elder sister"),
        ("76", "姐夫", "Elder sister's husband"),
        ("77", "妹妹", "Younger sister"),
        ("78", "妹夫", "Younger sister's husband"),
        ("79", "其他兄弟姐妹", "Other brother or sister"),
        ("80", "其他", "Other"),
        ("81", "伯父", "Father's elder brother"),
        ("82", "伯母", "Wife of father's elder brother"),
        ("83", "叔父", "Father's younger brother"),
        ("84", "婶母", "Wife of father's younger brother"),
        ("85", "舅父", "Mother's brother"),
        ("86", "舅母", "Wife of mother's brother"),
        ("87", "姨父", "Husband of mother's sister"),
        ("88", "姨母", "Mother's sister"),
        ("89", "姑父", "Husband of father's sister"),
        ("90", "姑母", "Father's sister"),
        ("91", "堂兄弟、堂姐妹", "Cousin, father's side"),
        ("92", "表兄弟、表姐妹", "Cousin, other"),
        ("93", "侄子", "Brother's son"),
        ("94", "侄女", "Brother's daughter"),
        ("95", "外甥", "Sister's son"),
        ("96", "外甥女", "Sister's daughter"),
        ("97", "其他亲属", "Other relative"),
        ("99", "非亲属", "Not related"),
    )
}
# What a form offers first; every code of the standard is taken.
USUAL = ("10", "20", "30", "50", "40", "60", "70", "28", "38", "97", "99")
# How people write it, besides the standard's own words.
_ALSO = {
    "丈夫": "11", "妻子": "12", "儿子": "20", "女儿": "30", "子女": "20", "父": "51", "母": "52", "爷爷": "61", "奶奶": "62", "外公": "63",
    "外婆": "64", "姥爷": "63", "姥姥": "64", "哥哥": "71", "弟弟": "73", "兄弟": "70", "姐": "75", "妹": "77", "孙": "41", "外孙": "43", "媳妇": "38",
    "之妻": "12", "之夫": "11", "之子": "20", "之女": "30", "户主本人": "02", "其他非亲属": "99", "保姆": "99", "朋友": "99", "室友": "99", "同事": "99",
}  # fmt: skip
_WORDS = {said.zh: code for code, said in RELATIONS.items()} | {said.en.lower(): code for code, said in RELATIONS.items()} | _ALSO


def relation(text: str) -> str | None:
    """The code of a relation, as a code or as a word; "" for nothing said, None for what is no relation."""
    said = text.strip()
    code = said.zfill(2) if said.isascii() and said.isdigit() else said
    return "" if not said else code if code in RELATIONS else _WORDS.get(said.lower())


SEX_NAMES = {"0": T("未知", "Unknown"), "1": T("男", "Male"), "2": T("女", "Female"), "9": T("未说明", "Not stated")}  # GB/T 2261.1
_SEXES = {"男": "1", "男性": "1", "m": "1", "male": "1", "女": "2", "女性": "2", "f": "2", "female": "2", "未知": "0", "未说明": "9"}


def sex_of(text: str) -> str | None:
    """The code of GB/T 2261.1; "0" for nothing said, None for what is none."""
    said = text.strip().lower()
    return "0" if not said else said if said in SEX_NAMES else _SEXES.get(said)


KINDS = {"permanent": T("常住", "Permanent"), "temporary": T("暂住", "Temporary")}
TENURES = {
    "owner": T("产权人", "Owner"),
    "tenant": T("承租人", "Tenant"),
    "family": T("家属", "Family"),
    "staff": T("职工住宿", "Staff lodging"),
    "other": T("其他", "Other"),
}
HOUSEHOLD_KINDS = {"family": T("家庭户", "Family"), "collective": T("集体户", "Collective")}
ENDED = {"died": T("死亡", "Died"), "left": T("离开本市", "Left the city"), "mistake": T("登记有误", "Registered by mistake")}
# Why a residency ended.
LEFT = {"moved": T("搬走", "Moved"), "split": T("分户", "Household split")} | ENDED
