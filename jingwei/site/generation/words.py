"""Names that are put together from common characters. Nobody is called by them on purpose; whoever is, is meant by none."""

from typing import Any

import numpy as np
import numpy.typing as npt

Texts = npt.NDArray[np.object_]

PROVINCE, CITY = "虚构省", "云泽市"
_SURNAMES = (
    "王李张刘陈杨黄赵周吴徐孙马胡朱郭何罗高林郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
    "姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
_MALE = "伟强磊军洋勇杰涛超明刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林建国志文海峰山东成康光天达安岩中晨轩泽博睿铭航"
_FEMALE = "芳娜敏静丽艳娟霞秀英玲桂兰红梅琳洁燕萍雪慧莹云莉婷倩颖瑶怡晶欣佳梦雅诗涵琪悦蕾珍凤淑月华香春菊婉岚薇萱妍彤"
_MIDDLE = "建志文国海小晓子思家永玉春秀德立新宏世嘉一雨若明少云成金亚庆振天正光学俊佳美素爱丽凤"
_PLACE_A = "春秋云松柏梅兰竹桃柳青白红翠金银玉星月日朝晚东西南北上下新长永安和平福瑞祥吉清明丰盛文锦景凤龙鹤鹿石"
_PLACE_B = "湖溪江河泉潭湾港桥塘山岭岗坡峰谷原田园林苑庭台阁亭楼坊里门关城池洲岛浦渡津汀圃畔麓野陌川源沙屏"
_TRADES = (
    *("餐饮", "百货", "五金", "物业", "科技", "贸易", "建材", "服饰", "食品", "物流"),
    *("教育咨询", "汽车服务", "电子", "广告", "医药", "装饰", "电器", "家政", "文化传媒", "环保"),
)
DISTRICTS = ("星河区", "望江区", "青禾区", "松岭区", "明川区", "桃溪区", "石桥区", "锦湾区", "柳原区", "新港区")


def letters(text: str) -> Texts:
    """An array of single characters (or of words)."""
    return np.array(list(text), dtype=object)


SURNAMES, MALE, FEMALE, MIDDLE = letters(_SURNAMES), letters(_MALE), letters(_FEMALE), letters(_MIDDLE)
# The commonest name is about fifty times as common as the hundredth, as in life.
_WEIGHTS = 1 / (np.arange(len(SURNAMES)) + 2.0)
_CUMULATED = np.cumsum(_WEIGHTS / _WEIGHTS.sum())


def surnames(lot: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    """Indices of surnames, by how common they are."""
    return np.minimum(np.searchsorted(_CUMULATED, lot.random(count)), len(SURNAMES) - 1)


def full_names(lot: np.random.Generator, surname: npt.NDArray[Any], male: npt.NDArray[np.bool_]) -> Texts:
    """Surname and one or two characters; every sixth has one."""
    count = len(surname)
    last = np.where(male, MALE[lot.integers(0, len(MALE), count)], FEMALE[lot.integers(0, len(FEMALE), count)])
    middle = np.where(lot.random(count) < 0.17, "", MIDDLE[lot.integers(0, len(MIDDLE), count)])
    names: Texts = SURNAMES[surname] + middle + last
    return names


def place_word(number: int) -> str:
    """A word of two characters, another one for each of the first 2,500 numbers; of three from there on."""
    a, b = len(_PLACE_A), len(_PLACE_B)
    number, above = number % (a * b), number // (a * b)
    stirred = number * 1009 % (a * b)  # neighbours sound unlike
    return (_PLACE_A[above * 7 % a] if above else "") + _PLACE_A[stirred // b] + _PLACE_B[stirred % b]


def road_name(number: int) -> str:
    """A road that has its name alone in the city."""
    return place_word(number // 3) + ("路", "街", "大道")[number % 3]


def estate_name(number: int) -> str:
    return place_word(number) + ("花园", "新村", "家园", "小区", "公寓", "名苑")[number % 6]


def company_names(lot: np.random.Generator, first: int, count: int) -> list[str]:
    """Names of companies, shops and the like, from the number and by chance."""
    trades = lot.integers(0, len(_TRADES), count)
    a, b = len(_PLACE_A), len(_PLACE_B)
    return [
        f"{CITY}{_PLACE_A[n * 31 % a]}{_PLACE_B[n // a % b]}{_PLACE_A[n // (a * b) % a]}{_TRADES[t]}"
        for n, t in zip(range(first, first + count), trades.tolist(), strict=True)
    ]
