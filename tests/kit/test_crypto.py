"""Personal values at rest: sealed, bound to their column, found by a keyed hash, shown masked."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit import crypto

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@pytest.fixture(autouse=True)
def keys(settings: Any) -> Iterator[Any]:
    settings.JINGWEI_KEYS = {1: OLD}
    crypto._keys.cache_clear()
    yield settings
    crypto._keys.cache_clear()


def turn_keys(settings: Any, keys: dict[int, bytes]) -> None:
    settings.JINGWEI_KEYS = keys
    crypto._keys.cache_clear()


def test_what_is_sealed_is_read_back() -> None:
    @given(TEXT)
    def law(plain: str) -> None:
        sealed = crypto.seal(plain, about="reporter.phone")
        assert crypto.unseal(sealed, about="reporter.phone") == plain
        assert len(plain) < 4 or plain.encode() not in sealed

    law()


def test_the_same_value_is_never_sealed_alike() -> None:
    assert len({crypto.seal("19900001234", about="reporter.phone") for _ in range(100)}) == 100


def test_a_value_moved_to_another_column_is_unreadable() -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(crypto.seal("19900001234", about="reporter.phone"), about="reporter.name")


def test_with_the_wrong_key_it_is_unreadable(keys: Any) -> None:
    sealed = crypto.seal("19900001234", about="reporter.phone")
    turn_keys(keys, {1: NEW})
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(sealed, about="reporter.phone")


def test_each_changed_bit_is_noticed() -> None:
    sealed = crypto.seal("19900001234", about="reporter.phone")
    for place in range(len(sealed)):
        changed = bytearray(sealed)
        changed[place] ^= 1
        with pytest.raises(crypto.Unreadable):
            crypto.unseal(bytes(changed), about="reporter.phone")


@pytest.mark.parametrize("garbage", [b"", b"\x01", b"\x01" * 28, b"\x09" * 60])
def test_garbage_is_unreadable(garbage: bytes) -> None:
    with pytest.raises(crypto.Unreadable):
        crypto.unseal(garbage, about="reporter.phone")


def test_a_new_key_seals_and_the_old_ones_still_open(keys: Any) -> None:
    before = crypto.seal("19900001234", about="reporter.phone")
    index = crypto.index("19900001234")
    turn_keys(keys, {1: OLD, 2: NEW})
    after = crypto.seal("19900001234", about="reporter.phone")
    assert (before[0], after[0]) == (1, 2)
    assert crypto.unseal(before, about="reporter.phone") == crypto.unseal(after, about="reporter.phone") == "19900001234"
    assert crypto.index("19900001234") == index, "what was found before is found after"


def test_the_index_depends_on_the_value_and_the_key(keys: Any) -> None:
    one = crypto.index("19900001234")
    assert one == crypto.index("19900001234") != crypto.index("19900001235")
    turn_keys(keys, {1: NEW})
    assert crypto.index("19900001234") != one


@pytest.mark.parametrize(("phone", "shown"), [("13812341234", "138****1234"), ("021-63211234", "021****1234"), ("110", "*10"), ("12", "*12"), ("1", "*1")])
def test_phones_are_masked(phone: str, shown: str) -> None:
    assert crypto.mask_phone(phone) == shown


@pytest.mark.parametrize(("name", "shown"), [("王小明", "王**"), ("王", "王*"), ("", "")])
def test_names_are_masked(name: str, shown: str) -> None:
    assert crypto.mask_name(name) == shown


def test_no_mask_shows_the_whole_of_a_number() -> None:
    @given(st.text("0123456789", min_size=3, max_size=20))
    def law(phone: str) -> None:
        assert crypto.mask_phone(phone) != phone and sum(c == "*" for c in crypto.mask_phone(phone)) >= min(4, len(phone) - 2)

    law()
