"""What people write: a report's sentence, a move's form, a name and a number that belong to nobody. All invented (matters.toml, habits.toml)."""

import random
import tomllib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jingwei.catalogue.rules.process import Transition

HERE = Path(__file__).parent


@cache
def habits() -> dict[str, Any]:
    return tomllib.loads((HERE / "habits.toml").read_text(encoding="utf-8"))


@cache
def matters() -> list[dict[str, Any]]:
    return tomllib.loads((HERE / "matters.toml").read_text(encoding="utf-8"))["matter"]  # type: ignore[no-any-return]


@cache
def _by_code() -> dict[str, dict[str, Any]]:
    return {m["code"]: m for m in matters()}


def about(code: str) -> dict[str, Any]:
    """What is written down about a matter; something general about the others."""
    return _by_code().get(code) or {"code": code, "texts": habits()["sentences"]["plain"], "results": ["已办理并答复诉求人。"], "picture": ""}


def sentence(lot: random.Random, code: str, name: str, where: str, source: str) -> str:
    """A report in somebody's words."""
    said = habits()["sentences"]
    lead, tail = lot.choice(said["leads"].get(source, [""])), lot.choice(said["tails"])
    said_so: str = lot.choice(about(code)["texts"]).format(where=where, matter=name)
    return f"{lead}{said_so}{tail.format(n=lot.randrange(2, 15))}"


def again(lot: random.Random, text: str) -> str:
    """The same trouble, reported by somebody else."""
    for lead in ("来电反映：", "来电人称：", "居民上报：", "您好，"):
        text = text.removeprefix(lead)
    return f"{lot.choice(habits()['sentences']['twins'])}{text}"


def reporter(lot: random.Random, key: int) -> tuple[str, str]:
    """A name and a telephone that can belong to nobody: mobile numbers begin with 13 to 19, never with 10."""
    return lot.choice("赵钱孙李周吴郑王") + lot.choice(("先生", "女士", "阿姨", "老伯")), f"100{key % 10**8:08}"


def form(
    lot: random.Random,
    move: Transition,
    *,
    results: Sequence[str],
    condition: int | None,
    unit: Callable[[], Any],
    score: int | None,
    at: datetime,
    photo: float = 0.3,
) -> tuple[dict[str, Any], bool]:
    """What somebody fills in for a move, and whether a photograph goes with it. `unit` is asked only where the form wants one; the
    field `case` is left to whoever knows the cases."""
    words, filled, photographed = habits(), dict[str, Any](), False
    for f in move.form:
        match f.name:
            case "reason" if f.required or lot.random() < 0.5:
                filled["reason"] = lot.choice(words["reasons"].get(move.action, ("按规定办理。",)))
            case "note" if f.required or (move.action in words["notes"] and lot.random() < 0.5):
                filled["note"] = lot.choice(words["notes"].get(move.action, ("已记录。",)))
            case "result":
                filled["result"] = lot.choice(words["results"].get(move.action) or results)
            case "unit":
                filled["unit"] = unit()
            case "condition" if condition:
                filled["condition"] = condition
            case "contact":
                filled["contact"] = lot.choice(("已电话联系，诉求人补充了具体位置。", "已联系，诉求人希望当日处置。"))
            case "days":
                filled["days"] = lot.choice((2, 3, 5))
            case "score":
                filled["score"] = score or lot.choices((5, 4, 3, 2), (60, 28, 9, 3))[0]
            case "until":
                filled["until"] = (at + timedelta(days=lot.randrange(3, 15))).isoformat()
            case "files" if f.required or (move.action == "feed_back" and lot.random() < photo):
                photographed = True
    return filled, photographed
