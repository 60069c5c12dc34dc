"""What the code and the words of a city's own class and of a filing condition must be, on plain values."""

from collections.abc import Collection, Iterable

from jingwei.kit.text import T

MOST_CODE = 20


def faults_of_code(code: str, major: str, taken: Collection[str]) -> list[T]:
    """Why `code` can't be a new class below `major`; `taken` are the codes of classes in force, of every edition."""
    if not code:
        return [T("请写代码", "write the code")]
    if not (code.isascii() and code.isalnum() and code == code.upper()) or len(code) > MOST_CODE:
        return [T("代码只能有数字和大写字母，至多 20 位", "a code has digits and capital letters, at most 20")]
    if not code.startswith(major) or code == major:
        return [T(f"代码应以所属大类的代码 {major} 开头，并且更长", f"the code begins with its class's, {major}, and is longer")]
    if code in taken:
        return [T(f"代码 {code} 已被使用", f"the code {code} is taken")]
    return []


def next_code(major: str, taken: Iterable[str]) -> str:
    """The code after the highest of the class, as long as its others are; one too many digits where the class is full."""
    tails = [code[len(major) :] for code in taken if code.startswith(major) and code[len(major) :].isdigit()]
    width = max((len(tail) for tail in tails), default=3)
    last = max((int(tail) for tail in tails if len(tail) == width), default=0)
    return f"{major}{last + 1:0{width}}"


def next_number(code: str, taken: Collection[str]) -> str:
    """The next free number of a condition of a class: "06001-01", "06001-02"."""
    return next(number for n in range(1, len(taken) + 2) if (number := f"{code}-{n:02}") not in taken)
