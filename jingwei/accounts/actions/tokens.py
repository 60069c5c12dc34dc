"""Tokens of machines are issued and revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db import transaction

from jingwei.accounts.actions.may import may_administer
from jingwei.accounts.models import Person, Token
from jingwei.accounts.rules import ADMINISTRATORS, SYSTEM, Actor
from jingwei.events.actions import record
from jingwei.kit.errors import NotFound, Refused, invalid
from jingwei.kit.text import T


@transaction.atomic
def issue_token(*, actor: Actor, at: datetime, person: Person, name: str, days: int = 365) -> tuple[Token, str]:
    """A bearer token for a machine's account, valid `days` (at most 730). The text is shown this once."""
    may_administer(actor, person.area, "system_admin")
    if not person.is_machine or not person.is_active:
        raise Refused(T("令牌只发给在用的机器账号；人用口令登录", "tokens are for machines in use; people log in by password"))
    if not 1 <= days <= 730:
        raise invalid("days", "有效期为 1 至 730 天", "between 1 and 730 days")
    if person.grants.filter(role__in=ADMINISTRATORS).exists():
        raise Refused(T("管理员不能使用令牌", "administrators log in themselves; no machine holds their roles"))
    plain = "jw_" + secrets.token_urlsafe(32)
    token = Token.objects.create(person=person, name=name, digest=hashlib.sha256(plain.encode()).digest(), expires_at=at + timedelta(days=days))
    record("token.issued", actor=actor, at=at, subject_type="person", subject_key=person.pk, place=person.area, data={"name": name, "token": token.pk})
    return token, plain


@transaction.atomic
def revoke_token(*, actor: Actor, at: datetime, token_id: int) -> Token:
    """The token opens no door any more; revoked twice is revoked."""
    token = Token.objects.select_for_update().select_related("person").filter(pk=token_id).first()
    if token is None or (actor is not SYSTEM and not actor.roles_at(token.person.area)):
        raise NotFound()
    may_administer(actor, token.person.area, "system_admin", "security_admin")
    if token.revoked_at is None:
        token.revoked_at = at
        Token.objects.filter(pk=token.pk).update(revoked_at=at)
        record("token.revoked", actor=actor, at=at, subject_type="person", subject_key=token.person.pk, place=token.person.area, data={"token": token.pk})
    return token
