"""Standard texts: the most specific first, placeholders from a closed list, changes from a day on."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.accounts.rules import SYSTEM, Actor, Held
from jingwei.catalogue import actions
from jingwei.catalogue.actions import TextDraft
from jingwei.catalogue.actions.editing import mark
from jingwei.catalogue.models import StandardText
from jingwei.catalogue.queries import catalogue
from jingwei.catalogue.rules.texts import GAP, PLACEHOLDERS, faults_of_text, fill, holders
from jingwei.events.models import Event
from jingwei.kit.errors import Conflict, Forbidden, Invalid, NotFound

AT = datetime(2026, 11, 16, 2, tzinfo=UTC)
TODAY = date(2026, 11, 16)
LATER = TODAY + timedelta(days=7)


def test_facts_go_in_and_what_is_missing_is_seen() -> None:
    filled = fill("案件 {number} 请 {unit} 于 {due_at} 前办结。", {"number": "261116-0000001", "unit": "城管局", "due_at": ""})
    assert filled.text == f"案件 261116-0000001 请 城管局 于 {GAP} 前办结。" and filled.gaps == ("due_at",)


def test_a_fact_that_looks_like_a_placeholder_is_not_filled_again() -> None:
    assert fill("{address}", {"address": "{number}", "number": "7"}).text == "{number}"


@pytest.mark.parametrize(("text", "said"), [("{mood}", "mood"), ("{number", "brace"), ("a}", "brace"), ("{}", "placeholder"), ("{{number}}", "brace")])
def test_what_is_no_placeholder_is_named(text: str, said: str) -> None:
    assert any(said in fault.en for fault in faults_of_text(text))


@given(st.text(), st.dictionaries(st.sampled_from(sorted(PLACEHOLDERS)), st.text(max_size=5)))
def test_a_sound_text_leaves_no_placeholder_behind(text: str, facts: dict[str, str]) -> None:
    whole = text.replace("{", "").replace("}", "") + "".join("{" + name + "}" for name in facts)
    assert faults_of_text(whole) == () and set(holders(whole)) == set(facts)
    assert set(fill(whole, facts).gaps) == {name for name, fact in facts.items() if not fact}


def test_the_most_specific_comes_first(loaded: None) -> None:
    def add(title: str, **where: str) -> None:
        actions.add_text(actor=SYSTEM, at=AT, draft=TextDraft(title, "x", **where))

    add("anywhere"), add("matter", matter="06", move="void"), add("class", matter="06010", move="void")
    add("process", process="standard", move="void"), add("elsewhere", process="hotline", move="void")
    found = [t.title for t in catalogue().texts_for(TODAY, "standard", "void", "06010")]
    assert found == ["class", "matter", "process", "误报作废", "anywhere"]


def test_a_new_text_shows_from_its_day_on(loaded: None) -> None:
    row = StandardText.objects.get(code="close-1")
    actions.change_text(actor=SYSTEM, at=AT, code="close-1", seen=mark(row), draft=TextDraft("结案", "同意结案。", move="close"), valid_from=LATER)
    assert [t.text for t in catalogue().texts_for(TODAY, move="close") if t.code == "close-1"] == [row.text]
    assert [t.text for t in catalogue().texts_for(LATER, move="close") if t.code == "close-1"] == ["同意结案。"]
    assert Event.objects.get(type="text.changed").data["text"] == "同意结案。"


def test_two_editors(loaded: None) -> None:
    seen = mark(StandardText.objects.get(code="close-1"))
    first = actions.change_text(actor=SYSTEM, at=AT, code="close-1", seen=seen, draft=TextDraft("甲", "甲。"))
    with pytest.raises(Conflict) as slower:
        actions.change_text(actor=SYSTEM, at=AT, code="close-1", seen=seen, draft=TextDraft("乙", "乙。"))
    assert slower.value.extra["present"]["text"] == "甲。"
    actions.change_text(actor=SYSTEM, at=AT, code="close-1", seen=mark(first), draft=TextDraft("乙", "乙。"))
    assert StandardText.objects.filter(code="close-1").count() == 2, "two changes of one day are one version"


def test_an_ended_text_is_kept_and_no_longer_offered(loaded: None) -> None:
    row = StandardText.objects.get(code="void-1")
    actions.end_text(actor=SYSTEM, at=AT, code="void-1", seen=mark(row))
    assert StandardText.objects.get(code="void-1").valid_to == TODAY and not catalogue().texts_for(TODAY, move="void")
    with pytest.raises(NotFound):
        actions.end_text(actor=SYSTEM, at=AT, code="void-1", seen=mark(row))


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (TextDraft("甲", "{mood}"), "text"),
        (TextDraft(" ", "甲"), "title"),
        (TextDraft("甲", "甲", process="nope"), "process"),
        (TextDraft("甲", "甲", move="nope"), "move"),
        (TextDraft("甲", "甲", matter="99"), "matter"),
    ],
)
def test_a_wrong_text_is_refused_at_its_field(loaded: None, draft: TextDraft, field: str) -> None:
    before = StandardText.objects.count()
    with pytest.raises(Invalid) as refused:
        actions.add_text(actor=SYSTEM, at=AT, draft=draft)
    assert [e.field for e in refused.value.errors] == [field] and StandardText.objects.count() == before
    assert not Event.objects.filter(type="text.added").exists()


def test_only_the_administrator_writes_and_not_into_the_past(loaded: None) -> None:
    with pytest.raises(Forbidden):
        actions.add_text(actor=Actor(1, "甲", (Held("shift_leader", "31"),)), at=AT, draft=TextDraft("甲", "甲"))
    with pytest.raises(Invalid):
        actions.add_text(actor=SYSTEM, at=AT, draft=TextDraft("甲", "甲"), valid_from=TODAY - timedelta(days=1))


def test_everything_shipped_is_taken(loaded: None) -> None:
    assert StandardText.objects.count() == 30
