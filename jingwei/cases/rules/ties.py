"""What a case may be tied to, and by whom."""

from jingwei.accounts.rules import ROLES, SYSTEM, Actor
from jingwei.kit.text import T

THINGS: dict[str, T] = {
    "room": T("房屋", "Room"),
    "building": T("楼栋", "Building"),
    "component": T("部件", "Component"),
    "organisation": T("单位", "Organisation"),
    "resident": T("居民", "Resident"),
}


def may_tie(actor: Actor) -> bool:
    """Whoever handles cases; an analyst reads. That the actor sees the case and may read the thing is asked of both."""
    return actor is SYSTEM or any(ROLES[role].reach != "office" and role != "analyst" for role in actor.roles)
