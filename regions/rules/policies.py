"""Thresholds, with their default, their bounds, their direction and their source (design §3).

A threshold in force is a dated row; the most specific place wins, and a county may be stricter than
its province, never looser. Numbers that no row sets are the defaults below, shown as 系统设定.
"""

import re
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum

from regions.refusals import Refused

WHOLE = re.compile(r"[1-9][0-9]*")
HUNDREDTHS = re.compile(r"[1-9][0-9]*(\.[0-9]?[1-9])?")
CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


class Stricter(Enum):
    """Which way a threshold gets stricter."""

    LOWER = "lower"
    HIGHER = "higher"
    FREE = "free"


@dataclass(frozen=True, slots=True)
class Threshold:
    """A key, what it counts (`unit`), and its values: one of `choices`, or from `least` to `most`.

    Days, hours and shares are whole numbers; `hundredths` lets a share have two decimals.
    """

    key: str
    label: str
    default: str
    unit: str
    stricter: Stricter
    source: str
    least: str = ""
    most: str = ""
    hundredths: bool = False
    choices: tuple[str, ...] = ()

    @property
    def whole_numbers(self) -> range:
        """Every value of a threshold that is a whole number."""
        return range(int(self.least), int(self.most) + 1)

    def takes(self, value: str) -> bool:
        """Is it spelt as this threshold is, and within its bounds?"""
        if self.choices:
            return value in self.choices
        if not self._spelling.fullmatch(value):
            return False
        return comparable(self.least) <= comparable(value) <= comparable(self.most)

    @property
    def wanted(self) -> str:
        """What may be written, with its bounds and its unit, as the end of a sentence."""
        if self.choices:
            return f"可填 {'、'.join(self.choices)}"
        bounds = f"{self.least} 至 {self.most}"
        if self._spelling is CLOCK:
            return f"应是 {bounds} 之间的时刻，写成 {self.default} 这样"
        number = "数（最多两位小数，末位不写 0，例如 99.5）" if self.hundredths else "整数"
        return f"应是 {bounds} 的{number}，单位：{self.unit}"

    @property
    def _spelling(self) -> re.Pattern[str]:
        if ":" in self.default:
            return CLOCK
        return HUNDREDTHS if self.hundredths else WHOLE


YUNNAN = "云政办规〔2022〕5号 第4条"
DEFAULT = "系统设定"
LOWER, HIGHER, FREE = Stricter.LOWER, Stricter.HIGHER, Stricter.FREE
SCHOOL_DAYS, DAYS, WORKDAYS = "个教学日", "个自然日", "个工作日"
BY_BUREAU, BY_CENTRAL = "县教育体育局", "中心校"

# The bounds are ours; no notice gives any.
THRESHOLDS = {
    row.key: row
    for row in [
        Threshold("flag_days", "未到校预警", "3", SCHOOL_DAYS, LOWER, YUNNAN, "1", "10"),
        Threshold("cutoff", "考勤填报截止", "10:00", "", LOWER, DEFAULT, "07:00", "18:00"),
        Threshold(
            "lock_hours", "考勤锁定（此后更正须写原因）", "24", "小时", LOWER, DEFAULT, "1", "168"
        ),
        Threshold(
            "teacher_leave_days", "班主任可准假", "3", SCHOOL_DAYS, LOWER, DEFAULT, "1", "10"
        ),
        Threshold(
            "sick_leave_by",
            "中心校所管小学、教学点的病假，学校以后由谁批",
            BY_BUREAU,
            "",
            FREE,
            DEFAULT,
            choices=(BY_BUREAU, BY_CENTRAL),
        ),
        Threshold("suspected_days", "疑似辍学：超过", "7", DAYS, LOWER, DEFAULT, "1", "30"),
        Threshold(
            "suspected_school_days", "疑似辍学：至少", "5", SCHOOL_DAYS, LOWER, DEFAULT, "1", "20"
        ),
        Threshold("dropout_days", "辍学：超过", "30", DAYS, LOWER, DEFAULT, "1", "90"),
        Threshold(
            "dropout_school_days", "辍学：至少", "20", SCHOOL_DAYS, LOWER, DEFAULT, "1", "60"
        ),
        Threshold("order_days", "责令限期改正期限", "7", DAYS, FREE, DEFAULT, "3", "15"),
        Threshold(
            "enforceable",
            "法院准予强制执行的决定",
            "处罚决定",
            "",
            FREE,
            DEFAULT,
            choices=("处罚决定", "责令改正"),
        ),
        Threshold("verify_days", "建档后首次核查", "1", SCHOOL_DAYS, LOWER, DEFAULT, "1", "10"),
        Threshold("contact_days", "再次联系监护人：至多隔", "7", DAYS, LOWER, DEFAULT, "1", "30"),
        Threshold("issue_days", "进入第二步后制发通知书", "3", WORKDAYS, LOWER, DEFAULT, "1", "20"),
        Threshold("serve_days", "文书制发后送达", "5", DAYS, LOWER, DEFAULT, "1", "30"),
        Threshold("observation_days", "返校观察", "10", SCHOOL_DAYS, HIGHER, DEFAULT, "1", "60"),
        Threshold("observation_percent", "观察期到校率", "90", "%", HIGHER, DEFAULT, "50", "100"),
        Threshold("approve_days", "销号意见、审批", "3", WORKDAYS, LOWER, DEFAULT, "1", "20"),
        Threshold(
            "consolidation_target",
            "巩固率目标",
            "99",
            "%",
            HIGHER,
            DEFAULT,
            "80",
            "100",
            hundredths=True,
        ),
        Threshold(
            "consolidation_variant",
            "九年巩固率采用口径",
            "A",
            "",
            FREE,
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

    @property
    def number(self) -> int:
        return int(self.readable)

    @property
    def share(self) -> Decimal:
        """A share in percent, with its decimals."""
        return Decimal(self.readable)

    @property
    def clock(self) -> time:
        return time.fromisoformat(self.readable)

    @property
    def readable(self) -> str:
        """The value, which its threshold takes. Raises UnreadablePolicy: an older row may hold any."""
        if self.wrong:
            raise UnreadablePolicy(self.wrong)
        return self.value

    @property
    def wrong(self) -> str:
        """The sentence that says why the row cannot be read; "" when it can."""
        threshold = THRESHOLDS[self.key]
        if threshold.takes(self.value):
            return ""
        return (
            f"政策“{threshold.label}”（{self.since} 起，{self.source}）的值“{self.value}”无法执行："
            f"{threshold.wanted}。请县教育体育局或系统管理员用文件重新录入。"
        )


class UnreadablePolicy(Refused):
    """A row holds a value that its threshold does not take."""


@dataclass(frozen=True, slots=True)
class Policies:
    """Every policy row of a county; asked by key, place and day."""

    settings: tuple[Setting, ...] = ()

    def setting(self, key: str, path: str, on: date) -> Setting:
        """The row in force: the strictest of the levels at and above the place, of each level its
        youngest; where none is stricter the most specific; else the default.

        So a county is never looser than its province, also when the province becomes stricter later.
        """
        levels = self._levels(key, path, on)
        if not levels:
            default = THRESHOLDS[key]
            return Setting(key, default.default, "", date.min, default.source)
        own = levels[0]
        if own.wrong:
            return own
        for above in levels[1:]:
            if not above.wrong and too_loose(own, above):
                own = above
        return own

    def overruled(self, key: str, path: str, on: date) -> list[Setting]:
        """The rows that would hold there and are looser than one above them."""
        levels, chosen = self._levels(key, path, on), self.setting(key, path, on)
        return [] if chosen.wrong else [row for row in levels if _looser(row, chosen)]

    def coming(self, key: str, path: str, on: date) -> list[Setting]:
        """The rows at and above the place that begin after `on`, the next one first."""
        rows = (row for row in self.settings if row.key == key and path.startswith(row.path))
        return sorted((row for row in rows if row.since > on), key=lambda row: row.since)

    def _levels(self, key: str, path: str, on: date) -> list[Setting]:
        """The youngest row of each level, the most specific level first."""
        found: dict[str, Setting] = {}
        for row in self.settings:
            if row.key == key and row.in_force(path, on):
                held = found.get(row.path)
                if held is None or held.since < row.since:
                    found[row.path] = row
        return [found[place] for place in sorted(found, key=len, reverse=True)]

    def number(self, key: str, path: str, on: date) -> int:
        return self.setting(key, path, on).number

    def clock(self, key: str, path: str, on: date) -> time:
        return self.setting(key, path, on).clock


def too_loose(setting: Setting, above: Setting) -> bool:
    """Would `setting` be looser than the one in force above its place? Raises UnreadablePolicy."""
    direction = THRESHOLDS[setting.key].stricter
    if direction is Stricter.FREE:
        return False
    mine, theirs = comparable(setting.readable), comparable(above.readable)
    return mine > theirs if direction is Stricter.LOWER else mine < theirs


def _looser(row: Setting, chosen: Setting) -> bool:
    return len(chosen.path) < len(row.path) and not row.wrong and too_loose(row, chosen)


def comparable(value: str) -> Decimal:
    """A threshold's value as a number: minutes for a clock time."""
    if ":" in value:
        clock = time.fromisoformat(value)
        return Decimal(clock.hour * 60 + clock.minute)
    return Decimal(value)
