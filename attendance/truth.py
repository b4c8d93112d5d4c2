"""The published truth table of unseen days, drawn from the rule itself into docs/unseen.md."""

from collections.abc import Iterable

from attendance.enums import DayState, Mark
from attendance.rules.streaks import DayFacts, day_state
from students.enums import AbsenceState

STATE_WORDS = {
    DayState.SEEN: "到校",
    DayState.UNEXPLAINED: "**未到，计 1 天**",
    DayState.EXPLAINED: "有正当理由，不计",
    DayState.TEACHERS_WORD: "班主任准假¹",
    DayState.NOT_TAKEN: "未报，不计，列出",
    DayState.HELD: "停课待核，不计",
}
COLUMNS: list[tuple[str, dict]] = [
    ("没有请假", {}),
    ("请假已批", {"leave": AbsenceState.APPROVED}),
    ("请假待批", {"leave": AbsenceState.ASKED}),
    ("请假未准", {"leave": AbsenceState.REFUSED}),
    ("休学、送教上门、借读", {"away": True}),
    ("停课待核", {"held": True}),
]
HEAD = """# 未到校怎么数（真值表）

由 `attendance/rules/streaks.py` 的规则画出（`manage.py draw_docs`），测试核对两者一致。
依据：云政办规〔2022〕5号 第4条；阈值见“政策”页。

从要问的那一天往回走，走到最后一次到校为止，只走这个学生自己的教学日。
途中每一天属于下表的一种：到校的一天结束这一段；“计 1 天”的相加；其余既不计数，也不结束。
周末、假期、学期之间、两段在班记录之间都跨过去。

"""
FOOT = """
¹ 病假、事假由班主任准，一段未到校里不超过 3 个教学日（政策 `teacher_leave_days`）时不计；
从第 4 天起，没有已批请假的这些天全部计入。

结论：计满 3 天（政策 `flag_days`）→ 预警；至少 1 天、不满 3 天，但加上未报和停课待核的天数满 3 →
暂无法核定，是学校的事，不记在学生头上；登记“失联”→ 立即预警，不论几天。
要问的那一天没有考勤，也算一个未报。
"""


def draw() -> str:
    """The table as Markdown."""
    titles = [title for title, _ in COLUMNS]
    lines = [_line(["考勤", "登记", *titles]), _line(["---"] * (len(titles) + 2))]
    for register, mark, facts in _rows():
        states = [STATE_WORDS[day_state(DayFacts(**facts, **column))] for _, column in COLUMNS]
        lines.append(_line([register, mark, *states]))
    return HEAD + "\n".join(lines) + "\n" + FOOT


def _rows() -> Iterable[tuple[str, str, dict]]:
    yield "已报", "没有标记", {"taken": True}
    for mark in Mark:
        yield "已报", Mark(mark).label, {"taken": True, "mark": mark}
    yield "已报，名册里还没有他", "没有标记", {"taken": True, "listed": False}
    yield "未报", "—", {"taken": False}


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
