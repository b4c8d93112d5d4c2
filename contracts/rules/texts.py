"""What a 责任书 says: the portal's own wording of each link, and how a text is put together."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from contracts.enums import Link

DEFAULT = "系统设定"
NUMBER = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
Target = dict[str, str]
CONSOLIDATION = "consolidation"


@dataclass(frozen=True, slots=True)
class Wording:
    """Title, what the lower side answers for, what the upper side owes it, and the targets."""

    title: str
    duties: tuple[str, ...]
    support: tuple[str, ...]
    targets: tuple[Target, ...]


def digest(wording: Wording) -> str:
    """SHA-256 of a wording: has anybody written another since it was on the screen?"""
    said = json.dumps(asdict(wording), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


def target(key: str, label: str, value: str, unit: str, source: str = DEFAULT) -> Target:
    return {"key": key, "label": label, "value": value, "unit": unit, "source": source}


NO_DROPOUT = target("dropouts", "新增辍学", "0", "人")
VISITS = target("visits", "每生每学期家访", "1", "次")
SAME_DAY = target("registers", "考勤当日填报", "100", "%")
RATE = target(CONSOLIDATION, "巩固率", "≥ 99", "%")

WORDINGS = {
    Link.COUNTY_TOWNSHIP: Wording(
        "控辍保学目标责任书",
        (
            "组织和督促辖区适龄儿童、少年入学，采取措施防止辍学（《义务教育法》第十三条）。",
            "学校报来的未返校学生，当日分到村，牵头上门劝返，并如实记录每次联系的时间和结果。",
            "对无正当理由未送子女入学的监护人，依法批评教育、责令限期改正（《义务教育法》第五十八条）。",
            "摸清常住和外出的适龄儿童、少年，户籍在本辖区、在外就读的，核实去向。",
            "与各村（社区）签订责任书，岗位换人的，及时补签。",
        ),
        (
            "统筹教育、公安、民政、人社、司法等部门，解决乡镇反映的困难。",
            "保障控辍保学所需经费和人员，不层层加码，不以照片和表格代替工作。",
        ),
        (RATE, NO_DROPOUT),
    ),
    Link.TOWNSHIP_VILLAGE: Wording(
        "控辍保学工作责任书",
        (
            "协助政府督促本村（社区）适龄儿童、少年入学（《义务教育法》第十三条）。",
            "掌握本村适龄儿童、少年在校、在家、外出情况，外出的记清同住人和联系方式。",
            "接到未到校通知后上门了解情况，没见到人也如实登记。",
            "发现早婚、务工、欺凌、侵害等情形，立即报告乡镇和学校。",
        ),
        (
            "及时提供学生名单和政策解释，和村干部一起上门做工作。",
            "村里反映的家庭困难，按规定落实资助和帮扶。",
        ),
        (NO_DROPOUT, VISITS),
    ),
    Link.COUNTY_BUREAU: Wording(
        "义务教育控辍保学目标责任书",
        (
            "组织和督促适龄儿童、少年入学，帮助解决就学困难，防止辍学（《义务教育法》第十三条）。",
            "督促各校每日填报考勤，未报的当日督促补报，未到校预警按时限核实、移交乡镇。",
            "统筹返校学生安置，落实控辍保学观察和学业帮扶。",
            "按月核对学籍、在校和户籍数据，向县人民政府报告巩固率和未返校学生情况。",
            "与各学校签订责任书，岗位换人的，及时补签。",
        ),
        (
            "统筹乡镇和部门力量，协调解决劝返、安置中的困难。",
            "保障学校办学条件和教师编制。",
        ),
        (RATE, NO_DROPOUT),
    ),
    Link.BUREAU_SCHOOL: Wording(
        "学校控辍保学责任书",
        (
            "每日按时填报考勤，学生连续 3 个教学日无正当理由未到校的，当日核实。",
            "对辍学学生登记并劝返，劝返无效的，及时向教育行政部门书面报告（《未成年人保护法》第二十八条）。",
            "不得违反规定开除学生，不得以任何方式劝退（《义务教育法》第二十七条）。",
            "关心学习困难、家庭困难和返校学生，一人一策，做好帮扶和观察记录。",
        ),
        (
            "指导学校使用本平台，及时答复学校报告的情况。",
            "不要求学校重复填报、留痕拍照。",
        ),
        (NO_DROPOUT, SAME_DAY, VISITS),
    ),
    Link.SCHOOL_TEACHER: Wording(
        "班主任控辍保学责任书",
        (
            "每天按时点名填报，学生未到校的，当天联系监护人。",
            "每学期对每名学生家访一次，重点学生适当增加。",
            "发现学生有不想读、早婚、务工等苗头，当天报告学校。",
        ),
        ("合理安排家访时间，支持班主任开展工作。",),
        (SAME_DAY, VISITS),
    ),
}  # fmt: skip
VETO_CLAUSE = (
    "本年度实行一票否决：乙方未完成“新增辍学”目标的，按县级文件规定不参加年度评优（{source}）。"
)
NUMERALS = "一二三四"


def government_name(name: str) -> str:
    """白水镇 signs as 白水镇人民政府, a 街道 as its 办事处."""
    return f"{name}办事处" if name.endswith("街道") else f"{name}人民政府"


def village_name(name: str) -> str:
    """岩脚村 signs as 岩脚村村民委员会, a 社区 as its 居民委员会."""
    return f"{name}居民委员会" if name.endswith("社区") else f"{name}村民委员会"


def bureau_name(county: str, bureau: str) -> str:
    """县教育体育局 of 澜屏县 signs as 澜屏县教育体育局."""
    if bureau.startswith(county):
        return bureau
    return county + bureau.removeprefix("县") if county.endswith("县") else county + bureau


def year_label(year: int) -> str:
    return f"{year}–{year + 1} 学年"


def number(value: str) -> float:
    """The first number in a target's value, "≥ 99" or "0"; 0 where there is none."""
    found = NUMBER.search(value)
    return float(found[0]) if found else 0.0


def format_target(one: Mapping[str, str]) -> str:
    """巩固率 ≥ 99 %."""
    return " ".join(part for part in (one["label"], one["value"], one["unit"]) if part)


def shortly(targets: Sequence[Mapping[str, str]]) -> str:
    """The first two targets, and how many there are when there are more."""
    more = f" 等 {len(targets)} 项" if len(targets) > 2 else ""
    return " · ".join(format_target(one) for one in targets[:2]) + more


def compose(
    wording: Wording, *, year: int, upper: str, lower: str, targets: Sequence[Target],
    veto_source: str = "",
) -> str:  # fmt: skip
    """The whole text, one paragraph a line. A veto stands in it only with its document."""
    sections = [
        ("工作目标", [f"{format_target(one)}（{one['source']}）。" for one in targets]),
        ("乙方责任", list(wording.duties)),
        ("甲方责任", list(wording.support)),
    ]
    lines = [
        f"甲方：{upper}",
        f"乙方：{lower}",
        f"为保障适龄儿童、少年完成义务教育，甲乙双方签订本责任书，期限为 {year_label(year)}"
        f"（{year}年9月1日至{year + 1}年8月31日）。",
    ]
    written = [(heading, clauses) for heading, clauses in sections if clauses]
    for numeral, (heading, clauses) in zip(NUMERALS, written, strict=False):
        lines.append(f"{numeral}、{heading}")
        lines += [f"{number}．{clause}" for number, clause in enumerate(clauses, 1)]
    if veto_source:
        lines.append(VETO_CLAUSE.format(source=veto_source))
    lines.append(
        "本责任书经双方在岗负责人签署后生效，一式两份。岗位换人的，由接任者重新签署；"
        "岗位空缺期间，责任由甲方承担。"
    )
    return "\n".join(lines)
