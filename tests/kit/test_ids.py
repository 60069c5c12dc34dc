"""Identifiers tell their time and their district."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jingwei.kit import db
from jingwei.kit.ids import district_of, district_sql, new_id

DISTRICTS = st.integers(0, 999_999).map("{:06d}".format)
TIMES = st.datetimes(datetime(1970, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))


@given(DISTRICTS, TIMES)
def test_the_district_is_read_back(district: str, at: datetime) -> None:
    assert district_of(new_id(district, at)) == district


@given(DISTRICTS, TIMES)
def test_it_is_a_uuid_of_version_8(district: str, at: datetime) -> None:
    id = new_id(district, at)
    assert id.version == 8 and id.variant == "specified in RFC 4122"
    assert UUID(str(id)) == id


@given(DISTRICTS, DISTRICTS, TIMES, st.timedeltas(timedelta(milliseconds=1), timedelta(days=900)))
def test_later_ids_sort_later(one: str, other: str, at: datetime, later: timedelta) -> None:
    at = min(at, datetime(9990, 1, 1, tzinfo=UTC))
    first, second = new_id(one, at), new_id(other, at + later)
    assert first < second and str(first) < str(second)


def test_no_two_are_alike() -> None:
    at = datetime(2026, 11, 16, tzinfo=UTC)
    assert len({new_id("310101", at) for _ in range(20_000)}) == 20_000


@pytest.mark.parametrize("foreign", [uuid4(), uuid5(uuid4(), "x"), UUID(int=0), UUID("ffffffff-ffff-8fff-bfff-ffffffffffff")])
def test_an_id_of_others_has_no_district(foreign: UUID) -> None:
    assert district_of(foreign) is None


@pytest.mark.parametrize("district", ["", "31010", "3101010", "31010x", "-31010", "３１０１０１", "٣١٠١٠١", "31010²"])
def test_a_district_has_six_digits(district: str) -> None:
    with pytest.raises(ValueError, match="six digits"):
        new_id(district, datetime(2026, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("at", [datetime(1969, 12, 31, tzinfo=UTC), datetime(1, 1, 2, tzinfo=UTC)])
def test_a_time_before_1970_does_not_fit(at: datetime) -> None:
    with pytest.raises(ValueError, match="does not fit"):
        new_id("310101", at)


@pytest.mark.django_db
def test_sql_reads_the_same_district() -> None:
    for district in ("110101", "310115", "000001", "999999", "440311"):
        made = new_id(district, datetime(2026, 11, 16, tzinfo=UTC))
        assert db.row(f"select {district_sql('%s::uuid')}".replace("%s", f"'{made}'")) == (district,)
