"""Thresholds, with their default, their direction and their source (design §3).

A threshold in force is a dated row; the most specific place wins, and a county may be stricter than
its province, never looser. Numbers that no row sets are the defaults below, shown as 系统设定.
"""

from dataclasses import dataclass
from datetime import date, time
from enum import Enum


class Stricter(Enum):
    """Which way a threshold gets stricter."""

    LOWER = "lower"
    HIGHER = "higher"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Threshold:
    key: str
    label: str
    default: str
    unit: str
    stricter: Stricter
    source: str
    choices: tuple[str, ...] = ()


YUNNAN = "云政办规〔2022〕5号 第4条"
DEFAULT = "系统设定"

THRESHOLDS = {
    row.key: row
    for row in [
        Threshold("flag_days", "未到校预警", "3", "个教学日", Stricter.LOWER, YUNNAN),
        Threshold("cutoff", "考勤填报截止", "10:00", "", Stricter.LOWER, DEFAULT),
        Threshold(
            "lock_hours", "考勤锁定（此后更正须写原因）", "24", "小时", Stricter.LOWER, DEFAULT
        ),
        Threshold("teacher_leave_days", "班主任可准假", "3", "个教学日", Stricter.LOWER, DEFAULT),
        Threshold("suspected_days", "疑似辍学：超过", "7", "个自然日", Stricter.LOWER, DEFAULT),
        Threshold(
            "suspected_school_days", "疑似辍学：至少", "5", "个教学日", Stricter.LOWER, DEFAULT
        ),
        Threshold("dropout_days", "辍学：超过", "30", "个自然日", Stricter.LOWER, DEFAULT),
        Threshold("dropout_school_days", "辍学：至少", "20", "个教学日", Stricter.LOWER, DEFAULT),
        Threshold("order_days", "责令限期改正期限", "7", "个自然日", Stricter.FREE, DEFAULT),
        Threshold(
            "enforceable",
            "法院准予强制执行的决定",
            "处罚决定",
            "",
            Stricter.FREE,
            DEFAULT,
            choices=("处罚决定", "责令改正"),
        ),
        Threshold("verify_days", "建档后首次核查", "1", "个教学日", Stricter.LOWER, DEFAULT),
        Threshold(
            "contact_days", "再次联系监护人：至多隔", "7", "个自然日", Stricter.LOWER, DEFAULT
        ),
        Threshold("issue_days", "进入第二步后制发通知书", "3", "个工作日", Stricter.LOWER, DEFAULT),
        Threshold("serve_days", "文书制发后送达", "5", "个自然日", Stricter.LOWER, DEFAULT),
        Threshold("observation_days", "返校观察", "10", "个教学日", Stricter.HIGHER, DEFAULT),
        Threshold("observation_percent", "观察期到校率", "90", "%", Stricter.HIGHER, DEFAULT),
        Threshold("approve_days", "销号意见、审批", "3", "个工作日", Stricter.LOWER, DEFAULT),
        Threshold("consolidation_target", "巩固率目标", "99", "%", Stricter.HIGHER, DEFAULT),
        Threshold(
            "consolidation_variant",
            "九年巩固率采用口径",
            "A",
            "",
            Stricter.FREE,
            "全国教育事业发展统计公报指标说明",
            choices=("A", "B", "B9", "C", "D", "E"),
        ),
    ]
}


@dataclass(frozen=True, slots=True)
class Setting:
    """One dated policy row: `value` of `key` at `path` from `since`, with its source."""

    key: str
    value: str
    path: str
    since: date
    source: str
    until: date | None = None

    def in_force(self, path: str, on: date) -> bool:
        here = path.startswith(self.path)
        return here and self.since <= on and (self.until is None or on <= self.until)


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy row of a county; asked by key, place and day."""

    settings: tuple[Setting, ...] = ()

    def setting(self, key: str, path: str, on: date) -> Setting:
        """The row in force: the most specific place, then the youngest; else the default."""
        chosen = [row for row in self.settings if row.key == key and row.in_force(path, on)]
        if not chosen:
            default = THRESHOLDS[key]
            return Setting(key, default.default, "", date.min, default.source)
        return max(chosen, key=lambda row: (len(row.path), row.since))

    def number(self, key: str, path: str, on: date) -> int:
        return int(self.setting(key, path, on).value)

    def clock(self, key: str, path: str, on: date) -> time:
        return time.fromisoformat(self.setting(key, path, on).value)


def too_loose(setting: Setting, above: Setting) -> bool:
    """Would `setting` be looser than the one in force above its place?"""
    direction = THRESHOLDS[setting.key].stricter
    if direction is Stricter.FREE:
        return False
    mine, theirs = comparable(setting.value), comparable(above.value)
    return mine > theirs if direction is Stricter.LOWER else mine < theirs


def comparable(value: str) -> float:
    """A threshold's value as a number: minutes for a clock time. Raises ValueError for neither."""
    if ":" in value:
        clock = time.fromisoformat(value)
        return clock.hour * 60 + clock.minute
    return float(value)
