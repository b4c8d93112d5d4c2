"""待办: the open cases within reach as rows, by what is due next; who, by when, what to press."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import OuterRef, Subquery
from django.urls import reverse

from accounts.enums import CLASS_ROLES, COUNTY_ROLES, Role
from accounts.models import User
from attendance.models import UnseenRun
from cases.act import Act
from cases.acts import SETTLES, SETTLES_LATE
from cases.contacts.acts import CONTACT
from cases.day_words import day_said
from cases.due import Due, Group, Next, next_of
from cases.enums.records import DeadlineKind
from cases.enums.states import (
    OUT_OF_SCHOOL,
    STEP_NUMBERS,
    AccessKind,
    CaseState,
    Phase,
    Step,
)
from cases.models import Case, CaseAccess, Contact, Deadline
from cases.permissions import acting, may
from students.models import Enrolment

SHOWN = 60
VISITS = CLASS_ROLES | {Role.VILLAGE}
PHASE_SUBTITLES = {
    Phase.FIND: "核查定性",
    Phase.PERSUADE: "四步法",
    Phase.PLACE: "返校安置",
    Phase.KEEP: "观察销号",
}


@dataclass(frozen=True, slots=True)
class ActionButton:
    """The one button of a row, named after the act; `mine` when the act is this user's."""

    label: str
    url: str
    mine: bool = True


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case of the list."""

    case: Case
    rows: list[CaseAccess]
    where: str
    phase: str
    stands: str
    next: Next
    days: str
    since: str
    contact: str
    met: str
    press: ActionButton

    @property
    def due(self) -> Due:
        return self.next.due

    @property
    def who(self) -> str:
        """女 13岁 · 白水中学 八(2)班."""
        child = self.case.student
        first = " ".join(
            part for part in (child.sex_label, f"{child.age()}岁" if child.birth_on else "") if part
        )
        return " · ".join(part for part in (first, self.where) if part)


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; `words` came by POST and stands in no address."""

    phase: str = ""
    village: str = ""
    school: str = ""
    township: str = ""
    step: str = ""
    words: str = ""

    @property
    def narrowed(self) -> bool:
        return any((self.village, self.school, self.township, self.step, self.words))

    def take(self, row: CaseRow) -> bool:
        student, step = row.case.student, self.step
        named = not self.words or (
            self.words in student.name or student.initials.startswith(self.words.lower())
        )
        return (
            named
            and (not step or (row.case.step == step and row.case.state in OUT_OF_SCHOOL))
            and self._reached(row, AccessKind.VILLAGE, self.village)
            and self._reached(row, AccessKind.SCHOOL, self.school)
            and self._reached(row, AccessKind.OWNER, self.township)
        )

    @staticmethod
    def _reached(row: CaseRow, kind: AccessKind, path: str) -> bool:
        return not path or any(r.kind == kind and r.path.startswith(path) for r in row.rows)


@dataclass
class PhaseCount:
    """A phase as a filter: how many cases, how many of them late."""

    key: str
    label: str
    subtitle: str
    total: int = 0
    late: int = 0


@dataclass
class Worklist:
    """All the page shows."""

    rows: list[CaseRow]
    counts: list[PhaseCount]
    groups: list[tuple[str, Group, int, list[CaseRow]]]
    choices: dict[str, list[tuple[str, str]]]
    shown: int = 0

    @property
    def total(self) -> PhaseCount:
        return self.counts[0]

    @property
    def today(self) -> int:
        return sum(row.due.group is Group.TODAY for row in self.rows)

    @property
    def matching(self) -> int:
        return sum(count for _, _, count, _ in self.groups)

    @property
    def hidden(self) -> int:
        return self.matching - self.shown


def worklist(by: User, filters: Filters, *, on: date, whole: bool = False) -> Worklist:
    """The open cases `by` reaches, as they stand on a day, in a fixed number of statements."""
    rows = sorted(_rows(by, on), key=_by_due)
    chosen = [
        row
        for row in rows
        if filters.take(row) and (not filters.phase or row.case.phase == filters.phase)
    ]
    shown = chosen if whole else chosen[:SHOWN]
    totals = Counter(row.due.group for row in chosen)
    groups = [
        (group.label, group, totals[group], [row for row in shown if row.due.group is group])
        for group in Group
        if totals[group]
    ]
    return Worklist(rows, _counts(rows), groups, _choices(rows, by), len(shown))


def _by_due(row: CaseRow) -> tuple[date, int]:
    return row.due.day or date.max, row.case.pk


def _counts(rows: list[CaseRow]) -> list[PhaseCount]:
    whole = PhaseCount("", "在办", "全部")
    phases = {p: PhaseCount(p.value, p.label, PHASE_SUBTITLES[p]) for p in Phase}
    for row in rows:
        for count in (whole, phases[row.case.phase]) if row.case.phase else (whole,):
            count.total += 1
            count.late += row.due.group is Group.LATE
    return [whole, *phases.values()]


def _choices(rows: list[CaseRow], by: User) -> dict[str, list[tuple[str, str]]]:
    """What the filters offer: only places that occur."""
    over_townships = by.reach.holds(*COUNTY_ROLES)
    found: dict[AccessKind, dict[str, str]] = defaultdict(dict)
    for row in rows:
        for reach in row.rows:
            path = reach.path.split("C", 1)[0] if reach.kind == AccessKind.SCHOOL else reach.path
            found[AccessKind(reach.kind)][path] = reach.unit
    steps = {row.case.step for row in rows if row.case.state in OUT_OF_SCHOOL}
    return {
        "township": sorted(found[AccessKind.OWNER].items()) if over_townships else [],
        "village": sorted(found[AccessKind.VILLAGE].items()),
        "school": sorted(found[AccessKind.SCHOOL].items()),
        "step": [
            (step, f"第{STEP_NUMBERS[step]}步 {step.label}") for step in Step if step in steps
        ],
    }


def _rows(by: User, on: date) -> list[CaseRow]:
    latest = Contact.objects.filter(student_id=OuterRef("student_id")).order_by("-on", "-pk")
    cases = list(
        Case.objects.visible_to(by)
        .open()
        .select_related("student")
        .counting_relapses()
        .annotate(last_contact=Subquery(latest.values("pk")[:1]))
    )
    reach, deadlines = reach_rows(cases), _deadlines(cases)
    students = [case.student_id for case in cases]
    runs = {run.student_id: run for run in UnseenRun.objects.filter(student__in=students)}
    contacts = Contact.objects.in_bulk([c.last_contact for c in cases if c.last_contact])
    where = classes_of(students, on)
    made = []
    for case in cases:
        rows = reach[case.pk]
        roles = {held.role for held in acting(by, case, rows)}
        coming = next_of(deadlines[case.pk], rows, on, roles)
        days, since = absence(case, runs.get(case.student_id), seen_since(deadlines[case.pk]), on)
        contact = contacts.get(case.last_contact)
        made.append(
            CaseRow(
                case=case,
                rows=rows,
                where=where.get(case.student_id, "不在册"),
                phase=Phase(case.phase).label,
                stands=stands(case, case.relapses),
                next=coming,
                days=days,
                since=since,
                contact=f"{day_said(contact.on, on)} {contact.get_way_display()}"
                if contact
                else "",
                met=contact.get_met_display() if contact else "",
                press=press_of(case, coming, rows, by),
            )
        )
    return made


def reach_rows(cases: Iterable[Case]) -> dict[int, list[CaseAccess]]:
    """The standing reach rows of each case."""
    found: dict[int, list[CaseAccess]] = defaultdict(list)
    for row in CaseAccess.objects.filter(case__in=list(cases), until=None).order_by("pk"):
        found[row.case_id].append(row)
    return found


def _deadlines(cases: list[Case]) -> dict[int, list[Deadline]]:
    found: dict[int, list[Deadline]] = defaultdict(list)
    for one in Deadline.objects.standing().filter(case__in=cases).select_related("paper"):
        found[one.case_id].append(one)
    return found


def classes_of(students: list[int], on: date) -> dict[int, str]:
    """Where each child is on the roll: 白水中学 八(2)班."""
    spells = Enrolment.objects.on(on).filter(student__in=students)
    return {
        spell.student_id: f"{spell.school_class.school.name} {spell.school_class.label(on)}"
        for spell in spells.select_related("school_class__school")
    }


def stands(case: Case, relapses: int = 0) -> str:
    """第1步 宣传教育 while the child is out; else the state; 再次辍学 where it is."""
    step = Step(case.step)
    said = f"第{STEP_NUMBERS[step]}步 {Step(step).label}"
    if case.state != CaseState.PERSUADING:
        said = CaseState(case.state).label
    return f"{said} · 再次辍学 {relapses} 次" if relapses else said


def seen_since(deadlines: Iterable[Deadline]) -> date | None:
    """Since when the registers show the child, while nobody has recorded its return."""
    told = (one for one in deadlines if one.kind == DeadlineKind.RECORD_RETURN)
    return next((one.starts_on for one in told), None)


def absence(case: Case, run: UnseenRun | None, seen: date | None, on: date) -> tuple[str, str]:
    """How many school days the child is out, and since when, as the registers or the file say."""
    if case.state not in OUT_OF_SCHOOL:
        return "已返校", day_said(case.returned_on, on)
    if seen:
        return "考勤显示到校", f"{day_said(seen, on)}起"
    if run and run.unexplained:
        return f"{run.unexplained} 天", f"{day_said(run.first, on)}起"
    return "—", f"{case.left.label()}起" if case.left.latest else ""


def press_of(case: Case, coming: Next, rows: list[CaseAccess], by: User) -> ActionButton:
    """The act that does the next step, when this user may do it; else a look at the case.

    The county looks on at what is another's duty; whoever works at the door logs a visit.
    """
    helps = coming.mine or not by.reach.holds(*COUNTY_ROLES)
    if helps and (leads := act_for(coming)) and may(by, leads.right, case, rows):
        paper = coming.deadline.paper if coming.deadline else None
        return ActionButton(leads.label, leads.url(case, paper))
    if (
        by.reach.holds(*VISITS)
        and case.state in OUT_OF_SCHOOL
        and may(by, CONTACT.right, case, rows)
    ):
        return ActionButton(CONTACT.label, CONTACT.url(case), mine=False)
    return ActionButton("看个案", reverse("cases:case", args=[case.uid]), mine=False)


def act_for(coming: Next) -> Act | None:
    """The act that the next step asks for; another one once a day of return has passed and the
    child is still out."""
    if coming.kind is None:
        return None
    late = SETTLES_LATE.get(coming.kind) if coming.due.group is Group.LATE else None
    return late or SETTLES.get(coming.kind)
