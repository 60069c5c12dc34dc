"""What the QR code of a plate leads to: for anybody the building, its grid and whom to call; for who works there, the room at the desk.

Nothing is counted, nothing is kept of who has read a code. A signature that isn't ours is as good as no plate at all.
"""

import hmac

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import escape
from django.views.decorators.http import require_safe

from jingwei.accounts.api import find_actor
from jingwei.kit.crypto import sign
from jingwei.kit.errors import Problem
from jingwei.kit.http import language
from jingwei.kit.text import T
from jingwei.registry.queries import PublicPlate, public_plate
from jingwei.registry.rules.plates import SIGNED, read_link
from jingwei.registry.schemas.plates import PURPOSE

HOTLINE = "12345"
_WORDS = {
    "title": T("二维码门牌", "QR plate"),
    "building": T("楼栋", "Building"),
    "grid": T("网格", "Grid"),
    "community": T("社区", "Community"),
    "unit": T("服务单位", "Served by"),
    "report": T("反映问题", "Report something"),
    "how": T(
        f"拨打 {HOTLINE}，或到上面的服务单位，说出门牌编号即可；网格人员会上门核实。",
        f"Call {HOTLINE}, or ask at the unit above, and name the plate's number; somebody of the grid will look.",
    ),
    "number": T("门牌编号", "Plate number"),
    "void": T("此门牌已作废。如仍贴在门上，请告诉社区更换。", "This plate is void. If it still hangs at the door, please tell the community."),
    "privacy": T("本页不显示住户信息，也不记录谁扫了码。", "This page shows nothing of who lives here, and keeps no record of who has read the code."),
    "missing": T("没有这个门牌", "No such plate"),
    "wrong": T("链接不完整或不是本系统签发的，请重新扫码。", "The link is incomplete, or was not signed here: scan the code again."),
}
_PAGE = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">'
    '<meta name="color-scheme" content="light dark"><meta name="robots" content="noindex"><title>{title}</title>'
    '<body style="font:18px/1.7 system-ui,sans-serif;max-width:34em;margin:0 auto;padding:1.5em 1em;overflow-wrap:anywhere">'
    '<main><h1 style="font-size:1.3em">{head}</h1>{body}</main></body></html>'
)


@require_safe
def plate(request: HttpRequest, link: str) -> HttpResponse:
    """`/q/<number>.<signature>`."""
    tongue = language(request)
    read = read_link(link)
    known = public_plate(read[0]) if read and hmac.compare_digest(read[1], sign(read[0], purpose=PURPOSE)[:SIGNED]) else None
    if known is None:
        body = f"<p>{_say('wrong', tongue)}</p>"
        return _page(tongue, _say("missing", tongue), body, 404)
    if not known.voided and (inside := _inside(request, known)):
        return HttpResponseRedirect(inside)
    return _page(tongue, escape(known.called) or _say("title", tongue), _body(known, tongue), 200)


def _inside(request: HttpRequest, plate: PublicPlate) -> str | None:
    """The page of the desk, for who is logged in and works there."""
    try:
        actor = find_actor(request)
    except Problem:
        return None
    if actor is None or actor.must_change or not any(plate.place.startswith(area) for area in actor.areas()):
        return None
    return f"/register/rooms/{plate.room_id}" if plate.room_id else f"/register/buildings/{plate.building_id}"


def _body(plate: PublicPlate, tongue: str) -> str:
    facts = [("building", plate.called), ("grid", plate.grid), ("community", plate.community), ("unit", plate.unit), ("number", plate.number)]
    rows = "".join(f'<dt style="color:GrayText">{_say(name, tongue)}</dt><dd style="margin:0 0 .5em">{escape(value)}</dd>' for name, value in facts if value)
    notice = f'<p role="status"><strong>{_say("void", tongue)}</strong></p>' if plate.voided else ""
    how = f'<h2 style="font-size:1.1em">{_say("report", tongue)}</h2><p>{_say("how", tongue)}</p><p><a href="tel:{HOTLINE}">{HOTLINE}</a></p>'
    return f'{notice}<dl style="margin:0">{rows}</dl>{how}<p style="color:GrayText;font-size:.85em">{_say("privacy", tongue)}</p>'


def _say(key: str, tongue: str) -> str:
    return escape(_WORDS[key].say(tongue))


def _page(tongue: str, head: str, body: str, status: int) -> HttpResponse:
    page = _PAGE.format(lang="en" if tongue == "en" else "zh-Hans", title=_say("title", tongue), head=head, body=body)
    response = HttpResponse(page, status=status)
    response["Cache-Control"], response["Referrer-Policy"] = "no-store", "no-referrer"
    return response
