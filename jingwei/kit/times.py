"""The wall clock of the place that the program serves (settings.TIME_ZONE)."""

from datetime import date, datetime
from functools import cache
from zoneinfo import ZoneInfo

from django.conf import settings


@cache
def zone() -> ZoneInfo:
    """Read once: `django.utils.timezone` asks for it at each call, which an import feels."""
    return ZoneInfo(settings.TIME_ZONE)


def localtime(at: datetime) -> datetime:
    return at.astimezone(zone())


def localdate(at: datetime) -> date:
    return at.astimezone(zone()).date()
