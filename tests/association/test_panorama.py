"""Draw a circle or a shape: what is inside, who may be named, and who is to be called."""

import csv
import io
from collections.abc import Callable
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.actions import set_work_phone
from jingwei.accounts.rules import ROLES, SYSTEM
from jingwei.association.actions import call_out
from jingwei.association.queries import panorama, people_inside
from jingwei.association.rules.shapes import MOST_METRES, ShapeFault, circle, drawn
from jingwei.association.schemas import as_csv, as_pdf, panorama_out
from jingwei.cases.models import Case
from jingwei.events.models import Event
from jingwei.kit import crypto
from jingwei.kit.errors import Forbidden, Invalid, Refused
from tests.cases.conftest import opened  # noqa: F401
from tests.ground import lives, resident
from tests.world import IN_A1, IN_FAR, MONDAY, World

HERE = circle(*IN_A1, 200)
WORRY = "燃气泄漏疏散"


def test_what_is_inside(ground: SimpleNamespace, world: World, opened: Callable[..., Case]) -> None:  # noqa: F811
    case = opened()
    opened(x=IN_A1[0] + 0.004)  # 380 metres away
    found = panorama(actor=world.actor("grid_lead"), shape=HERE, at=MONDAY)
    assert (found.buildings, found.rooms, found.rooms_by_use) == (1, 3, {"residence": 2, "shop": 1})
    assert (found.people, found.households, found.organisations, found.cases) == ((2, 0), (1, 0), 1, 1)
    assert [(c.name, c.count, c.faulty) for c in found.components] == [("消防设施", 1, 0), ("路灯", 2, 0)]
    assert [n.label for n in found.resources] == ["消火栓 3 号"] and [n.label for n in found.organisation_list] == ["试验面馆"]
    assert [n.id for n, _ in found.case_list] == [str(case.id)]
    (grid,) = found.grids
    assert (grid.name, {p.role for p in grid.posted}) == ("甲一网格", {"worker", "grid_lead"})


def test_of_the_areas_of_others_nothing_is_told(ground: SimpleNamespace, world: World) -> None:
    found = panorama(actor=world.actor("far_acceptor"), shape=HERE, at=MONDAY)
    assert (found.beyond, found.grids, found.buildings, found.rooms, found.people, found.organisations) == (1, [], 0, 0, (0, 0), 0)
    assert not found.components and not found.resources and not found.case_list


@pytest.mark.parametrize("who", ["acceptor", "analyst", "department_clerk", "dispatcher"])
def test_who_reads_no_people_sees_no_small_count_and_no_name(ground: SimpleNamespace, world: World, who: str) -> None:
    actor = world.actor(who)
    out = panorama_out(panorama(actor=actor, shape=HERE, at=MONDAY))
    assert (out.people, out.households) == ("<10", "<10")
    for i in range(9):
        lives(resident(f"试{i}"), ground.empty, kind="temporary")
    assert panorama_out(panorama(actor=actor, shape=HERE, at=MONDAY)).people == "≥10", "eleven are told as ten"
    with pytest.raises(Forbidden):
        people_inside(actor=actor, shape=HERE, on=MONDAY.date())
    with pytest.raises(Forbidden):
        call_out(actor=actor, at=MONDAY, shape=HERE, reason=WORRY, residents=True, form="csv")
    assert not Event.objects.filter(type="panorama.exported").exists()


def test_people_come_on_demand_page_by_page_each_once(ground: SimpleNamespace, world: World) -> None:
    for i in range(12):
        lives(resident(f"试{i}"), ground.empty, kind="temporary")
    lives(resident("试合并", merged_into=ground.father.id), ground.flat, kind="temporary")
    names, after = [], None
    while True:
        page = people_inside(actor=world.actor("grid_lead"), shape=HERE, on=MONDAY.date(), after=after, size=5)
        names += [one.name for one in page.items]
        if not (after := page.next):
            break
    assert len(names) == len(set(names)) == 14 and {"欧阳试一", "王试二"} <= set(names)
    assert panorama(actor=world.actor("grid_lead"), shape=HERE, at=MONDAY).people == (14, 0), "two records of one person are one"


def test_the_call_out_list_and_what_it_leaves_on_record(ground: SimpleNamespace, world: World) -> None:
    ground.father.phone_sealed, ground.father.phone_index = crypto.seal("13000000001", about="resident.phone"), crypto.index("13000000001")
    ground.father.save()
    made = call_out(actor=world.actor("grid_lead"), at=MONDAY, shape=HERE, reason=WORRY, residents=True, form="csv")
    rows = list(csv.reader(io.StringIO(as_csv(made, language="zh").decode("utf-8-sig"))))
    assert ["居民", "欧阳试一", "居民", "13000000001", "延安路18号 1单元101室"] in rows
    assert ["任岗人员", "worker甲", "网格员", "", "甲一网格"] in rows and ["平台与单位", "station单位", "社区工作站", "", "甲居委会"] in rows
    looks = Event.objects.filter(type="resident.unmasked")
    assert [(e.subject_id, e.data["reason"], e.data["fields"], e.data["purpose"]) for e in looks] == [(ground.father.id, WORRY, ["phone"], "emergency")]
    export = Event.objects.get(type="panorama.exported")
    assert (export.data["numbers"], export.data["reason"], export.place) == (1, WORRY, "310101013001001")
    assert as_pdf(made, language="zh", reason=WORRY, printed_by="x", at=MONDAY).startswith(b"%PDF")


def test_who_serves_the_grid_is_called_at_work_and_the_record_says_whose_number_was_shown(ground: SimpleNamespace, world: World) -> None:
    worker = world.people["worker"]
    set_work_phone(actor=SYSTEM, at=MONDAY, person_id=worker.pk, phone="021-1000 0007")
    made = call_out(actor=world.actor("acceptor"), at=MONDAY, shape=HERE, reason=WORRY, residents=False, form="csv")
    assert ("posts", "worker甲", ROLES["worker"].name, "02110000007", "甲一网格") in made.lines
    export = Event.objects.get(type="panorama.exported")
    assert (export.data["numbers"], export.data["staff"]) == (1, [worker.pk]) and "10000007" not in str(export.data)
    far = call_out(actor=world.actor("far_acceptor"), at=MONDAY, shape=HERE, reason=WORRY, residents=False, form="csv")
    assert not [line for line in far.lines if line[3]]


def test_without_residents_no_number_is_shown(ground: SimpleNamespace, world: World) -> None:
    made = call_out(actor=world.actor("acceptor"), at=MONDAY, shape=HERE, reason=WORRY, residents=False, form="pdf")
    assert not [line for line in made.lines if line[0] == "residents" or line[3]]
    assert Event.objects.filter(type="panorama.exported").count() == 1 and not Event.objects.filter(type__endswith="unmasked").exists()


@pytest.mark.parametrize("reason", ["", "   ", "x", "啊啊啊啊啊"])
def test_a_list_wants_a_reason(ground: SimpleNamespace, world: World, reason: str) -> None:
    with pytest.raises(Invalid):
        call_out(actor=world.actor("grid_lead"), at=MONDAY, shape=HERE, reason=reason, residents=False, form="csv")
    assert not Event.objects.filter(type="panorama.exported").exists()


def test_too_many_people_are_refused_and_nothing_recorded(ground: SimpleNamespace, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jingwei.association.actions.calling.MOST_PEOPLE", 1)
    with pytest.raises(Refused):
        call_out(actor=world.actor("grid_lead"), at=MONDAY, shape=HERE, reason=WORRY, residents=True, form="csv")
    assert not Event.objects.filter(type__in=["panorama.exported", "resident.unmasked"]).exists()


# -- shapes ---------------------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("metres", [0, -1, float("nan"), float("inf"), MOST_METRES + 1, 3_000_000])
def test_a_radius_is_bounded(metres: float) -> None:
    with pytest.raises(ShapeFault) as fault:
        circle(*IN_A1, metres)
    assert fault.value.field == "circle.metres"


@pytest.mark.parametrize(
    "corners",
    [
        [],
        [(121.48, 31.23)],
        [(121.48, 31.23)] * 5,
        [(121.48, 31.23), (121.49, 31.23), (121.5, 31.23)],
        [(121.48, 31.23), (121.49, 31.24), (121.49, 31.23), (121.48, 31.24)],
        [(121.0, 31.0), (122.0, 31.0), (122.0, 32.0)],
        [(121.48 + i * 1e-5, 31.23 + i * i * 1e-8) for i in range(201)],
        [(181.0, 31.0), (122.0, 31.0), (122.0, 32.0)],
    ],
)
def test_a_shape_that_is_none_crosses_itself_or_is_too_large(corners: list[tuple[float, float]]) -> None:
    with pytest.raises(ShapeFault) as fault:
        drawn(corners)
    assert fault.value.field == "corners" and fault.value.why.zh


@given(metres=st.floats(1, MOST_METRES), lon=st.floats(-170, 170), lat=st.floats(-80, 80))
def test_a_circle_drawn_by_its_corners_is_the_same(metres: float, lon: float, lat: float) -> None:
    round_ = circle(lon, lat, metres)
    assert drawn(round_.ring).area == pytest.approx(round_.area, rel=0.01)


def test_a_far_shape_finds_the_far_house(ground: SimpleNamespace, world: World) -> None:
    assert panorama(actor=world.actor("far_acceptor"), shape=circle(*IN_FAR, 50), at=MONDAY).buildings == 1
