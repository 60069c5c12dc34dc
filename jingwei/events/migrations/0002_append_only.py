"""Nothing that happened is changed or taken away: the database itself refuses."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("events", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            create function events_append_only() returns trigger language plpgsql as $$
            begin
                raise exception 'the event log is append-only' using errcode = 'restrict_violation';
            end $$;
            create trigger event_append_only before update or delete on events_event
                for each statement execute function events_append_only();
            """,
            "drop trigger event_append_only on events_event; drop function events_append_only();",
        )
    ]
