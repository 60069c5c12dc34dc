"""What has just happened to cases, for those who look at them now."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from jingwei.kit import db

MOST = 500  # of one look: with more, everybody is told to read anew


class Changed(NamedTuple):
    """A case that something happened to: what decides who sees it, and what tells whether a list may be touched."""

    event: UUID
    recorded_at: datetime
    case: UUID
    version: int
    state: str
    before: str
    place: str
    unit: int | None
    opened_by: int | None
    asked: tuple[str, ...]


_SINCE = """
with told as (select id, recorded_at, district, subject_id, data from events_event
               where recorded_at > %s and subject_type = 'case' order by recorded_at desc limit %s)
select t.id, t.recorded_at, c.id, c.version, c.state, coalesce(t.data->>'from', c.state_before), c.place, c.unit_id, c.opened_by_id,
       array(select u.path from cases_assignment a join accounts_unit u on u.id = a.unit_id where a.district = c.district and a.case_id = c.id)
  from told t join cases_case c on c.district = t.district and c.id = t.subject_id"""


def changed_since(moment: datetime) -> list[Changed]:
    """The events of cases recorded after `moment`, at most `MOST`, with the cases as they are now; one statement."""
    return [Changed._make((*facts, tuple(asked))) for *facts, asked in db.rows(_SINCE, [moment, MOST])]
