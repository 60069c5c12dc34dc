"""What the program refuses, and how it says so (RFC 9457 problem details at the doors)."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from jingwei.kit.text import T


class FieldError(NamedTuple):
    """One wrong field: its dotted path in the request, and what is wrong with it."""

    field: str
    message: T


class Problem(Exception):
    """A refusal that a person can act on. `status` is the HTTP status that a door answers."""

    status = 400
    code = "problem"
    title = T("请求有误", "The request is wrong")

    def __init__(
        self,
        message: T | None = None,
        *,
        code: str | None = None,
        errors: Sequence[FieldError] = (),
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        self.message = message or self.title
        self.code = code or self.code
        self.errors = list(errors)
        self.extra = dict(extra or {})
        super().__init__(self.message.en)

    def __reduce__(self) -> tuple[Any, ...]:
        return _revive, (type(self), self.__dict__)  # it may come from another process


def _revive(kind: type[Problem], state: dict[str, Any]) -> Problem:
    problem = kind.__new__(kind)
    problem.__dict__.update(state)
    return problem


class Unauthenticated(Problem):
    status, code, title = 401, "unauthenticated", T("请先登录", "Log in first")


class Forbidden(Problem):
    status, code, title = 403, "forbidden", T("没有此项权限", "You may not do this")


class NotFound(Problem):
    """Also the answer for what lies outside the actor's scope: never a hint that it exists."""

    status, code, title = 404, "not_found", T("没有找到", "Not found")


class Conflict(Problem):
    """Somebody was faster. `extra["present"]` carries the present state."""

    status, code, title = 409, "conflict", T("内容已被他人更改", "Somebody else changed this")


class TooLarge(Problem):
    status, code, title = 413, "too_large", T("内容过大", "Too large")


class Unsupported(Problem):
    status, code, title = 415, "unsupported_type", T("不支持的文件类型", "Unsupported type of file")


class Invalid(Problem):
    """The input is wrong; `errors` names each field."""

    status, code, title = 422, "invalid", T("填写有误", "Some fields are wrong")


class Refused(Problem):
    """The input is well formed, and a rule says no."""

    status, code, title = 422, "refused", T("按规则不能这样办理", "The rules do not allow this")


class TooMany(Problem):
    status, code, title = 429, "too_many", T("尝试过多，请稍后再试", "Too many attempts, try later")


def stale(**present: Any) -> Conflict:
    """The `Conflict` of somebody who saw an older version; `present`: how it stands, with its version."""
    return Conflict(T("内容已被他人更改，请看最新情况", "somebody else changed this since"), code="stale_version", extra={"present": present})


def invalid(field: str, zh: str, en: str) -> Invalid:
    """An `Invalid` with one wrong field."""
    return Invalid(errors=[FieldError(field, T(zh, en))])
