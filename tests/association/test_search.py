"""One box: a part of a name, an address, a code, a number; ranked, with the reason, within one's areas."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from jingwei.association.queries import search
from jingwei.association.rules.asked import asked, fit
from jingwei.cases.models import Case
from jingwei.kit import crypto
from jingwei.registry.models import Address, Organisation
from jingwei.registry.rules.residents import grams
from tests.cases.conftest import opened  # noqa: F401
from tests.ground import FAR_GRID, row
from tests.world import MONDAY, World

Find = Callable[..., list[tuple[str, str, str]]]


@pytest.fixture
def find(world: World) -> Find:
    """`find("grid_lead", "面馆")`: (kind, label, why) of each hit, the best first."""
    return lambda who, text, **more: [(hit.node.kind, hit.node.label, hit.why) for hit in search(actor=world.actor(who), text=text, on=MONDAY.date(), **more)]


@pytest.fixture
def named(ground: SimpleNamespace) -> SimpleNamespace:
    for who, name in ((ground.father, "欧阳试一"), (ground.mother, "王试二"), (ground.before, "赵试三")):
        who.grams = grams(name, crypto.piece)
        who.phone_sealed, who.phone_index = crypto.seal("13000000001", about="resident.phone"), crypto.index("13000000001")
        who.save()
    return ground


@pytest.mark.parametrize("text", ["试验面馆", "试验", "面馆", " 面 馆 ", "试验面館"[:2]])
def test_an_organisation_by_a_part_of_its_name(ground: SimpleNamespace, find: Find, text: str) -> None:
    hit = next(hit for hit in find("acceptor", text) if hit[0] == "organisation")
    assert hit[1] == "试验面馆" and hit[2] == {"试验面馆": "whole", "试验": "beginning"}.get(text, "part")


def test_codes_find_the_very_thing(ground: SimpleNamespace, find: Find) -> None:
    row(Organisation, name="另一家", uscc="91310000MA1FL0000A")
    for code, kind in (
        (ground.lamp.code, "component"),
        (ground.house.code, "building"), (ground.flat.code, "room"), ("p000001", "room"), ("91310000ma1fl0000a", "organisation"),
        ("310101013001001", "grid"),
    ):  # fmt: skip
        (first, *_) = find("grid_lead", code)
        assert (first[0], first[2]) == (kind, "code"), code


def test_an_address_finds_the_house_and_the_room(ground: SimpleNamespace, find: Find) -> None:
    hits = find("grid_lead", "延安路18号101室")
    assert hits[0] == ("room", "延安路18号 1单元101室", "address")
    assert {("address", "延安路18号", "address"), ("building", "延安路18号", "address")} <= {*hits}


def test_a_case_by_its_number(ground: SimpleNamespace, find: Find, opened: Callable[..., Case]) -> None:  # noqa: F811
    case = opened()
    assert find("acceptor", case.number)[0][0::2] == ("case", "number")
    assert not find("far_acceptor", case.number)


def test_people_by_name_and_number_only_for_those_who_read_them(named: SimpleNamespace, find: Find) -> None:
    assert find("grid_lead", "欧阳")[0] == ("resident", "欧阳试一", "beginning")
    assert {hit[1] for hit in find("grid_lead", "13000000001")} == {"欧阳试一", "王试二"}, "the third lives in another area"
    for who in ("acceptor", "analyst", "dispatcher", "department_clerk", "system_admin"):
        assert not [hit for text in ("欧阳", "13000000001") for hit in find(who, text) if hit[0] == "resident"]


def test_within_ones_areas_only(named: SimpleNamespace, find: Find) -> None:
    row(Organisation, FAR_GRID, name="远处面馆")
    assert {hit[1] for hit in find("acceptor", "面馆") if hit[0] == "organisation"} == {"试验面馆"}
    assert {hit[1] for hit in find("far_acceptor", "面馆")} == {"远处面馆"}
    assert not find("grid_lead", "赵试三") and not find("system_admin", "面馆")


def test_the_best_stands_first_whatever_its_kind(ground: SimpleNamespace, find: Find) -> None:
    row(Organisation, name="面馆")
    row(Organisation, name="面馆二店")
    hits = [hit for hit in find("acceptor", "面馆") if hit[0] in ("organisation", "component")]
    assert [hit[1:] for hit in hits] == [("面馆", "whole"), ("面馆二店", "beginning"), ("面馆店招", "beginning"), ("试验面馆", "part")]
    assert find("acceptor", "面馆", kinds=["component"]) == [("component", "面馆店招", "beginning")]


@pytest.mark.parametrize("text", ["", "   ", "%", "_", "\\", "'; drop table x --", "\x00", "．．．", "💥", "a" * 100, "1" * 100, "延安路" * 30, "-----"])
def test_whatever_is_typed_nothing_breaks(ground: SimpleNamespace, find: Find, text: str) -> None:
    assert isinstance(find("grid_lead", text), list)
    assert Address.objects.exists()


@pytest.mark.parametrize(
    ("text", "code", "is_case"), [("261116-0000001", "261116-0000001", True), ("p000001", "P000001", False), ("面馆", "", False), ("abc", "", False)]
)
def test_what_a_text_may_be(text: str, code: str, is_case: bool) -> None:
    said: Any = asked(text)
    assert (said.code, said.is_case) == (code, is_case)


def test_how_a_name_fits() -> None:
    assert (fit("ABC", "abc"), fit("面馆二店", "面馆"), fit("小面馆", "面馆")) == ("whole", "beginning", "part")
