"""Which fields of the dictionary the columns of an import write: one that is off is not written."""

from collections.abc import Iterable

# kind → column → (thing, field); a column that is not here is the thing's own field of the same name.
_FIELDS: dict[str, dict[str, tuple[str, str] | None]] = {
    "residents": {
        "birth_date": ("resident", "born"),
        "address": ("residency", "room"),
        "room": ("residency", "room"),
        "residency_kind": ("residency", "kind"),
        "relation": ("residency", "relation"),
        "household": ("household", "number"),
        "from_date": ("residency", "from_date"),
        "to_date": ("residency", "to_date"),
    },
    "rooms": {"building": None, "address": None},
    "buildings": {"house_number": ("building", "number"), "lon": ("building", "geometry"), "lat": ("building", "geometry"), "crs": None, "source_id": None},
    "organisations": {
        "address": ("premises", "address"),
        "room": ("premises", "room"),
        "lon": ("premises", "point"),
        "lat": ("premises", "point"),
        "crs": None,
        "from_date": ("premises", "from_date"),
    },
    "pledges": {
        "uscc": ("pledge", "organisation"),
        "identity": ("pledge", "resident"),
        "address": ("pledge", "room"),
    },
}
_SAID = {"residents": "resident", "rooms": "room", "buildings": "building", "organisations": "organisation", "pledges": "pledge"}


def fields_of(kind: str, targets: Iterable[str]) -> dict[str, set[str]]:
    """{thing: names of fields} that columns mapped so would write. Components and addresses hold nothing about people and have their standard."""
    found: dict[str, set[str]] = {}
    if kind not in _SAID:
        return found
    for target in filter(None, targets):
        pair = _FIELDS.get(kind, {}).get(target, (_SAID[kind], target))
        if pair:
            found.setdefault(pair[0], set()).add(pair[1])
    return found
