"""One school's month as values: its figures, the children in it, its editions."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from accounts.models import User
from regions.models import School
from regions.rules.known_part import WHOLE, Lack
from reports.enums import Flow, StudentStatus
from reports.models import Report
from reports.monthly import reports
from reports.overview.page import summed, yearly_of
from reports.queries import snapshots
from reports.rules.indicators import Figure
from reports.rules.status_sets import BY_DAYS, EXPECTED, KEPT
from students.models import Student

FLOWS = [Flow.START, Flow.CAME_IN, Flow.WENT_OUT, Flow.DIED, Flow.WENT_ABROAD]


@dataclass(frozen=True, slots=True)
class ReportedChild:
    """A child named in a report, as it stood then."""

    student: Student
    state: str
    since: date | None
    url: str


@dataclass
class ReportPage:
    """All that the page shows; `newest` is what stands, a draft or signed. `undecided`: the days of
    a draft that nobody has decided; a signed report had none."""

    school: School
    month: date
    newest: Report | None
    editions: list[Report]
    zero: bool
    figure: Figure | None
    people: list[tuple[str, str]]
    flows: list[tuple[str, int]]
    children: list[ReportedChild]
    may_draft: bool
    may_sign: bool
    may_correct: bool
    why_not: str
    months: list[date]
    undecided: reports.Undecided

    @property
    def next_edition(self) -> int:
        return self.newest.edition + 1 if self.newest else 1


def report_page(user: User, school: School, month: date, on: date) -> ReportPage:
    rows = Report.objects.visible_to(user).monthly().filter(school=school, period=month)
    editions = list(rows.select_related("drafted_by", "signed_by").order_by("-edition"))
    newest = editions[0] if editions else None
    counts: Counter[str] = Counter(newest.counts if newest else {})
    drafts = user.reach.holds(*reports.DRAFTERS, over=school.path)
    signs = reports.may_sign(user, school)
    signed = newest is not None and newest.is_signed
    undecided = _undecided(school, month, newest)
    return ReportPage(
        school=school,
        month=month,
        newest=newest,
        editions=editions,
        zero=newest is not None and reports.is_zero(newest) and not undecided.lack,
        figure=yearly_of(counts, None) if newest else None,
        people=_people(counts, undecided.lack),
        flows=[(flow.label, counts[flow]) for flow in FLOWS],
        children=_children(user, newest),
        may_draft=drafts and not signed,
        may_sign=signs and newest is not None and not signed and not undecided.lack,
        may_correct=drafts and signed,
        why_not=_why_not(school, month, on) if newest is None else "",
        months=reports.months_back(on),
        undecided=undecided,
    )


def _undecided(school: School, month: date, newest: Report | None) -> reports.Undecided:
    if newest is None or newest.is_signed:
        return reports.Undecided(None, WHOLE)
    return reports.undecided_of(school, month, newest.counted_on)


def _people(counts: Counter[str], lack: Lack) -> list[tuple[str, str]]:
    lines = [
        ("应在校", WHOLE.words(summed(counts, EXPECTED))),
        ("在校", WHOLE.words(summed(counts, KEPT))),
    ]
    plain = {StudentStatus.IN_SCHOOL, *reports.REPORTED}
    others = [
        student_status
        for student_status in EXPECTED
        if student_status not in plain and counts[student_status]
    ]
    shown = [*reports.REPORTED, *others]
    return lines + [
        (
            StudentStatus(one).label,
            (lack if one in BY_DAYS else WHOLE).words(counts[one]),
        )
        for one in shown
    ]


def _children(user: User, report: Report | None) -> list[ReportedChild]:
    """Those within the reader's reach, in the order of the report."""
    if report is None:
        return []
    uids = [row["uid"] for row in report.rows]
    seen = {one.uid: one for one in Student.objects.visible_to(user).filter(uid__in=uids)}
    return [
        ReportedChild(
            seen[row["uid"]],
            StudentStatus(row["student_status"]).label,
            date.fromisoformat(row["since"]) if row["since"] else None,
            reverse("cases:child", args=[row["uid"]]),
        )
        for row in report.rows
        if row["uid"] in seen
    ]


def _why_not(school: School, month: date, on: date) -> str:
    """Why nothing can be drafted yet; "" when it can."""
    if month > on:
        return "这个月还没有到。"
    found = snapshots.latest(school.path, min(on, reports.last_day(month)))
    return "" if found and found.on >= month else "这个月还没有统计，夜间统计之后再起草。"
