"""台账: the ledgers a county keeps, their columns, and whose rows stand in them on a day."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from accounts.models import User
from attendance.flagging import lack_on
from cases.enums.records import PlacementMode
from cases.enums.states import (
    PHASE_OF,
    AbsenceLevel,
    CaseState,
    Phase,
    step_title,
)
from cases.models import Case
from contracts.listing import UNSIGNED_HEADER, unsigned_rows
from regions.days import place_rules_of
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.classnames import YEAR_BEGINS, school_year
from regions.rules.known_part import WHOLE, Lack
from reports.counting.sources import Gathered, gather
from reports.ledgers.columns import CaseLine, lines_of, uids_of
from reports.queries.ladder_funnel import cases_of
from reports.queries.places import WATCHERS, own_places

Columns = Sequence[tuple[str, Callable[[CaseLine], object]]]
SUSPECTED, DROPOUT, UNSIGNED, CASES = "suspected", "dropout", "unsigned", "cases"
FIRST_DAY = date(2000, 1, 1)
NO_SEAT = "台账由学校、中心校、乡镇、县教育体育局和县控辍保学专班导出。"


def _phone(line: CaseLine) -> str:
    return line.guardian.phone_masked if line.guardian else ""


def _placement(line: CaseLine) -> str:
    mode = line.case.placement
    return PlacementMode(mode).label if mode else ""


def _last_contact(line: CaseLine) -> str:
    if not line.contacts:
        return "尚无联系"
    last = line.contacts[-1]
    return f"{last.on:%Y-%m-%d} {last.get_way_display()} {last.get_met_display()}"


WHO: Columns = [
    ("姓名", lambda line: line.student.name),
    ("性别", lambda line: line.student.sex_label),
    ("身份证号", lambda line: line.student.id_no_masked),
    ("学籍号", lambda line: line.student.xueji_no_masked),
    ("学校", lambda line: line.school),
    ("班级", lambda line: line.class_label),
    ("班主任", lambda line: line.teacher),
    ("监护人", lambda line: line.guardian.name if line.guardian else ""),
    ("关系", lambda line: line.guardian.relation if line.guardian else ""),
    ("监护人电话", _phone),
    ("家庭住址", lambda line: line.home),
    ("户籍地", lambda line: line.household),
]
DONE: Columns = [
    ("最后到校日", lambda line: line.left.label()),
    ("未到校天数（自然日）", lambda line: line.days_out),
    ("未到校原因", lambda line: line.reasons),
    ("去向", lambda line: line.case.whereabouts),
    ("已采取措施", lambda line: line.measures),
    ("学校上报日期", lambda line: line.reported_on),
    ("乡镇受理日期", lambda line: line.case.opened_on),
    ("列入县台账日期", lambda line: line.by_then(line.case.suspected_on or line.case.dropout_on)),
    ("责任乡镇", lambda line: line.owner),
    ("包保责任人", lambda line: line.people_said),
    ("劝返联系次数", lambda line: len(line.contacts)),
    ("结果", lambda line: CaseState(line.state).label),
    ("转办日期", lambda line: line.handed_on),
    ("备注", lambda line: f"再次辍学 {line.relapses} 次" if line.relapses else ""),
]
NUMBER: Columns = [("档案编号", lambda line: line.case.number)]
RETURNED: Columns = [
    ("列入辍学日期", lambda line: line.by_then(line.case.dropout_on)),
    ("四步法步骤", lambda line: step_title(line.step)),
    ("文书、文号、日期", lambda line: line.papers_said),
    ("复学日期", lambda line: line.returned_on),
    ("安置方式", _placement),
    ("观察情况", lambda line: CaseState(line.state).label if line.returned_on else ""),
    ("销号日期", lambda line: line.by_then(line.case.closed_on)),
    ("销号审批人", lambda line: line.approved_by),
]
IN_HAND: Columns = [
    *NUMBER, *WHO[:6],
    ("责任乡镇", lambda line: line.owner),
    ("阶段", lambda line: Phase(PHASE_OF[line.state]).label if line.state in PHASE_OF else ""),
    ("状态", lambda line: CaseState(line.state).label),
    ("四步法步骤", lambda line: step_title(line.step)),
    ("建档日期", lambda line: line.case.opened_on),
    ("最后到校日", lambda line: line.left.label()),
    ("待办事项", lambda line: line.due.what if line.due else ""),
    ("办理单位", lambda line: line.due.who if line.due else ""),
    ("截止日期", lambda line: line.due.due.day if line.due else None),
    ("依据", lambda line: line.due.article if line.due else ""),
    ("联系次数", lambda line: len(line.contacts)),
    ("最近联系", _last_contact),
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ledger:
    """A ledger: its name in addresses, its title, its columns ("" lines have none of a case)."""

    name: str
    title: str
    says: str
    columns: Columns = ()

    @property
    def header(self) -> list[str]:
        return ["序号", *(title for title, _ in self.columns)] if self.columns else UNSIGNED_HEADER


LEDGERS = {
    one.name: one
    for one in [
        Ledger(SUSPECTED, "疑似辍学花名册", "当日认定为疑似辍学、尚未返校的学生。",
               [*NUMBER, *WHO, *DONE]),
        Ledger(DROPOUT, "辍学劝返台账", "本学年辍学的学生，已复学的留在台账上。",
               [*NUMBER, *WHO, *DONE, *RETURNED]),
        Ledger(UNSIGNED, "未签责任书", "本学年应签未签的责任书和未签原因。"),
        Ledger(CASES, "在办个案", "当日在办的个案和下一步。", IN_HAND),
    ]
}  # fmt: skip
TITLES = {one.title: one for one in LEDGERS.values()}


@dataclass(frozen=True, slots=True)
class LedgerTable:
    """The rows of a ledger on a day, and the children in it."""

    ledger: Ledger
    on: date
    rows: list[list[object]]
    uids: list[str]


def ledger_named(name: str) -> Ledger:
    """By its name or its title. Refused for any other."""
    found = LEDGERS.get(name) or TITLES.get(name)
    if found is None:
        raise Refused(f"没有这种台账，可填：{'、'.join(TITLES)}。")
    return found


def table(ledger: Ledger, on: date, *, by: User, today: date) -> LedgerTable:
    """The rows of a ledger within the user's reach, of today or of a day before."""
    if not by.reach.holds(*WATCHERS):
        raise Refused(NO_SEAT)
    if not FIRST_DAY <= on <= today:
        raise Refused("台账只能导出到今天为止的日期，请核对。")
    if ledger.name == UNSIGNED:
        found = unsigned_rows(by, school_year(on), on)
        return LedgerTable(ledger, on, [list(row.values()) for row in found], [])
    lines = lines_of(_wanted(on, by, [ledger.name])[ledger.name], on, today)
    rows = [
        [number, *(of(line) for _, of in ledger.columns)] for number, line in enumerate(lines, 1)
    ]
    return LedgerTable(ledger, on, rows, uids_of(lines))


def counts(on: date, *, by: User) -> dict[str, int]:
    """How many rows each ledger has, without reading them."""
    wanted = _wanted(on, by, [name for name, one in LEDGERS.items() if one.columns])
    found = {name: len(pks) for name, pks in wanted.items()}
    return found | {UNSIGNED: len(unsigned_rows(by, school_year(on), on))}


def lack_of_ledger(ledger: Ledger, on: date, *, by: User) -> Lack:
    """The classes of the user's places that a ledger leaves out on a day, since nobody has decided
    it: only the one of 疑似辍学 hangs on the days of its children."""
    places = own_places(by)
    if ledger.name != SUSPECTED or not places:
        return WHOLE
    paths = [place.path for place in places]
    return lack_on(paths, on, place_rules_of(county_of(paths[0])).calendar)


def _wanted(on: date, by: User, names: Iterable[str]) -> dict[str, set[int]]:
    """The cases of some ledgers: of the user's own places, and within reach."""
    places = own_places(by)
    seen = Case.objects.visible_to(by)
    mine: set[int] = set()
    for place in places:
        here = cases_of(place.path).filter(pk__in=seen)
        mine |= set(here.values_list("pk", flat=True))
    wanted: dict[str, set[int]] = {name: set() for name in names}
    for county in {county_of(place.path) for place in places}:
        found = gather(county, on)
        for name in wanted:
            wanted[name] |= set(WANTED[name](found))
    return {name: pks & mine for name, pks in wanted.items()}


def _suspected(found: Gathered) -> Iterable[int]:
    facts = found.cases.values()
    return (one.id for one in facts if not one.returned and one.level is AbsenceLevel.SUSPECTED)


def _in_hand(found: Gathered) -> Iterable[int]:
    return (one.id for one in found.cases.values())


def _dropouts(found: Gathered) -> Iterable[int]:
    """Cases past the threshold that are open, or were closed in this school year."""
    on = found.year.on
    begins = date(school_year(on), *YEAR_BEGINS)
    still = Q(pk__in=[one.id for one in found.cases.values()])
    this_year = Q(closed_on__gte=begins, closed_on__lte=on) | Q(student__in=found.dropped)
    return Case.objects.filter(still | this_year, dropout_on__lte=on).values_list("pk", flat=True)


WANTED = {SUSPECTED: _suspected, DROPOUT: _dropouts, CASES: _in_hand}
