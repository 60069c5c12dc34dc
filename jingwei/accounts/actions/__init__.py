"""Units, people, roles and tokens come and go here."""

from jingwei.accounts.actions.grants import end_grant, grant_role
from jingwei.accounts.actions.people import (
    change_password,
    one_time_password,
    register_person,
    rename_person,
    reset_password,
    set_active,
    set_work_phone,
    unlock_person,
)
from jingwei.accounts.actions.tables import Row, grant_roles, register_people
from jingwei.accounts.actions.tokens import issue_token, revoke_token
from jingwei.accounts.actions.units import change_unit, close_unit, open_unit, require_version, unit_locked

__all__ = [
    "Row",
    "change_password",
    "change_unit",
    "close_unit",
    "end_grant",
    "grant_role",
    "grant_roles",
    "issue_token",
    "one_time_password",
    "open_unit",
    "register_people",
    "register_person",
    "rename_person",
    "require_version",
    "reset_password",
    "revoke_token",
    "set_active",
    "set_work_phone",
    "unit_locked",
    "unlock_person",
]
