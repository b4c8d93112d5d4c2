"""The four steps as a table and a diagram, drawn from the rule itself into docs/ladder.md."""

from collections.abc import Iterable

from cases.enums.records import PaperKind
from cases.enums.states import Step, step_title
from cases.law.conditions import CONDITIONS, Evidence
from cases.law.steps import STEP_RULES, StepRule

HEAD = """# 四步法办理规则

由 `cases/law/steps.py`、`cases/law/conditions.py` 的规则画出（`manage.py draw_docs`），测试核对两者一致。
每一步谁可以办、进入前档案里要有什么、制发哪些文书、送达后开始计算什么期限，依据哪一条。

"""
COLUMNS = ["步骤", "谁可以进入", "进入前应具备", "可否跳过前一步", "文书", "送达后的期限", "依据"]
FOOT = """
## 怎样判断

- 只有“核查中”“劝返中”的个案可以进入下一步；已返校、已办结的不再往下办。
- 第二步至第四步只对具有中国国籍的适龄儿童、少年适用（义务教育法 第4条）。
- 学校和村（社区）只劝返，不责令。批评教育由责任乡镇或县教育体育局作出，由它登记；
  乡镇只引用义务教育法 第58条，县教育体育局另引用未成年人保护法 第83条。
- 责令只向父母或其他法定监护人作出；送达受委托照护人的不算送达。已作废的文书不算。
- 返校后再次辍学，从第一步重新办理：上一轮的批评教育、责令、跳过的批准都不再算。
- 跳过一步须写明理由，报县控辍保学专班批准，记入经过。
- 日期不确切时按最有利的一天判断；日期不详的不判断时间，经过里注明。发生日期不能晚于今天。
- 国家法律没有设定罚款。第三步要有登记在“四步法办理规则”页、当日有效、写明有权机关的依据，
  并由该机关办理。
- 法院认可可执行的决定是处罚决定还是责令改正，由政策 `enforceable` 定，没有录入的按“处罚决定”。
- 第四步的两支之间可以转：条件各自具备即可。
"""


def draw() -> str:
    """The page as Markdown."""
    rows = [_line(COLUMNS), _line(["---"] * len(COLUMNS))]
    rows += [_line(_cells(step, rung)) for step, rung in STEP_RULES.items()]
    return HEAD + "\n".join(rows) + "\n\n" + _conditions() + "\n" + _diagram() + FOOT


def _cells(step: Step, rung: StepRule) -> list[str]:
    return [
        step_title(step),
        rung.who,
        "<br>".join(needs_of(rung)) or "建档即在这一步",
        "<br>".join(skips_of(rung)) or "—",
        "<br>".join(PaperKind(kind).label for kind in rung.papers),
        rung.clock or "—",
        articles_of(rung),
    ]


def needs_of(rung: StepRule) -> list[str]:
    """Every condition of a step in words; those that fall away with a step left out say so."""
    said = [CONDITIONS[one].label for one in rung.needs]
    for before, needs in rung.needs_of.items():
        only = f"（没有跳过{step_title(before)}的）" if before in rung.left_out else ""
        said += [CONDITIONS[one].label + only for one in needs]
    return said


def skips_of(rung: StepRule) -> list[str]:
    return [f"{step_title(one)}可以" for one in Step if one in rung.left_out]


def articles_of(rung: StepRule) -> str:
    """The article of a step, with what the bureau cites besides."""
    return "；".join([rung.cites, *(f"县教育体育局另依{said}" for said in rung.also.values())])


def _conditions() -> str:
    lines = ["## 条件与依据\n", _line(["条件", "依据", "不具备时"]), _line(["---"] * 3)]
    for evidence in Evidence:
        need = CONDITIONS[evidence]
        refusal = need.refusal.format(opens="，某日起可以", enforceable="处罚决定")
        lines.append(_line([need.label, need.cites, refusal]))
    return "\n".join(lines) + "\n"


def _diagram() -> str:
    """Steps as boxes, the way up as arrows, a step that may be left out as a dotted one."""
    lines = ["## 图\n", "```mermaid", "flowchart LR"]
    lines += [f'    {step}["{step_title(step)}"]' for step in STEP_RULES]
    lines += [f"    {one}" for step, rung in STEP_RULES.items() for one in _arrows(step, rung)]
    return "\n".join([*lines, "```"]) + "\n"


def _arrows(step: Step, rung: StepRule) -> Iterable[str]:
    if not rung.after:
        return
    last = rung.after[-1]
    yield f"{last.value} --> {step}"
    for skipped in reversed(rung.after):
        if skipped not in rung.left_out:
            return
        before = rung.after[rung.after.index(skipped) - 1]
        left = rung.after[rung.after.index(skipped) :]
        said = "、".join(Step(one).label for one in left)
        yield f'{before.value} -. "批准跳过{said}" .-> {step}'


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
