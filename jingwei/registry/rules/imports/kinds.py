"""What may be imported, and by which columns: one table for the mapping, the readers, the templates and the exports.

A column is known by its code, its titles, and what people otherwise call it. Of `needs`, each group must be mapped by one of its columns ("lon+lat": by
both). What is not listed here is never stored.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from jingwei.kit.text import T


@dataclass(frozen=True)
class Column:
    """`look`: what its values look like (rules.imports.looks), where that says something. `words`: what a choice's values are also called.
    `many`: several columns of a file may go here, each under its own name."""

    code: str
    title: T
    aliases: tuple[str, ...] = ()
    look: str = ""
    words: Mapping[str, str] = field(default_factory=dict)
    many: bool = False
    personal: bool = False


@dataclass(frozen=True)
class Kind:
    """One kind of import. `thing` is what the dictionary of fields calls it; `placed`: its rows may have geometry."""

    code: str
    title: T
    thing: str
    columns: Mapping[str, Column]
    needs: tuple[tuple[str, ...], ...]
    placed: bool = False
    personal: bool = False


def _kind(
    code: str, zh: str, en: str, thing: str, needs: tuple[tuple[str, ...], ...], *columns: Column, placed: bool = False, personal: bool = False
) -> tuple[str, Kind]:
    return code, Kind(code, T(zh, en), thing, {c.code: c for c in columns}, needs, placed, personal)


def _c(
    code: str, zh: str, en: str, *aliases: str, look: str = "", words: Mapping[str, str] | None = None, many: bool = False, personal: bool = False
) -> Column:
    return Column(code, T(zh, en), aliases, look, words or {}, many, personal)


def _words(**said: str) -> Mapping[str, str]:
    """{word: code} of `code="word word …"`; the code is a word for itself."""
    return {word: code for code, words in said.items() for word in (code, *words.split())}


ROOM_USES = _words(
    residence="住宅 居住 住房 自住 民用 house apartment residential",
    dormitory="宿舍 集体宿舍",
    shop="商铺 商业 店铺 门面 商用 retail commercial",
    office="办公 写字楼 商务",
    factory="厂房 工业 生产 industrial",
    storage="仓储 仓库 warehouse",
    public="公共 公共设施 公建 教育 医疗 school hospital church",
    parking="车库 停车 车位 garage garages",
    other="其他 其它 综合 商住 yes",
)
TENURES = _words(owner_occupied="自住 自有 自购 自用", rented="出租 租赁 租住 承租", vacant="空置 空关 闲置 空房", shared="合租 群租", other="其他 其它 借用")
RESIDENCY_KINDS = _words(
    permanent="常住 常住人口 户籍 户籍人口 人户一致 本地户籍 在册",
    temporary="暂住 流动 流动人口 暂住人口 寄住 临时 租住 来沪人员 外来 非户籍",
)
STATES = _words(
    intact="完好 正常 良好 在用 good ok active installed",
    damaged="破损 损坏 fair poor damage broken",
    missing="丢失 缺失 lost",
    abandoned="废弃 停用 abandoned inactive",
    removed="移除 拆除 已拆除 removed retired",
)
ORGANISATION_KINDS = _words(
    enterprise="企业 公司 有限公司 企业法人 company",
    individual="个体 个体工商户 个体户",
    institution="事业单位 事业 学校 医院",
    government="机关 党政机关 政府",
    social="社会组织 社会团体 民办非企业 社团 基金会",
    village="村居 居委会 村委会 集体经济组织 基层自治组织",
    other="其他 其它",
)
ORGANISATION_STATUSES = _words(
    active="在营 存续 开业 正常 在业 营业", suspended="停业 歇业 暂停", closed="注销 吊销 关闭 撤销 已注销", moved="迁出 搬离 迁移 已搬离"
)
_ADDRESS = ("地址", "住址", "详细地址", "标准地址", "现住址", "居住地址", "现居住地址", "住所", "居住地", "实际居住地址", "家庭住址", "full address")
_CODES = ("编号", "编码", "代码", "标识码")
_PLACE = (
    _c("lon", "经度", "Longitude", "lng", "long", "x", "x坐标", "经度(度)", "longitude", look="lon"),
    _c("lat", "纬度", "Latitude", "y", "y坐标", "latitude", look="lat"),
    _c("crs", "坐标系", "Coordinate system", "坐标系统", "空间参考"),
    _c("geometry", "图形", "Geometry", "wkt", "geom", "the_geom", "shape", "几何", "空间位置", "geojson", look="geometry"),
)

KINDS: dict[str, Kind] = dict(
    (
        _kind(
            "addresses",
            "标准地址",
            "Addresses",
            "building",
            (("address",),),
            _c("address", "地址", "Address", *_ADDRESS, "standard"),
            _c("code", "地址编码", "Address code", *_CODES, "标准地址编码"),
            *_PLACE,
            _c("alias", "别名", "Other name", "曾用名", "俗称", "又名", "旧地址"),
            placed=True,
        ),
        _kind(
            "buildings",
            "楼栋",
            "Buildings",
            "building",
            (("geometry", "lon+lat"),),
            _c("code", "楼栋编码", "Building code", "楼栋编号", "楼栋代码", "建筑编码", "建筑物编码", "楼栋标识码", *_CODES),
            _c("name", "名称", "Name", "楼栋名称", "建筑名称", "建筑物名称", "楼名", "小区名称"),
            _c("address", "地址", "Address", *_ADDRESS, "楼栋地址", "坐落", "门牌地址"),
            _c("street", "路名", "Street", "街道名", "道路", "addr:street", "addr_street"),
            _c("house_number", "门牌号", "House number", "门牌", "number", "housenumber", "addr:housenumber", "addr_housenumber"),
            _c("floors_above", "地上层数", "Floors above ground", "层数", "总层数", "楼层数", "floors", "levels", "building:levels", "floor"),
            _c("floors_below", "地下层数", "Floors below ground", "地下楼层"),
            _c("units", "单元数", "Stairs", "单元数量", "楼梯数"),
            _c("use", "用途", "Use", "使用性质", "楼栋用途", "建筑用途", "类型", "楼栋类型", "kind", "building", "type", words=ROOM_USES),
            _c("height", "高度", "Height", "楼高", "建筑高度", "高度(米)", "height_m"),
            _c("built_year", "建成年份", "Year built", "建造年份", "建成年代", "竣工年份", "year_built"),
            *_PLACE,
            _c("source_id", "原编号", "Own number", "源编号", "id", "osm_id", "objectid", "fid", "guid"),
            placed=True,
        ),
        _kind(
            "rooms",
            "房屋",
            "Rooms",
            "room",
            (("building", "address"), ("number", "address")),
            _c("building", "楼栋（编码或地址）", "Building (code or address)", "楼栋", "楼栋编码", "楼栋编号", "楼栋地址", "所属楼栋", "幢号", "building_code"),
            _c("address", "完整地址", "Whole address", *_ADDRESS, "房屋地址"),
            _c("unit", "单元", "Stair", "单元号", "楼梯号", "门洞"),
            _c("floor", "楼层", "Floor", "所在层", "层", "所在楼层"),
            _c("number", "室号", "Number", "房号", "房间号", "门牌", "户室号", "房屋号", "room", "室"),
            _c("use", "用途", "Use", "房屋用途", "使用性质", "房屋类型", "用房性质", words=ROOM_USES),
            _c("tenure", "使用情况", "Tenure", "房屋状态", "居住情况", "产权使用", "租住情况", "房屋性质", words=TENURES),
            _c("area", "面积", "Area", "建筑面积", "面积(平方米)", "房屋面积", "套内面积", "area_m2"),
            _c("code", "房屋编码", "Room code", "房屋编号", "房屋代码", "户室编码", *_CODES),
        ),
        _kind(
            "residents",
            "实有人口",
            "Residents",
            "resident",
            (("name",), ("address", "room")),
            _c("name", "姓名", "Name", "名字", "居民姓名", "人员姓名", "full name", look="name", personal=True),
            _c("identity_kind", "证件类型", "Document", "证件种类", "证件类别", "证照类型", personal=True),
            _c(
                "identity",
                "证件号码",
                "Identity number",
                "身份证",
                "身份证号",
                "身份证号码",
                "公民身份号码",
                "公民身份证号",
                "证件号",
                "居民身份证号码",
                "identity number",
                "id card",
                "id number",
                look="identity",
                personal=True,
            ),
            _c(
                "phone",
                "电话",
                "Telephone",
                "手机",
                "手机号",
                "手机号码",
                "联系电话",
                "联系方式",
                "电话号码",
                "移动电话",
                "mobile",
                look="phone",
                personal=True,
            ),
            _c("sex", "性别", "Sex", "gender", look="sex", personal=True),
            _c("birth_date", "出生日期", "Birth date", "出生年月", "生日", "出生年月日", "born", "dob", "birthday", look="day", personal=True),
            _c("home_place", "户籍地", "Registered home", "户籍地代码", "户籍区划", "户口所在地代码", personal=True),
            _c("address", "地址", "Address", *_ADDRESS),
            _c("room", "房屋编码", "Room code", "房屋编号", "户室编码", "房屋代码", "room_code"),
            _c("residency_kind", "居住类型", "Kind of residency", "居住类别", "人口类型", "人口类别", "人员类型", "人户情况", words=RESIDENCY_KINDS),
            _c("relation", "与户主关系", "Relation to the head", "家庭关系", "关系", "与户主的关系", "户主关系"),
            _c("household", "户号", "Household", "家庭编号", "户编号", "户口簿号", "户号码", "家庭户号"),
            _c("from_date", "入住日期", "Since", "入住时间", "来本地日期", "居住起始日期", "迁入日期", "登记日期", look="day"),
            _c("to_date", "搬离日期", "Until", "搬离时间", "迁出日期", "离开日期", look="day"),
            personal=True,
        ),
        _kind(
            "organisations",
            "法人单位",
            "Organisations",
            "organisation",
            (("name",),),
            _c("uscc", "统一社会信用代码", "Credit code", "信用代码", "社会信用代码", "统一信用代码", "营业执照号", look="uscc"),
            _c("name", "单位名称", "Name", "名称", "企业名称", "机构名称", "公司名称", "法人名称", "店名", "商户名称"),
            _c("kind", "单位类型", "Kind", "类型", "企业类型", "机构类型", "单位性质", words=ORGANISATION_KINDS),
            _c("status", "经营状态", "Status", "状态", "登记状态", "企业状态", words=ORGANISATION_STATUSES),
            _c("industry", "行业代码", "Industry", "行业", "国民经济行业", "行业分类"),
            _c("contact", "联系人", "Contact", "法定代表人", "负责人", "法人代表", "法人", "经营者", personal=True),
            _c("phone", "联系电话", "Telephone", "电话", "手机", "联系方式", "phone", look="phone", personal=True),
            _c("address", "经营地址", "Address", *_ADDRESS, "经营场所", "注册地址", "单位地址"),
            _c("room", "房屋编码", "Room code", "房屋编号"),
            *_PLACE[:3],
            _c("from_date", "开业日期", "Since", "成立日期", "入驻日期", look="day"),
        ),
        _kind(
            "components",
            "部件",
            "Components",
            "component",
            (("geometry", "lon+lat"), ("code", "class")),
            _c("code", "部件标识码", "Component code", "部件编码", "部件代码", "部件编号", "glbjbsm", *_CODES, look="component"),
            _c("class", "部件类别", "Class", "小类", "部件小类", "类别", "部件类型", "大小类", "类型", "assettype", "type"),
            _c("name", "部件名称", "Name", "名称", "glbjmc"),
            *_PLACE,
            _c("state", "状态", "State", "部件状态", "设施状态", "完好状态", "condition", "status", words=STATES),
            _c("department", "主管部门名称", "Department", "主管部门", "zgbmmc"),
            _c("department_code", "主管部门代码", "Department's code", "zgbmdm"),
            _c("owner", "权属单位名称", "Owner", "权属单位", "产权单位", "qsdwmc"),
            _c("owner_code", "权属单位代码", "Owner's code", "qsdwdm"),
            _c("keeper", "养护单位名称", "Keeper", "养护单位", "维护单位", "管养单位", "yhdwmc"),
            _c("keeper_code", "养护单位代码", "Keeper's code", "yhdwdm"),
            _c("accuracy", "精度", "Accuracy", "定位精度", "数据精度"),
            _c("placed_date", "初始时间", "Placed", "初始日期", "安装日期", "设置日期", "cssj", look="day"),
            _c("changed_date", "变更时间", "Changed", "变更日期", "更新日期", "bgsj", look="day"),
            _c("source", "数据来源", "Source", "来源", "sjly"),
            _c("source_id", "原编号", "Own number", "源编号", "资产编号", "id", "objectid", "fid", "facilityid", "asset_id", "globalid", "column_no"),
            _c("address", "位置描述", "Address", "位置", *_ADDRESS),
            _c("note", "备注", "Note", "说明", "bz", "remarks"),
            _c("attributes", "扩展属性", "Attributes", many=True),
            placed=True,
        ),
        _kind(
            "pledges",
            "责任书",
            "Pledges",
            "pledge",
            (("kind",), ("uscc", "identity"), ("signed_date",)),
            _c("number", "责任书编号", "Number", *_CODES, "文书编号"),
            _c("kind", "责任书类型", "Kind", "类型", "责任类型", "责任书种类"),
            _c("title", "责任书名称", "Title", "标题", "名称"),
            _c("uscc", "统一社会信用代码", "Credit code", "信用代码", look="uscc"),
            _c("identity", "签订人证件号码", "Signer's identity number", "身份证号", "证件号码", "身份证", "签订人身份证号", look="identity", personal=True),
            _c("address", "地址", "Address", *_ADDRESS, "房屋地址"),
            _c("room", "房屋编码", "Room code", "房屋编号"),
            _c("component", "部件标识码", "Component code", "部件编码"),
            _c("signed_date", "签订日期", "Signed", "签订时间", "签署日期", look="day"),
            _c("from_date", "起始日期", "From", "有效期起", "开始日期", "生效日期", look="day"),
            _c("to_date", "截止日期", "To", "有效期止", "结束日期", "到期日期", look="day"),
        ),
    )
)


def lacking(kind: Kind, mapped: set[str]) -> list[tuple[str, ...]]:
    """The groups of which nothing is mapped."""
    return [group for group in kind.needs if not any(set(way.split("+")) <= mapped for way in group)]
