"""What the database itself holds: a published process can't be changed, and every change moves the revision."""

from django.db import migrations

FROZEN = """
create function catalogue_process_guard() returns trigger language plpgsql as $$
begin
  if tg_op = 'DELETE' then
    if old.status <> 'concept' then
      raise exception 'process % version % is %: it cannot be deleted', old.code, old.version, old.status using errcode = 'restrict_violation';
    end if;
    return old;
  end if;
  if old.status = 'frozen'
     or old.status = 'published' and (new.status not in ('published', 'frozen')
        or (new.id, new.code, new.version, new.definition, new.valid_from) is distinct from
           (old.id, old.code, old.version, old.definition, old.valid_from)) then
    raise exception 'process % version % is %: it cannot be changed', old.code, old.version, old.status using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger process_guard before update or delete on catalogue_process
  for each row execute function catalogue_process_guard();
"""

# accounts_unit too: a unit that is closed or renamed changes what dispatch answers.
TABLES = (
    "catalogue_module",
    "catalogue_edition",
    "catalogue_matter",
    "catalogue_crosswalk",
    "catalogue_filingstandard",
    "catalogue_filingcondition",
    "catalogue_process",
    "catalogue_timelimit",
    "catalogue_workcalendar",
    "catalogue_calendaryear",
    "catalogue_calendarday",
    "catalogue_dispatchrule",
    "accounts_unit",
)
REVISION = """
create sequence catalogue_revision_number;
create function catalogue_moved() returns trigger language plpgsql as $$
begin
  insert into catalogue_revision (id, number) values (1, nextval('catalogue_revision_number'))
    on conflict (id) do update set number = excluded.number;
  return null;
end $$;
""" + "".join(
    f"create trigger catalogue_moved after insert or update or delete or truncate on {table}\n  for each statement execute function catalogue_moved();\n"
    for table in TABLES
)
UNDO = (
    "".join(f"drop trigger catalogue_moved on {table};\n" for table in TABLES)
    + "drop function catalogue_moved(); drop sequence catalogue_revision_number;"
    + "drop trigger process_guard on catalogue_process; drop function catalogue_process_guard();"
)


class Migration(migrations.Migration):
    dependencies = [("catalogue", "0001_initial"), ("accounts", "0001_initial")]

    operations = [migrations.RunSQL(FROZEN + REVISION, UNDO)]
