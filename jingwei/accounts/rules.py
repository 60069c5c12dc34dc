"""Roles and scope, on plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from jingwei.kit.codes import district_of_place
from jingwei.kit.text import T

Reach = Literal["area", "unit", "grid", "office"]


@dataclass(frozen=True)
class Role:
    """What a role is called, and how far it sees: its whole `area`; what its `unit` holds or held within the
    area; the `grid`s it is posted to; or no business at all (`office`, the three administrators)."""

    code: str
    name: T
    reach: Reach
    opens_cases: bool = False


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role("worker", T("网格员", "Worker"), "grid", True),
        Role("grid_lead", T("网格长", "Grid lead"), "area", True),
        Role("station_clerk", T("社区工作站坐席", "Station clerk"), "area", True),
        Role("street_operator", T("街道中心坐席", "Street operator"), "area", True),
        Role("acceptor", T("受理员", "Acceptor"), "area", True),
        Role("dispatcher", T("派遣员", "Dispatcher"), "area"),
        Role("shift_leader", T("值班长", "Shift leader"), "area", True),
        Role("supervisor", T("督查员", "Supervisor"), "area"),
        Role("department_clerk", T("部门经办人", "Department clerk"), "unit"),
        Role("department_lead", T("部门负责人", "Department lead"), "unit"),
        Role("registrar", T("数据专员", "Registrar"), "area"),
        Role("hotline_operator", T("热线话务员", "Hotline operator"), "area", True),
        Role("analyst", T("分析员", "Analyst"), "area"),
        Role("system_admin", T("系统管理员", "System administrator"), "office"),
        Role("security_admin", T("安全管理员", "Security administrator"), "office"),
        Role("audit_admin", T("审计管理员", "Audit administrator"), "office"),
    )
}
# GB/T 22239-2019 level 3: three administrators, and no person is two of them.
ADMINISTRATORS = ("system_admin", "security_admin", "audit_admin")
# Whose work is with the people of an area: they read and write who lives there. Others see counts.
READS_PEOPLE = ("worker", "grid_lead", "station_clerk", "street_operator", "registrar")
# Who keeps the register of an area: imports, merges, gives codes and plates.
KEEPS_REGISTER = ("station_clerk", "street_operator", "registrar")


@dataclass(frozen=True, slots=True)
class Held:
    """One role that somebody holds: where (prefix of a place) and, where it has one, in which unit (id and path)."""

    role: str
    area: str
    unit_id: int | None = None
    unit_path: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts, with the roles held at that moment. The program itself has no id and holds nothing. `must_change`: came in by a one-time
    password, and may do nothing but choose another."""

    id: int | None
    name: str
    held: tuple[Held, ...] = ()
    must_change: bool = False

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset(h.role for h in self.held)

    def areas(self) -> tuple[str, ...]:
        """The areas in which this actor has business, without those that lie in another of them."""
        return _outermost(h.area for h in self.held if ROLES[h.role].reach != "office")

    def areas_of(self, role: str) -> tuple[str, ...]:
        """Where this actor holds `role`."""
        return _outermost(h.area for h in self.held if h.role == role)

    def areas_of_any(self, roles: tuple[str, ...]) -> tuple[str, ...]:
        """Where this actor holds one of `roles`."""
        return _outermost(h.area for h in self.held if h.role in roles)

    def areas_seen(self) -> tuple[str, ...]:
        """The areas of which this actor sees everything."""
        return _outermost(h.area for h in self.held if ROLES[h.role].reach in ("area", "grid"))

    def units_seen(self) -> tuple[Held, ...]:
        """The roles whose holder sees what their unit holds."""
        return tuple(h for h in self.held if ROLES[h.role].reach == "unit" and h.unit_path)

    def roles_at(self, place: str) -> frozenset[str]:
        """The roles held over `place`."""
        return frozenset(h.role for h in self.held if place.startswith(h.area))

    def holds(self, roles: tuple[str, ...], place: str) -> bool:
        """Whether this actor has one of `roles` over `place`; the program itself has every right."""
        return self is SYSTEM or any(h.role in roles and place.startswith(h.area) for h in self.held)

    def held_as(self, roles: tuple[str, ...], place: str, holder_path: str | None) -> Held | None:
        """The first grant by which this actor has one of `roles` over `place`; with `holder_path`, only in a unit
        that is the holder's or stands above it."""
        for h in self.held:
            above = holder_path is None or (h.unit_path and holder_path.startswith(h.unit_path))
            if above and h.role in roles and place.startswith(h.area):
                return h
        return None

    def unit_for(self, place: str) -> int | None:
        """In whose name the actor speaks at `place`."""
        return next((h.unit_id for h in self.held if h.unit_id and place.startswith(h.area)), None)

    def opening_area(self) -> str | None:
        """The area of the first role that may open cases: the home of a case whose place isn't known."""
        return next((h.area for h in self.held if ROLES[h.role].opens_cases), None)

    def home_district(self) -> str:
        return district_of_place(self.held[0].area) if self.held else "000000"


SYSTEM = Actor(id=None, name="系统")


def _outermost(areas: Iterable[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for area in sorted(set(areas)):
        if not any(area.startswith(other) for other in kept):
            kept.append(area)
    return tuple(kept)
