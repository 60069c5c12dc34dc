"""What OGC API – Features publishes (OGC 17-069r4, 18-058r1): the collections, their properties, and how a request for items is read.

There is no collection of persons, and no property that is about one. A property that is a field of the dictionary is there while the field is on.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from jingwei.kit.text import T

CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
CGCS2000 = "http://www.opengis.net/def/crs/EPSG/0/4490"  # latitude first
CRS = (CRS84, CGCS2000)
DEFAULT_LIMIT, MOST = 100, 5000
Kind = Literal["string", "integer", "number", "boolean", "object"]


class BadRequest(ValueError):
    """A parameter that is unknown or can't be read: the standard wants 400."""

    def __init__(self, parameter: str, zh: str, en: str) -> None:
        self.parameter, self.message = parameter, T(zh, en)
        super().__init__(en)


@dataclass(frozen=True, slots=True)
class Property:
    """A property: its SQL over the collection's tables, its JSON type; `field`: the dictionary's (thing, name), where it is one."""

    name: str
    sql: str
    kind: Kind = "string"
    field: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Collection:
    """Features of one kind. `key` are the columns of its order and its id (the last one); `since`, `until` the dates for `datetime`
    (until exclusive); `place`: the column that scope compares, "" for what is public to everybody who works here."""

    code: str
    title: T
    tables: str
    key: tuple[tuple[str, str], ...]
    geometry: str
    since: str
    until: str
    place: str
    properties: tuple[Property, ...]


def _own(thing: str, alias: str, *names: str, **kinds: Kind) -> tuple[Property, ...]:
    """Columns that are fields of the dictionary."""
    return tuple(Property(name, f"{alias}.{name}", kinds.get(name, "string"), (thing, name)) for name in (*names, *kinds))


def _plain(alias: str, *names: str, **kinds: Kind) -> tuple[Property, ...]:
    return tuple(Property(name, f"{alias}.{name}", kinds.get(name, "string")) for name in (*names, *kinds))


def _base(code: str, title: T, table: str, *more: Property, geometry: str = "t.geometry") -> Collection:
    names = ("kind", "name", "place", "source") if code == "land" else ("kind", "name", "name_en", "place", "source")
    properties = (*_plain("t", *names), *more, Property("valid_from", "lower(t.period)"), Property("valid_to", "upper(t.period)"))
    return Collection(code, title, f"{table} t", (("t.id", "bigint"),), geometry, "lower(t.period)", "upper(t.period)", "", properties)


_ADDRESSED = ("street", "number")
_DATED = _plain("t", "valid_from", "valid_to", schematic="boolean")
COLLECTIONS: Mapping[str, Collection] = {
    c.code: c
    for c in (
        Collection(
            "divisions",
            T("行政区划", "Divisions"),
            "areas_division t",
            (("t.code", "text"),),
            "t.boundary",
            "t.valid_from",
            "t.valid_to",
            "",
            (
                *_plain("t", "code", "name", "place", level="integer"),
                Property("parent", "t.parent_id"),
                *_plain("t", "valid_from", "valid_to", schematic="boolean"),
            ),
        ),
        Collection(
            "grids",
            T("网格", "Grids"),
            "areas_grid t",
            (("t.code", "text"),),
            "t.boundary",
            "lower(t.period)",
            "upper(t.period)",
            "t.code",
            (
                *_plain("t", "code", "kind", "name"),
                Property("community", "t.community_id"),
                Property("valid_from", "lower(t.period)"),
                Property("valid_to", "upper(t.period)"),
                *_plain("t", schematic="boolean"),
            ),
        ),
        _base(
            "buildings",
            T("楼栋", "Buildings"),
            "registry_building",
            *_own("building", "t", "code", *_ADDRESSED, height="number", floors_above="integer", floors_below="integer", units="integer"),
            *_own("building", "t", "use", built_year="integer"),
            geometry="coalesce(t.geometry, t.given)",
        ),
        Collection(
            "addresses",
            T("标准地址", "Addresses"),
            "registry_address t",
            (("t.id", "bigint"),),
            "t.point",
            "t.valid_from",
            "t.valid_to",
            "",
            _plain("t", "kind", "name", "standard", "code", "place", "status", "source", "valid_from", "valid_to"),
        ),
        _base("roads", T("道路", "Roads"), "registry_road"),
        _base("landmarks", T("地标", "Landmarks"), "registry_landmark", *_plain("t", *_ADDRESSED)),
        _base("land", T("用地", "Land use"), "registry_landuse"),
        Collection(
            "components",
            T("城市部件", "City components"),
            "registry_component t join registry_componentclass k on k.id = t.klass_id",
            (("t.district", "text"), ("t.id", "uuid")),
            "t.geometry",
            "t.placed_date",
            "null::date",
            "t.place",
            (
                Property("code", "t.code", field=("component", "code")),
                Property("class", "k.code", field=("component", "klass")),
                Property("class_name", "k.name", field=("component", "klass")),
                *_own("component", "t", "name", "state", "department", "department_code", "owner", "owner_code", "keeper", "keeper_code", "accuracy"),
                *_own("component", "t", "placed_date", "changed_date", "source", "address", attributes="object"),
                Property("place", "t.place"),
            ),
        ),
        Collection(
            "organisations",
            T("单位经营场所", "Premises of organisations"),
            "registry_premises t join registry_organisation o on o.district = t.district and o.id = t.organisation_id"
            " left join registry_building b on b.id = t.building_id",
            (("t.district", "text"), ("t.id", "uuid")),
            "coalesce(t.point, b.point)",
            "lower(t.period)",
            "upper(t.period)",
            "t.place",
            (
                *_own("organisation", "o", "uscc", "name", "kind", "status", "industry"),
                *_own("premises", "t", "address", "use"),
                Property("place", "t.place"),
                Property("valid_from", "lower(t.period)", field=("premises", "from_date")),
                Property("valid_to", "upper(t.period)", field=("premises", "to_date")),
            ),
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """A request for items, read. `bbox` in longitude, latitude; two boxes where it crosses the antimeridian. `since`, `until`: both inclusive."""

    limit: int
    boxes: tuple[tuple[float, float, float, float], ...] = ()
    since: date | None = None
    until: date | None = None
    crs: str = CRS84
    after: str = ""
    equal: tuple[tuple[str, str], ...] = ()


def read_wanted(query: Mapping[str, str], properties: Mapping[str, Property]) -> Wanted:
    """The parameters of `items`. Raises BadRequest for one that is unknown or wrong; a limit that is too large becomes the largest."""
    known = {"limit", "bbox", "bbox-crs", "crs", "datetime", "after", "f"} | properties.keys()
    for name in query:
        if name not in known:
            raise BadRequest(name, f"没有参数 {name}", f"there is no parameter {name}")
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdigit() and int(limit[:9]) >= 1):
        raise BadRequest("limit", "应为正整数", "a positive whole number")
    since, until = read_datetime(query["datetime"]) if "datetime" in query else (None, None)
    return Wanted(
        limit=min(int(limit[:9]), MOST),
        boxes=read_bbox(query["bbox"], read_crs(query, "bbox-crs")) if "bbox" in query else (),
        since=since,
        until=until,
        crs=read_crs(query, "crs"),
        after=query.get("after", ""),
        equal=tuple((name, value) for name, value in query.items() if name in properties),
    )


def read_crs(query: Mapping[str, str], parameter: str) -> str:
    crs = query.get(parameter, CRS84)
    if crs not in CRS:
        raise BadRequest(parameter, "只支持 CRS84 和 EPSG:4490", "CRS84 and EPSG:4490 are supported")
    return crs


def read_bbox(text: str, crs: str) -> tuple[tuple[float, float, float, float], ...]:
    """Four numbers, or six with heights (which are not looked at). Raises BadRequest."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[0:2], *numbers[3:5]]
    if len(numbers) == 4 and crs == CGCS2000:
        numbers = [numbers[1], numbers[0], numbers[3], numbers[2]]
    if len(numbers) != 4 or not all(-180 <= x <= 180 for x in numbers[0::2]) or not all(-90 <= y <= 90 for y in numbers[1::2]) or numbers[1] > numbers[3]:
        raise BadRequest("bbox", "应为西、南、东、北四个数", "four numbers: west, south, east, north")
    west, south, east, north = numbers
    return ((west, south, east, north),) if west <= east else ((west, south, 180.0, north), (-180.0, south, east, north))


def read_datetime(text: str) -> tuple[date | None, date | None]:
    """An instant, or an interval with `/`, open with `..` or nothing. Dates or RFC 3339 times (their day counts). Raises BadRequest."""
    parts = text.split("/")
    if len(parts) > 2 or all(part in ("", "..") for part in parts):
        raise BadRequest("datetime", "应为日期或期间，如 2026-01-01/..", "a date or a period, such as 2026-01-01/..")
    try:
        days = [None if part in ("", "..") else _day(part) for part in parts]
    except ValueError:
        raise BadRequest("datetime", "应为日期或期间，如 2026-01-01/..", "a date or a period, such as 2026-01-01/..") from None
    since, until = days[0], days[-1]
    if since and until and since > until:
        raise BadRequest("datetime", "结束早于开始", "it ends before it begins")
    return since, until


def _day(text: str) -> date:
    return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text.upper().replace("Z", "+00:00")).date()
