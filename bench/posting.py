"""Reporting a case over HTTP, beside pgbench writing the same rows."""

import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from bench.ground import COLUMNS, NOW, ROWS, SOUTH, STEP, WEST

CONNECTIONS = 16
SECONDS = 5
PORT = 18555


def run(url: str) -> None:
    """Prints the floor, the door and their ratio (medians of 5 runs of 5 seconds, in turn)."""
    token = _reporter()
    with tempfile.TemporaryDirectory() as folder:
        floor_script, lua = Path(folder) / "floor.sql", Path(folder) / "post.lua"
        floor_script.write_text(_floor_sql())
        lua.write_text(_lua(token))
        Path(folder).chmod(0o755)
        server = subprocess.Popen([sys.executable, "-m", "jingwei", "serve", "--port", str(PORT), "--workers", "2"], start_new_session=True)
        try:
            wait_for(PORT)
            _http(lua)
            floors, posts = [], []
            for _ in range(5):
                floors.append(_pgbench(url, floor_script))
                posts.append(_http(lua))
        finally:
            os.killpg(server.pid, signal.SIGTERM)
            server.wait(20)
    floor, post = (statistics.median(x) for x in (floors, posts))
    pairs = " ".join(f"{p / f:.2f}" for f, p in zip(floors, posts, strict=True))
    print(f"report a case     floor {floor:8.0f}/s   POST /cases {post:8.0f}/s   ratio {post / floor:.2f}   (wanted ≥ 0.25; the pairs: {pairs})")


def _reporter() -> str:
    from jingwei.accounts.actions import grant_role, issue_token, open_unit, register_person
    from jingwei.accounts.rules import SYSTEM

    centre = open_unit(actor=SYSTEM, at=NOW, code="centre", name="centre", kind="command_centre", area="310101")
    person = register_person(actor=SYSTEM, at=NOW, username="bench", name="bench", password=None, area="310101", is_machine=True)
    grant_role(actor=SYSTEM, at=NOW, person=person, role="hotline_operator", area="310101", unit=centre, from_date=NOW.date())
    return issue_token(actor=SYSTEM, at=NOW, person=person, name="bench")[1]


def _floor_sql() -> str:
    """One transaction that finds the grid among 32,400 and writes the same rows, with the very columns that the action writes."""
    from jingwei.cases.actions.opening import CASE_COLUMNS, EVENT_COLUMNS
    from jingwei.kit import db

    matter, process = db.row(
        "select m.id, p.id from catalogue_matter m, catalogue_process p where p.code = 'standard' and m.code = '06001' and m.kind = 'event'"
    ) or (0, 0)
    case = {
        "district": "'310101'",
        "id": ":id::uuid",
        "number": "'261116-' || nextval('cases_number')",
        "process_id": str(process),
        "state": "'reported'",
        "version": "1",
        "matter_id": str(matter),
        "source": "'hotline'",
        "outer_number": "''",
        "text": "'路边堆放杂物，请派人清理'",
        "urgent": "false",
        "place": ":grid",
        "grid_id": ":grid",
        "address": "''",
        "point": "ST_SetSRID(ST_MakePoint(:x, :y), 4326)",
        "crs": "'EPSG:4326'",
        "x": ":x",
        "y": ":y",
        "opened_at": "now()",
        "opened_by_id": "1",
        "entered_at": "now()",
        "limit_value": "1",
        "limit_unit": "'urgent_hour'",
        "due_at": "now() + interval '60 min'",
        "warn_at": "now() + interval '45 min'",
        "escalate_at": "now() + interval '90 min'",
        "alarm_at": "now() + interval '45 min'",
        "overdue_at": "null",
        "warned_at": "null",
    }
    event = {
        "district": "'310101'",
        "id": "gen_random_uuid()",
        "type": "'case.opened'",
        "at": "now()",
        "actor_id": "1",
        "actor_name": "'bench'",
        "unit_id": "1",
        "subject_type": "'case'",
        "subject_id": ":id::uuid",
        "place": ":grid",
        "data": """'{"number": "261116-0000001", "matter": "06001", "source": "hotline", "to": "reported"}'""",
        "command": ":id",
    }
    return f"""\\set i random(0, {ROWS * COLUMNS - 1})
\\set x {WEST} + (:i % {COLUMNS} + 0.5) * {STEP}
\\set y {SOUTH} + (:i / {COLUMNS} + 0.5) * {STEP}
begin;
select code as grid, gen_random_uuid() as id from areas_grid
 where ST_Covers(boundary, ST_SetSRID(ST_MakePoint(:x, :y), 4326)) and period @> current_date and kind <> 'micro' order by code limit 1 \\gset
insert into events_event ({", ".join(EVENT_COLUMNS)}) values ({", ".join(event[c] for c in EVENT_COLUMNS)});
insert into cases_case ({", ".join(CASE_COLUMNS)}) values ({", ".join(case[c] for c in CASE_COLUMNS)});
commit;
"""


def _lua(token: str) -> str:
    return f"""
local n = 0
local id = tostring(math.random(1, 1e9))
function setup(thread) thread:set("seed", os.time() + math.random(1, 1e6)) end
function init(args) math.randomseed(seed) id = tostring(math.random(1, 1e9)) end
function request()
  n = n + 1
  local i = math.random(0, {ROWS * COLUMNS - 1})
  local x = {WEST} + (i % {COLUMNS} + 0.5) * {STEP}
  local y = {SOUTH} + (math.floor(i / {COLUMNS}) + 0.5) * {STEP}
  return wrk.format("POST", "/api/v1/cases", {{["Authorization"]="Bearer {token}", ["Content-Type"]="application/json", ["Idempotency-Key"]=id .. "-" .. n}},
    string.format('{{"matter":"06001","source":"hotline","text":"路边堆放杂物，请派人清理","position":{{"crs":"EPSG:4326","x":%.6f,"y":%.6f}}}}', x, y))
end
function done(summary, latency, requests)
  io.write(string.format("RESULT %d %d %d\\n", summary.requests, summary.duration, summary.errors.status + summary.errors.read + summary.errors.timeout))
end
"""


def _pgbench(url: str, script: Path) -> float:
    from jingwei.site.cluster import binaries

    folder = binaries()
    assert folder
    out = subprocess.run(
        [folder / "pgbench", "-n", "-M", "prepared", "-c", str(CONNECTIONS), "-j", "2", "-T", str(SECONDS), "-f", str(script), url],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return float(re.search(r"tps = ([0-9.]+)", out).group(1))  # type: ignore[union-attr]


def _http(lua: Path) -> float:
    out = subprocess.run(
        ["wrk", "-t", "2", "-c", str(CONNECTIONS), "-d", f"{SECONDS}s", "-s", str(lua), f"http://127.0.0.1:{PORT}"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    requests, micros, errors = map(int, re.search(r"RESULT (\d+) (\d+) (\d+)", out).groups())  # type: ignore[union-attr]
    if errors:
        raise SystemExit(f"{errors} of {requests} reports failed:\n{out}")
    return requests / (micros / 1e6)


def wait_for(port: int) -> None:
    """Until the server there is ready."""
    for _ in range(100):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=2)
            return
        except OSError:
            time.sleep(0.2)
    raise SystemExit("the server did not start")
