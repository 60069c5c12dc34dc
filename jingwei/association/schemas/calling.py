"""The call-out list as a table and on paper."""

import csv
import io
from datetime import datetime
from pathlib import Path

from jingwei.association.actions import CallOut
from jingwei.kit.text import T
from jingwei.kit.times import localtime
from jingwei.kit.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "call_out.typ"
SECTIONS = {
    "units": T("平台与单位", "Platforms and units"),
    "posts": T("任岗人员", "Who is posted here"),
    "organisations": T("范围内的单位", "Organisations inside"),
    "residents": T("居民", "Residents"),
}
HEAD = (T("名称/姓名", "Who"), T("身份", "As"), T("电话", "Telephone"), T("地点", "Where"), T("已通知", "Called"))
TITLE = T("应急联络表", "Call-out list")


def as_csv(made: CallOut, *, language: str) -> bytes:
    """The lines as CSV that a spreadsheet opens. No cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([T("部分", "Section").say(language), *(one.say(language) for one in HEAD[:4])])
    for section, who, what, phone, where in made.lines:
        cells = (SECTIONS[section].say(language), who, what.say(language), phone, where)
        writer.writerow([f"'{cell}" if cell[:1] in tuple("=+-@\t\r") else cell for cell in cells])
    return text.getvalue().encode("utf-8-sig")


def as_pdf(made: CallOut, *, language: str, reason: str, printed_by: str, at: datetime) -> bytes:
    """The lines on paper, with a column to tick. Raises NoFont."""
    when = f"{localtime(at):%Y-%m-%d %H:%M}"
    parts = [
        {"title": said.say(language), "rows": [[who, what.say(language), phone, where, "☐"] for part, who, what, phone, where in made.lines if part == section]}
        for section, said in SECTIONS.items()
    ]
    data = {
        "lang": language,
        "title": TITLE.say(language),
        "facts": [
            [T("范围", "Shape").say(language), f"{made.area / 1e6:.2f} km² · " + "、".join(made.grids[:12]) + ("…" if len(made.grids) > 12 else "")],
            [T("理由", "Reason").say(language), reason],
        ],
        "head": [one.say(language) for one in HEAD],
        "parts": [part for part in parts if part["rows"]],
        "printed": T("{who} 打印于 {at}；含个人信息，用后销毁", "Printed by {who} at {at}; holds personal data: destroy after use")
        .format(who=T(printed_by, printed_by), at=T(when, when))
        .say(language),
        "printed_by": printed_by,
    }
    return typeset(TEMPLATE, data, {}, at=at)
