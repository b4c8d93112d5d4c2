"""What the ledgers of cases say of each child, read set by set: no statement per child."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from accounts.enums import Role
from accounts.models import Seat
from attendance.models import UnseenRun
from cases.due import Next, next_of
from cases.enums.records import (
    SENSITIVE_REASONS,
    DeadlineKind,
    PostKey,
    Reason,
)
from cases.enums.states import OUT_OF_SCHOOL, AccessKind, CaseState, EventKind, OpinionOf, Step
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseAccess, CaseEvent, ClosingOpinion, Contact, Deadline, Paper
from cases.worklist.rows import reach_rows
from regions.models import Region
from reports.queries.case_states_on import CaseOnDay, standing_on
from students.models import Charge, Enrolment, Guardian, Student

PRIVATE = "涉及隐私，见个案"


@dataclass
class CaseLine:
    """One case with all that hangs on it, as of `on`."""

    case: Case
    on: date
    school: str = "不在册"
    class_label: str = ""
    teacher: str = ""
    owner: str = ""
    guardian: Guardian | None = None
    people: list[Charge] = field(default_factory=list)
    contacts: list[Contact] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    reported_on: date | None = None
    handed_on: date | None = None
    run: UnseenRun | None = None
    due: Next | None = None
    approved_by: str = ""
    then: CaseOnDay | None = None

    @property
    def student(self) -> Student:
        return self.case.student

    @property
    def state(self) -> CaseState:
        """As it was on the ledger's day."""
        return self.then.state if self.then else CaseState(self.case.state)

    @property
    def step(self) -> Step:
        return self.then.step if self.then else Step(self.case.step)

    @property
    def returned_on(self) -> date | None:
        return self.by_then(self.case.returned_on)

    def by_then(self, day: date | None) -> date | None:
        """A day of the case, where it had come by the ledger's day."""
        return day if day and day <= self.on else None

    @property
    def relapses(self) -> int:
        return getattr(self.case, "relapses", 0)

    @property
    def left(self) -> FuzzyDate:
        """When the child was last at school, by the registers; else as the case says."""
        out = self.state in OUT_OF_SCHOOL
        if out and self.run and self.run.last_seen and self.run.unexplained:
            return FuzzyDate.on(self.run.last_seen)
        return self.case.left

    @property
    def days_out(self) -> int | None:
        """Natural days since then, until the return or the ledger's day."""
        until = self.returned_on or self.on
        return (until - self.left.latest).days if self.left.latest else None

    @property
    def reasons(self) -> str:
        """A reason that only those who act on it may see is not written into a file."""
        kinds = [Reason(word) for word in self.case.reasons]
        said = [Reason(kind).label for kind in kinds if kind not in SENSITIVE_REASONS]
        return "、".join([*said, *([PRIVATE] if len(said) < len(kinds) else [])])

    @property
    def home(self) -> str:
        return address_said(self.student.residence_region, self.student.residence_address)

    @property
    def household(self) -> str:
        return address_said(self.student.household_region, self.student.household_address)

    @property
    def people_said(self) -> str:
        return "；".join(f"{PostKey(p.post).label} {p.name}" for p in self.people)

    @property
    def papers_said(self) -> str:
        return "；".join(paper_said(paper) for paper in self.papers)

    @property
    def measures(self) -> str:
        """What has been done: contacts by way, papers."""
        ways = Counter(contact.get_way_display() for contact in self.contacts)
        return "；".join(
            [
                *(f"{way} {count} 次" for way, count in ways.items()),
                *(paper.label for paper in self.papers),
            ]
        )


def address_said(region: Region | None, rest: str) -> str:
    """白水镇 那戈村 12号: township and village before what the roster wrote."""
    above = [region.parent.name] if region and region.parent else []
    return " ".join([*above, *([region.name] if region else []), *([rest] if rest else [])])


def paper_said(paper: Paper) -> str:
    """责令限期改正通知书 澜白水责改〔2026〕31号 2026年11月5日制发，2026年11月6日送达."""
    said = f"{paper.label} {paper.number} {paper.issued.label()}制发".replace("  ", " ")
    services = list(paper.services.all())
    return f"{said}，{services[-1].served.label()}送达" if services else f"{said}，未送达"


def lines_of(pks: Iterable[int], on: date, today: date) -> list[CaseLine]:
    """The lines of some cases, in the order of their owner, school and opening."""
    cases = list(
        Case.objects.filter(pk__in=list(pks))
        .counting_relapses()
        .select_related("student__residence_region__parent", "student__household_region__parent")
    )
    lines = {case.pk: CaseLine(case, on) for case in cases}
    by_student: dict[int, list[CaseLine]] = defaultdict(list)
    for line in lines.values():
        by_student[line.case.student_id].append(line)
    _read_classes(by_student, on)
    _read_families(by_student, on)
    _read_papers(lines, on)
    _read_duties(lines, on, today)
    return sorted(
        lines.values(), key=lambda one: (one.owner, one.school, one.case.opened_on, one.case.pk)
    )


def _read_classes(by_student: dict[int, list[CaseLine]], on: date) -> None:
    spells = Enrolment.objects.on(on).filter(student__in=by_student)
    teachers = dict(
        Seat.objects.on(on)
        .filter(role=Role.TEACHER, path__in=spells.values("school_class__path"))
        .values_list("path", "user__name")
    )
    for spell in spells.select_related("school_class__school"):
        for line in by_student[spell.student_id]:
            line.school = spell.school_class.school.name
            line.class_label = spell.school_class.label(on)
            line.teacher = teachers.get(spell.school_class.path, "")
    for run in UnseenRun.objects.filter(student__in=by_student):
        for line in by_student[run.student_id]:
            line.run = run if run.as_of <= on else None


def _read_families(by_student: dict[int, list[CaseLine]], on: date) -> None:
    for guardian in Guardian.objects.filter(student__in=by_student).order_by("-order"):
        for line in by_student[guardian.student_id]:
            line.guardian = guardian
    people = Charge.objects.filter(student__in=by_student, began__lte=on).order_by("pk")
    for person in people:
        if person.student_id and (person.until is None or person.until > on):
            for line in by_student[person.student_id]:
                line.people.append(person)
    for contact in Contact.objects.filter(student__in=by_student, on__lte=on).order_by("on", "pk"):
        for line in by_student[contact.student_id]:
            if contact.on >= line.case.opened_on or len(by_student[contact.student_id]) == 1:
                line.contacts.append(contact)


def _read_papers(lines: dict[int, CaseLine], on: date) -> None:
    papers = Paper.objects.filter(case__in=lines).exclude(state="void").prefetch_related("services")
    for paper in papers:
        if paper.issued_to is None or paper.issued_to <= on:
            lines[paper.case_id].papers.append(paper)
    words = ClosingOpinion.objects.filter(
        case__in=lines, opinion_of=OpinionOf.BUREAU, withdrawn_on=None, on__lte=on
    )
    for word in words.select_related("by"):
        lines[word.case_id].approved_by = word.by.name


def _read_duties(lines: dict[int, CaseLine], on: date, today: date) -> None:
    owners = CaseAccess.objects.filter(case__in=lines, kind=AccessKind.OWNER, until=None)
    for row in owners:
        lines[row.case_id].owner = row.unit
    met = Deadline.objects.filter(case__in=lines, kind=DeadlineKind.SCHOOL_REPORT)
    for one in met.filter(met_on__lte=on).order_by("met_on"):
        lines[one.case_id].reported_on = one.met_on
    if on < today:
        for pk, then in standing_on(lines, on).items():
            lines[pk].then = then
    else:
        _read_next(lines, on)
    handed = CaseEvent.objects.filter(case__in=lines, kind=EventKind.HANDED_OVER)
    for event in handed.filter(happened_to__lte=on):
        lines[event.case_id].handed_on = event.happened_to


def uids_of(lines: Sequence[CaseLine]) -> list[str]:
    """The children of a ledger, each once."""
    return list(dict.fromkeys(line.student.uid for line in lines))


def _read_next(lines: dict[int, CaseLine], on: date) -> None:
    """What is due next, as the work list says it. Of an earlier day nobody can say."""
    reach, duties = reach_rows(line.case for line in lines.values()), defaultdict(list)
    for one in Deadline.objects.standing().filter(case__in=lines):
        duties[one.case_id].append(one)
    for pk, line in lines.items():
        if line.case.is_open:
            line.due = next_of(duties[pk], reach[pk], on, ())
