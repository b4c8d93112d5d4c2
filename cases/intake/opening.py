"""建档: a finding opens one case; who owns it, who reaches it, what is due first."""

from datetime import date

from django.db import transaction

from accounts.enums import Precision
from accounts.models import User
from accounts.number_series import next_number
from attendance.handling import confirm
from cases import history
from cases.enums.states import AccessKind, CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.articles import REPORT_ARTICLE, VERIFY_ARTICLE
from cases.lifecycle import set_first_deadlines
from cases.models import Case, CaseAccess, Contact
from cases.numbering import file_number
from cases.reach import village_of
from regions.models import Region
from regions.paths import COUNTY, TOWNSHIP, county_of, township_of
from regions.refusals import Refused
from students.enums import FindingState
from students.models import Finding, Student

FILE_SERIES = "case"


@transaction.atomic
def open_from_alert(alert_id: int, *, by: User, on: date, version: int, note: str = "") -> Case:
    """The school confirms an alert, and the case opens in the same transaction."""
    finding = confirm(alert_id, by=by, on=on, version=version, note=note)
    return open_case(finding, by=by, on=on)


@transaction.atomic
def open_case(
    finding: Finding, *, by: User | None, on: date, left: FuzzyDate | None = None
) -> Case:
    """Open a case from a finding; where the child has an open one, that one takes the finding up.

    A child whose earlier case is closed gets a new one that names it. Raises Refused when nothing
    says in which county the child lives.
    """
    student = Student.objects.select_for_update(of=("self",)).get(pk=finding.student_id)
    finding.state = FindingState.TAKEN_UP
    finding.save(update_fields=["state"])
    standing = student.cases.open().first()
    if standing:
        return standing
    case = _create(student, finding, by=by, on=on, left=left or _left_of(student))
    _take_up_contacts(case, student)
    _write_reach(case, student, by=by, on=on)
    Student.objects.filter(pk=student.pk).update(case_since=on)
    history.write(
        case,
        EventKind.OPENED,
        by=by,
        happened=FuzzyDate.on(on),
        details={"finding": finding.kind},
        policy=VERIFY_ARTICLE if by is None else REPORT_ARTICLE,
    )
    set_first_deadlines(case, on)
    return case


def _create(
    student: Student, finding: Finding, *, by: User | None, on: date, left: FuzzyDate
) -> Case:
    county = county_of(student.school_path or student.household_path or student.residence_path)
    if len(county) < COUNTY:
        raise Refused(f"{student.name}没有学校也没有住址，无法确定由哪个县建档，请先补全。")
    serial = next_number(county, FILE_SERIES, on.year)
    return Case.objects.create(
        student=student,
        finding=finding,
        found_as=finding.kind,
        previous=student.cases.order_by("-opened_on", "-pk").first(),
        county_path=county,
        year=on.year,
        serial=serial,
        number=file_number(county, on.year, serial),
        state=CaseState.VERIFYING,
        step=Step.PERSUADE,
        step_on=on,
        opened_on=on,
        opened_by=by,
        changed_by=by,
        left_from=left.earliest,
        left_to=left.latest,
        left_precision=left.precision,
    )


def _take_up_contacts(case: Case, student: Student) -> None:
    """The reasons and whereabouts that contacts of this absence found before there was a case."""
    told = Contact.objects.filter(student=student, case=None)
    since = case.left_from or case.opened_on
    for one in told.filter(on__gte=since).order_by("on", "pk"):
        case.reasons = list(dict.fromkeys([*case.reasons, *one.reasons]))
        case.whereabouts = one.whereabouts or case.whereabouts
    case.save(update_fields=["reasons", "whereabouts"])


def _left_of(student: Student) -> FuzzyDate:
    """The first unexplained day of the child's run, where registers show one."""
    alert = student.alerts.order_by("-first").first()
    return FuzzyDate(alert.first, alert.first, Precision.DAY) if alert else FuzzyDate.unknown()


def owner_of(student: Student) -> tuple[Region, bool]:
    """The township that answers for steps 2–4, and whether the bureau is still to assign it.

    The guardians' residence; unknown or outside the county, the household; else the school's.
    """
    home = student.school_path or student.household_path or student.residence_path
    county = county_of(home)
    for path in (student.residence_path, student.household_path):
        if len(path) >= TOWNSHIP and county_of(path) == county:
            return Region.objects.get(path=township_of(path)), False
    return Region.objects.get(path=_region_above(home)), True


def _region_above(path: str) -> str:
    """The township a school stands in, or the county for a school of the county itself."""
    return township_of(path.split("S", 1)[0])


def _write_reach(case: Case, student: Student, *, by: User | None, on: date) -> None:
    owner, case.to_assign = owner_of(student)
    case.save(update_fields=["to_assign"])
    rows = [(AccessKind.OWNER, owner.path, owner.name)]
    if village := village_of(student, case.county_path):
        rows.append((AccessKind.VILLAGE, village.path, village.name))
    spell = student.enrolments.open().select_related("school_class__school").first()
    if spell:
        school = spell.school_class.school
        rows.append((AccessKind.SCHOOL, spell.school_class.path, school.name))
    CaseAccess.objects.bulk_create(
        CaseAccess(case=case, kind=kind, path=path, unit=unit, began=on, by=by)
        for kind, path, unit in rows
    )
