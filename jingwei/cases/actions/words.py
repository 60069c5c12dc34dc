"""What cases are found by is kept up with the event log, behind the writes: an index of trigrams costs ten times what reporting does."""

from datetime import datetime, timedelta

from django.db import transaction

from jingwei.cases.queries.filters import READER, TOLD, WORDS_OF_CASE
from jingwei.kit import db

LONGEST = timedelta(hours=1)  # a transaction that has been writing for longer is not waited for

# `recorded_at` is the start of its transaction: before the oldest one that still runs, everything recorded is there to be read.
_INDEX = f"""
with mark as (select read_until from events_reader where name = %(reader)s for update),
horizon as (
    select greatest(%(at)s::timestamptz - %(longest)s, least(%(at)s, min(xact_start) - interval '1 microsecond')) h from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()),
batch as (select max(recorded_at) u, count(*) n from (
    select recorded_at from events_event, mark, horizon where recorded_at > read_until and recorded_at <= h order by recorded_at limit %(most)s) e),
told as (select distinct district, subject_id from events_event, mark, batch where recorded_at > read_until and recorded_at <= u and type in {TOLD}),
kept as (
    insert into cases_casewords (district, id, words)
    select c.district, c.id, {WORDS_OF_CASE} from cases_case c join told on c.district = told.district and c.id = told.subject_id
    on conflict (district, id) do update set words = excluded.words where cases_casewords.words <> excluded.words returning 1),
moved as (update events_reader set read_until = u from batch where name = %(reader)s and u is not null)
select n from batch"""


@transaction.atomic
def index_words(*, at: datetime, most: int = 20_000) -> int:
    """Read the log on by about `most` events, and keep what the cases told of are found by. Answers how many events: fewer than `most` when
    the end is reached."""
    db.run("insert into events_reader (name, read_until) values (%s, '-infinity') on conflict do nothing", [READER])
    found = db.row(_INDEX, {"at": at, "longest": LONGEST, "most": most, "reader": READER})
    return int(found[0]) if found else 0
