"""What ranks as the same thing: the laws of the rule, and the two questions that use it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.cases.models import Case
from jingwei.cases.queries import near_cases, similar_cases
from jingwei.cases.rules.likeness import WEIGHTS, Sighting, Traits, metres, ranked, score
from jingwei.kit.errors import NotFound
from tests.world import FAR, IN_A1, IN_FAR, MONDAY, World

HERE = Sighting(*IN_A1, MONDAY, "01002", "井盖丢失，路上有个大洞", "四川中路 100 号")
DEGREE = 111_195  # metres of one of latitude


def earlier(hours: float = 1, north: float = 10, **changes: Any) -> Sighting:
    return HERE._replace(at=MONDAY - timedelta(hours=hours), lat=HERE.lat + north / DEGREE, **changes)


def order(*candidates: Sighting, report: Sighting = HERE) -> list[int]:
    return [found.index for found in ranked(report, candidates)]


@pytest.mark.parametrize(
    ("likely", "unlikely"),
    [
        (earlier(north=10), earlier(north=80)),
        (earlier(hours=2, text=""), earlier(hours=200, text="")),
        (earlier(), earlier(matter="06001")),
        (earlier(text="井盖丢失有个洞"), earlier(text="树枝折断挡住人行道")),
        (earlier(text="Manhole cover is missing, a big hole"), earlier(text="A branch has fallen")),
        (earlier(address="四川中路 102 号"), earlier(address="滇池路 7 弄")),
        (earlier(north=30), earlier(north=5, matter="06001", text="共享单车乱停放", hours=900)),
    ],
    ids=["nearer", "fresher", "same class", "same words", "same English words", "same street", "what speaks for it together"],
)
def test_the_likelier_comes_first(likely: Sighting, unlikely: Sighting) -> None:
    report = HERE._replace(text="Missing manhole cover, big hole in the road") if likely.text.isascii() else HERE
    assert order(likely, unlikely, report=report) == [0, 1]
    assert order(unlikely, likely, report=report) == [1, 0]


def test_the_first_report_of_a_thing_comes_before_its_repetitions() -> None:
    """Two say the same at the same spot: the later of the two would be nearer in time, and is itself a repetition."""
    original, repetition = earlier(hours=12), earlier(hours=10)
    assert order(repetition, original) == [1, 0]
    other_thing = earlier(hours=12, text="树枝折断挡住人行道", address="", matter="06001")
    assert order(repetition, other_thing) == [0, 1], "an earlier case of another thing takes nothing from it"


def test_nothing_is_known_yet_but_the_place() -> None:
    """While the report is being written: no class, no words, no address."""
    report = Sighting(*IN_A1, MONDAY)
    assert order(earlier(north=90), earlier(north=9), report=report) == [1, 0]
    assert ranked(report, []) == []
    assert [found.why for found in ranked(report, [earlier()])] == [[]]


def test_it_says_why() -> None:
    same, other = ranked(HERE, [earlier(), earlier(matter="06001", text="树枝折断挡住人行道", address="")])
    assert [t.zh for t in same.why] == ["同类事项", "描述相近", "地址相近"] and other.why == []


numbers = st.floats(-20, 20)
traits = st.builds(Traits, *[numbers] * len(Traits._fields))


@given(traits, st.sampled_from(Traits._fields), st.floats(0.001, 5))
def test_more_of_any_trait_never_scores_lower(before: Traits, field: str, more: float) -> None:
    assert score(before._replace(**{field: getattr(before, field) + more})) > score(before)
    assert min(WEIGHTS) > 0


texts = st.text(alphabet="井盖丢失路灯不亮 abcdef,。", max_size=12)
sightings = st.builds(
    earlier,
    hours=st.floats(0, 1500),
    north=st.floats(0, 500),
    matter=st.sampled_from(["01002", "06001", ""]),
    text=texts,
    address=texts,
)


@given(st.lists(sightings, max_size=60), st.randoms())
def test_the_order_in_which_candidates_come_changes_no_score(candidates: list[Sighting], dice: Any) -> None:
    shuffled = candidates[:]
    dice.shuffle(shuffled)
    scores = [[round(found.score, 6) for found in ranked(HERE, these)] for these in (candidates, shuffled)]
    assert sorted(scores[0]) == sorted(scores[1])


@given(st.lists(sightings, max_size=60))
def test_every_candidate_is_ranked_once_with_its_own_distance(candidates: list[Sighting]) -> None:
    found = ranked(HERE, candidates)
    assert sorted(one.index for one in found) == list(range(len(candidates)))
    for one in found:
        assert one.metres == pytest.approx(metres(HERE, candidates[one.index])) and 0 <= one.traits.text <= 1 and 0 <= one.traits.address <= 1


@given(sightings, st.floats(1, 400), st.floats(0, 1000))
def test_alone_among_equals_the_nearer_and_the_fresher_rank_higher(one: Sighting, further: float, longer: float) -> None:
    """Said for candidates that nobody told before: they have no words in common with one another."""
    away = one._replace(lat=one.lat + further / DEGREE, text="", address="")
    assert order(away, one._replace(text="", address=""))[0] == 1
    old = one._replace(at=one.at - timedelta(hours=longer + 0.1), text="", address="")
    assert order(old, one._replace(text="", address=""))[0] == 1


def test_a_hundred_metres_are_a_hundred_metres() -> None:
    assert metres(HERE, HERE._replace(lat=HERE.lat + 100 / DEGREE)) == pytest.approx(100, rel=0.005)


# -- the questions --------------------------------------------------------------------------------------------------------------------------


def near(metres: float) -> dict[str, float]:
    return {"x": IN_A1[0], "y": IN_A1[1] + metres / DEGREE}


def test_open_cases_are_offered_while_a_report_is_written(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    branch = opened(text="树枝折断挡住人行道", **near(5))
    heap = opened(text="墙边一堆建筑垃圾", **near(25))
    gone = opened(text="墙边一堆建筑垃圾", **near(1))
    move(gone, "acceptor", "decline", reason="不属实")
    asked = {"actor": world.actor("acceptor"), "at": MONDAY + timedelta(hours=1), "lon": IN_A1[0], "lat": IN_A1[1], "metres": 200}
    assert [n.case.id for n in near_cases(**asked)] == [branch.id, heap.id]
    found = near_cases(**asked, text="墙边一堆建筑垃圾", matter="06001")
    assert [n.case.id for n in found] == [heap.id, branch.id], "words that match outweigh twenty metres"
    assert round(found[0].metres) == 25 and [t.en for t in found[0].why] == ["same matter", "similar words"]
    assert near_cases(**{**asked, "metres": 3}) == []
    assert near_cases(**{**asked, "actor": world.actor("far_acceptor")}) == [], "only what one may see"


def test_a_case_is_shown_what_was_reported_before_it(world: World, opened: Callable[..., Case], move: Callable[..., Case]) -> None:
    far_away = opened(at=MONDAY - timedelta(days=2), by="far_acceptor", x=IN_FAR[0], y=IN_FAR[1])
    long_ago = opened(at=MONDAY - timedelta(days=61))
    closed = opened(at=MONDAY - timedelta(days=3), **near(20))
    move(closed, "acceptor", "decline", reason="不属实")
    other = opened(at=MONDAY - timedelta(days=3), text="树枝折断挡住人行道", **near(250))
    case = opened()
    later = opened(at=MONDAY + timedelta(hours=1))
    found = [n.case.id for n in similar_cases(actor=world.actor("acceptor"), case_id=case.id)]
    assert found == [closed.id, other.id], "in whatever state, the likeliest first"
    assert not {far_away.id, long_ago.id, later.id, case.id} & set(found)
    assert len(similar_cases(actor=world.actor("acceptor"), case_id=case.id, limit=1)) == 1
    with pytest.raises(NotFound):
        similar_cases(actor=world.actor("far_acceptor"), case_id=case.id)


def test_a_case_that_is_nowhere_has_nothing_near_it(world: World, opened: Callable[..., Case]) -> None:
    nowhere = opened(crs="", x=None, y=None, place=FAR[:6].replace("310109", "310101"))
    assert similar_cases(actor=world.actor("acceptor"), case_id=nowhere.id) == []


def test_the_door_says_distance_and_why(world: World, opened: Callable[..., Case]) -> None:
    before, case = opened(at=MONDAY - timedelta(days=1)), opened()
    from django.test import Client

    client = Client()
    client.force_login(world.people["acceptor"])
    row = client.get(f"/api/v1/cases/{case.id}/similar").json()["items"][0]
    assert (row["id"], row["distance"]) == (str(before.id), 0.0)
    assert row["why"][0] == {"zh": "同类事项", "en": "same matter"}
