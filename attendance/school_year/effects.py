"""What a changed calendar or policy would do: school days, registers and alerts, before it is done."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from attendance.alerts import last_judged
from attendance.enums import OUT_MARKS, AlertState, RegisterState, Verdict
from attendance.models import Absence, AbsenceAlert, Register
from attendance.records import AbsenceAssessment, assess
from regions.days import PlaceRules
from regions.models import SchoolClass
from regions.paths import COUNTY, inside
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar, CalendarRule, Track, each_day

Judged = dict[int, AbsenceAssessment | NoCalendar]


@dataclass(frozen=True, slots=True)
class Effect:
    """What would become of a place. `days`: (school days before, after): how many classes; taken
    together over the days that change, from `first` to `last`."""

    days: tuple[tuple[tuple[int, int], int], ...] = ()
    registers: int = 0  # registers of days that are school days no more
    owed: int = 0  # past days of classes that become school days without a register
    # Children who would be in an alert, and whose alert would be taken back; None: nobody can tell.
    opened: int | None = None
    closed: int | None = None

    @property
    def moves_alerts(self) -> bool:
        """Does anybody come into an alert, or out of one?"""
        return bool(self.opened or self.closed)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """Each thing it touches, as a page says it, with its numbers."""
        said = [
            (f"{count:,} 个班{_more_or_less(was, then)}", f"{was} → {then}")
            for (was, then), count in self.days
        ]
        said = said or [("教学日", "没有班级变化")]
        if self.registers:
            said.append(("已报的考勤不再计入", f"{self.registers:,} 份"))
        if self.owed:
            said.append(("要补报的考勤", f"{self.owed:,} 份"))
        return said + alert_lines(self.opened, self.closed)


def alert_lines(opened: int | None, closed: int | None) -> list[tuple[str, str]]:
    if opened is None or closed is None:
        return [("未到预警", "这些天还没有核对过，现在算不出")]
    return [("新增未到预警", f"{opened:,} 人"), ("撤回未到预警", f"{closed:,} 人")]


def _more_or_less(was: int, then: int) -> str:
    if then == was:
        return "教学日不变"
    return f"{'少' if then < was else '多'} {abs(then - was)} 个教学日"


def changed(
    calendar: Calendar,
    *,
    add: Iterable[CalendarRule] = (),
    drop: Iterable[CalendarRule] = (),
    ask: Iterable[CalendarRule] = (),
) -> Calendar:
    """The calendar with rows more and fewer; the old one stays as it is."""
    gone = set(drop)
    rows = [row for row in calendar.rows if row not in gone]
    asked = [row for row in calendar.asked if row not in gone]
    return Calendar([*rows, *add], [*asked, *ask])


def effect_of(
    path: str, first: date, last: date, before: PlaceRules, after: Calendar, *, on: date
) -> Effect:
    """What happens to the classes and children at `path` when their calendar becomes `after`."""
    classes = list(SchoolClass.objects.at(path).running(on)) if path else []
    kinds = _kinds(before.calendar, after)
    spans = {one.pk: _most(one, kinds, first, last, before.calendar, after) for one in classes}
    told = Counter((len(was), len(then)) for was, then in spans.values() if was != then)
    made = _registers(path, first, last) if classes else set()
    past = min(last, on)
    opened, closed = _alerts(path, first, last, before, replace(before, calendar=after), on)
    return Effect(
        days=tuple(sorted(told.items())),
        registers=sum((pk, day) in made for pk, (was, then) in spans.items() for day in was - then),
        owed=sum(
            day <= past and (pk, day) not in made
            for pk, (was, then) in spans.items()
            for day in then - was
        ),
        opened=opened,
        closed=closed,
    )


def _kinds(*calendars: Calendar) -> list[tuple[bool, str]]:
    """The children of a class whose days may differ: (boarder, community)."""
    rows = [row for calendar in calendars for row in calendar.rows]
    communities = ["", *sorted({row.community for row in rows if row.community})]
    return [(boarder, community) for community in communities for boarder in (False, True)]


def _most(
    one: SchoolClass,
    kinds: Iterable[tuple[bool, str]],
    first: date,
    last: date,
    before: Calendar,
    after: Calendar,
) -> tuple[frozenset[date], frozenset[date]]:
    """The days before and after of those of the class for whom most changes."""
    told = [_days_of(one.track(*kind), first, last, before, after) for kind in kinds]
    return max(told, key=lambda days: len(days[0] ^ days[1]))


def _days_of(
    track: Track, first: date, last: date, before: Calendar, after: Calendar
) -> tuple[frozenset[date], frozenset[date]]:
    return _school_days(track, first, last, before), _school_days(track, first, last, after)


def _school_days(track: Track, first: date, last: date, calendar: Calendar) -> frozenset[date]:
    """The days that are decided to be school days and that no closure holds."""
    found = set()
    for day in each_day(first, last):
        try:
            what = calendar.day(track, day)
        except NoCalendar:
            continue
        if what.school and not what.held:
            found.add(day)
    return frozenset(found)


def _registers(path: str, first: date, last: date) -> set[tuple[int, date]]:
    rows = Register.objects.at(path).filter(on__gte=first, on__lte=last, state=RegisterState.TAKEN)
    return set(rows.values_list("school_class_id", "on"))


def _alerts(
    path: str, first: date, last: date, before: PlaceRules, after: PlaceRules, on: date
) -> tuple[int | None, int | None]:
    """How many children would come into an alert, and out of one, on the last day judged; None
    where the days that change lie behind it."""
    judged = (last_judged(path) if len(path) >= COUNTY else None) or on
    if not path or judged < first:
        return None, None
    marked = Absence.objects.filter(
        inside("path", path), on__gte=first, on__lte=last, mark__in=OUT_MARKS
    )
    standing = AbsenceAlert.objects.at(path).filter(state=AlertState.OPEN)
    ids = set(marked.values_list("student_id", flat=True))
    ids |= set(standing.values_list("student_id", flat=True))
    return compare(assess(ids, judged, before), assess(ids, judged, after))


def compare(was: Judged, then: Judged) -> tuple[int, int]:
    """How many children come into an alert, and out of one, from one answer to the other."""
    before = {pk for pk, answer in was.items() if _alerts_now(answer)}
    after = {pk for pk, answer in then.items() if _alerts_now(answer)}
    return len(after - before), len(before - after)


def _alerts_now(answer: AbsenceAssessment | NoCalendar) -> bool:
    return isinstance(answer, AbsenceAssessment) and answer.verdict is Verdict.ALERT
