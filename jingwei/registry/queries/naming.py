"""What a building and a room in it are called: one way, in SQL, for every list, page, picture, search and export.

A building is called by its standard address, else by its street and number, else by its name; a room besides by its stair and number, as an address says them
(rules.rooms.full_number says it of one at hand).
"""

from collections.abc import Collection

from jingwei.registry.models import Building


def _ways(b: str) -> list[tuple[set[str], str]]:
    """How the building `b` may be called, the best first, each with the fields that say it."""
    return [
        ({"address"}, f"(select at.standard from registry_address at where at.id = {b}.address_id)"),
        ({"street", "number"}, f"nullif({b}.street || {b}.number, '')"),
        ({"name"}, f"nullif({b}.name, '')"),
        ({"name_en"}, f"nullif({b}.name_en, '')"),
    ]


def address_sql(b: str = "b") -> str:
    """Where the building `b` stands; null where nothing says it."""
    return f"coalesce({', '.join(sql for _, sql in _ways(b)[:2])})"


def called_sql(b: str = "b", off: Collection[str] = ()) -> str:
    """What the building `b` is called by its fields that are not `off` in the dictionary; "" where nothing says it."""
    ways = [sql for fields, sql in _ways(b) if not fields & set(off)]
    return f"coalesce({', '.join(ways)}, '')" if ways else "''"


def label_sql(b: str = "b") -> str:
    """The building `b` where only one line is shown of it: its address and its name, else a code."""
    named = f"nullif(concat_ws(' ', {address_sql(b)}, nullif({b}.name, '')), '')"
    return f"coalesce({named}, nullif({b}.name_en, ''), nullif({b}.code, ''), {b}.source_id)"


def door_sql(r: str) -> str:
    """Stair and number of the room `r`: 2单元501室, A座501室. The same as rules.rooms.full_number."""
    stair = f"case when {r}.unit = '' or {r}.unit ~ '[单元座幢栋楼区门梯]$' then {r}.unit else {r}.unit || '单元' end"
    return f"({stair} || {r}.number || case when {r}.number ~ '[0-9A-Za-z]$' then '室' else '' end)"


def called(building: Building, off: Collection[str] = ()) -> str:
    """The same of a building at hand, its address with it."""
    standard = building.address.standard if building.address and "address" not in off else ""
    door = "" if {"street", "number"} & set(off) else building.street + building.number
    return standard or door or ("" if "name" in off else building.name) or ("" if "name_en" in off else building.name_en)
