"""指标: every indicator as a table from counts to numerator and denominator, with its formula.

Pure. Counts are people (`words.Bucket`, `Flow`, `Count`, `CohortCount`); places are added up before
anything is divided, never rates. The variant prescribed from above stands first.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from regions.refusals import UNDECIDED
from reports.enums import CohortCount, Flow, Measure, PlaceCount, StudentStatus
from reports.rules.rounding import NONE, percent, ratio
from reports.rules.student_status import EFFECTS

Terms = Mapping[str, int]
YEAR, COHORT = "year", "cohort"
VARIANTS = {"net": "净", "gross": "毛", "legacy": "“两基”"}


def terms(plus: Iterable, minus: Iterable = ()) -> dict[str, int]:
    """Which counts are added and which are taken away."""
    return {key.value: 1 for key in plus} | {key.value: -1 for key in minus}


@dataclass(frozen=True, slots=True)
class Indicator:
    """One variant of one indicator. `needs`: a count without which there is no numerator yet."""

    measure: Measure
    variant: str
    formula: str
    source: str
    numerator: Terms
    denominator: Terms
    counts: str = YEAR
    targeted: bool = False
    needs: str = ""

    @property
    def id(self) -> str:
        return self.measure

    @property
    def label(self) -> str:
        return Measure(self.measure).label

    @property
    def variant_said(self) -> str:
        """The variant as a page names it: a letter, or 净, 毛, “两基”."""
        return VARIANTS.get(self.variant, self.variant)


RETAINED = terms(student_status for student_status, effect in EFFECTS.items() if effect.retained)
ON_ROLL = terms(student_status for student_status, effect in EFFECTS.items() if effect.on_roll)
EXCUSED = [student_status for student_status, effect in EFFECTS.items() if effect.excused]
GONE = [Flow.WENT_OUT, Flow.DIED, Flow.WENT_ABROAD]
EXPECTED = terms([Flow.START, Flow.CAME_IN], GONE)
EXPECTED_B = terms([Flow.START, Flow.CAME_IN], [*GONE, *EXCUSED])
START = terms([Flow.START])
LEGACY = terms(
    [
        StudentStatus.SUSPENDED,
        PlaceCount.DROPPED_NOW,
        Flow.DIED,
        Flow.WENT_OUT,
        Flow.WENT_ABROAD,
        Flow.UNKNOWN,
    ],
    [Flow.CAME_IN],
)
C = CohortCount
MOVED = terms([C.ENTRANTS, C.CAME_IN], [C.WENT_OUT])
LIVING = MOVED | terms([], [C.DIED, C.ABROAD])
HELD = LIVING | terms([C.HELD_IN], [C.HELD_OUT])

NATIONAL = "全国教育事业发展统计公报指标说明"
FORM = "县级巩固率统计表"
REPORT = "教育统计报表指标解释"
LOCAL = "系统设定"

INDICATORS = [
    Indicator(
        Measure.NINE_YEARS, "A", "毕业班学生数 ÷ 该届一年级入学人数", NATIONAL,
        terms([C.NINTH]), terms([C.ENTRANTS]), COHORT, targeted=True,
    ),
    Indicator(
        Measure.NINE_YEARS, "B", "毕业生数 ÷（入学 + 转入 − 转出）", FORM,
        terms([C.GRADUATES]), MOVED, COHORT, targeted=True, needs=C.GRADUATES.value,
    ),
    Indicator(
        Measure.NINE_YEARS, "B9", "毕业班学生数 ÷（入学 + 转入 − 转出）", FORM,
        terms([C.NINTH]), MOVED, COHORT, targeted=True,
    ),
    Indicator(
        Measure.NINE_YEARS, "C", "毕业班学生数 ÷（入学 + 转入 − 转出 − 死亡 − 出国）", LOCAL,
        terms([C.NINTH]), LIVING, COHORT, targeted=True,
    ),
    Indicator(
        Measure.NINE_YEARS, "D", "同 C，再减留级离开、加留级跳级进入", LOCAL,
        terms([C.NINTH]), HELD, COHORT, targeted=True,
    ),
    Indicator(
        Measure.NINE_YEARS, "E", "同 D，再减休学", LOCAL,
        terms([C.NINTH]), HELD | terms([], [C.SUSPENDED]), COHORT, targeted=True,
    ),
    Indicator(
        Measure.YEARLY, "a", "在校（含毕业）÷（学年初在校 + 转入 − 转出 − 死亡 − 出国）", REPORT,
        RETAINED, EXPECTED, targeted=True,
    ),
    Indicator(
        Measure.YEARLY, "b", "同 a，分母再减休学、延缓入学", REPORT,
        RETAINED, EXPECTED_B, targeted=True,
    ),
    Indicator(
        Measure.YEARLY, "c", "（学年初在校 − 本学年辍学未复学）÷ 学年初在校", REPORT,
        terms([Flow.START], [PlaceCount.DROPPED_NOW]), START, targeted=True,
    ),
    Indicator(
        Measure.DROPOUT_RATE, "net", "本学年辍学未复学 ÷ 学年初在校", REPORT,
        terms([PlaceCount.DROPPED_NOW]), START,
    ),
    Indicator(
        Measure.DROPOUT_RATE, "gross", "本学年辍学（含已复学）÷ 学年初在校", REPORT,
        terms([PlaceCount.DROPPED]), START,
    ),
    Indicator(
        Measure.DROPOUT_RATE, "legacy",
        "〔（休学 + 退学 + 死亡 + 转出 + 其他减少）− 转入〕÷ 学年初在校", "“两基”统计口径",
        LEGACY, START,
    ),
    Indicator(
        Measure.DROPOUTS, "", "辍学未复学（含往年）÷ 在册", LOCAL,
        terms([StudentStatus.DROPOUT]), ON_ROLL,
    ),
    Indicator(
        Measure.SUSPECTED, "", "疑似辍学 ÷ 在册", LOCAL, terms([StudentStatus.SUSPECTED]), ON_ROLL,
    ),
    Indicator(Measure.ABSENT, "", "未到校 ÷ 在册", LOCAL, terms([StudentStatus.ABSENT]), ON_ROLL),
    Indicator(
        Measure.REGISTRATION, "", "开学第一周已到 ÷ 开学应到", LOCAL,
        terms([PlaceCount.OPENING_SEEN]), terms([PlaceCount.OPENING_EXPECTED]),
    ),
    Indicator(
        Measure.TIMELINESS, "", "按时填报班级 ÷ 应填考勤班级", LOCAL,
        terms([PlaceCount.ON_TIME]), terms([PlaceCount.CLASSES]),
    ),
    Indicator(
        Measure.ATTENDANCE, "", "实到 ÷ 应到（已填考勤班级）", LOCAL,
        terms([PlaceCount.PRESENT]), terms([PlaceCount.EXPECTED]),
    ),
]  # fmt: skip


# What is counted from the registers of the day, or from the days since a child was seen.
NEED_THE_DAY = {Measure.TIMELINESS, Measure.ATTENDANCE, Measure.ABSENT, Measure.SUSPECTED}


@dataclass(frozen=True, slots=True)
class Target:
    """A rate to reach, in percent, and the notice that sets it."""

    percent: Decimal
    source: str


@dataclass(frozen=True, slots=True)
class Figure:
    """An indicator of one place on one day. `numerator` is None where it is not known yet.

    `undecided`: it needs a day nobody has decided for some class; numerator and denominator are of
    the decided part, and there is no value.
    """

    indicator: Indicator
    numerator: int | None
    denominator: int
    target: Target | None = None
    undecided: bool = False

    @property
    def id(self) -> str:
        return self.indicator.id

    @property
    def variant(self) -> str:
        return self.indicator.variant

    @property
    def label(self) -> str:
        return self.indicator.label

    @property
    def variant_said(self) -> str:
        return self.indicator.variant_said

    @property
    def formula(self) -> str:
        return self.indicator.formula

    @property
    def source(self) -> str:
        return self.indicator.source

    @property
    def value(self) -> Fraction | None:
        return None if self.undecided else ratio(self.numerator, self.denominator)

    @property
    def number(self) -> str:
        """99.19, or — ."""
        return percent(self.value)

    @property
    def text(self) -> str:
        """99.19 %, or — , or 无法核定：校历未定."""
        if self.undecided:
            return UNDECIDED
        return NONE if self.value is None else f"{self.number} %"

    @property
    def over(self) -> bool:
        """More than 100 %: shown as it is, and marked."""
        return self.value is not None and self.value > 1

    @property
    def met(self) -> bool | None:
        """Is the target reached, by the exact value? None without a target or a value."""
        if self.target is None or self.value is None:
            return None
        return self.value * 100 >= Fraction(self.target.percent)


def added(chosen: Terms, counts: Mapping[str, int]) -> int:
    return sum(sign * counts.get(key, 0) for key, sign in chosen.items())


def figure(
    indicator: Indicator, counts: Mapping[str, int] | None, target: Target | None = None
) -> Figure:
    """The indicator from the counts of a place; without counts there is none."""
    reached = target if indicator.targeted else None
    if counts is None:
        return Figure(indicator, None, 0, reached)
    known = not indicator.needs or bool(counts.get(indicator.needs))
    return Figure(
        indicator,
        added(indicator.numerator, counts) if known else None,
        added(indicator.denominator, counts),
        reached,
        undecided=indicator.measure in NEED_THE_DAY and bool(counts.get(PlaceCount.UNDECIDED)),
    )


def figures(
    counts: Mapping[str, int],
    cohort: Mapping[str, int] | None = None,
    target: Target | None = None,
) -> list[Figure]:
    """Every indicator of a place, in the order of the table."""
    by_kind = {YEAR: counts, COHORT: cohort}
    return [figure(one, by_kind[one.counts], target) for one in INDICATORS]
