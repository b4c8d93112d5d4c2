"""有手续不在校: one table for leave, statuses and lawful exits; what the database promises of a row."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from students.enums import LEAVES, STATUSES, AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2026, 11, 16), date(2026, 11, 20)


@pytest.fixture
def world():
    of = make.school_class(make.school())
    return make.pupil(of), make.user(Role.OFFICE, of.school), make.user(Role.BUREAU, of.school)


def written(child, **fields) -> AuthorisedAbsence:
    row = {"kind": AbsenceKind.SUSPENDED, "first": FIRST, "last": LAST} | fields
    return AuthorisedAbsence.objects.create(student=child, path=child.school_path, **row)


def test_leave_and_status_divide_the_kinds():
    assert not set(LEAVES) & set(STATUSES)
    assert {*LEAVES, *STATUSES} == set(AbsenceKind)
    assert all(kind.label for kind in AbsenceKind)


def test_a_decided_row_keeps_who_decided(world):
    child, office, bureau = world
    asked, approved = AbsenceState.ASKED, AbsenceState.APPROVED
    written(child, state=asked)
    written(child, state=approved, first_by=office)
    written(
        child, state=approved, kind=AbsenceKind.LONG_LEAVE, first_by=office,
        why_second="病假超过 10 天", second_by=bureau,
    )  # fmt: skip
    assert child.authorised.count() == 3


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("absence_dates", {"last": date(2026, 11, 15)}),
        ("approved_absence_has_first", {"first_by": None}),
        ("approved_absence_has_second", {"why_second": "没有证明"}),
        ("second_word_by_another", {"why_second": "没有证明", "second_by": "the same"}),
        ("second_word_by_another", {"state": "passed", "first_by": None, "second_by": "the same"}),
    ],
)
def test_the_database_refuses(world, name, broken):
    child, office, _ = world
    fields = {"state": AbsenceState.APPROVED, "first_by": office} | broken
    if fields.get("second_by"):
        fields["second_by"] = office
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        written(child, **fields)


def test_one_approved_status_begins_on_a_day_but_leave_may_be_asked_again(world):
    child, office, _ = world
    approved = {"state": AbsenceState.APPROVED, "first_by": office}
    refused = {"state": AbsenceState.REFUSED, "kind": AbsenceKind.SICK}
    for _ in range(2):
        written(child, **refused)
    written(child, **approved)
    with pytest.raises(IntegrityError), transaction.atomic():
        written(child, **approved)


def test_the_phrases_that_choose_rows(world):
    child, office, _ = world
    approved = {"state": AbsenceState.APPROVED, "first_by": office}
    sick = written(child, kind=AbsenceKind.SICK, **approved)
    away = written(child, **approved)
    asked = written(child, kind=AbsenceKind.PERSONAL, state=AbsenceState.ASKED)
    rows = AuthorisedAbsence.objects
    assert set(rows.leaves()) == {sick, asked} and set(rows.statuses()) == {away}
    assert set(rows.approved()) == {sick, away}
    assert rows.on(FIRST).count() == rows.on(LAST).count() == 3
    assert not rows.on(date(2026, 11, 15)).exists() and not rows.on(date(2026, 11, 21)).exists()
    assert rows.visible_to(office).count() == 3
    other = make.user(Role.OFFICE, make.school("5399010002"))
    assert not rows.visible_to(other).exists()
