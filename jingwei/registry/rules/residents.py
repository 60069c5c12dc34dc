"""What is said of a resident: read, checked, found again, and when somebody lives where. Plain values in, plain values out.

The bulk import and the form of one family go through the same functions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from jingwei.kit.codes import is_place
from jingwei.kit.errors import FieldError
from jingwei.kit.text import T
from jingwei.registry.rules.days import read_day, read_month
from jingwei.registry.rules.numbers import IDENTITY_KINDS, Identity, NumberFault, identity, telephone
from jingwei.registry.rules.relations import relation, sex_of

# What a form and a file may say of a resident.
FACTS = {
    "name": T("姓名", "Name"),
    "identity_kind": T("证件类型", "Document"),
    "identity_number": T("证件号码", "Number"),
    "phone": T("电话", "Telephone"),
    "sex": T("性别", "Sex"),
    "born": T("出生年月", "Month of birth"),
    "home_place": T("户籍地", "Registered home"),
}
LONGEST_NAME = 60
OLDEST = 1850
# The dots between the parts of a name: the standard one first.
_DOTS = re.compile(r"[·•‧・･∙⋅・．.]")
_LETTERS = re.compile(r"[^\W\d_]")
_FORBIDDEN = re.compile(r"[\d<>{}\[\]=@#$%^*_+|\\/\"“”:;；：?？!！]")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_PLAIN = re.compile(r"[\u3400-\u9fff]+")
_RUNS = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[^\W\d_]+")


# -- names ------------------------------------------------------------------------------------------------------------------------------------


def clean_name(text: str) -> str:
    """A name in its one form: letters of one width, one kind of dot between its parts, single blanks. Raises NumberFault for what is no name."""
    name = _DOTS.sub("·", unicodedata.normalize("NFKC", text).strip())
    name = re.sub(r"\s*·\s*", "·", " ".join(name.split())).strip("·")
    if _HAN.search(name) and not re.search(r"[A-Za-z]", name):
        name = name.replace(" ", "")  # 王 小明
    if not name:
        raise NumberFault(T("请填写姓名", "a name is missing"))
    if len(name) > LONGEST_NAME:
        raise NumberFault(T(f"姓名最多 {LONGEST_NAME} 字", f"a name has at most {LONGEST_NAME} letters"))
    if not _LETTERS.search(name) or (wrong := _FORBIDDEN.search(name)):
        said = f"：“{wrong[0]}”" if _LETTERS.search(name) and wrong else ""
        raise NumberFault(T(f"姓名含有不可能的字符{said}", f"a name can't hold such characters{said}"))
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Co", "Cs", "Cn") for letter in name):
        raise NumberFault(T("姓名含有无法显示的字符", "the name holds characters that can't be shown"))
    return name


def folded(name: str) -> str:
    """A name as it is compared: letters alone, small, of one width, without dots and blanks."""
    return "".join(_RUNS.findall(unicodedata.normalize("NFKC", name).casefold()))


@lru_cache(maxsize=1 << 17)
def _hashed(kind: str, text: str, piece: Callable[[str], int]) -> int:
    """Letters, pairs and beginnings come again and again; whole names do not, and are hashed beside the cache."""
    return piece(kind + text)


def _runs(folded_or_not: str) -> list[str]:
    return _RUNS.findall(unicodedata.normalize("NFKC", folded_or_not).casefold())


def _pairs(run: str) -> list[str]:
    """The neighbouring pairs of a run of Chinese letters; of other scripts, whose letters say less, three at a time."""
    size = 2 if _HAN.match(run) else 3
    return [run[at : at + size] for at in range(len(run) - size + 1)]


def _joined(name: str) -> list[str]:
    """The runs of a name; Chinese ones that a dot divides become one (买买提·吐尔逊 is found without its dot)."""
    if _PLAIN.fullmatch(name):
        return [name]
    runs: list[str] = []
    for run in _runs(name):
        if runs and _HAN.match(run) and _HAN.match(runs[-1]):
            runs[-1] += run
        else:
            runs.append(run)
    return runs


def grams(name: str, piece: Callable[[str], int]) -> list[int]:
    """The keyed hashes under which a name is found: the whole (w), its first one and two letters (b), its neighbouring pairs (p), its letters
    (l). Of a Latin name the words are the letters, three letters a pair, and every word has a beginning. `piece` hashes (kit.crypto.piece)."""
    runs = _joined(name)
    found = {piece("w" + "".join(runs))}
    for run in runs:
        letters = run if _HAN.match(run) else (run,)
        found.update(_hashed("l", letter, piece) for letter in letters)
        found.update(_hashed("p", pair, piece) for pair in _pairs(run))
        if run is runs[0] or not _HAN.match(run):
            found.update(_hashed("b", run[:size], piece) for size in (1, 2) if len(run) >= size)
    return sorted(found)


@dataclass(frozen=True, slots=True)
class NamePart:
    """A part of a name as one looks for it: each way to find it is a set of hashes that all have to be there, the best first."""

    text: str
    ways: tuple[tuple[int, ...], ...]


WAYS = ("whole", "beginning", "part", "letters")


def name_part(text: str, piece: Callable[[str], int]) -> NamePart | None:
    """How to find names by a part: the whole name, names that begin with it, names that hold it, names that hold its letters in any order. None
    where there is no letter in it. A way that finds nothing more than the one before is empty."""
    runs = _joined(text)
    if not runs:
        return None
    whole = "".join(runs)
    pairs = [_hashed("p", pair, piece) for run in runs for pair in _pairs(run)]
    letters = [_hashed("l", letter, piece) for run in runs for letter in (run if _HAN.match(run) else (run,))]
    short = [_hashed("b", run, piece) for run in runs if not _HAN.match(run) and len(run) < 3]
    first = [_hashed("b", runs[0][:2], piece), *pairs]
    begin = first if len(runs[0]) > 1 or len(runs) == 1 else first + letters
    part = pairs + short
    ways = [(piece("w" + whole),), tuple(begin), tuple(part), tuple(letters)]
    return NamePart(whole, tuple(tuple(dict.fromkeys(way)) for way in ways))


def rank(name: str, part: str) -> int:
    """How well a name, unsealed, fits the part looked for: 0 the whole, 1 its beginning, 2 inside, 3 its letters, 4 not at all (two pieces had the
    same hash)."""
    here = folded(name)
    if here == part:
        return 0
    if here.startswith(part):
        return 1
    if part in here:
        return 2
    return 3 if all(letter in here for letter in part) else 4


# -- facts --------------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of somebody, in its one form. `born` is the first of the month."""

    name: str = ""
    identity: Identity | None = None
    phone: str = ""
    sex: str = "0"
    born: date | None = None
    home_place: str = ""


def read_facts(said: Mapping[str, str], *, today: date) -> tuple[Facts, list[FieldError]]:
    """What `said` (by the names of FACTS; what is missing or blank is not said) means, and what is wrong with it, each fault under its field. An
    identity number fills month of birth and sex; where they are said otherwise, that is a fault."""
    faults: list[FieldError] = []

    def fault(field: str, zh: str, en: str) -> None:
        faults.append(FieldError(field, T(zh, en)))

    name = ""
    try:
        name = clean_name(said.get("name") or "")
    except NumberFault as wrong:
        faults.append(FieldError("name", wrong.why))
    known: Identity | None = None
    kind = (said.get("identity_kind") or "").strip()
    kind = _KIND_WORDS.get(kind, kind)
    number = (said.get("identity_number") or "").strip()
    if kind and kind not in IDENTITY_KINDS:
        fault("identity_kind", f"没有“{kind}”这种证件", f"there is no document “{kind}”")
    elif number:
        try:
            known = identity(number, kind, today=today)
        except NumberFault as wrong:
            faults.append(FieldError("identity_number", wrong.why))
    elif kind:
        fault("identity_number", "选了证件类型，请填写证件号码", "a document is chosen: enter its number")
    phone = ""
    if text := (said.get("phone") or "").strip():
        try:
            phone = telephone(text)
        except NumberFault as wrong:
            faults.append(FieldError("phone", wrong.why))
    sex = sex_of(said.get("sex") or "")
    if sex is None:
        fault("sex", "性别应为 男、女、未知或未说明", "sex is male, female, unknown or not stated")
    born: date | None = None
    if text := (said.get("born") or "").strip():
        born = read_month(text)
        if born is None:
            fault("born", f"“{text[:30]}”不是出生年月（如 1990-05）", f"“{text[:30]}” is no month of birth (as 1990-05)")
        elif born.year < OLDEST or born > today:
            fault("born", "出生年月不可能", "an impossible month of birth")
            born = None
    if known and known.birth_date:
        tells = known.birth_date.replace(day=1)
        if born and born != tells:
            fault("born", f"与证件号码不符：证件上为 {tells:%Y-%m}", f"the number says {tells:%Y-%m}")
        born = tells
    if known and known.sex != "0":
        if sex in ("1", "2") and sex != known.sex:
            fault("sex", "与证件号码不符", "the number says otherwise")
        sex = known.sex
    home = (said.get("home_place") or "").strip()
    home = home[: max(6, len(home.rstrip("0")) + -len(home.rstrip("0")) % 3)] if len(home) == 12 and home.isdigit() else home
    if home and not (is_place(home) and len(home) <= 12):
        fault("home_place", "户籍地应为行政区划代码（6、9 或 12 位）", "the registered home is the code of a division (6, 9 or 12 digits)")
        home = ""
    return Facts(name, known, phone, sex or "0", born, home), faults


_KIND_WORDS = {word: code for code, said in IDENTITY_KINDS.items() for word in (said.zh, said.en)} | {
    "身份证": "identity_card",
    "二代身份证": "identity_card",
    "111": "identity_card",  # GA/T 517
    "护照本": "passport",
    "414": "passport",
    "港澳台居住证": "residence_permit",
    "港澳通行证": "hk_macao_permit",
    "回乡证": "hk_macao_permit",
    "516": "hk_macao_permit",
    "台胞证": "taiwan_permit",
    "511": "taiwan_permit",
    "永久居留证": "permanent_residence",
    "553": "permanent_residence",
}


def age(born: date, on: date) -> int:
    """Whole years on a day, known by the month: it counts as reached in the month of birth."""
    return on.year - born.year - (on.month < born.month)


def born_between(youngest: int | None, oldest: int | None, on: date) -> tuple[date | None, date | None]:
    """The months of birth [first, last] of who is `youngest` to `oldest` years old on a day; None: no bound."""
    first = date(on.year - oldest - 1, on.month, 1) if oldest is not None else None
    if first is not None:
        first = date(first.year + (first.month == 12), first.month % 12 + 1, 1)
    last = date(on.year - youngest, on.month, 1) if youngest is not None else None
    return first, last


# -- residencies --------------------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stay:
    """A period in a room, [first day, last day's next); `end` None: still there."""

    first: date
    end: date | None = None
    permanent: bool = True


def overlap(stays: Iterable[Stay], new: Stay) -> Stay | None:
    """The stay that keeps `new` from being: both permanent, and a day in common."""
    if not new.permanent:
        return None
    for one in stays:
        if one.permanent and (new.end is None or one.first < new.end) and (one.end is None or new.first < one.end):
            return one
    return None


def stay_faults(
    first: date | None, end: date | None, *, born: date | None, today: date, fields: tuple[str, str] = ("from_date", "to_date")
) -> list[FieldError]:
    """What is wrong with a period: no beginning, before the birth or in the future, an end before the beginning or in the future."""
    faults: list[FieldError] = []
    if first is None:
        faults.append(FieldError("from_date", T("请填写入住日期", "say since when")))
    elif first > today:
        faults.append(FieldError("from_date", T("入住日期不能在将来", "that day is still to come")))
    elif first.year < OLDEST or (born and first < born):
        faults.append(FieldError("from_date", T("入住日期早于出生", "that day is before the birth")))
    if end is not None and end > today:
        faults.append(FieldError("to_date", T("搬离日期不能在将来", "that day is still to come")))
    elif end is not None and first is not None and end <= first:
        faults.append(FieldError("to_date", T("搬离日期应晚于入住日期", "the end comes after the beginning")))
    return faults


__all__ = [
    "FACTS",
    "Facts",
    "NamePart",
    "Stay",
    "age",
    "born_between",
    "clean_name",
    "folded",
    "grams",
    "name_part",
    "overlap",
    "rank",
    "read_day",
    "read_facts",
    "read_month",
    "relation",
    "stay_faults",
]
