"""Who stands behind a number of a snapshot is stored with it: read, and never counted again."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from cases.enums.states import CaseState
from cases.models import Case
from regions.clock import now
from reports.counting.roll_up import roll_up
from reports.counting.sources import gather
from reports.enums import CohortCount, Flow, PlaceCount, SnapshotState, StudentStatus
from reports.models import CohortBaseline, CohortCell, Snapshot, SnapshotCount
from reports.queries import places, snapshot_students
from reports.queries.snapshots import counts_at, latest
from reports.rules.packed_ids import pack, unpack
from reports.student_lists import lists
from reports.student_lists.rows import NameRow, rows_of
from students import enrolments
from students.enums import Began, Ended
from students.models import Enrolment, Student
from tests import factories as make
from tests.reports.lived_years import born, dropped, gone, moved

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
NEXT = ON + timedelta(days=1)
OPENING = date(2026, 9, 1)
CEILING = 8
MARK = "其后已更正：学籍登记有误"


@pytest.fixture
def six():
    """A class of twelve in the county, six of them 辍学, counted on Thursday."""
    make.term()
    school_class = make.school_class(make.school())
    children = born(school_class, 12, OPENING)
    dropped(children[:6], date(2026, 10, 12), date(2026, 11, 16))
    count()
    return school_class, children


def count(on: date = ON) -> None:
    roll_up(on, make.region("539901"))


def bureau() -> User:
    return make.user(Role.BUREAU, make.region("539901"))


def end_by_mistake(child: Student, on: date = ON) -> None:
    enrolments.leave_roll(child, on=on, how=Ended.MISTAKE, by=bureau())


def listed(
    user: User, words: dict[str, str], code: str = "539901", on: date = ON
) -> tuple[lists.StudentList, list[NameRow]]:
    place, asked = places.find(code, user), lists.read(words)
    names = lists.find(user, place, asked, on)
    return names, rows_of(names, names.keys, user)


def recounted(on: date = ON) -> set[int]:
    """The control: who is 辍学 by today's rolls, as lists were counted again before."""
    county = make.region("539901").path
    gathered = gather(county, on)
    return {pk for pk in gathered.cases if pk in gathered.room_of}


def test_a_child_whose_enrolment_was_a_mistake_stays_in_the_number_it_was_counted_in(six):
    """The issue's own: 6 counted, one spell then ended as a mistake. The list is 6, the next 5."""
    _, children = six
    end_by_mistake(children[0])
    names, rows = listed(bureau(), {"student_status": "dropout"})
    assert names.counted == len(rows) == 6
    assert (names.hidden, names.missing) == (0, 0)
    assert {row.student.pk: row.corrected for row in rows} == {
        child.pk: MARK if child == children[0] else "" for child in children[:6]
    }
    assert len(recounted()) == 5  # the control: counted again, one is missing
    count(NEXT)
    names, rows = listed(bureau(), {"student_status": "dropout"}, on=NEXT)
    assert names.counted == len(rows) == 5
    assert not any(row.corrected for row in rows)


@pytest.mark.parametrize(
    ("words", "number"),
    [
        ({"student_status": "in_school"}, 6),
        ({"student_status": "expected"}, 12),
        ({"student_status": "missing"}, 6),
        ({"flow": "start"}, 12),
        ({"count": "dropped"}, 6),
        ({"count": "dropped_now"}, 6),
    ],
)
def test_every_kind_of_list_is_what_was_counted(six, words, number):
    """Every child of the class was entered by mistake: no list loses one, each is marked."""
    _, children = six
    for child in children:
        end_by_mistake(child)
    names, rows = listed(bureau(), words)
    assert (names.counted, len(rows), names.hidden) == (number, number, 0)
    assert all(row.corrected == MARK for row in rows)


def test_the_page_and_its_foot_say_nothing_of_reach_when_all_are_listed(six):
    _, children = six
    end_by_mistake(children[0])
    client = Client()
    client.force_login(bureau())
    body = page_of(client, "student_status=dropout")
    assert "查看范围" not in body
    assert MARK in body
    assert "，差" not in body


def page_of(client: Client, query: str) -> str:
    return client.get(f"{reverse('reports:names')}?{query}").content.decode()


def test_who_is_out_of_reach_is_counted_and_said(six, settings):
    """Two children went to the next township: the first counts them, the county lists them."""
    settings.KONGCHUO_TODAY = ON
    _, children = six
    other = make.school_class(make.school("5399010002", region_code="539901002"))
    moved(children[10:], other, date(2026, 10, 9))
    Student.objects.filter(pk__in=[child.pk for child in children[10:]]).update(
        school_path=other.path
    )
    count()
    officer = make.user(Role.TOWNSHIP, make.region("539901001"))
    for user, hidden in ((officer, 2), (bureau(), 0)):
        names, rows = listed(user, {"flow": "went_out"}, "539901001")
        assert (names.counted, len(rows), names.hidden) == (2, 2 - hidden, hidden)
        client = Client()
        client.force_login(user)
        body = page_of(client, "flow=went_out&place=539901001")
        assert ("另有 2 人不在你的查看范围" in body) is bool(hidden)


def test_who_answered_for_a_child_then_reads_it_in_the_number_of_then(six):
    """A child that left the class since the count stands in its school's list, without a link."""
    school_class, children = six
    office = make.user(Role.OFFICE, school_class.school)
    other = make.school_class(make.school("5399010002", region_code="539901002"))
    moved([children[8]], other, ON)
    Student.objects.filter(pk=children[8].pk).update(school_path=other.path)
    code = school_class.school.code
    names, rows = listed(office, {"student_status": "in_school"}, code)
    assert (names.counted, len(rows), names.hidden) == (6, 6, 0)
    assert [row.student.pk for row in rows if not row.url] == [children[8].pk]
    stranger = make.user(Role.OFFICE, other.school)
    assert places.find(code, stranger) is None


def test_whose_whereabouts_are_private_are_counted_without_a_false_reason(six):
    school_class, _ = six
    cell = SnapshotCount.objects.get(level="class")
    cell.counts["rehab"], cell.who["rehab"] = 1, cell.who["dropout"].split(",")[0] + ","
    cell.save()
    names, rows = listed(
        make.user(Role.OFFICE, school_class.school), {"student_status": "rehab"},
        school_class.school.code,
    )  # fmt: skip
    assert (rows, names.hidden, names.private) == ([], 0, 1)


def test_an_enrolment_put_right_elsewhere_marks_the_class_it_was_wrong_in(six):
    _, children = six
    end_by_mistake(children[11])
    other = make.school_class(make.school("5399010002", region_code="539901002"))
    Enrolment.objects.create(student=children[11], school_class=other, began=ON, how=Began.ENTERED)
    _, rows = listed(bureau(), {"student_status": "in_school"})
    assert {row.student.pk for row in rows if row.corrected} == {children[11].pk}
    assert all(row.where == rows[0].where for row in rows)  # where they stood on the day


def test_a_case_that_was_a_mistake_is_marked_too(six):
    _, children = six
    Case.objects.filter(student=children[2]).update(state=CaseState.MISTAKE)
    _, rows = listed(bureau(), {"student_status": "dropout"})
    assert [row.corrected for row in rows if row.corrected] == ["其后已更正：个案登记有误"]


# What the database promises


@pytest.mark.parametrize(
    ("level", "key"),
    [
        ("class", StudentStatus.DROPOUT),
        ("class", PlaceCount.DROPPED_NOW),
        ("class", Flow.START),
        ("school", Flow.START),
        ("county", Flow.START),
    ],
)
@pytest.mark.parametrize("change", ["count", "person", "nobody"])
def test_a_number_equals_its_people_and_the_database_says_so(six, level, key, change):
    cell = SnapshotCount.objects.get(level=level)
    people = unpack(cell.who[key])
    if change == "count":
        cell.counts[key] += 1
    elif change == "person":
        cell.who[key] = pack(people[1:])
    else:
        del cell.who[key]
    with pytest.raises(IntegrityError), transaction.atomic():
        cell.save()
    cell.refresh_from_db()
    cell.counts[key], cell.who[key] = len(people) - 1, pack(people[1:])
    cell.save()  # the control: both together may change


def test_numbers_without_names_are_told_as_such(six):
    """Numbers of before the portal: the page does not blame the reader's reach."""
    county = make.region("539901")
    later = Snapshot.objects.create(county_path=county.path, on=NEXT, counted={})
    counts = {"dropout": 4, "start": 90}
    with pytest.raises(IntegrityError), transaction.atomic():
        SnapshotCount.objects.create(
            snapshot=later, path=county.path, level="county", stage="junior", counts=counts
        )
    SnapshotCount.objects.create(
        snapshot=later, path=county.path, level="county", stage="junior", counts=counts,
        listed=False,
    )  # fmt: skip
    for words, number in (({"student_status": "dropout"}, 4), ({"flow": "start"}, 90)):
        names, rows = listed(bureau(), words, on=NEXT)
        assert (names.counted, rows, names.hidden, names.unnamed) == (number, [], 0, number)


def test_a_frozen_number_keeps_its_people(six):
    _, children = six
    Snapshot.objects.update(state=SnapshotState.FROZEN, frozen_at=now(), digest="0" * 64, version=1)
    end_by_mistake(children[0])
    count()
    names, rows = listed(bureau(), {"student_status": "dropout"})
    assert names.counted == len(rows) == 6


# The cohort


def test_behind_a_cohort_stand_the_children_the_rolls_name(db):
    make.term()
    school = make.school()
    ninth = make.school_class(school, 9)
    children = born(ninth, 10, date(2024, 9, 1), Began.TRANSFER_IN)
    county = make.region("539901")
    CohortBaseline.objects.create(
        path=county.path, entered=2018, until=date(2024, 8, 31), source="2024年学籍年报",
        counts={"entrants": 30, "came_in": 4},
    )  # fmt: skip
    gone(children[:1], date(2026, 10, 9), Ended.TRANSFER_OUT, bureau())
    count()
    snapshot = latest(county.path, ON)
    people = snapshot_students.behind_cohort(snapshot, county.path, CohortCount.CAME_IN)
    assert (people.counts["came_in"], len(people.paths), people.unnamed) == (14, 10, 4)
    names, rows = listed(bureau(), {"cohort": "ninth"})
    assert (names.counted, len(rows), names.unnamed) == (9, 9, 0)
    cohort = CohortCell.objects.get()
    cohort.given["came_in"] = 5
    with pytest.raises(IntegrityError), transaction.atomic():
        cohort.save()


# Few statements


ASKED = [
    {"student_status": "dropout"},
    {"student_status": "expected"},
    {"student_status": "expected", "stage": "junior"},
    {"student_status": "in_school"},
    {"flow": "start"},
    {"flow": "came_in"},
    {"count": "dropped"},
    {"cohort": "ninth"},
]


@pytest.mark.parametrize("words", ASKED)
def test_a_page_of_a_list_takes_few_statements_whatever_its_size(six, words, monkeypatch):
    user = bureau()
    place, asked = places.find("539901", user), lists.read(words)

    def sent() -> int:
        with CaptureQueriesContext(connection) as all_sent:
            names = lists.find(user, place, asked, ON)
            rows_of(names, names.keys[:50], user)
        assert names.counted == len(names.keys)
        return len(all_sent)

    few = sent()
    for number in range(2, 6):
        at = make.school(f"539901000{number}", region_code=f"53990100{number}")
        for grade in (7, 9):
            more = born(make.school_class(at, grade), 20, OPENING)
            dropped(more[:4], date(2026, 10, 12), date(2026, 11, 16))
    count()
    assert few <= sent() <= CEILING
    monkeypatch.setattr(snapshot_students, "ASKED_SINGLY", 10)
    assert sent() <= CEILING  # a list too long to ask for one by one


def test_a_long_list_is_the_same_read_either_way(six, monkeypatch):
    one_by_one, _ = listed(bureau(), {"student_status": "expected"})
    monkeypatch.setattr(snapshot_students, "ASKED_SINGLY", 0)
    at_once, _ = listed(bureau(), {"student_status": "expected"})
    assert at_once.keys == one_by_one.keys
    assert len(at_once.keys) == counts_at(at_once.snapshot, at_once.place.path)["start"] == 12
