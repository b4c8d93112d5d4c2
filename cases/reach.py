"""The reach of a case follows the child: to the class it is moved to, to the village it lives in."""

from collections.abc import Iterable
from datetime import date

from accounts.models import User
from cases import history
from cases.enums.states import AccessKind, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseAccess
from regions.models import Region, SchoolClass
from regions.paths import TOWNSHIP, county_of
from students.models import Enrolment, Student


def village_of(student: Student, county_path: str) -> Region | None:
    """The village of the county that the child lives in; its household's where that is unknown."""
    homes = (student.residence_region, student.household_region)
    village = next((one for one in homes if one and len(one.path) > TOWNSHIP), None)
    return village if village and county_of(village.path) == county_path else None


def follow_children(county: str, on: date) -> None:
    """Let every open case of a county follow its child, as rolls and addresses stand now."""
    cases = list(
        Case.objects.at(county)
        .open()
        .filter(opened_on__lte=on)
        .select_related("student__residence_region", "student__household_region")
    )
    spells = {
        spell.student_id: spell.school_class
        for spell in Enrolment.objects.open()
        .filter(student__in=[case.student_id for case in cases])
        .select_related("school_class__school")
    }
    standing: dict[tuple[int, str], CaseAccess] = {}
    kinds = [AccessKind.SCHOOL, AccessKind.VILLAGE]
    for row in CaseAccess.objects.filter(case__in=cases, kind__in=kinds, until=None):
        standing[row.case_id, row.kind] = row
    for case in cases:
        school = standing.get((case.pk, AccessKind.SCHOOL))
        into, village = spells.get(case.student_id), village_of(case.student, case.county_path)
        if into and (school is None or school.path != into.path):
            to_class(case, into, by=None, on=on, why="学籍变动")
        here = standing.get((case.pk, AccessKind.VILLAGE))
        if village and (here is None or here.path != village.path):
            to_village(case, village, by=None, on=on, why="住址变动")


def to_class(case: Case, into: SchoolClass, *, by: User | None, on: date, why: str) -> None:
    """The school line leads to this class from now on; told in the history when the school changes.

    A school outside the county reads nothing: the case stays with its county.
    """
    if county_of(into.path) != case.county_path:
        return
    school = into.path.split("C", 1)[0]
    before = _move(case, AccessKind.SCHOOL, into.path, into.school.name, by=by, on=on, why=why)
    if before and any(not row.path.startswith(school) for row in before):
        _tell(case, f"{why}，学校由{before[0].unit}变为{into.school.name}", by=by, on=on)


def to_village(case: Case, village: Region, *, by: User | None, on: date, why: str) -> None:
    """The village line leads to this village from now on."""
    before = _move(case, AccessKind.VILLAGE, village.path, village.name, by=by, on=on, why=why)
    if before:
        _tell(case, f"{why}，村（社区）由{before[0].unit}变为{village.name}", by=by, on=on)


def _move(
    case: Case, kind: AccessKind, path: str, unit: str, *, by: User | None, on: date, why: str
) -> list[CaseAccess]:
    """End the standing rows of a kind and begin one; the rows that ended, none where it stood."""
    rows = list(case.access_rows.filter(kind=kind, until=None))
    if any(row.path == path for row in rows):
        return []
    _end(rows, on)
    CaseAccess.objects.create(case=case, kind=kind, path=path, unit=unit, began=on, why=why, by=by)
    return rows


def _end(rows: Iterable[CaseAccess], on: date) -> None:
    for row in rows:
        row.until = max(on, row.began)
        row.save(update_fields=["until"])


def _tell(case: Case, said: str, *, by: User | None, on: date) -> None:
    history.write(case, EventKind.NOTED, by=by, happened=FuzzyDate.on(on), note=said)
