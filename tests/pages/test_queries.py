"""How many statements a page may take: the register a fixed few, a list the same for 2 rows and 30.

Session, user and seats are counted too. Transaction control is not: it asks for no rows.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import time, timedelta

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts import access
from accounts.enums import Access, Role
from attendance.enums import AlertState, Mark, Verdict
from attendance.models import AbsenceAlert, UnseenRun
from attendance.registers import FilledRegister, Marked, submit
from regions.clock import at as instant
from regions.enums import DayKind
from regions.models import School, SchoolClass
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Enrolment, Guardian, Student
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = make.THURSDAY
SHOW_REGISTER, SAVE_REGISTER = 8, 11
CONTROL = ("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")
FEW, MANY = 2, 30


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements sent to the database meanwhile, in order."""
    sent: list[str] = []

    def note(execute, sql, params, many, context):
        if not sql.lstrip().upper().startswith(CONTROL):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


def told(sent: list[str]) -> str:
    return f"{len(sent)} statements\n" + "\n".join(f"{n}. {s[:300]}" for n, s in enumerate(sent, 1))


def signed_in(role: Role, unit) -> Client:
    client = Client()
    client.force_login(make.user(role, unit))
    return client


def asked(client: Client, url: str) -> list[str]:
    with statements() as sent:
        answer = client.get(url)
    assert answer.status_code == 200, url
    return sent


def full_class(size: int) -> tuple[SchoolClass, list[Student]]:
    """A class as in the tenth week: registers of the week, boarders, an approved leave."""
    make.term()
    of = make.school_class(make.school())
    children = make.pupils(of, size, boarder=True)
    teacher = make.user(Role.TEACHER, of)
    for ahead in (3, 2, 1):
        day = TODAY - timedelta(days=ahead)
        make.take(of, day, teacher, **{children[0].uid: Mark.ABSENT, children[1].uid: Mark.LATE})
    AuthorisedAbsence.objects.create(
        student=children[2],
        path=of.path,
        kind=AbsenceKind.SICK,
        first=TODAY,
        last=TODAY,
        state=AbsenceState.APPROVED,
        asked_by=teacher,
        first_by=teacher,
    )
    return of, children


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE])
@pytest.mark.parametrize("size", [10, 60])
def test_the_register_is_shown_in_few_statements(role, size):
    of, _ = full_class(size)
    client = signed_in(role, of if role is Role.TEACHER else of.school)
    sent = asked(client, reverse("attendance:register", args=[of.pk, TODAY.isoformat()]))
    assert len(sent) <= SHOW_REGISTER, told(sent)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE])
@pytest.mark.parametrize("size", [10, 60])
def test_the_register_is_saved_in_few_statements(role, size):
    """Three exceptions, none of them 失联; then the same form corrected."""
    of, children = full_class(size)
    client = signed_in(role, of if role is Role.TEACHER else of.school)
    url = reverse("attendance:register", args=[of.pk, TODAY.isoformat()])
    marks = {f"mark-{one.uid}": "absent" for one in children[:3]}
    key = "6f1c1b3e-0000-4000-8000-539901000002"
    with statements() as sent:
        answer = client.post(url, {"version": "0", "client_key": key, **marks})
    assert answer.status_code == 302
    assert len(sent) <= SAVE_REGISTER, told(sent)


@pytest.mark.parametrize("recorded", ["the same day", "long ago"])
def test_a_register_saved_late_takes_as_many_statements_as_one_in_time(recorded):
    """At 9:59 and at 23:59, told to the verb: the cut-off is 10:00. Three exceptions each."""
    of, children = full_class(10)
    if recorded == "long ago":
        Enrolment.objects.update(recorded_at=instant(TODAY - timedelta(days=60), time(8)))
    sheet = FilledRegister(marks={child.uid: Marked(Mark.ABSENT) for child in children[:3]})
    teacher, taken = make.user(Role.TEACHER, of), {}
    assert teacher.reach.seats, "read once for a request, and not by the verb"
    for clock in (time(9, 59), time(23, 59)):
        with transaction.atomic():
            with statements() as sent:
                register = submit(of.pk, TODAY, sheet, by=teacher, at=instant(TODAY, clock))
            transaction.set_rollback(True)
        taken[register.late] = sent
    assert set(taken) == {False, True}
    assert len(taken[True]) == len(taken[False]), f"{told(taken[False])}\n{told(taken[True])}"


def fill(at: School, numbers: range, days: int = 3) -> None:
    """Classes at a school, each with a child alerted, one nobody can judge, one whose leave waits."""
    first = TODAY - timedelta(days=2)
    for number in numbers:
        of = make.school_class(at, number=number)
        gone, unsure, away = make.pupils(of, 3, sex="1", boarder=True)
        teacher = make.user(Role.TEACHER, of)
        access.log(Access.LIST, "class_roll", by=teacher, scope=str(of))
        Guardian.objects.create(student=gone, name="岩温")
        AbsenceAlert.objects.create(
            student=gone, path=of.path, state=AlertState.OPEN, opened_on=TODAY, as_of=TODAY,
            first=first, last=TODAY, unexplained=3, grounds=["unexplained"],
        )  # fmt: skip
        for one, verdict in ((gone, Verdict.ALERT), (unsure, Verdict.CANNOT_JUDGE)):
            UnseenRun.objects.create(
                student=one, path=of.path, as_of=TODAY, verdict=verdict, unexplained=1,
                first=first, last=TODAY,
            )  # fmt: skip
        AuthorisedAbsence.objects.create(
            student=away, path=of.path, kind=AbsenceKind.SICK, first=TODAY, last=TODAY,
            state=AbsenceState.ASKED, asked_by=teacher,
        )  # fmt: skip
        for ago in range(days):
            day = TODAY - timedelta(days=ago)
            make.take(of, day, teacher, **{gone.uid: Mark.ABSENT, unsure.uid: Mark.ABSENT})


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("attendance:school", Role.OFFICE),
        ("attendance:alerts", Role.OFFICE),
        ("students:students", Role.OFFICE),
        ("attendance:schools_today", Role.BUREAU),
        ("attendance:alerts", Role.BUREAU),
        ("students:students", Role.COUNTY_OFFICE),
        ("attendance:schools_today", Role.CENTRAL),
        ("people:index", Role.OFFICE),
        ("accounts:users", Role.SYSTEM_ADMIN),
        ("accounts:trail", Role.AUDIT_ADMIN),
        ("attendance:calendar", Role.OFFICE),
    ],
)
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(name, role):
    make.term()
    at = make.school()
    fill(at, range(1, FEW + 1))
    unit = {Role.OFFICE: at, Role.CENTRAL: at, Role.SYSTEM_ADMIN: None, Role.AUDIT_ADMIN: None}
    client = signed_in(role, unit.get(role, make.region("539901")))
    day = TODAY.isoformat()
    url = reverse(name, args=[at.code, day] if name == "attendance:school" else [])
    few, page = asked(client, url), client.get(url).content
    grow(at)
    many = asked(client, url)
    assert len(client.get(url).content) > len(page) + 2 * MANY, "the list did not grow"
    assert len(many) == len(few), f"few: {told(few)}\nmany: {told(many)}"


def grow(at: School) -> None:
    """Thirty more of everything a list may show: classes and children here, schools it leads."""
    fill(at, range(FEW + 1, MANY + 1))
    for number in range(MANY):
        led = make.school(f"53990100{number + 10:02d}", led_by=at)
        fill(led, range(1, 2), days=1)
        closed = TODAY - timedelta(days=20 + number)
        make.calendar_row(DayKind.CLOSURE, closed, place=at)


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE])
def test_the_class_list_takes_as_many_statements_for_many_children_as_for_few(role):
    make.term()
    of = make.school_class(make.school())
    make.pupils(of, FEW)
    client = signed_in(role, of if role is Role.TEACHER else of.school)
    url = reverse("students:class_roll", args=[of.pk])
    few = asked(client, url)
    make.pupils(of, MANY - FEW)
    many = asked(client, url)
    assert len(many) == len(few), f"few: {told(few)}\nmany: {told(many)}"
