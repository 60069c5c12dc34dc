"""Standard texts are offered with the case's own facts in them."""

from django.utils.timezone import now

from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import NewCase, open_case
from jingwei.cases.queries import case_texts
from jingwei.catalogue.actions import TextDraft, add_text
from tests.world import IN_A1, World


def test_the_case_fills_the_texts_of_its_move(world: World, django_assert_max_num_queries) -> None:  # type: ignore[no-untyped-def]
    opener = world.actor("hotline_operator")
    new = NewCase(matter="06001", text="路边堆放杂物", source="hotline", crs="EPSG:4326", x=IN_A1[0], y=IN_A1[1], reporter_name="张小明")
    case = open_case(actor=opener, at=now(), new=new).case
    assert case
    add_text(
        actor=SYSTEM, at=now(), draft=TextDraft("回电", "{person}致电{reporter_name_masked}:{number} 由 {unit} 办理，{address}", move="decline", matter="06")
    )
    actor = world.actor("acceptor")
    case_texts(actor=actor, case_id=case.id)  # the catalogue is read
    with django_assert_max_num_queries(4):  # the revision, the case, its place's name, the reporter
        offered = case_texts(actor=actor, case_id=case.id, move="decline")
    assert offered[0].filled.text == f"acceptor甲致电张**:{case.number} 由 ＿＿ 办理，甲一网格" and offered[0].filled.gaps == ("unit",)
    assert [o.code for o in offered[1:]] == ["decline-1", "decline-2", "decline-3"]
