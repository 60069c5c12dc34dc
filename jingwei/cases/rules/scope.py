"""Who sees a case, on plain values: the same as Case.objects.visible_to, for what is told to many at once."""

from collections.abc import Sequence

from jingwei.accounts.rules import SYSTEM, Actor


def sees(actor: Actor, *, place: str, opened_by: int | None, asked: Sequence[str]) -> bool:
    """Whether `actor` sees a case at `place` that `opened_by` opened; `asked` are the paths of the units that hold or held it."""
    if actor is SYSTEM or (opened_by is not None and opened_by == actor.id):
        return True
    if any(place.startswith(area) for area in actor.areas_seen()):
        return True
    return any(place.startswith(held.area) and any(path.startswith(held.unit_path) for path in asked) for held in actor.units_seen())
