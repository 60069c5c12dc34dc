"""Who looked, on paper, for the resident: unit and role, what was seen, when and why; nothing of the data itself."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from jingwei.kit.schemas import Name
from jingwei.kit.text import T
from jingwei.kit.times import localtime
from jingwei.kit.typesetting import typeset
from jingwei.registry.queries import Look
from jingwei.registry.schemas.residents import subject_look_out

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "looks.typ"
_WORDS = {
    "title": T("个人信息查阅记录", "Who looked at my data"),
    "about": T(
        "以下是工作人员查阅您在社区登记的个人信息的全部记录，最近的在前。同一人十分钟内为同一目的再次打开，记为一次。如有疑问，可向社区工作站或街道中心提出。",
        "Every look by staff at the personal data that the community keeps of you, the latest first. Opening it anew within ten minutes, by the same "
        "person for the same purpose, is one look. Questions: ask the community's station or the street's centre.",
    ),
    "at": T("时间", "When"),
    "by": T("单位与岗位", "Unit and role"),
    "what": T("查阅内容", "What"),
    "why": T("目的与理由", "Why"),
    "nobody": T("没有查阅记录。", "Nobody has looked."),
}


def looks_paper(looks: Sequence[Look], *, name: str, language: str, printed_by: str, at: datetime) -> bytes:
    """The list as a PDF. Raises NoFont."""
    words = {key: said.say(language) for key, said in _WORDS.items()}

    def row(look: Look) -> list[str]:
        out = subject_look_out(look)

        def tell(said: Name) -> str:
            return said.en if language.startswith("en") else said.zh

        by = "\n".join(filter(None, [out.unit, tell(out.role.name) if out.role else ""]))
        what = tell(out.kind.name) + "".join(f"\n{tell(field.name)}" for field in out.fields)
        reasons = "\n".join(filter(None, [tell(out.purpose.name) if out.purpose else "", out.reason]))
        return [f"{localtime(look.at):%Y-%m-%d %H:%M}", by or "—", what, reasons or "—"]

    data = {
        "title": words["title"],
        "name": name,
        "about": words["about"],
        "lang": "en" if language.startswith("en") else "zh",
        "printed": f"{printed_by} · {localtime(at):%Y-%m-%d %H:%M}",
        "head": [words[key] for key in ("at", "by", "what", "why")],
        "rows": [row(look) for look in looks],
        "nobody": words["nobody"],
    }
    return typeset(TEMPLATE, data, {}, at=at)
