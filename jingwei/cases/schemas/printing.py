"""The case file on paper: what the case page shows, in one language, personal data masked as there."""

from datetime import datetime
from pathlib import Path
from typing import Any

from jingwei.cases.queries import WholeCase
from jingwei.cases.schemas.making import whole_out
from jingwei.cases.schemas.outgoing import CaseOut, HappeningOut
from jingwei.kit import files
from jingwei.kit.schemas import Name
from jingwei.kit.text import T
from jingwei.kit.times import localtime
from jingwei.kit.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parents[1] / "templates" / "case_file.typ"

_WORDS: dict[str, T] = {
    "title": T("案件卷宗", "Case file"),
    "matter": T("事项", "Class"),
    "condition": T("立案条件", "Filing condition"),
    "address": T("地点", "Where"),
    "building": T("楼栋", "Building"),
    "grid": T("网格", "Grid"),
    "unit": T("承办单位", "Unit"),
    "why": T("派遣依据", "Why this unit"),
    "assisting": T("协办", "Assisting"),
    "posted": T("任岗", "Posted here"),
    "source": T("来源", "Source"),
    "opened": T("上报时间", "Reported"),
    "closed": T("结案时间", "Closed"),
    "reporter": T("上报人", "Reporter"),
    "rating": T("评价", "Rating"),
    "merged_into": T("已挂接到", "Merged into"),
    "merged": T("挂接的重复件", "Merged into this one"),
    "here": T("此地其他案件", "Other cases here"),
    "urgent": T("紧急", "Urgent"),
    "clock": T("时限", "The clock"),
    "step": T("步骤", "Step"),
    "entered": T("进入", "Entered"),
    "left": T("离开", "Left"),
    "limit": T("时限", "Limit"),
    "due": T("截止", "Due"),
    "late": T("超期", "Late"),
    "stood": T("停表", "Clock stopped"),
    "summons": T("吹哨报到", "Joint summons"),
    "called": T("被召单位", "Unit called"),
    "call": T("吹哨", "Called"),
    "meeting": T("集合", "Meeting"),
    "arrival": T("报到", "Arrived"),
    "answer": T("反馈", "Reported back"),
    "timeline": T("办理经过", "Timeline"),
    "before": T("处置前", "Before"),
    "after": T("处置后", "After"),
    "program": T("系统", "The program"),
}
_LIGHTS = {
    "green": T("时限内", "In time"),
    "amber": T("临期", "Near its limit"),
    "red": T("超期", "Overdue"),
    "paused": T("停表", "Clock stopped"),
    "none": T("", ""),
}


def case_file(whole: WholeCase, *, language: str, printed_by: str, at: datetime) -> bytes:
    """The PDF of a case, in "zh" or "en". Raises NoFont."""
    out = whole_out(whole, at)
    pictures = [(f, shows) for f, shows in whole.shown() if f.width]
    data = case_data(out, language=language, printed_by=printed_by, at=at)
    data["groups"] = [
        {
            "title": _pick(_WORDS[key], language),
            "files": [{"name": f"{f.id}.jpg", "caption": f"{f.name} · {_time(f.uploaded_at)}"} for f, shows in pictures if shows == key],
        }
        for key in ("before", "after")
    ]
    return typeset(TEMPLATE, data, {f"{f.id}.jpg": files.path_of(f.sha256, "public") for f, _ in pictures}, at=at)


def case_data(out: CaseOut, *, language: str, printed_by: str, at: datetime) -> dict[str, Any]:
    """What the template shows but the pictures: plain text in one language."""

    def word(key: str) -> str:
        return _pick(_WORDS[key], language)

    printed = T("{who} 打印于 {at}", "Printed by {who} at {at}").format(who=T(printed_by, printed_by), at=T(_time(at), _time(at)))
    return {
        "lang": language,
        "title": word("title"),
        "number": out.number,
        "state": _pick(out.state.name, language),
        "light": _pick(_LIGHTS[out.light], language),
        "matter": out.matter.name + (f" · {word('urgent')}" if out.urgent else ""),
        "place": " ".join(d.name for d in out.divisions[-3:]) or out.place.name,
        "text": out.text,
        "facts": [[word(key), value] for key, value in _facts(out, language) if value],
        "words": {"clock": word("clock"), "timeline": word("timeline"), "clock_head": [word(k) for k in ("step", "unit", "entered", "left", "limit", "due")]},
        "clock": _clock(out, language),
        "parts": [_summons(out, language)] if out.summons else [],
        "timeline": [_line(h, language) for h in sorted(out.timeline, key=lambda h: h.at)],
        "printed": _pick(printed, language),
        "printed_by": printed_by,
    }


def _facts(out: CaseOut, language: str) -> list[tuple[str, str]]:
    building = out.building
    return [
        ("matter", f"{out.matter.name} {out.matter.code}"),
        ("condition", out.condition.text if out.condition else ""),
        ("address", out.address),
        ("building", " ".join(filter(None, (building.name or building.name_en, building.address))) if building else ""),
        ("grid", f"{out.grid.name} {out.grid.code}" if out.grid else ""),
        ("unit", out.unit.name if out.unit else ""),
        ("why", _pick(out.why_unit, language) if out.why_unit else ""),
        ("assisting", "、".join(a.unit.name for a in out.assignments if a.part == "assist" and (a.done_at or not a.ended_at))),
        ("posted", "、".join(f"{_pick(p.role.name, language)} {p.name}" for p in out.posts)),
        ("source", _pick(out.source.name, language)),
        ("opened", _time(out.opened_at)),
        ("closed", _time(out.closed_at)),
        ("reporter", "、".join(f"{r.name} {r.phone}".strip() for r in out.reporters)),
        ("rating", f"{out.rating} / 5" if out.rating is not None else ""),
        ("merged_into", out.merged_into.number if out.merged_into else ""),
        ("merged", "、".join(m.number for m in out.merged)),
        ("here", str(out.here.total or "")),
    ]


def _clock(out: CaseOut, language: str) -> list[list[str]]:
    """A row for each step: the last is the running one."""
    late, stood = _pick(_WORDS["late"], language), _pick(_WORDS["stood"], language)
    rows = []
    for s in out.steps:
        note = stood if s.paused_at else f"{_time(s.due_at)} {late if s.late else ''}".strip()
        limit = _pick(s.limit.text, language) if s.limit else ""
        rows.append([_pick(s.state.name, language), s.unit.name if s.unit else "", _time(s.entered_at), _time(s.left_at), limit, note])
    running, limit = out.step, _pick(out.step.limit.text, language) if out.step.limit else ""
    note = stood if running.paused_at else f"{_time(running.due_at)} {late if out.light == 'red' else ''}".strip()
    return [*rows, [_pick(out.state.name, language), out.unit.name if out.unit else "", _time(running.entered_at), "", limit, note]]


def _summons(out: CaseOut, language: str) -> dict[str, Any]:
    """The units called to the spot: a row each."""
    late = _pick(_WORDS["late"], language)
    rows = []
    for s in out.summons:
        arrival = f"{_time(s.arrived_at)} {s.arrived_by} {late if s.arrival_late else ''}".strip()
        answer = f"{_time(s.done_at)} {late if s.answer_late else ''}".strip()
        rows.append([s.unit.name, f"{_time(s.at)} {s.by}", " ".join(filter(None, (_time(s.meet_at), s.meet_place))), arrival, answer])
    return {
        "title": _pick(_WORDS["summons"], language),
        "head": [_pick(_WORDS[k], language) for k in ("called", "call", "meeting", "arrival", "answer")],
        "rows": rows,
    }


def _line(h: HappeningOut, language: str) -> dict[str, Any]:
    moved = h.to is not None and (h.from_ is None or h.from_.code != h.to.code)
    return {
        "at": _time(h.at),
        "label": _pick(h.label, language),
        "who": h.actor if h.kind != "program" else _pick(_WORDS["program"], language),
        "to": _pick(h.to.name, language) if moved and h.to else "",
        "facts": [[_pick(f.label, language), f.value if isinstance(f.value, str) else _pick(f.value, language)] for f in h.facts],
    }


def _pick(name: Name | T, language: str) -> str:
    return (name.en or name.zh) if language == "en" else name.zh


def _time(at: datetime | None) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}" if at else ""
