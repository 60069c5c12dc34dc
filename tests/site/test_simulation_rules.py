"""What the simulator draws: as often as the fit says, at hours of work, before a limit or behind it, the same for the same seed."""

import random
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.catalogue.rules.registry import SOURCES
from jingwei.site.simulation import fit as fits
from jingwei.site.simulation import words
from jingwei.site.simulation.comparing import Outcome, by_chance, distance, shown
from jingwei.site.simulation.fit import Fit, read_fit
from jingwei.site.simulation.sampling import LEAST, ZONE, Presence, Report, Unfit, moment, pick, reports

FIT = read_fit()
EVERY = {m for kind in FIT.kinds for m in kind.matters}
SINCE, UNTIL = datetime(2026, 10, 12, tzinfo=ZONE), datetime(2026, 11, 9, tzinfo=ZONE)
BESIDE = words.habits()["beside"]
OFFICE = Presence(((time(9), time(12)), (time(13, 30), time(18))), lambda day: day.weekday() < 5)
moments = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 20)).map(lambda at: at.replace(microsecond=0, tzinfo=ZONE))
seeds = st.integers(0, 10**6)


def drawn(number: int = 6000, seed: int = 1, fit: Fit = FIT, matters: set[str] = EVERY, share: float = 0.0) -> list[Report]:
    beside = BESIDE | {"share": share}
    return reports(fit, beside, seed=seed, since=SINCE, until=UNTIL, number=number, is_workday=lambda d: d.weekday() < 5, matters=matters)


# -- the fit ------------------------------------------------------------------------------------------------------


def row(**changes: str) -> dict[str, str]:
    given = {"EVENT_TYPE_NAME": "市容环卫", "MAIN_TYPE_NAME": "垃圾问题", "SUB_TYPE_NAME": "暴露垃圾", "EVENT_SRC_NAME": "12345", "COMMUNITY_ID": "10001"}
    return given | {"CREATE_TIME": "2018-09-17 08:15:00", "INTIME_ARCHIVE_NUM": "1", "OVERTIME_ARCHIVE_NUM": "0"} | changes


def test_rows_are_counted_by_class_channel_hour_and_lateness():
    walk = {("市容环卫", "垃圾问题", "暴露垃圾"): "06010", ("文体旅游", "*", "*"): "21013"}
    late = row(INTIME_ARCHIVE_NUM="0", OVERTIME_ARCHIVE_NUM="1", CREATE_TIME="2018-10-01 20:59:59")  # a holiday
    found = fits.count([row(), late, row(INTIME_ARCHIVE_NUM="-", OVERTIME_ARCHIVE_NUM="-"), row(EVENT_TYPE_NAME="文体旅游", COMMUNITY_ID="-")], walk)
    first, second = found.kinds
    assert (first.name, first.count, first.ended, first.late, first.channels, first.matters) == ("市容环卫", 3, 2, 1, {"12345": 3}, {"06010": 3})
    assert second.matters == {"21013": 1}
    assert found.hours["workday"][8] == 3 and found.hours["day_off"][20] == 1
    assert found.days == {"workday": (3, 1), "day_off": (1, 1)} and found.places == (3,)


def test_the_written_fit_reads_back_the_same(tmp_path):
    (tmp_path / "fit.toml").write_text(fits.written(FIT), encoding="utf-8")
    assert read_fit(tmp_path / "fit.toml") == FIT
    assert fits.written(FIT) == fits.SHIPPED.read_text(encoding="utf-8"), "the shipped file is what the command writes"


def test_the_shipped_fit_says_whence_it_is_and_holds_only_counts():
    head = fits.SHIPPED.read_text(encoding="utf-8").splitlines()[:6]
    assert [word for word in ("edition", "source", "licence", "made by") if not any(word in line for line in head)] == []
    assert sum(k.count for k in FIT.kinds) == 6000 and len(FIT.kinds) == 18
    assert all(0 <= k.late <= k.ended <= k.count and sum(k.channels.values()) == k.count >= sum(k.matters.values()) for k in FIT.kinds)
    assert set(FIT.channels.values()) <= set(SOURCES)
    assert all(words.about(m)["texts"] != words.habits()["sentences"]["plain"] for m in EVERY), "each matter has sentences of its own"


# -- reports ------------------------------------------------------------------------------------------------------


def test_classes_channels_hours_and_lateness_are_those_of_the_fit():
    found = drawn()
    kinds = {k.name: float(k.count) for k in FIT.kinds}
    assert distance(kinds, Counter(r.kind for r in found)) < 2 * by_chance(kinds, len(found))
    joint = {(k.name, c): float(n) for k in FIT.kinds for c, n in k.channels.items()}
    assert distance(joint, Counter((r.kind, r.channel) for r in found)) < 2 * by_chance(joint, len(found))
    hours = dict(enumerate(FIT.hours["workday"]))
    assert distance(hours, Counter(r.at.astimezone(ZONE).hour for r in found if r.at.weekday() < 5)) < 2 * by_chance(hours, len(found) * 4 // 5)
    off = sum(r.at.weekday() >= 5 for r in found)
    assert (off / 8) / ((len(found) - off) / 20) == pytest.approx(FIT.day_off_share, rel=0.15)
    for kind in FIT.kinds[:3]:
        mine = [r.late for r in found if r.kind == kind.name]
        assert sum(mine) / len(mine) == pytest.approx(kind.late / kind.ended, abs=0.03)


@given(seed=seeds, number=st.integers(1, 60), share=st.floats(0, 1))
def test_reports_lie_in_their_days_in_order_and_are_complete(seed, number, share):
    found = drawn(number, seed, share=share)
    assert [r.key for r in found] == list(range(number)) and all(SINCE <= r.at < UNTIL for r in found)
    assert [r.at for r in found] == sorted(r.at for r in found)
    assert all(r.source in SOURCES and r.process == {"hotline": "hotline"}.get(r.source, r.process) for r in found)
    assert all(r.matter < "21" for r in found if not r.channel), "workers report what stands in the street"
    assert found == drawn(number, seed, share=share)


def test_another_seed_draws_others():
    assert [r.at for r in drawn(20, 1)] != [r.at for r in drawn(20, 2)]


def test_a_class_without_a_matter_in_the_catalogue_is_left_out():
    found = drawn(500, matters={m for m in EVERY if m < "21"})
    assert {r.kind for r in found} and all(r.matter < "21" for r in found)
    assert "教育卫生" not in {r.kind for r in found}
    with pytest.raises(Unfit):
        drawn(5, matters={"nothing"})
    with pytest.raises(Unfit):
        drawn(5, fit=replace(FIT, hours={"workday": (0,) * 24, "day_off": (0,) * 24}))


@given(st.dictionaries(st.integers(), st.integers(0, 50), min_size=1).filter(lambda w: any(w.values())), seeds)
def test_only_what_has_weight_is_picked(weights, seed):
    assert weights[pick(random.Random(seed), weights)] > 0


# -- moments ------------------------------------------------------------------------------------------------------


@given(at=moments, seed=seeds)
def test_work_goes_on_in_hours_of_work(at, seed):
    then = OFFICE.next(at, random.Random(seed))
    assert then >= at and OFFICE.holds(then)
    assert then == at or not OFFICE.holds(at)


@given(after=moments, minutes=st.floats(1, 5000), hours=st.floats(0.02, 300), seed=seeds)
def test_a_punctual_step_ends_before_it_is_due(after, minutes, hours, seed):
    due = after + timedelta(hours=hours)
    at = moment(random.Random(seed), after=after, minutes=(minutes, minutes * 2), presence=OFFICE, due=due, late=False, over=(0.1, 1))
    assert after < at < due


@given(after=moments, hours=st.floats(0.5, 300), seed=seeds)
def test_a_late_step_ends_behind_it(after, hours, seed):
    due = after + timedelta(hours=hours)
    at = moment(random.Random(seed), after=after, minutes=(1, 5), presence=OFFICE, due=due, late=True, over=(0.1, 1))
    assert at > due and OFFICE.holds(at)


@given(after=moments, seed=seeds)
def test_what_was_overdue_when_it_began_ends_all_the_same(after, seed):
    at = moment(random.Random(seed), after=after, minutes=(10, 20), presence=Presence(()), due=after - timedelta(hours=1), late=True, over=(0.1, 1))
    assert after + LEAST <= at < after + timedelta(hours=2)


# -- words --------------------------------------------------------------------------------------------------------


@given(seed=seeds, code=st.sampled_from([*sorted(EVERY), "99999"]), source=st.sampled_from(["hotline", "resident", "worker", "inspection", "media"]))
def test_sentences_are_whole(seed, code, source):
    text = words.sentence(random.Random(seed), code, "某事项", "某路1号", source)
    assert text and "{" not in text and "}" not in text
    assert "{" not in words.again(random.Random(seed), text)


@given(seed=seeds, key=st.integers(0, 10**12))
def test_telephones_can_belong_to_nobody(seed, key):
    _, number = words.reporter(random.Random(seed), key)
    assert len(number) == 11 and number.startswith("100") and number.isdigit()


# -- the distance -------------------------------------------------------------------------------------------------

counts = st.dictionaries(st.integers(0, 9), st.integers(1, 1000), min_size=1)


@given(counts, counts)
def test_total_variation_is_a_distance(a, b):
    assert distance(a, a) == 0 and 0 <= distance(a, b) <= 1 + 1e-9
    assert distance(a, b) == pytest.approx(distance(b, a))


def test_nothing_in_common_is_one():
    assert distance({1: 5}, {2: 7}) == 1


def test_days_of_which_there_were_none_are_not_compared():
    found = [Outcome("市容环卫", "12345", datetime(2026, 11, 18, 9, tzinfo=ZONE), None)]
    text = shown(FIT, found, 0, lambda day: day.weekday() < 5)
    assert "休息日 day off：没有 none" in text and "休息日 day off 07" not in text and "工作日 workday 07–09" in text


def test_a_day_of_work_knows_its_weekend():
    assert date(2026, 11, 21).weekday() == 5
    monday = OFFICE.next(datetime(2026, 11, 20, 12, 0, tzinfo=UTC), random.Random(1))
    assert monday.astimezone(ZONE).date() == date(2026, 11, 23)
