"""The whole configuration, part by part, in an order that says nothing of the database: the same configuration is the same bytes."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

from jingwei.accounts.models import Unit
from jingwei.administration.rules.parts import Part, file_name
from jingwei.catalogue import models


def configuration() -> list[Part]:
    """Units, modules, matters, crosswalks, filing conditions, calendars, every version of every process, limits, dispatch rules, standard texts. No
    people, no secrets, no cases. Rows that were never in force are left out."""
    parts = (_units(), _modules(), *_matters(), *_crosswalks(), *_conditions(), *_calendars(), *_processes(), _limits(), _rules(), _texts())
    return [part for part in parts if part.rows or part.head.keys() - {"valid_from"} or part.document]


def _day(day: date | None) -> str:
    return str(day) if day else ""


def _yes(said: bool) -> str:
    return "yes" if said else "no"


def _in_force(row: Any) -> bool:
    return row.valid_to is None or row.valid_to > row.valid_from


def _since(rows: list[Any]) -> dict[str, str]:
    """The head of a table whose rows all tell their own first day."""
    return {"valid_from": str(min(row.valid_from for row in rows))} if rows else {}


def _units() -> Part:
    codes = dict(Unit.objects.values_list("pk", "code"))
    units = sorted(Unit.objects.all(), key=lambda u: [codes[int(pk)] for pk in u.path.strip("/").split("/")])
    rows = [(u.code, u.name, u.name_en, u.kind, u.area, codes.get(u.parent_id or 0, ""), _day(u.closed_date)) for u in units]
    return Part("units", "units.csv", {}, ("code", "name", "name_en", "kind", "area", "parent", "closed_date"), rows, ("code",), "closed_date")


def _modules() -> Part:
    rows = models.Module.objects.order_by("code").values_list("code", "name", "name_en")
    return Part("modules", "modules.csv", {}, ("code", "name", "name_en"), list(rows), ("code",))


def _matters() -> Iterator[Part]:
    taken: set[str] = set()
    columns = ("kind", "code", "major_code", "major_name", "name", "module", "valid_from", "valid_to")
    for edition in models.Edition.objects.order_by("code"):
        head = {"edition": edition.code, "name": edition.name, "source": edition.source, "valid_from": _day(edition.valid_from)}
        if edition.valid_to:
            head["valid_to"] = _day(edition.valid_to)
        found = [m for m in edition.matters.select_related("module").order_by("kind", "code", "valid_from") if _in_force(m)]
        rows = [(m.kind, m.code, m.major_code, m.major_name, m.name, m.module.code, _day(m.valid_from), _day(m.valid_to) or "-") for m in found]
        yield Part("matters", f"matters/{file_name(edition.code, taken=taken)}.csv", head, columns, rows, ("kind", "code", "valid_from"))


def _crosswalks() -> Iterator[Part]:
    taken: set[str] = set()
    columns = ("old_kind", "old_code", "old_from", "new_kind", "new_code", "new_from", "relation", "note")
    order = ("old__edition__code", "new_edition__code", "old__kind", "old__code", "old__valid_from", "new__kind", "new__code", "new__valid_from")
    found = models.Crosswalk.objects.select_related("old__edition", "new_edition", "new").order_by(*order)
    for (old, new), rows in groupby(found, key=lambda c: (c.old.edition.code, c.new_edition.code)):
        lines = [
            (c.old.kind, c.old.code, _day(c.old.valid_from), *((c.new.kind, c.new.code, _day(c.new.valid_from)) if c.new else ("", "", "")), c.relation, c.note)
            for c in rows
        ]
        path = f"crosswalks/{file_name(old, new, taken=taken)}.csv"
        yield Part("crosswalks", path, {"old_edition": old, "new_edition": new}, columns, lines, columns[:6])


def _conditions() -> Iterator[Part]:
    taken: set[str] = set()
    columns = (
        "number", "edition", "kind", "code", "listed_from", "condition", "close_condition", "limit_value", "limit_unit", "local", "valid_from", "valid_to",
    )  # fmt: skip
    some = models.Edition.objects.order_by("code").values_list("code", flat=True).first() or ""
    for standard in models.FilingStandard.objects.order_by("code"):
        found = list(models.FilingCondition.objects.ever().filter(standard=standard).select_related("matter__edition").order_by("number", "valid_from"))
        most = Counter(c.matter.edition.code for c in found).most_common(1)
        head = {"standard": standard.code, "name": standard.name, "source": standard.source, "valid_from": _day(standard.valid_from)}
        head |= {"valid_to": _day(standard.valid_to) or "-", "edition": most[0][0] if most else some}
        rows = [
            (
                c.number, c.matter.edition.code, c.matter.kind, c.matter.code, _day(c.matter.valid_from),
                c.text, c.close_text, str(c.limit_value), c.limit_unit, _yes(c.local), _day(c.valid_from), _day(c.valid_to) or "-",
            )
            for c in found
        ]  # fmt: skip
        yield Part("conditions", f"conditions/{file_name(standard.code, taken=taken)}.csv", head, columns, rows, ("number", "valid_from"))


def _calendars() -> Iterator[Part]:
    taken: set[str] = set()
    columns = ("first_date", "last_date", "kind", "name")
    for year in models.CalendarYear.objects.select_related("calendar").order_by("calendar__code", "year"):
        calendar = year.calendar
        head = {"calendar": calendar.code, "name": calendar.name, "years": str(year.year), "timezone": calendar.timezone, "hours": calendar.hours}
        head["source"] = year.source or "-"
        path = f"calendars/{file_name(calendar.code, str(year.year), taken=taken)}.csv"
        yield Part("calendars", path, head, columns, list(_spans(list(year.days.order_by("date")))), ("first_date", "kind"))


def _spans(days: list[models.CalendarDay]) -> Iterator[tuple[str, str, str, str]]:
    """Days in a row of one kind and name are one line."""
    first = 0
    for n, day in enumerate(days):
        following = days[n + 1] if n + 1 < len(days) else None
        if not following or (following.kind, following.name) != (day.kind, day.name) or following.date != day.date + timedelta(1):
            yield _day(days[first].date), _day(day.date), day.kind, day.name
            first = n + 1


_PROCESS = ("code", "version", "name", "valid_from", "valid_to", "status", "state", "move")
_STATE = ("code", "name", "kind", "start")
_MOVE = ("action", "name", "from", "to", "roles", "style", "clock", "guards", "form")


def _processes() -> Iterator[Part]:
    for row in models.Process.objects.order_by("code", "version"):
        document: dict[str, Any] = {**row.definition, "valid_from": row.valid_from, "status": row.status}
        if row.valid_to:
            document["valid_to"] = row.valid_to
        document["state"] = [_ordered(state, _STATE) for state in document["state"]]
        document["move"] = [_ordered(move, _MOVE) for move in document["move"]]
        yield Part("processes", f"processes/{row.code}_v{row.version}.toml", document=_ordered(document, _PROCESS))


def _ordered(said: dict[str, Any], first: tuple[str, ...]) -> dict[str, Any]:
    """The same, read from the top: what names it first, what JSON put in its own order behind."""
    return {key: said[key] for key in (*first, *sorted(said.keys() - set(first))) if key in said}


def _limits() -> Part:
    columns = ("process", "state", "matter", "urgent", "value", "unit", "by_condition", "valid_from", "valid_to")
    found = [t for t in models.TimeLimit.objects.order_by("process", "state", "matter", "urgent", "valid_from") if _in_force(t)]
    rows = [
        (
            t.process, t.state, t.matter, _yes(t.urgent), str(t.limit_value), t.limit_unit, _yes(t.by_condition), _day(t.valid_from), _day(t.valid_to),
        )
        for t in found
    ]  # fmt: skip
    return Part("limits", "limits.csv", _since(found), columns, rows, ("process", "state", "matter", "urgent", "valid_from"))


def _rules() -> Part:
    columns = ("position", "matter", "area", "source", "days", "hours", "unit", "note", "valid_from", "valid_to")
    found = [r for r in models.DispatchRule.objects.select_related("unit").order_by("position", "valid_from") if _in_force(r)]
    rows = [
        (
            str(r.position), r.matter, r.area, r.source, r.days,
            f"{r.from_time:%H:%M}-{r.to_time:%H:%M}" if r.from_time and r.to_time else "",
            r.unit.code, r.note, _day(r.valid_from), _day(r.valid_to),
        )
        for r in found
    ]  # fmt: skip
    return Part("dispatch_rules", "dispatch_rules.csv", _since(found), columns, rows, ("position", "valid_from"))


def _texts() -> Part:
    columns = ("code", "title", "process", "move", "matter", "text", "position", "valid_from", "valid_to")
    found = [t for t in models.StandardText.objects.order_by("code", "valid_from") if _in_force(t)]
    rows = [(t.code, t.title, t.process, t.move, t.matter, t.text, str(t.position), _day(t.valid_from), _day(t.valid_to)) for t in found]
    return Part("texts", "texts.csv", _since(found), columns, rows, ("code", "valid_from"))
