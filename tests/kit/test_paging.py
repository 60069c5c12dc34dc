"""A cursor is opaque: ours comes back, everything else is refused by name."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit.errors import Invalid
from jingwei.kit.paging import decode_cursor, encode_cursor

KEYS = st.lists(
    st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1), st.text(st.characters(exclude_categories=["C", "Z"]), max_size=40)), min_size=3, max_size=3
)


@given(KEYS)
def test_ours_comes_back(key: list[str | int | None]) -> None:
    cursor = encode_cursor(key)
    assert cursor.isascii() and "=" not in cursor and "/" not in cursor and "+" not in cursor
    assert decode_cursor(cursor, length=3) == key


@given(st.text(max_size=60))
def test_garbage_is_refused(garbage: str) -> None:
    with pytest.raises(Invalid) as refused:
        decode_cursor(garbage, length=3)
    assert [e.field for e in refused.value.errors] == ["after"]


def _raw(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


@pytest.mark.parametrize(
    "inside",
    ['[1,2]', '[1,2,3,4]', '{"a":1}', '"abc"', "null", "[1.5,2,3]", "[[1],2,3]", "[true,2,3]", "[1,2,NaN]", '["\\u0000",1,2]', '["\\ud800",1,2]',
     "[99999999999999999999999,2,3]", "[" * 5000, "1" * 5000],
)  # fmt: skip
def test_a_forged_key_is_refused(inside: str) -> None:
    with pytest.raises(Invalid):
        decode_cursor(_raw(inside), length=3)


def test_a_cut_cursor_is_refused() -> None:
    cursor = encode_cursor(["2026-11-16T00:00:00+00:00", "2026-11-16T00:00:00+00:00", "x" * 36])
    assert json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    for end in range(0, len(cursor) - 1, 7):
        with pytest.raises(Invalid):
            decode_cursor(cursor[:end], length=3)
