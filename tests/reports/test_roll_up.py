"""The snapshot of a day: rebuilt, frozen, corrected, read at four levels."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts import job_runs
from accounts.enums import Role
from accounts.job_runs import ClaimLost
from accounts.models import Change
from attendance.enums import Mark
from cases.enums.states import CaseState
from cases.models import Case
from regions.enums import SchoolKind
from regions.models import CalendarRow, School
from regions.refusals import Refused
from reports.counting.roll_up import JOB, digest_of, roll, roll_up, write
from reports.enums import Measure, PlaceCount, SnapshotState, StudentStatus
from reports.models import Snapshot, SnapshotCount, SnapshotStudent
from reports.queries.snapshots import (
    correct,
    counts_at,
    figures_at,
    freeze,
    latest,
    level_of,
    may_read,
    names_behind,
    parts_of,
    series,
    snapshot_on,
)
from reports.rules.packed_ids import pack, unpack
from students.enums import Ended
from tests import factories as make
from tests.reports.lived_years import born, came_back, dropped, gone, suspended

ON = make.THURSDAY
OPENING = date(2026, 9, 1)


@pytest.fixture
def county(db):
    """Two townships and a school of the county itself, ten children in each of three classes."""
    make.term()
    schools = [
        make.school("5399010001", region_code="539901001", kind=SchoolKind.NINE_YEAR, primary=6),
        make.school("5399010002", region_code="539901002"),
        make.school("5399010003", region_code="539901"),
    ]
    for school in schools:
        born(make.school_class(school), 10, OPENING)
    cases = dropped(pupils(schools[0])[:2], date(2026, 10, 12), date(2026, 11, 16))
    came_back(cases[:1], date(2026, 11, 18))
    suspended(pupils(schools[1])[:1], date(2026, 10, 12), date(2027, 2, 1))
    return make.region("539901")


def pupils(school) -> list:
    return [one.student for one in school.classes.get().enrolments.order_by("pk")]


def content(path: str, on: date = ON):
    """All that a snapshot says, without its numbers."""
    snapshot = snapshot_on(path, on)
    cells = SnapshotCount.objects.filter(snapshot=snapshot).values_list(
        "level", "path", "stage", "counts"
    )
    rows = SnapshotStudent.objects.filter(snapshot=snapshot).values_list(
        "student_id", "path", "student_status", "since", "case_id"
    )
    return sorted(map(str, cells)), sorted(map(str, rows))


def student_statuses(counts) -> dict[str, int]:
    return {key: n for key, n in counts.items() if key in set(StudentStatus) and n}


def test_every_level_says_the_same(county):
    roll_up(ON, county)
    snapshot = snapshot_on(county.path, ON)
    assert student_statuses(counts_at(snapshot, county.path)) == {
        "in_school": 27, "dropout": 1, "observed": 1, "suspended": 1,
    }  # fmt: skip
    for level, places in (("class", 3), ("school", 3), ("township", 3)):
        parts = parts_of(snapshot, county.path, level)
        assert len(parts) == places
        assert sum((one for one in parts.values()), counts_at(snapshot, "nowhere")) == counts_at(
            snapshot, county.path
        )


def test_schools_of_the_county_itself_are_a_township_of_their_own(county):
    roll_up(ON, county)
    parts = parts_of(snapshot_on(county.path, ON), county.path, "township")
    assert parts[county.path + "S"][StudentStatus.IN_SCHOOL] == 10
    assert level_of(county.path + "S") == "township"


def test_rolled_up_twice_is_rolled_up_once(county):
    roll_up(ON, county)
    once = content(county.path)
    summary = roll_up(ON, county)
    assert content(county.path) == once
    assert Snapshot.objects.count() == 1
    assert summary["buckets"]["in_school"] == 27


def test_last_tuesday_comes_out_as_it_was(county):
    """A return, a transfer and a status of later days are not yet known to an earlier one."""
    tuesday = ON - timedelta(days=2)
    school = make.school_class(make.school("5399010009", region_code="539901001")).school
    born(school.classes.get(), 5, OPENING)
    roll_up(tuesday, county)
    before = content(county.path, tuesday)
    gone(pupils(school)[:1], ON, Ended.TRANSFER_OUT, make.user(Role.BUREAU, county))
    suspended(pupils(school)[1:2], ON, date(2027, 1, 1))
    dropped(pupils(school)[2:3], ON, ON + timedelta(days=40))
    roll_up(tuesday, county)
    assert content(county.path, tuesday) == before
    roll_up(ON, county)
    assert content(county.path, ON) != before


def test_a_dropout_who_came_back_was_out_the_day_before(county):
    yesterday = date(2026, 11, 17)
    roll_up(yesterday, county)
    roll_up(ON, county)
    counts = dict(series(county.path, yesterday, ON))
    assert counts[yesterday][StudentStatus.DROPOUT] == 2
    assert counts[ON][StudentStatus.DROPOUT] == 1
    assert counts[ON][PlaceCount.DROPPED] == 2


def test_each_child_has_one_bucket_and_the_database_says_so(county):
    roll_up(ON, county)
    row = SnapshotStudent.objects.first()
    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotStudent.objects.create(
            snapshot=row.snapshot, student=row.student, path=row.path, stage=row.stage,
            grade=row.grade, student_status=StudentStatus.ABSENT,
        )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotStudent.objects.filter(pk=row.pk).update(student_status=StudentStatus.IN_SCHOOL)


def test_a_frozen_snapshot_never_changes_and_a_correction_is_a_version(county):
    bureau = make.user(Role.BUREAU, county)
    roll_up(ON, county)
    frozen = freeze(county.path, ON, by=bureau, title="2026年11月月报")
    before = content(county.path)
    came_back(list(Case.objects.filter(state=CaseState.VERIFYING)), ON)
    assert roll_up(ON, county)["frozen"] == 1
    assert content(county.path) == before
    assert digest_of(frozen) == frozen.digest

    fresh = correct(county.path, ON, by=bureau, note="11月19日返校登记补录")
    assert (fresh.version, fresh.state, fresh.title) == (2, "draft", "2026年11月月报")
    assert content(county.path) != before
    assert snapshot_on(county.path, ON) == fresh == latest(county.path, ON)
    frozen.refresh_from_db()
    assert digest_of(frozen) == frozen.digest
    roll_up(ON, county)  # the correction is a draft: rebuilt, still version 2
    assert Snapshot.objects.get(on=ON, version=2).title == "2026年11月月报"
    assert Snapshot.objects.get(on=ON, version=1).digest == frozen.digest
    verbs = set(Change.objects.values_list("verb", flat=True))
    assert {"snapshots.freeze", "snapshots.correct"} <= verbs


@pytest.mark.parametrize(
    ("column", "key", "now"), [("counts", "classes", 999), ("who", "in_school", None)]
)
def test_a_digest_tells_a_changed_count_and_another_child_behind_it(county, column, key, now):
    roll_up(ON, county)
    frozen = freeze(county.path, ON, by=make.user(Role.BUREAU, county), title="月报")
    cell = frozen.cells.filter(level="class").first()
    others = pack(pk + 1000 for pk in unpack(cell.who["in_school"]))
    getattr(cell, column)[key] = now or others
    cell.save()
    assert digest_of(frozen) != frozen.digest


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.OFFICE, Role.SYSTEM_ADMIN])
def test_only_the_county_freezes(county, role):
    roll_up(ON, county)
    units = {Role.TOWNSHIP: make.region("539901001"), Role.OFFICE: make.school("5399010008")}
    with pytest.raises(Refused):
        freeze(county.path, ON, by=make.user(role, units.get(role)), title="月报")
    assert snapshot_on(county.path, ON).state == SnapshotState.DRAFT


def test_a_bureau_freezes_no_other_county(county):
    roll_up(ON, county)
    with pytest.raises(Refused):
        freeze(county.path, ON, by=make.user(Role.BUREAU, make.region("539902")), title="月报")


def test_there_is_nothing_to_freeze_twice_and_nothing_to_correct_in_a_draft(county):
    bureau = make.user(Role.BUREAU, county)
    roll_up(ON, county)
    with pytest.raises(Refused):
        correct(county.path, ON, by=bureau, note="更正")
    freeze(county.path, ON, by=bureau, title="月报")
    with pytest.raises(Refused):
        freeze(county.path, ON, by=bureau, title="月报")
    with pytest.raises(Refused):
        correct(county.path, ON, by=bureau, note=" ")


def test_a_worker_that_lost_its_claim_writes_nothing(county):
    roll_up(ON, county)
    before = content(county.path)
    slow = job_runs.claim(JOB, county.path, ON)
    job_runs.JobRun.objects.update(token="of somebody else")
    came_back(list(Case.objects.filter(state=CaseState.VERIFYING)), ON)
    with pytest.raises(ClaimLost):
        roll_up(ON, county, slow)
    assert content(county.path) == before
    roll_up(ON, county)  # the control: with the right claim it does write
    assert content(county.path) != before


def test_a_snapshot_that_fails_halfway_leaves_the_old_one(county):
    roll_up(ON, county)
    before = content(county.path)
    rolled = roll(county.path, ON)
    rolled.rows.append(rolled.rows[0])
    with pytest.raises((IntegrityError, ValueError)), transaction.atomic():
        write(rolled)
    assert content(county.path) == before


def statements(county) -> int:
    with CaptureQueriesContext(connection) as seen:
        roll_up(ON, county)
    return len([one for one in seen if "SAVEPOINT" not in one["sql"]])


def test_the_statements_of_a_roll_up_do_not_grow_with_the_county(county):
    roll_up(ON, county)
    small = statements(county)
    for number in range(4, 9):
        school = make.school(f"539901000{number}", region_code="539901001")
        born(make.school_class(school), 30, OPENING)
        dropped(pupils(school)[:3], date(2026, 10, 12), date(2026, 11, 16))
        suspended(pupils(school)[3:9], date(2026, 10, 12), date(2027, 2, 1))
    assert statements(county) == small
    assert small <= 30


def test_registers_on_time_and_who_was_there(county, settings):
    settings.KONGCHUO_TODAY = ON
    for school in county_schools():
        school.alerts_from = OPENING
        school.save(update_fields=["alerts_from"])
    first, second, _ = county_schools()
    teacher = make.user(Role.OFFICE, first)
    make.seat(teacher, Role.OFFICE, second)
    make.take(first.classes.get(), ON, teacher, **{pupils(first)[5].uid: Mark.ABSENT})
    make.take(second.classes.get(), ON, teacher)
    second.classes.get().registers.update(late=True)
    roll_up(ON, county)
    counts = counts_at(snapshot_on(county.path, ON), county.path)
    assert (counts[PlaceCount.CLASSES], counts[PlaceCount.TAKEN]) == (3, 2)
    shown = {one.id: one for one in figures_at(snapshot_on(county.path, ON), county.path)}
    on_time = 1 if not first.classes.get().registers.get().late else 0
    timeliness = shown[Measure.TIMELINESS]
    assert (timeliness.numerator, timeliness.denominator) == (on_time, 3)
    attendance = shown[Measure.ATTENDANCE]
    assert (attendance.numerator, attendance.denominator) == (counts["present"], counts["expected"])


def test_a_class_whose_day_nobody_decided_is_counted_as_such_and_as_nothing_else(county, settings):
    settings.KONGCHUO_TODAY = ON
    for school in county_schools():
        school.alerts_from = OPENING
        school.save(update_fields=["alerts_from"])
    CalendarRow.objects.all().delete()
    roll_up(ON, county)
    counts = counts_at(snapshot_on(county.path, ON), county.path)
    assert counts[PlaceCount.UNDECIDED] == 3
    assert counts[PlaceCount.CLASSES] == counts[PlaceCount.TAKEN] == counts["expected"] == 0


def county_schools() -> list[School]:
    return list(School.objects.order_by("code"))


def test_who_was_seen_in_the_first_week(county, settings):
    """Nine came, one was marked out on every register; classes without a register say nothing."""
    settings.KONGCHUO_TODAY = date(2026, 9, 4)
    first, second, _ = county_schools()
    teacher = make.user(Role.OFFICE, first)
    make.seat(teacher, Role.OFFICE, second)
    out, late_comer = pupils(first)[5:7]
    for day in (date(2026, 9, 1), date(2026, 9, 2)):
        settings.KONGCHUO_TODAY = day
        marks = {out.uid: Mark.ABSENT}
        if day.day == 1:
            marks[late_comer.uid] = Mark.SICK
        make.take(first.classes.get(), day, teacher, **marks)
    settings.KONGCHUO_TODAY = ON
    roll_up(ON, county)
    shown = {one.id: one for one in figures_at(snapshot_on(county.path, ON), county.path)}
    registration = shown[Measure.REGISTRATION]
    assert (registration.numerator, registration.denominator) == (9, 10)
    second_path = second.path
    shown = {one.id: one for one in figures_at(snapshot_on(county.path, ON), second_path)}
    assert shown[Measure.REGISTRATION].text == "—"


def test_the_target_in_force_stands_beside_the_numbers(county):
    roll_up(ON, county)
    snapshot = snapshot_on(county.path, ON)
    assert snapshot.counted["target"] == {"percent": 99, "source": "系统设定"}
    yearly = next(o for o in figures_at(snapshot, county.path) if o.variant == "a")
    assert yearly.met is False  # 28 of 30: one dropped out, one is suspended


def test_the_names_behind_a_number_are_those_within_reach(county):
    roll_up(ON, county)
    snapshot = snapshot_on(county.path, ON)
    behind = names_behind(snapshot, county.path, [StudentStatus.DROPOUT, StudentStatus.SUSPENDED])
    assert behind.visible_to(make.user(Role.BUREAU, county)).count() == 2
    assert behind.visible_to(make.user(Role.TOWNSHIP, make.region("539901002"))).count() == 1
    assert behind.visible_to(make.user(Role.SYSTEM_ADMIN)).count() == 0
    assert behind.visible_to(make.user(Role.COURT, county)).count() == 0


@pytest.mark.parametrize(
    ("role", "code", "reads"),
    [
        (Role.BUREAU, "539901", "county township school"),
        (Role.COUNTY_OFFICE, "539901", "county township school"),
        (Role.TOWNSHIP, "539901001", "township school"),
        (Role.TOWNSHIP, "539901002", ""),
        (Role.BUREAU, "539902", ""),
        (Role.VILLAGE, "539901001001", ""),
        (Role.COURT, "539901", ""),
    ],
)
def test_who_reads_the_numbers_of_which_place(county, role, code, reads):
    school = county_schools()[0]
    places = {
        "county": county.path, "township": school.region.path, "school": school.path,
    }  # fmt: skip
    user = make.user(role, make.region(code))
    assert {name for name, path in places.items() if may_read(user, path)} == set(reads.split())


def test_a_school_reads_its_own_numbers_and_no_other(county):
    first, second, _ = county_schools()
    for role in (Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL):
        user = make.user(role, first)
        assert may_read(user, first.path)
        assert not may_read(user, second.path)
        assert not may_read(user, county.path)
