"""A million cases on the bench's ground, for what must be quick over many years."""

import sys

from bench.ground import NOW, SOUTH, STEP, WEST

CASES = 1_000_000
DEPARTMENTS = 20

# Words of a report: what, in what state, where. Drawn independently, so that a search for two of them finds few of the million.
THINGS = "井盖 路灯 护栏 垃圾桶 共享单车 广告牌 建筑垃圾 暴露垃圾 人行道砖 行道树 公交站牌 消防通道 下水道 电缆 围挡 健身器材 占道摊位 油烟 积水 小广告"
STATES = "破损 缺失 堵塞 倾斜 堆放 满溢 不亮 占用 松动 脱落 下沉 渗漏"
STREETS = "人民路 解放路 中山东路 和平里 光明新村 幸福小区 建设大道 滨江花园 学府街 东门市场 北站广场 长乐坊 文庙路 南园二村 水仙里 青年公寓"
WISHES = "请尽快派人处理 影响通行 已经多日无人管 居民反映强烈 有安全隐患 望核实"
WORDS = {"things": THINGS, "states": STATES, "streets": STREETS, "wishes": WISHES}


def seed() -> None:
    """The million: three years of cases in one district, 3 in 100 of them open, each with its unit and its assignment."""
    from jingwei.accounts.actions import open_unit
    from jingwei.accounts.rules import SYSTEM
    from jingwei.cases.queries.filters import READER, WORDS_OF_CASE
    from jingwei.kit import db

    if db.row("select 1 from accounts_unit where code = 'million-centre'"):
        return  # another bench of this run has done it
    centre = open_unit(actor=SYSTEM, at=NOW, code="million-centre", name="指挥中心", kind="command_centre", area="310101")
    for n in range(DEPARTMENTS):
        open_unit(actor=SYSTEM, at=NOW, code=f"million-{n}", name=f"第{n + 1}局", kind="department", area="310101", parent=centre)
    print(f"seeding {CASES:,} cases …", file=sys.stderr, flush=True)
    db.run("select setseed(0.5)")
    db.run(
        _SEED,
        {
            "n": CASES,
            "now": NOW,
            "w": WEST,
            "s": SOUTH,
            "step": STEP,
            **{k: v.split() for k, v in (("things", THINGS), ("states", STATES), ("streets", STREETS), ("wishes", WISHES))},
        },
    )
    db.run(
        """insert into cases_assignment (district, id, case_id, unit_id, part, assigned_at)
           select district, gen_random_uuid(), id, unit_id, 'lead', opened_at from cases_case where unit_id is not null"""
    )
    db.run(f"insert into cases_casewords (district, id, words) select c.district, c.id, {WORDS_OF_CASE} from cases_case c")
    db.run("insert into events_reader (name, read_until) values (%s, now())", [READER])
    db.run("vacuum (analyze) cases_case, cases_assignment, cases_casewords")


_SEED = """
insert into cases_case (district, id, number, process_id, state, is_open, version, matter_id, source, text, urgent, place, grid_id, address, point, crs, x, y,
                        opened_at, entered_at, unit_id, closed_at, limit_value, limit_unit, due_at, warn_at, escalate_at, alarm_at, overdue_at)
select '310101', (lpad(to_hex((extract(epoch from opened_at) * 1000)::bigint), 12, '0') || '84bb95' || to_hex(4 + i %% 4) || substr(h, 1, 13))::uuid,
       to_char(opened_at, 'YYMMDD') || '-' || lpad(i::text, 7, '0'), process, state, open, 1, matter, source,
       (%(streets)s::text[])[street] || num || '号附近' || (%(things)s::text[])[thing] || (%(states)s::text[])[how]
           || '，' || (%(wishes)s::text[])[wish] || '。',
       random() < 0.02, grid, grid, (%(streets)s::text[])[street] || num || '号', ST_SetSRID(ST_MakePoint(x, y), 4326), 'EPSG:4326', x, y,
       opened_at, opened_at + interval '1 hour', case when state in ('reported', 'accepted', 'filed') then null else unit end,
       case when not open then opened_at + interval '3 days' end,
       case when open then 5 end, case when open then 'work_day' else '' end,
       case when open then due end, case when open then due - interval '1 day' end, case when open then due + interval '2 days' end,
       case when open then due end, null
  from (
    select i, md5(i::text) h, g.code grid, g.x, g.y, process, opened_at, open,
           case when not open then (array['rated', 'closed', 'closed', 'declined', 'voided', 'merged'])[1 + (r1 * 6)::int %% 6]
                else (array['reported', 'accepted', 'filed', 'dispatched', 'acknowledged', 'handling', 'fed_back', 'verified'])
                     [1 + (r1 * 8)::int %% 8] end state,
           m[1 + floor(power(r2, 3) * array_length(m, 1))::int] matter, u[1 + floor(r3 * array_length(u, 1))::int] unit,
           (array['hotline', 'hotline', 'hotline', 'worker', 'worker', 'worker', 'worker', 'resident', 'department'])[1 + (r4 * 9)::int %% 9] source,
           1 + (r5 * 15)::int street, 1 + (r6 * 19)::int thing, 1 + (r7 * 11)::int how, 1 + (r8 * 5)::int wish, 1 + (r5 * 7919)::int %% 400 num,
           %(now)s::timestamptz + (r6 - 0.3) * interval '8 days' due
      from (select i, random() r1, random() r2, random() r3, random() r4, random() r5, random() r6, random() r7, random() r8,
                   i > 0.97 * %(n)s open, %(now)s::timestamptz - (1 - i / %(n)s::float) * interval '1095 days' - interval '1 minute' opened_at,
                   1 + (random() * 32399)::int g from generate_series(1, %(n)s) i) r
      join (select row_number() over () g, code, ST_X(ST_Centroid(boundary)) x, ST_Y(ST_Centroid(boundary)) y from areas_grid) g using (g)
      cross join (select id process from catalogue_process where code = 'standard' order by version desc limit 1) p
      cross join (select array_agg(id order by id) m from catalogue_matter where kind = 'event' and valid_to is null) m
      cross join (select array_agg(id order by id) u from accounts_unit where kind = 'department') u
  ) k
"""
