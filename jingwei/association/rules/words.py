"""What the kinds of things, ties and sources are called."""

from jingwei.kit.text import T

KINDS: dict[str, T] = {
    "room": T("房屋", "Room"),
    "building": T("楼栋", "Building"),
    "resident": T("居民", "Resident"),
    "household": T("户", "Household"),
    "organisation": T("单位", "Organisation"),
    "component": T("部件", "Component"),
    "address": T("地址", "Address"),
    "case": T("案件", "Case"),
    "grid": T("网格", "Grid"),
}
LEAVES: dict[str, T] = {"pledge": T("责任书", "Pledge"), "plate": T("门牌", "Plate")}
NAMES = KINDS | LEAVES

# A part of an association: a list of things of one kind, tied in one way.
PARTS: dict[str, T] = {
    "residents": T("居住的人", "People who live here"),
    "former": T("曾经居住的人", "People who lived here"),
    "households": T("户", "Households"),
    "rooms": T("房屋", "Rooms"),
    "former_rooms": T("曾住的房屋", "Former rooms"),
    "buildings": T("楼栋", "Buildings"),
    "organisations": T("单位", "Organisations"),
    "components": T("部件", "Components"),
    "near_components": T("同一地点的部件", "Components at the same place"),
    "offered": T("可能涉及的部件", "Components it may be about"),
    "near_buildings": T("同一地点的楼栋", "Buildings at the same place"),
    "pledges": T("责任书", "Pledges"),
    "plates": T("门牌", "Plates"),
    "addresses": T("地址", "Addresses"),
    "below": T("下级地址", "Addresses below"),
    "grids": T("网格", "Grid"),
    "cases": T("案件", "Cases"),
}
TIES: dict[str, T] = {
    "permanent": T("常住", "lives here"),
    "temporary": T("暂住", "stays here"),
    "household": T("在户内", "in the household"),
    "part": T("属于", "part of"),
    "business": T("经营", "does business"),
    "belongs": T("归属", "belongs to"),
    "signed": T("签订", "signed"),
    "plated": T("挂牌", "on the plate"),
    "address": T("地址", "address"),
    "in_place": T("位于", "lies in"),
    "about": T("涉及", "about"),
    "offered": T("可能涉及", "may be about"),
    "same_place": T("同一地点", "at the same place"),
    "condition": T("状态变更", "condition seen"),
}
# How an edge is known, where the row that says so names no source of its own.
SOURCES: dict[str, T] = {
    "": T("登记", "the register"),
    "report": T("上报时指明", "named in the report"),
    "hand": T("人工关联", "tied by hand"),
    "footprint": T("在楼栋轮廓内", "inside the footprint"),
    "within_15m": T("相距 15 米以内", "within 15 metres"),
    "within_100m": T("相距 100 米以内", "within 100 metres"),
    "place": T("按网格编码", "by the grid's code"),
    "case": T("案件办理中记录", "recorded in the case"),
}
