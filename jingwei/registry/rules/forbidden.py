"""What the register never records of people (docs/architecture.md, "What this platform protects"), recognised in the titles and names of columns.

The dictionary refuses to define such a field, and an import drops such a column and says so. It reads names, never values: what somebody writes
into a free text is theirs to answer for, and the reason why the register of people has none.
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from jingwei.kit.text import T

# Things of which some words are harmless: of a shop "重点单位" is the fire brigade's word, of a ramp "残疾人" says who it is for.
_TRADE = frozenset({"organisation", "premises", "component"})
_BUILT = _TRADE | {"building"}


@dataclass(frozen=True)
class Forbidden:
    """A matter that is not recorded. `zh` is looked for anywhere; `en` between the borders of words (also in camelCase, snake_case and pinyin).
    `unless`: of these things it is harmless."""

    code: str
    name: T
    zh: str
    en: str
    unless: frozenset[str] = frozenset()


MATTERS = (
    Forbidden(
        "belief",
        T("宗教信仰", "belief"),
        r"宗教|信仰|信教|教徒|邪教|教派|法轮|门徒会",
        r"belief|religio(n|us)|faith|church|cult|sect|zongjiao|xinyang|zjxy|zjxydm",
    ),
    Forbidden("ethnicity", T("民族", "ethnicity"), r"民族|族别|种族|少数族", r"ethnic(ity|s)?|ethnic ?group|race|nation|minzu|mz|mzdm"),
    Forbidden(
        "politics",
        T("政治面貌与观点", "political views"),
        r"政治|党派|党员|党龄|党籍|入党|党支部|党组织|党团|民主党|团员|入团|思想倾向|立场|四史",
        r"politic(s|al)?|(communist )?party member(ship)?|party affiliation|zhengzhi ?mianmao|zhengzhi|zzmm|zzmmdm|dangyuan",
    ),
    Forbidden(
        "criminal",
        T("违法犯罪", "criminal facts"),
        r"犯罪|罪名|累犯|前科|刑满|刑释|刑期|服刑|刑事|判刑|矫正|脱管|漏管|在逃|案底|帮教|安置帮教|违法人员|违法记录|违法史|违法情况|三涉|嫌疑|拘留|劳教|假释|缓刑",
        r"crim(e|es|inal|inals)|convict(s|ed|ion|ions)?|felon(y|s)?|offen[cs]es?|offenders?|parole|probation|prison(er|ers)?|arrest(s|ed)?|suspects?"
        r"|fanzui|qianke|xingman",
    ),
    Forbidden("drugs", T("涉毒", "drug facts"), r"吸毒|涉毒|戒毒|毒品|毒瘾|涉毒史|复吸", r"drugs?(?! ?stores?)|addict(s|ed|ion)?|narcotics?|xidu|xdry|jiedu"),
    Forbidden("hiv", T("艾滋病", "HIV"), r"艾滋|感染途径|感染者", r"hiv|aids|aizi|azb"),
    Forbidden(
        "psychiatric",
        T("精神疾病", "psychiatric facts"),
        r"精神(?!文明)|肇事肇祸|肇祸|抑郁|精障|心理(疾病|障碍|问题|评估)",
        r"psych(o|iatry|iatric|ology|ological)?|mental( ?(health|illness|disorder|state))?|depress(ion|ed)|schizophren\w*|jingshen",
    ),
    Forbidden(
        "biometrics",
        T("生物识别", "biometrics"),
        r"人脸|人像|脸部|面部|头像|指纹|掌纹|虹膜|声纹|步态|基因|dna|生物(特征|识别)|抓拍",
        r"biometrics?|face ?(id|image|photo|picture|feature|features|recognition|vector|embedding|template|scan|print)s?|facial|finger ?prints?|palm ?prints?"
        r"|iris( ?(scan|code))?|voice ?prints?|gait|dna|renlian|zhiwen",
    ),
    Forbidden(
        "labels",
        T("“重点人员”等标签", "labels such as “key person”"),
        r"重点(人|对象|关注|管控|监管|青少年|户)|关注类型|管控|布控|稳控|维稳|管制|上访|信访人|缠访|闹访|危险性|社会危险|高危|黑名单|白名单人员|涉恐|涉黑|涉稳|涉访"
        r"|闲散|不良行为|流浪乞讨|人员标签|人口标签|积分排名|信用评分|信用等级",
        r"key ?(person|persons|people|population|personnel)|persons? of interest|black ?lists?|watch ?lists?|high ?risk|petition(er|ers|ing)?|dangerous(ness)?"
        r"|social ?credit ?score|zhongdian ?(ren|renyuan|renkou)?|zdry|sfzdry|sfzdgz",
    ),
    Forbidden(
        "risk",
        T("“风险人员”标签", "labels such as “risky person”"),
        r"风险|重点|隐患人|标签",
        r"risk(s|y)?|risk ?(level|score|class)|fengxian|labels?|tags?",
        unless=_BUILT,
    ),
    Forbidden(
        "movements",
        T("行踪", "movements"),
        r"行踪|轨迹|去向跟踪|出入记录|门禁记录|活动规律|常去",
        r"whereabouts|trajector(y|ies)|movement ?tracks?|location ?history|guiji",
        unless=_BUILT,
    ),
    Forbidden(
        "care",
        T("特殊群体与困难标签（走关爱帮扶申请）", "special groups and hardship (a care request is the way)"),
        r"特殊(人|群)|弱势|低保|低收入|特困|五保|贫困|困难|困境|留守|空巢|独居|孤寡|孤儿|孤老|失独|失能|失智|残疾|残障|救助|帮扶|关爱|扶贫|上门照料|计生特扶|病史|病残|慢性病"
        r"|传染病|健康(状况|情况)|疾病|怀孕|孕产|避孕|生育",
        r"disab(led|ility|ilities)|handicap(ped)?|welfare|poverty|low ?income|special ?groups?|vulnerable|liv(es|ing) ?alone|orphans?|left ?behind|hardship"
        r"|diseases?|illness(es)?|health( ?(state|status|condition))?|pregnan(t|cy)|dibao|canji|teshu ?(renqun|qunti)|tsrq",
        unless=_TRADE,
    ),
)
_ZH = [(matter, re.compile(matter.zh)) for matter in MATTERS]
_EN = [(matter, re.compile(rf"(?<![a-z])(?:{matter.en})(?![a-z])")) for matter in MATTERS]
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_BETWEEN = re.compile(r"[\s\d_\-–—./\\:：()（）\[\]【】<>《》|,，、;；*#?？!！\"'“”‘’\u200b-\u200f\ufeff]+")


def forbidden(*names: str, thing: str = "") -> T | None:
    """What a column with these names and titles would record that is not recorded: the matter's name; None where it may be.

    `thing` is what the column is about (a thing of the dictionary); left out, it is judged as one about people. Width, case, spaces and marks
    between letters do not hide a word.
    """
    for name in names:
        plain = unicodedata.normalize("NFKC", name)
        words = " ".join(filter(None, _BETWEEN.split(_CAMEL.sub(" ", plain)))).lower()
        whole = words.replace(" ", "")
        for (matter, zh), (_, en) in zip(_ZH, _EN, strict=True):
            if thing not in matter.unless and (zh.search(whole) or en.search(words)):
                return matter.name
    return None


def forbidden_columns(headers: Iterable[str], *, thing: str = "") -> dict[str, T]:
    """The columns of a file that are dropped, each with what it would have recorded."""
    return {header: found for header in headers if (found := forbidden(header, thing=thing))}
