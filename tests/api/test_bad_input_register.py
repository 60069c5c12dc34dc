"""What comes in wrong at the doors of buildings, rooms, residents, households and the field dictionary: the answer names the field, and nothing is written."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import pytest

from tests.api.conftest import Caller, fields, problem, rows_everywhere
from tests.ground import build_ground
from tests.registry.houses import registered, rooms_of
from tests.world import FAR, IN_A2, A, World

LONG, CONTROL, HALF, HUGE = "x" * 1000, "a\x07b", "\ud800", 10**400
NOBODY = "00000000-0000-4000-8000-000000000000"
DAY = "2026-11-01"


@pytest.fixture
def ground(world: World) -> SimpleNamespace:
    """Besides the family's house one of two rooms that nobody lives in."""
    g = build_ground()
    g.other = registered(IN_A2, A + "002", "7", floors_above=3)
    g.rooms = rooms_of(g.other, "101", "102", "201")
    return g


def refused(caller: Callable[..., Caller], who: str, method: str, path: str, body: Any, field: str) -> None:
    before = rows_everywhere()
    said = problem(caller(who)(method, path, body), 422)
    assert field in fields(said), said
    assert rows_everywhere() == before


NEW_ROOM = {"number": "301"}
PATTERN = {"last_floor": 3, "rooms": 2}
SEEN = {"seen_version": 1}
# door, what is wrong with a right body, the field that is named
WRONG_ROOMS: list[tuple[str, Any, str]] = [
    ("POST /buildings", {"building": 0}, "building"),
    ("POST /buildings", {"building": 2**63}, "building"),
    ("POST /buildings", {"name": "没有位置的楼"}, "x"),
    ("POST /buildings", {"x": 181, "y": 31}, "x"),
    ("POST /buildings", {"x": float("nan"), "y": 31}, "x"),
    ("POST /buildings", {"x": 121.482, "y": HUGE}, "y"),
    ("POST /buildings", {"x": 121.482, "y": 31.235, "crs": "WGS84"}, "crs"),
    ("POST /buildings", {"x": 121.482, "y": 31.235, "floors_above": 201}, "floors_above"),
    ("POST /buildings", {"x": 121.482, "y": 31.235, "height": float("inf")}, "height"),
    ("POST /buildings", {"x": 121.482, "y": 31.235, "name": CONTROL}, "name"),
    ("POST /buildings", {"x": 121.482, "y": 31.235, "address_id": 999999999}, "address"),
    ("POST /buildings/codes", {"place": "310"}, "place"),
    ("POST /buildings/codes", {"place": "٣١٠١٠١"}, "place"),
    ("PATCH /buildings/{building}", {"units": 2}, "seen_version"),
    ("PATCH /buildings/{building}", {"seen_version": 0}, "seen_version"),
    ("PATCH /buildings/{building}", {"seen_version": 2, "floors_above": 1}, "floors_above"),
    ("PATCH /buildings/{building}", {"seen_version": 2, "use": "castle"}, "use"),
    ("PATCH /buildings/{building}", {"seen_version": 2, "built_year": "old"}, "built_year"),
    ("PATCH /buildings/{building}", {"seen_version": 2, "street": HALF}, "street"),
    ("PATCH /buildings/{building}", {"seen_version": 2, "ghost": 1}, "ghost"),
    ("POST /buildings/{building}/end", {"seen_version": 2, "on": "2999-01-01", "reason": "拆除"}, "on"),
    ("POST /buildings/{building}/end", {"seen_version": 2, "on": "1999-01-01", "reason": "拆除"}, "on"),
    ("POST /buildings/{building}/end", {"seen_version": 2, "on": DAY, "reason": " "}, "reason"),
    ("POST /buildings/{building}/rooms", {}, "pattern"),
    ("POST /buildings/{building}/rooms", {"pattern": PATTERN, "rooms": [NEW_ROOM]}, "pattern"),
    ("POST /buildings/{building}/rooms", {"pattern": PATTERN | {"rooms": 0}}, "pattern.rooms"),
    ("POST /buildings/{building}/rooms", {"pattern": PATTERN | {"last_floor": 10_000}}, "pattern.last_floor"),
    ("POST /buildings/{building}/rooms", {"pattern": PATTERN | {"units": ["一"] * 31}}, "pattern.units"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM, {"number": ""}]}, "rooms.1.number"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM, NEW_ROOM]}, "rooms.1.number"),
    ("POST /buildings/{building}/rooms", {"rooms": [{"number": "101"}]}, "rooms.0.number"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM | {"floor": 0}]}, "rooms.0.floor"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM | {"floor": 9}]}, "rooms.0.floor"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM | {"area": -1}]}, "rooms.0.area"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM | {"area": "12.345"}]}, "rooms.0.area"),
    ("POST /buildings/{building}/rooms", {"rooms": [NEW_ROOM | {"tenure": "stolen"}]}, "rooms.0.tenure"),
    ("POST /buildings/{building}/plates", {"rooms": [NOBODY]}, "rooms"),
    ("PATCH /rooms/{room}", {"use": "shop"}, "seen_version"),
    ("PATCH /rooms/{room}", SEEN | {"use": "palace"}, "use"),
    ("PATCH /rooms/{room}", SEEN | {"number": "102"}, "number"),
    ("PATCH /rooms/{room}", SEEN | {"number": CONTROL}, "number"),
    ("PATCH /rooms/{room}", SEEN | {"floor": 0}, "floor"),
    ("PATCH /rooms/{room}", SEEN | {"area": HUGE}, "area"),
    ("PATCH /rooms/{room}", SEEN | {"use": "shop", "from_date": "2999-01-01"}, "from_date"),
    ("PATCH /rooms/{room}", SEEN | {"use": "shop", "from_date": "0000-00-00"}, "from_date"),
    ("POST /rooms/{room}/end", SEEN | {"on": "2999-01-01", "reason": "拆除"}, "on"),
    ("POST /rooms/{room}/end", SEEN | {"on": DAY}, "reason"),
    ("POST /rooms/{room}/split", SEEN | {"numbers": ["101-1"], "on": DAY}, "numbers"),
    ("POST /rooms/{room}/split", SEEN | {"numbers": ["101-1", "101-1"], "on": DAY}, "numbers"),
    ("POST /rooms/{room}/split", SEEN | {"numbers": ["101-1", ""], "on": DAY}, "numbers.1"),
    ("POST /rooms/{room}/split", SEEN | {"numbers": ["101-1", "101-2"], "on": "2999-01-01"}, "on"),
    ("POST /rooms/merge", {"rooms": [{"id": "{room}", "seen_version": 1}], "number": "101", "on": DAY}, "rooms"),
    ("POST /rooms/merge", {"rooms": [{"id": "{room}", "seen_version": 1}] * 2, "number": "101", "on": DAY}, "rooms"),
    ("POST /rooms/merge", {"rooms": [{"id": "x", "seen_version": 1}] * 2, "number": "101", "on": DAY}, "rooms.0.id"),
]

ONE = {"name": "王试五"}
OUT = {"residents": [{"id": "{father}", "seen_version": 1}], "on": DAY}
MOVE = OUT | {"from_room": "{flat}", "room_id": "{empty}"}
WRONG_PEOPLE: list[tuple[str, Any, str]] = [
    ("POST /rooms/{empty}/people", {"from_date": DAY, "people": [ONE | {"phone": "12"}]}, "people.0.phone"),
    ("POST /rooms/{empty}/people", {"from_date": DAY, "people": [ONE, ONE | {"name": HALF}]}, "people.1.name"),
    ("POST /rooms/{empty}/people", {"from_date": DAY, "people": [ONE | {"more": {"x": [1]}}]}, "people.0.more.x"),
    ("POST /rooms/{empty}/people", {"from_date": DAY, "people": [ONE | {"relation": "king"}]}, "people.0.relation"),
    ("POST /rooms/{empty}/people", {"from_date": DAY, "people": [ONE | {"tenure": "stolen"}]}, "people.0.tenure"),
    ("POST /rooms/{flat}/people/out", OUT | {"residents": []}, "residents"),
    ("POST /rooms/{flat}/people/out", OUT | {"on": "2999-01-01"}, "on"),
    ("POST /rooms/{flat}/people/out", OUT | {"on": "2019-01-01"}, "on"),
    ("POST /rooms/{empty}/people/out", OUT, "residents"),
    ("POST /residents/moves", MOVE | {"room_id": NOBODY}, "room_id"),
    ("POST /residents/moves", MOVE | {"room_id": "x"}, "room_id"),
    ("POST /residents/moves", MOVE | {"on": "2999-01-01"}, "on"),
    ("POST /residents/moves", MOVE | {"kind": "for ever"}, "kind"),
    ("PATCH /residents/{father}", {"name": "欧阳"}, "seen_version"),
    ("PATCH /residents/{father}", SEEN | {"name": ""}, "name"),
    ("PATCH /residents/{father}", SEEN | {"name": "欧\x00阳"}, "name"),
    ("PATCH /residents/{father}", SEEN | {"identity_number": "31010119900101001X"}, "identity_number"),
    ("PATCH /residents/{father}", SEEN | {"identity_number": "1.1010119900101E+17"}, "identity_number"),
    ("PATCH /residents/{father}", SEEN | {"phone": "phone"}, "phone"),
    ("PATCH /residents/{father}", SEEN | {"born": "2999-01-01"}, "born"),
    ("PATCH /residents/{father}", SEEN | {"born": "1990-02-30"}, "born"),
    ("PATCH /residents/{father}", SEEN | {"sex": "7"}, "sex"),
    ("PATCH /residents/{father}", SEEN | {"faith": "x"}, "faith"),
    ("POST /residents/{father}/end", SEEN | {"reason": "vanished", "on": DAY}, "reason"),
    ("POST /residents/{father}/end", SEEN | {"reason": "left", "on": "2999-01-01"}, "on"),
    ("POST /residents/{father}/unmask", {"fields": ["name"], "purpose": "check", "reason": "核对证件号码"}, "fields.0"),
    ("POST /residents/{father}/unmask", {"fields": ["phone"], "purpose": "curiosity", "reason": "核对证件号码"}, "purpose"),
    ("POST /residents/{father}/unmask", {"fields": ["phone"], "purpose": "check", "reason": LONG}, "reason"),
    ("POST /residents/{father}/merge", SEEN | {"other": "{father}", "other_version": 1}, "other"),
    ("POST /residents/{father}/merge", SEEN | {"other": "x", "other_version": 1}, "other"),
    ("POST /residents/{father}/looks/link", {"days": 31}, "days"),
    ("POST /residents/search", {"text": ""}, "text"),
    ("POST /residents/search", {"text": "王", "place": "31x"}, "place"),
    ("PATCH /residencies/{stay}", SEEN | {"from_date": "2999-01-01"}, "from_date"),
    ("PATCH /residencies/{stay}", SEEN | {"to_date": "2025-01-01"}, "to_date"),
    ("PATCH /residencies/{stay}", SEEN | {"relation": "king"}, "relation"),
    ("PATCH /residencies/{stay}", SEEN | {"kind": "for ever"}, "kind"),
    ("PATCH /households/{home}", SEEN | {"head": NOBODY}, "head"),
    ("PATCH /households/{home}", SEEN | {"number": LONG}, "number"),
    ("POST /households/{home}/split", SEEN | {"residents": [], "head": "{mother}"}, "residents"),
    ("POST /households/{home}/split", SEEN | {"residents": ["{mother}"], "head": "{father}"}, "head"),
    ("POST /households/{home}/split", SEEN | {"residents": ["{before}"], "head": "{before}"}, "residents"),
]

FIELD = {"thing": "resident", "name": "dogs", "title": "宠物犬", "type": "number", "personal": True}
WRONG_FIELDS: list[tuple[str, Any, str]] = [
    ("POST /fields", FIELD | {"name": "Dogs"}, "name"),
    ("POST /fields", FIELD | {"name": "religion"}, "name"),
    ("POST /fields", FIELD | {"title": "宗教信仰"}, "title"),
    ("POST /fields", FIELD | {"title": ""}, "title"),
    ("POST /fields", FIELD | {"thing": "person"}, "thing"),
    ("POST /fields", FIELD | {"type": "picture"}, "type"),
    ("POST /fields", FIELD | {"type": "choice"}, "choices"),
    ("POST /fields", FIELD | {"type": "choice", "choices": [{"code": "a", "title": "甲"}] * 2}, "choices"),
    ("POST /fields", FIELD | {"choices": [{"code": "", "title": "甲"}]}, "choices.0.code"),
    ("POST /fields", FIELD | {"retention_months": -1}, "retention_months"),
    ("POST /fields", FIELD | {"retention_months": HUGE}, "retention_months"),
    ("POST /fields", FIELD | {"owner": 999999999}, "owner"),
    ("POST /fields", FIELD | {"sharing": "everybody"}, "sharing"),
    ("POST /fields", FIELD | {"personal": "perhaps"}, "personal"),
    ("POST /fields", FIELD | {"ghost": 1}, "ghost"),
    ("PUT /fields/room/use", {"title": "用途"}, "seen_version"),
    ("PUT /fields/castle/use", SEEN | {"title": "用途"}, "thing"),
    ("PUT /fields/room/Use", SEEN | {"title": "用途"}, "name"),
    ("POST /fields/on", {"fields": []}, "fields"),
    ("POST /fields/on", {"fields": [{"thing": "room"}]}, "fields.0.name"),
    ("POST /fields/on", {"fields": [{"thing": "room", "name": "use"}] * 501}, "fields"),
    ("POST /fields/off", {"fields": [{"thing": "castle", "name": "use"}]}, "fields.0.thing"),
    ("POST /fields/resident/phone/erase", {"reason": ""}, "reason"),
]


def filled(part: Any, g: SimpleNamespace) -> Any:
    """The things of the ground in their places."""
    ids = {
        "building": g.other.pk, "room": g.rooms[0].id, "flat": g.flat.id, "empty": g.empty.id, "father": g.father.id, "mother": g.mother.id,
        "before": g.before.id, "stay": g.stays[0].id, "home": g.home.id,
    }  # fmt: skip
    if isinstance(part, str):
        for name, id in ids.items():
            part = part.replace(f"{{{name}}}", str(id))
        return part
    if isinstance(part, list):
        return [filled(each, g) for each in part]
    return {name: filled(each, g) for name, each in part.items()} if isinstance(part, dict) else part


def says(value: Any) -> str:
    return str(value).replace("\x00", "")[:60]


@pytest.mark.parametrize(("door", "body", "field"), [*WRONG_ROOMS, *WRONG_PEOPLE], ids=says)
def test_what_is_wrong_with_a_room_or_its_people(caller: Callable[..., Caller], ground: SimpleNamespace, door: str, body: Any, field: str) -> None:
    method, path = door.split(" ")
    refused(caller, "station_clerk", method, filled(path, ground), filled(body, ground), field)


@pytest.mark.parametrize(("door", "body", "field"), WRONG_FIELDS, ids=says)
def test_what_is_wrong_with_a_field_of_the_dictionary(caller: Callable[..., Caller], door: str, body: Any, field: str) -> None:
    method, path = door.split(" ")
    refused(caller, "system_admin", method, path, body, field)


@pytest.mark.parametrize(
    ("path", "field"),
    [
        ("/buildings?place=31x", "place"), ("/buildings?size=0", "size"), ("/buildings?q=%00", "q"), ("/buildings?use=castle", "use"),
        ("/buildings?after=nonsense", "after"), ("/rooms?building=0", "building"), ("/rooms?code=x", "code"), ("/rooms?after=WzFd", "after"),
        ("/rooms?number=%00", "number"), ("/rooms?size=201", "size"),
        ("/residents?place=31x", "place"), ("/residents?age_from=-1", "age_from"), ("/residents?room=x", "room"), ("/residents?after=WzFd", "after"),
        ("/residents?state=ghost", "state"), ("/rooms/found?q=%00", "q"), ("/statistics/areas?place=x", "place"),
        ("/components?state=lost", "state"), ("/organisations?kind=x", "kind"), ("/pledges?within=x", "within"), ("/imports?kind=x", "kind"),
    ],
)  # fmt: skip
def test_a_wrong_list_is_refused_by_the_name_of_its_part(caller: Callable[..., Caller], world: World, path: str, field: str) -> None:
    assert field in fields(problem(caller("station_clerk")("GET", path), 422))


@pytest.mark.parametrize(
    "door",
    [
        "GET /rooms/{id}", "GET /residents/{id}", "GET /households/{id}", "GET /rooms/{id}/people", "GET /residents/{id}/looks",
        "PATCH /rooms/{id}", "PATCH /residents/{id}", "PATCH /residencies/{id}", "PATCH /households/{id}",
    ],
)  # fmt: skip
def test_what_is_not_there_or_elsewhere_is_not_found(caller: Callable[..., Caller], ground: SimpleNamespace, door: str) -> None:
    method, path = door.split(" ")
    far = {"rooms": ground.far_flat.id, "residents": ground.before.id, "residencies": ground.stays[3].id}.get(path.split("/")[1])
    assert FAR.startswith("310109") and caller("station_clerk")("GET", f"/buildings/{2**70}").status_code == 404
    for id in filter(None, (NOBODY, uuid4(), far)):
        problem(caller("station_clerk")(method, path.format(id=id), SEEN if method == "PATCH" else None), 404)
