"""Advice: what is learnt, how it is kept, and who is told what."""

import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.models import Unit
from jingwei.accounts.rules import SYSTEM
from jingwei.cases.actions import learn_advice, open_cases
from jingwei.cases.models import Assignment, Case, LearnedAdvice
from jingwei.cases.queries import advice
from jingwei.cases.rules.advice import Opinion, circumstances, tokens
from jingwei.cases.rules.learning import LEAST_EXAMPLES, Example, learn
from jingwei.events.models import Event
from jingwei.kit.errors import Forbidden
from jingwei.kit.ids import new_id
from tests.cases.conftest import report
from tests.world import MONDAY, A, B, World


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("井盖", ["井", "盖", "井盖"]),
        ("Broken lamp, broken", ["broken", "lamp"]),
        ("路灯 LED 坏了！", ["路", "灯", "路灯", "led", "坏", "了", "坏了"]),
        ("电话 13800138000", ["电", "话", "电话"]),
        ("", []),
    ],
    ids=["Chinese", "English", "both", "numbers are left out", "nothing"],
)
def test_the_words_of_a_text(text: str, found: list[str]) -> None:
    assert tokens(text) == found


def test_circumstances_are_said_from_the_wide_to_the_narrow() -> None:
    assert circumstances(place=A + "001", matter="06001") == ("place 310101", "place 310101013", f"place {A}", "matter 06001", "major 06")
    assert circumstances() == ()


KINDS = {"lamp": "路灯不亮晚上看不见", "heap": "建筑垃圾堆在墙边", "tree": "树枝折断挡住人行道"}


def examples(many: int = 300) -> list[Example]:
    """Three answers with words of their own; the fourth has the first one's words in another community."""
    found = []
    for n in range(many):
        kind = list(KINDS)[n % 3]
        place = B if n % 6 == 0 else A
        found.append(Example(f"{KINDS[kind]}{'，请处理' * (n % 2)}第{n}次", circumstances(place=place), "lamp of B" if n % 6 == 0 else kind))
    return found


@pytest.fixture(scope="module")
def opinion() -> Opinion:
    learnt = learn(examples())
    assert learnt
    return learnt.opinion


def test_it_learns_from_words_and_circumstances(opinion: Opinion) -> None:
    learnt = learn(examples())
    assert learnt and learnt.score.tested == 60 and learnt.score.top1 > 0.95 and learnt.score.top3 == 1 and learnt.score.said > 0.7
    assert opinion.likeliest("树枝断了，挡住路", circumstances(place=A))[0][0] == "tree"
    assert opinion.likeliest("路灯不亮", circumstances(place=A))[0][0] == "lamp"
    assert opinion.likeliest("路灯不亮", circumstances(place=B))[0][0] == "lamp of B"


def test_too_few_cases_teach_nothing() -> None:
    assert learn(examples(LEAST_EXAMPLES - 1)) is None
    assert learn([Example("同一件事", (), "one")] * 500) is None, "but one answer"


@given(st.text(max_size=60), st.lists(st.sampled_from(["place 310101", f"place {A}", "matter 06", "?"]), max_size=3))
def test_probabilities_are_probabilities(opinion: Opinion, text: str, known: list[str]) -> None:
    found = opinion.likeliest(text, known, 10)
    assert len(found) == 4 and [p for _, p in found] == sorted((p for _, p in found), reverse=True)
    assert sum(p for _, p in found) == pytest.approx(1) and all(0 <= p <= 1 for _, p in found)


def test_what_is_kept_answers_as_what_was_learnt(opinion: Opinion) -> None:
    kept = Opinion.load(opinion.dump())
    for text in (*KINDS.values(), "别的什么", ""):
        assert kept.likeliest(text, circumstances(place=B), 4) == opinion.likeliest(text, circumstances(place=B), 4)
    assert len(opinion.dump()) < 20_000


def test_the_sparse_table_says_what_scikit_learn_says(opinion: Opinion) -> None:
    """Up to a number that is alike for every answer, and the half precision in which the table is kept."""
    from sklearn.feature_extraction.text import CountVectorizer
    from sklearn.naive_bayes import ComplementNB

    given = examples()
    counter = CountVectorizer(analyzer=lambda e: tokens(e.text), binary=True, min_df=3)
    index = {label: n for n, label in enumerate(opinion.labels)}
    model = ComplementNB(alpha=0.1).fit(counter.fit_transform(given), [index[e.answer] for e in given])
    theirs = model.predict_joint_log_proba(counter.transform(given[:12]))
    ours = np.stack([opinion.words.view(tokens(e.text)) for e in given[:12]])
    assert np.allclose(ours - ours.mean(1, keepdims=True), theirs - theirs.mean(1, keepdims=True), atol=0.05)


def test_what_could_run_code_is_not_loaded(opinion: Opinion) -> None:
    with np.load(io.BytesIO(opinion.dump())) as kept:
        arrays = {**kept, "labels": np.array([print] * 4, dtype=object)}
    stream = io.BytesIO()
    np.savez(stream, allow_pickle=True, **arrays)
    with pytest.raises(ValueError, match="allow_pickle"):
        Opinion.load(stream.getvalue())


def test_the_program_starts_without_the_libraries_of_learning() -> None:
    program = "import django, sys; django.setup(); import jingwei.site.urls, jingwei.cases.tasks; print({'sklearn', 'scipy'} & set(sys.modules))"
    surroundings = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    said = subprocess.run([sys.executable, "-c", program], env=surroundings, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"


# -- in the database ------------------------------------------------------------------------------------------------------------------------


@pytest.fixture
def closed_cases(world: World) -> Callable[..., None]:
    """`closed_cases(240)`: lamps handled by `chengguan`, trees by `lvhua`, closed. Their loop is cut short: only what learning reads is written."""

    def make(many: int) -> None:
        kinds = ({"matter": "01021", "text": "路灯不亮"}, {"matter": "06001", "text": "树枝折断"})
        new = [(MONDAY + timedelta(minutes=n), report(**kinds[n % 2])) for n in range(many)]
        for case in [o.case for o in open_cases(actor=world.actor("acceptor"), wanted=new) if o.case]:
            unit = world.units["chengguan" if case.text == "路灯不亮" else "lvhua"]
            Assignment.objects.create(
                district=case.district, id=new_id(case.district, MONDAY), case_id=case.id, unit=unit, part="lead", assigned_at=MONDAY, done_at=MONDAY
            )
        Case.objects.update(closed_at=MONDAY + timedelta(days=1), is_open=False)

    return make


def test_what_closed_cases_teach(world: World, closed_cases: Callable[..., None]) -> None:
    closed_cases(240)
    row = learn_advice(actor=SYSTEM, at=MONDAY)
    assert row and row.cases == 240 and (row.from_at, row.to_at) == (MONDAY, MONDAY + timedelta(minutes=239))
    assert row.scores["matters"]["top1"] == 1 and row.scores["units"]["tested"] == 48
    assert Event.objects.get(type="advice.learnt").data["cases"] == 240
    told = advice(actor=world.actor("acceptor"), text="路灯又不亮了")
    assert told.matters[0][0].code == "01021" and told.matters[0][1] > 0.8
    assert [u.code for u, _ in told.units] == ["chengguan", "lvhua"]
    by_matter = advice(actor=world.actor("dispatcher"), text="", matter="06001")
    assert by_matter.matters == [] and by_matter.units[0][0].code == "lvhua", "a matter says who handles it even before there are words"
    nothing = advice(actor=world.actor("acceptor"), text="  ")
    assert (nothing.matters, nothing.units) == ([], [])


def test_a_unit_that_closed_is_no_longer_advised(world: World, closed_cases: Callable[..., None]) -> None:
    closed_cases(240)
    learn_advice(actor=SYSTEM, at=MONDAY)
    Unit.objects.filter(code="chengguan").update(closed_date=MONDAY.date())
    told = advice(actor=world.actor("acceptor"), text="路灯又不亮了")
    assert [u.code for u, _ in told.units] == ["lvhua"]


def test_the_newest_is_in_use_and_a_few_are_kept(world: World, closed_cases: Callable[..., None]) -> None:
    closed_cases(240)
    for day in range(7):
        learn_advice(actor=SYSTEM, at=MONDAY + timedelta(days=day))
        told = advice(actor=world.actor("acceptor"), text="路灯")
        assert told.learnt and told.learnt.learnt_at == MONDAY + timedelta(days=day)
    assert LearnedAdvice.objects.count() == 5


def test_too_few_closed_cases_and_what_is_said_then(world: World, closed_cases: Callable[..., None], door: Callable[..., Any]) -> None:
    closed_cases(40)
    assert learn_advice(actor=SYSTEM, at=MONDAY) is None and not LearnedAdvice.objects.exists()
    said = door("acceptor", text="路灯").json()
    assert said["model"] is None and said["matters"] == said["units"] == [] and "200" in said["why"]["zh"]


@pytest.fixture
def door(world: World) -> Callable[..., Any]:
    from django.test import Client

    def ask(name: str, **query: str) -> Any:
        client = Client()
        client.force_login(world.people[name], backend="django.contrib.auth.backends.ModelBackend")
        return client.post("/api/v1/advice", query, content_type="application/json")

    return ask


def test_the_door_says_probability_date_and_score(world: World, closed_cases: Callable[..., None], door: Callable[..., Any]) -> None:
    closed_cases(240)
    learn_advice(actor=SYSTEM, at=MONDAY)
    said = door("dispatcher", text="树枝断了", place=A, matter="06001").json()
    assert said["matters"][0]["code"] == "06001" and said["units"][0]["name"] == "lvhua单位" and 0 < said["units"][0]["probability"] <= 1
    assert said["model"]["cases"] == 240 and said["model"]["matters"]["top1"] == 1 and said["why"] is None
    assert door("system_admin", text="x").status_code == 403
    with pytest.raises(Forbidden):
        advice(actor=world.actor("audit_admin"), text="x")
