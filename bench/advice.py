"""Advice: how often it is right on the newest fifth of what it has never seen, whether its probabilities mean what they say, how long it
takes to learn from 30,000 cases, and to answer.

`messages`: 495 messages of residents to a city (2011 to 2020) with the class that the city filed them under; all that is known is the text.
`pingshan`: 6,000 grid events of Pingshan (February to October 2018) with the unit that disposed; there is no text, and what is known is class,
street, community and source. Both are in the order of their own time: the newest fifth is measured, what came before is learnt from; those
without an answer are left out. The path is the one of the job (`cases.rules.learning.learn`). The 30,000 cases are invented, from the
catalogue's own words, and go through the whole action: read, learnt, written.
"""

import csv
import gzip
import statistics
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from bench.ground import NOW

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"  # beside a developer's checkout; a user's machine has none
MESSAGES = DATA / "messages" / "messages_labelled_raw_495.csv.gz"
PINGSHAN = DATA / "pingshan_2018" / "events_first_6000.csv.gz"
CASES = 30_000


def run(_url: str) -> None:
    """Prints the scores on both sets, then the times."""
    for name, file, examples in (("messages (class)", MESSAGES, _messages), ("pingshan (unit)", PINGSHAN, _pingshan)):
        if file.exists():
            _score(name, list(examples()))
        else:
            print(f"advice            {name} skipped: the file is not here")
    _times()


def _rows(file: Path) -> Iterator[dict[str, str]]:
    with gzip.open(file, "rt", encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


def _messages() -> Iterator:  # type: ignore[type-arg]
    from jingwei.cases.rules.learning import Example

    for r in sorted(_rows(MESSAGES), key=lambda r: datetime.strptime(r["留言时间"].replace("-", "/"), "%Y/%m/%d %H:%M:%S")):
        yield Example(f"{r['留言主题']} {r['留言详情'].strip()}", (), r["一级分类"])


def _pingshan() -> Iterator:  # type: ignore[type-arg]
    from jingwei.cases.rules.learning import Example

    for r in sorted(_rows(PINGSHAN), key=lambda r: (r["CREATE_TIME"], int(r["REC_ID"]))):
        if r["DISPOSE_UNIT_ID"] != "-":
            said = (("matter", "SUB_TYPE_ID"), ("major", "MAIN_TYPE_ID"), ("street", "STREET_ID"), ("community", "COMMUNITY_ID"), ("source", "EVENT_SRC_ID"))
            yield Example("", tuple(f"{name} {r[column]}" for name, column in said), int(r["DISPOSE_UNIT_ID"]))


def _score(name: str, examples: list) -> None:  # type: ignore[type-arg]
    from jingwei.cases.rules.learning import TESTED, learn, trial

    learnt, older = learn(examples), trial(examples)
    assert learnt and older
    s = learnt.score
    answers = len({e.answer for e in examples})
    print(f"advice            {name:18} top-1 {s.top1:.3f}   top-3 {s.top3:.3f}   of the newest {s.tested:,} of {len(examples):,}, {answers} answers")
    newest = examples[int(len(examples) * (1 - TESTED)) :]
    said = [(found[0][1], found[0][0] == e.answer) for e in newest for found in [older.likeliest(e.text, e.circumstances, 1)]]
    steps = []
    for low, high in ((0, 0.4), (0.4, 0.6), (0.6, 0.8), (0.8, 1.01)):
        among = [(p, right) for p, right in said if low <= p < high]
        if among:
            mean = statistics.mean(p for p, _ in among)
            steps.append(f"{mean:.2f} → {statistics.mean(right for _, right in among):.2f} ({len(among)})")
    print(f"  probability said → how often right (how many): {'   '.join(steps)}   on the whole {s.said:.3f} → {s.top1:.3f}")


def _times() -> None:
    from jingwei.accounts.rules import SYSTEM, Actor, Held
    from jingwei.cases.actions import learn_advice
    from jingwei.cases.queries import advice
    from jingwei.kit import db

    _invent()
    start = time.perf_counter()
    row = learn_advice(actor=SYSTEM, at=NOW)
    seconds = time.perf_counter() - start
    assert row
    size = (len(row.matters or b"") + len(row.units or b"")) / 1e6
    print(f"learn advice      {row.cases:,} cases in {seconds:.1f} s   (wanted < 60 s)   kept in {size:.2f} MB")
    somebody = Actor(id=None, name="", held=(Held("acceptor", "310101"),))
    texts = [text for (text,) in db.rows("select text from cases_case where number like 'learn%%' order by id limit 300")]
    start = time.perf_counter()
    advice(actor=somebody, text=texts[0], place="310101001001", matter="06001")
    loaded = time.perf_counter() - start
    answers, floors = [], []
    for text in texts:
        start = time.perf_counter()
        told = advice(actor=somebody, text=text, place="310101001001", matter="06001")
        answers.append(time.perf_counter() - start)
        ids = [unit.pk for unit, _ in told.units]
        start = time.perf_counter()
        db.row("select id from cases_learnedadvice order by id desc limit 1")
        db.rows("select * from accounts_unit where closed_date is null and id = any(%s)", [ids])
        floors.append(time.perf_counter() - start)
    p95 = sorted(answers)[int(len(answers) * 0.95)] * 1000
    floor, answer = (statistics.median(x) * 1000 for x in (floors, answers))
    print(
        f"answer            floor {floor:.2f} ms (its two statements)   {answer:.2f} ms, p95 {p95:.2f} ms   ratio {answer / floor:.1f}   (wanted < 20 ms)",
        end="",
    )
    print(f"   the first, which loads the tables: {loaded * 1000:.0f} ms")


def _invent() -> None:
    """Closed cases under 200 matters, said in the matter's name and two scraps of filing conditions, handled by one of 60 units."""
    from jingwei.kit import db

    db.run(
        """insert into accounts_unit (code, name, kind, path, area)
           select 'learn' || n, 'unit ' || n, 'department', '/' || (1000000 + n) || '/', '310101' from generate_series(1, 60) n"""
    )
    db.run(
        """with m as (select id, name, row_number() over (order by id) - 1 n from catalogue_matter
                       where edition_id = (select id from catalogue_edition order by valid_from desc limit 1) and kind = 'event' order by id limit 200),
                c as (select text, row_number() over (order by id) - 1 n from catalogue_filingcondition),
                u as (select id, row_number() over (order by id) - 1 n from accounts_unit where code like 'learn%%'),
                size as (select count(*) of from c),
                made as (
                  select i, ('0' || lpad(to_hex(i), 7, '0') || '-0000-8000-8000-000000000000')::uuid id,
                         timestamptz '2026-01-01' + i * interval '10 minutes' opened_at, floor(power(random(), 2) * 200)::int n,
                         floor(random() * of)::int s, floor(random() * of)::int t, '310101001' || lpad((1 + i %% 36)::text, 3, '0') || '001' place
                    from size, generate_series(1, %(cases)s) i),
                opened as (
                  insert into cases_case (district, id, number, process_id, state, matter_id, source, text, urgent, place, opened_at, entered_at, closed_at,
                                          is_open, version)
                  select '310101', made.id, 'learn' || i, (select id from catalogue_process limit 1), 'closed', m.id, 'hotline',
                         m.name || substr(a.text, 1, 20) || substr(b.text, 1, 20), false, place, opened_at, opened_at, opened_at + interval '1 day', false, 1
                    from made join m using (n) join c a on a.n = made.s join c b on b.n = made.t)
           insert into cases_assignment (district, id, case_id, unit_id, part, assigned_at, done_at)
           select '310101', made.id, made.id, u.id, 'lead', opened_at, opened_at from made join u on u.n = (made.n * 7 + made.i %% 3) %% 60""",
        {"cases": CASES},
    )
    db.run("analyze cases_case, cases_assignment")
