"""What lets the tables be spread by district (docs/architecture.md), read off the models and off the real database."""

import pytest
from django.apps import apps
from django.contrib.gis.db.models import GeometryField
from django.db import connection, models

pytestmark = pytest.mark.django_db

# One row an answer: the table, its column, its constraint or index.
SERIAL = """
SELECT c.relname, a.attname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.relname = ANY(%s) AND (a.attidentity <> '' OR pg_get_serial_sequence(quote_ident(c.relname), a.attname) IS NOT NULL)
"""
NULLABLE = """
SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relname = ANY(%s) AND a.attname = 'district' AND NOT a.attnotnull
"""
UNIQUE_WITHOUT_DISTRICT = """
SELECT c.relname, i.relname FROM pg_index x JOIN pg_class c ON c.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
WHERE c.relname = ANY(%s) AND (x.indisunique OR x.indisexclusion)
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district' AND a.attnum = ANY(x.indkey))
"""
KEYS_BETWEEN_DISTRICTS = """
SELECT c.relname, k.conname FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class t ON t.oid = k.confrelid
WHERE k.contype = 'f' AND t.relname = ANY(%s)
  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'district' AND a.attnum = ANY(k.conkey))
"""
EXCLUSIONS = """
SELECT k.conname, pg_get_constraintdef(k.oid) FROM pg_constraint k JOIN pg_class c ON c.oid = k.conrelid WHERE k.contype = 'x' AND c.relname = ANY(%s)
"""


def ours() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("jingwei.") and model._meta.managed]


def by_district() -> list[str]:
    """A table is by district if, and only if, its model has the field `district`; every other one is common."""
    return [model._meta.db_table for model in ours() if any(field.name == "district" for field in model._meta.fields)]


def answers(sql: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [by_district()])
        return cursor.fetchall()


def test_cases_and_events_are_by_district() -> None:
    assert {"cases_case", "events_event"} <= set(by_district())


def test_the_district_is_never_null() -> None:
    assert answers(NULLABLE) == []


def test_no_identity_or_serial_column_by_district() -> None:
    assert answers(SERIAL) == []


def test_every_unique_or_exclusion_constraint_by_district_includes_it() -> None:
    assert answers(UNIQUE_WITHOUT_DISTRICT) == []


def test_a_key_to_a_table_by_district_carries_the_district() -> None:
    """So it leads into the same district; a common table has no key to one by district at all."""
    assert answers(KEYS_BETWEEN_DISTRICTS) == []


def test_an_exclusion_constraint_by_district_begins_with_a_scattered_id() -> None:
    """GiST weighs ids made in one moment as the same, and each insert would look through the whole index."""
    found = answers(EXCLUSIONS)
    assert found
    assert [row for row in found if not row[1].startswith("EXCLUDE USING gist (uuid_hash_extended(")] == []


def test_every_table_with_a_place_knows_who_may_see_it() -> None:
    placed = [model for model in ours() if any(f.name == "place" or isinstance(f, GeometryField) for f in model._meta.fields)]
    assert placed
    assert [model.__name__ for model in placed if not hasattr(model._default_manager.all(), "visible_to")] == []


def test_every_geometry_is_stored_in_4326() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT f_table_name, f_geometry_column, srid FROM geometry_columns WHERE srid <> 4326")
        assert cursor.fetchall() == []
