"""The closed registries that a process may name: moves, guards, form fields, clock effects; and the sources of cases.

A word that isn't here can't be published: there is no expression language. Adding one is a change of the program
(docs/guides/add-a-transition.md); arranging them is a city's own business.
"""

from typing import Literal, NamedTuple, get_args

from jingwei.kit.text import T

Kind = Literal["open", "waiting", "final"]
Clock = Literal["start", "keep", "pause", "resume", "stop", "extend"]
Style = Literal["primary", "plain", "danger"]
FieldKind = Literal["text", "longtext", "unit", "matter", "condition", "files", "score", "case", "datetime", "days", "choice", "units", "called", "position"]
KINDS: tuple[Kind, ...] = get_args(Kind)
CLOCKS: tuple[Clock, ...] = get_args(Clock)
STYLES: tuple[Style, ...] = get_args(Style)

KIND_NAMES: dict[str, T] = {"open": T("办理中", "open"), "waiting": T("停着", "waiting"), "final": T("终结", "final")}
CLOCK_NAMES: dict[str, T] = {
    "start": T("重新计时", "start anew"),
    "keep": T("延续", "keep running"),
    "pause": T("暂停", "pause"),
    "resume": T("恢复", "resume"),
    "stop": T("停止", "stop"),
    "extend": T("延长", "extend"),
}
STYLE_NAMES: dict[str, T] = {"primary": T("主要", "primary"), "plain": T("普通", "plain"), "danger": T("慎用", "danger")}


class Action(NamedTuple):
    """A move of the glossary: the verb on its button, and the event that records it."""

    name: T
    event: str


class FormField(NamedTuple):
    """A field that a move's form may want."""

    kind: FieldKind
    label: T


ACTIONS: dict[str, Action] = {
    "accept": Action(T("受理", "Accept"), "accepted"),
    "decline": Action(T("不予受理", "Decline"), "declined"),
    "send_confirm": Action(T("派核实", "Send to confirm"), "sent_to_confirm"),
    "confirm": Action(T("核实", "Confirm"), "confirmed"),
    "file": Action(T("立案", "File"), "filed"),
    "not_file": Action(T("不立案", "Do not file"), "not_filed"),
    "dispatch": Action(T("派遣", "Dispatch"), "dispatched"),
    "acknowledge": Action(T("签收", "Acknowledge"), "acknowledged"),
    "return": Action(T("退回", "Return"), "returned"),
    "handle": Action(T("开始处置", "Start handling"), "handled"),
    "feed_back": Action(T("反馈", "Feed back"), "fed_back"),
    "verify": Action(T("核查通过", "Verify"), "verified"),
    "rework": Action(T("返工", "Rework"), "sent_to_rework"),
    "close": Action(T("结案", "Close"), "closed"),
    "rate": Action(T("评价", "Rate"), "rated"),
    "reopen": Action(T("重新办理", "Reopen"), "reopened"),
    "suspend": Action(T("挂账", "Suspend"), "suspended"),
    "resume": Action(T("恢复", "Resume"), "resumed"),
    "void": Action(T("作废", "Void"), "voided"),
    "merge": Action(T("挂接重复件", "Merge"), "merged"),
    "unmerge": Action(T("解除挂接", "Unmerge"), "unmerged"),
    "supervise": Action(T("督办", "Supervise"), "supervised"),
    "remind": Action(T("催办", "Remind"), "reminded"),
    "ask_extension": Action(T("申请延期", "Ask for an extension"), "extension_asked"),
    "grant_extension": Action(T("同意延期", "Grant the extension"), "extended"),
    "refuse_extension": Action(T("不同意延期", "Refuse the extension"), "extension_refused"),
    "transfer": Action(T("转办", "Transfer"), "transferred"),
    "assist": Action(T("请协办", "Ask to assist"), "assistance_asked"),
    "assist_done": Action(T("协办完成", "Assistance done"), "assisted"),
    "escalate": Action(T("上呈", "Escalate"), "escalated"),
    "delegate": Action(T("下派", "Delegate"), "delegated"),
    "summon": Action(T("吹哨", "Summon"), "summoned"),
    "arrive": Action(T("报到", "Arrive"), "arrived"),
    "report_back": Action(T("现场反馈", "Report back"), "reported_back"),
    "cancel_summon": Action(T("撤回吹哨", "Cancel summons"), "summons_cancelled"),
}

# The code of a guard lives in cases.rules; here are only its name and what it asks for.
GUARDS: dict[str, T] = {
    "bad_rating": T("评价为不满意", "the rating is bad"),
    "extension_asked": T("有待批的延期申请", "an extension has been asked for"),
    "unit_above": T("所选单位在承办单位的上级", "the chosen unit stands above the holder"),
    "unit_below": T("所选单位在承办单位的下级", "the chosen unit stands below the holder"),
    "mergeable": T("两件案件可以挂接", "the two cases can be merged"),
    "has_photo": T("附有照片", "a photograph is attached"),
    "summons_open": T("有未了结的吹哨", "a summons is open"),
    "other_hand": T("核查人不属于处置单位", "whoever verifies is not of the handling unit"),
}

FIELDS: dict[str, FormField] = {
    "reason": FormField("longtext", T("理由", "Reason")),
    "note": FormField("longtext", T("说明", "Note")),
    "result": FormField("longtext", T("办理结果", "Result")),
    "unit": FormField("unit", T("单位", "Unit")),
    "matter": FormField("matter", T("事项", "Matter")),
    "condition": FormField("condition", T("立案条件", "Filing condition")),
    "files": FormField("files", T("照片和附件", "Photographs and files")),
    "score": FormField("score", T("满意度（1–5）", "Satisfaction (1–5)")),
    "case": FormField("case", T("主案件", "The case to merge into")),
    "until": FormField("datetime", T("预计恢复时间", "Expected to resume at")),
    "days": FormField("days", T("延长天数", "Days to add")),
    "contact": FormField("text", T("联系情况", "Contact made")),
    "units": FormField("units", T("被召单位", "Units called")),
    "called": FormField("called", T("撤回哪个单位（不选为全部）", "Which unit is no longer called (none: all)")),
    "meet_place": FormField("text", T("集合地点", "Where to meet")),
    "meet_at": FormField("datetime", T("集合时间", "When to meet")),
    "position": FormField("position", T("到场位置", "Position on arrival")),
}

# 吹哨报到: a called unit's two clocks. They stand in the table of limits beside the states of a process that has the move `summon`.
SUMMONS_CLOCKS: dict[str, T] = {
    "summon.arrive": T("吹哨到场", "arrival after a summons"),
    "summon.report_back": T("吹哨反馈", "feedback after a summons"),
}

# 问题来源: who brought the report in. Deployed systems of the field count the first kind as patrol, the rest as public.
SOURCES: dict[str, T] = {
    "worker": T("网格员上报", "Grid worker"),
    "resident": T("居民上报", "Resident"),
    "hotline": T("热线", "Hotline"),
    "department": T("部门移送", "Department"),
    "superior": T("上级交办", "Higher level"),
    "media": T("媒体曝光", "Media"),
    "inspection": T("检查发现", "Inspection"),
    "sensor": T("物联感知", "Sensor"),
    "open311": T("Open311 接口", "Open311"),
    "other": T("其他", "Other"),
}
