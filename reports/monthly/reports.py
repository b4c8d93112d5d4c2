"""一月一报告: drafted by the school from the snapshot, signed by its principal, frozen.

A month without anybody out of school is reported too (零报告); silence is not a zero.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import transaction

from accounts import history
from accounts.enums import SCHOOL_STAFF, Role
from accounts.models import User
from regions.clock import now
from regions.days import place_rules_of
from regions.enums import SchoolKind
from regions.models import School, SchoolClass
from regions.paths import inside_any
from regions.refusals import UNDECIDED, Refused
from regions.rules.calendar_gaps import first_undecided
from regions.rules.known_part import Lack
from regions.rules.lengths import whole
from reports.enums import Flow, PlaceCount, ReportState, StudentStatus
from reports.models import Report, Snapshot, SnapshotStudent
from reports.queries import snapshots
from reports.queries.places import WATCHERS
from reports.rules.status_sets import EXPECTED

DRAFTERS = frozenset(SCHOOL_STAFF)
SIGNERS = frozenset({Role.PRINCIPAL, Role.CENTRAL})
NOT_DRAFTER = "月报告由学校教务或校长起草。"
NOT_SIGNER = "月报告由校长签发；没有校长的教学点，由中心校签发。"
# Who stands in the report by name: whoever is out of school, or was and is watched.
REPORTED = [
    StudentStatus.DROPOUT,
    StudentStatus.SUSPECTED,
    StudentStatus.ABSENT,
    StudentStatus.OBSERVED,
    StudentStatus.MISSING,
]
OUT = [StudentStatus.DROPOUT, StudentStatus.SUSPECTED, StudentStatus.ABSENT, StudentStatus.MISSING]
COUNTED: list[StudentStatus | Flow | PlaceCount] = [
    *EXPECTED, Flow.START, Flow.CAME_IN, Flow.WENT_OUT, Flow.DIED, Flow.WENT_ABROAD,
    PlaceCount.DROPPED, PlaceCount.DROPPED_NOW,
]  # fmt: skip


def month_of(day: date) -> date:
    return day.replace(day=1)


def last_day(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)


def is_zero(report: Report) -> bool:
    """Nobody 辍学, 疑似辍学, 未到校 or 失踪."""
    return not any(report.counts.get(student_status) for student_status in OUT)


def _school(code: str, by: User) -> School:
    """A school within the user's reach. Raises DoesNotExist otherwise."""
    return School.objects.select_for_update().get(
        inside_any("path", by.reach.paths(*WATCHERS)), code=code
    )


def may_sign(by: User, school: School) -> bool:
    """The principal; of a 教学点, which has none of its own, the 中心校 too."""
    roles = [Role.PRINCIPAL]
    if school.kind == SchoolKind.TEACHING_POINT:
        roles.append(Role.CENTRAL)
    return by.reach.holds(*roles, over=school.path)


@transaction.atomic
def draft(code: str, month: date, *, by: User, on: date, note: str = "") -> Report:
    """Draw the draft of a month from the newest snapshot of it; again as often as wanted."""
    school = _school(code, by)
    if not by.reach.holds(*DRAFTERS, over=school.path):
        raise Refused(NOT_DRAFTER)
    standing = _editions(school, month)
    report = next((one for one in standing if not one.is_signed), None)
    if report is None and standing:
        raise Refused("这个月的报告已经签发。要改数字，请写明原因，更正一份新的。")
    report = report or Report(school=school, path=school.path, period=month)
    return _draw(report, by=by, on=on, note=note)


@transaction.atomic
def correct(code: str, month: date, *, by: User, on: date, reason: str) -> Report:
    """A new edition of a signed report; the signed one stays as it was reported."""
    school = _school(code, by)
    if not by.reach.holds(*DRAFTERS, over=school.path):
        raise Refused(NOT_DRAFTER)
    if not reason.strip():
        raise Refused("请写明为什么更正。")
    standing = _editions(school, month)
    if not standing or not standing[-1].is_signed:
        raise Refused("这个月的报告还没有签发，改草稿即可，不必更正。")
    fresh = Report(school=school, path=school.path, period=month, edition=standing[-1].edition + 1)
    fresh.reason = whole(reason.strip(), 200, "更正原因")
    return _draw(fresh, by=by, on=on, note=standing[-1].note)


def _editions(school: School, month: date) -> list[Report]:
    rows = Report.objects.monthly().filter(school=school, period=month_of(month))
    return list(rows.order_by("edition"))


def _draw(report: Report, *, by: User, on: date, note: str) -> Report:
    report.period = month_of(report.period)
    snapshot = _snapshot(report.path, report.period, on)
    counts = snapshots.counts_at(snapshot, report.path)
    report.counts = {one.value: counts[one] for one in COUNTED if counts[one.value]}
    report.rows = _rows(snapshot, report.path)
    report.counted_on, report.note = snapshot.on, whole(note.strip(), 400, "说明")
    report.digest, report.drafted_by, report.drafted_at = digest_of(report), by, now()
    report.save()
    history.record(
        "monthly.draft",
        "month_report",
        str(report.pk),
        path=report.path,
        by=by,
        on=on,
        after={
            "month": f"{report.period:%Y-%m}",
            "edition": report.edition,
            "counted_on": snapshot.on.isoformat(),
            "digest": report.digest,
        },
        note=report.reason,
    )
    return report


def _snapshot(path: str, month: date, on: date) -> Snapshot:
    """The newest of the month, up to today."""
    if month > on:
        raise Refused(f"{month.year}年{month.month}月还没有到。")
    found = snapshots.latest(path, min(on, last_day(month)))
    if found is None or found.on < month:
        raise Refused(f"{month.year}年{month.month}月还没有统计，夜间统计之后再起草。")
    return found


def _rows(snapshot: Snapshot, path: str) -> list[dict[str, str]]:
    rows = snapshots.names_behind(snapshot, path, REPORTED).select_related("student")
    return [_row(row) for row in rows.order_by("student_status", "since", "pk")]


def _row(row: SnapshotStudent) -> dict[str, str]:
    since = row.since.isoformat() if row.since else ""
    return {"uid": row.student.uid, "student_status": row.student_status, "since": since}


def digest_of(report: Report) -> str:
    """SHA-256 over what is signed: school, month, day counted, counts and rows."""
    unit = report.school.code if report.school else report.path
    said = [
        unit,
        f"{report.period:%Y-%m}",
        report.counted_on.isoformat(),
        report.counts,
        report.rows,
        report.note,
    ]
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Undecided:
    """What nobody has decided of a month: the first day open for some class, and the classes."""

    first: date | None
    lack: Lack

    @property
    def why_not(self) -> str:
        """Why the report is not signed; "" where every day is decided."""
        if self.first is None:
            return ""
        return f"{UNDECIDED}（{self.first} 起），月报告不能签发。由县教育体育局补录校历。"


def undecided_of(school: School, month: date, until: date) -> Undecided:
    """The days of the month, up to the day counted, that nobody has decided for some class."""
    rules = place_rules_of(school.path)
    classes = SchoolClass.objects.at(school.path).running(until)
    last = min(until, last_day(month))
    found = [first_undecided(rules.calendar, one.track(), month_of(month), last) for one in classes]
    open_days = [day for day in found if day]
    lack = Lack(len(open_days), any_decided=len(open_days) < len(found))
    return Undecided(min(open_days, default=None), lack)


@transaction.atomic
def sign(code: str, month: date, *, by: User, on: date, seen: str) -> Report:
    """The principal signs the draft that was on the screen; from then on it never changes."""
    school = _school(code, by)
    if not may_sign(by, school):
        raise Refused(NOT_SIGNER)
    waiting = [one for one in _editions(school, month) if not one.is_signed]
    if not waiting:
        raise Refused("没有待签发的草稿，请先起草。")
    report = waiting[0]
    if report.digest != seen:
        raise Refused("你打开之后，草稿重新统计过。请看过新的数字再签发。")
    if refusal := undecided_of(school, month, report.counted_on).why_not:
        raise Refused(refusal)
    report.state, report.signed_by, report.signed_at = ReportState.SIGNED, by, now()
    report.save(update_fields=["state", "signed_by", "signed_at"])
    history.record(
        "monthly.sign",
        "month_report",
        str(report.pk),
        path=report.path,
        by=by,
        on=on,
        after={
            "month": f"{report.period:%Y-%m}",
            "edition": report.edition,
            "digest": report.digest,
            "zero": is_zero(report),
        },
    )
    return report


@dataclass
class Reported:
    """One school's month: the newest edition, and the newest signed one."""

    school: School
    newest: Report | None = None
    signed: Report | None = None

    @property
    def state(self) -> str:
        """missing, draft, zero or numbers: silence is never a zero."""
        if self.signed is None:
            return "draft" if self.newest else "missing"
        return "zero" if is_zero(self.signed) else "numbers"

    @property
    def out(self) -> list[int]:
        counts = self.signed.counts if self.signed else {}
        return [counts.get(student_status, 0) for student_status in OUT]


@dataclass
class MonthStatus:
    """The month of many schools, those that have not reported first."""

    month: date
    on: date
    lines: list[Reported] = field(default_factory=list)

    @property
    def over(self) -> bool:
        """Is the month over, so that who has not reported is late?"""
        return self.on > last_day(self.month)

    def count(self, *states: str) -> int:
        return sum(line.state in states for line in self.lines)

    @property
    def missing(self) -> int:
        return self.count("missing", "draft")

    @property
    def zero(self) -> int:
        return self.count("zero")

    @property
    def numbers(self) -> int:
        return self.count("numbers")


ORDER = ["missing", "draft", "numbers", "zero"]


def month_at(paths: Iterable[str], month: date, on: date) -> MonthStatus:
    """Who has reported a month, of the open schools at some places; two statements."""
    places = list(paths)
    schools = School.objects.filter(inside_any("path", places), closed_on=None)
    found = {one.pk: Reported(one) for one in schools.select_related("region")}
    reports = Report.objects.monthly().filter(school__in=found, period=month_of(month))
    for report in reports.order_by("edition"):
        line = found[report.school_id]
        line.newest = report
        line.signed = report if report.is_signed else line.signed
    lines = sorted(found.values(), key=lambda one: (ORDER.index(one.state), one.school.path))
    return MonthStatus(month_of(month), on, lines)


def months_back(on: date, count: int = 6) -> list[date]:
    """This month and those before it, the latest first."""
    here = on.year * 12 + on.month - 1
    return [date(n // 12, n % 12 + 1, 1) for n in range(here, here - count, -1)]
