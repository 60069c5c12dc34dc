"""A grid keeps its ground: inside its community, apart from the others, a micro grid inside its parent. Checked at commit,
one plan of a community at a time, so that two that race can't both slip in. Tolerance: about one square metre.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("areas", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            create function areas_grid_ground() returns trigger language plpgsql as $$
            declare other varchar;
            begin
                perform pg_advisory_xact_lock(hashtextextended('grid ' || new.community_id, 0));
                if not ST_IsValid(new.boundary) then
                    raise exception 'grid % has an invalid boundary', new.code using errcode = 'check_violation', constraint = 'grid_valid';
                end if;
                if exists (select from areas_division d where d.code = new.community_id
                            and (d.boundary is null or ST_Area(ST_Difference(new.boundary, d.boundary)) > 1e-10)) then
                    raise exception 'grid % leaves its community', new.code using errcode = 'check_violation', constraint = 'grid_in_community';
                end if;
                if new.kind = 'micro' and exists (select from areas_grid p where p.code = new.parent_id
                            and (p.kind = 'micro' or ST_Area(ST_Difference(new.boundary, p.boundary)) > 1e-10)) then
                    raise exception 'micro grid % leaves its parent', new.code using errcode = 'check_violation', constraint = 'grid_in_parent';
                end if;
                select g.code into other from areas_grid g
                 where g.code <> new.code and g.boundary && new.boundary and g.period && new.period
                   and (g.kind = 'micro') = (new.kind = 'micro') and ST_Area(ST_Intersection(g.boundary, new.boundary)) > 1e-10 limit 1;
                if found then
                    raise exception 'grids % and % overlap', new.code, other using errcode = 'exclusion_violation', constraint = 'grid_overlap';
                end if;
                return null;
            end $$;
            create constraint trigger grid_ground after insert or update of boundary, period, kind, parent_id, community_id on areas_grid
                deferrable initially deferred for each row execute function areas_grid_ground();
            """,
            "drop trigger grid_ground on areas_grid; drop function areas_grid_ground();",
        )
    ]
