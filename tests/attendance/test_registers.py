"""Taking and correcting a register: what is promised, and what is refused with a sentence."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest

from accounts.enums import Role
from accounts.models import Change
from accounts.versions import Conflict
from attendance.enums import Mark
from attendance.models import Absence, Register
from attendance.registers import FilledRegister, Marked, submit
from regions import clock
from regions.enums import DayKind
from regions.refusals import NoCalendar, Refused
from students.enums import AbsenceKind
from students.models import Enrolment
from tests import factories as make

pytestmark = pytest.mark.django_db
THURSDAY = make.THURSDAY
NOON = clock.at(THURSDAY, time(12))


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = THURSDAY


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    return of, make.pupils(of, 5), make.user(Role.TEACHER, of)


def sheet(*, version=0, key=None, reason="", taken_at=None, **marks):
    return FilledRegister(
        marks={uid: Marked(Mark(mark)) for uid, mark in marks.items()},
        version=version,
        client_key=key or uuid4(),
        reason=reason,
        taken_at=taken_at,
    )


def test_only_exceptions_are_rows(world):
    of, (one, two, *_), teacher = world
    marks = {one.uid: Mark.ABSENT, two.uid: Mark.LATE}
    register = submit(of.pk, THURSDAY, sheet(**marks), by=teacher, at=clock.now())
    assert (register.expected, register.present) == (5, 4)
    assert Absence.objects.count() == 2


def test_the_same_client_key_is_the_same_answer(world):
    of, (one, *_), teacher = world
    filled = sheet(**{one.uid: Mark.ABSENT})
    first = submit(of.pk, THURSDAY, filled, by=teacher, at=clock.now())
    assert submit(of.pk, THURSDAY, filled, by=teacher, at=clock.now()).pk == first.pk
    assert (Register.objects.count(), Absence.objects.count()) == (1, 1)


def test_the_second_saver_is_told_who_saved_first(world):
    of, (one, *_), teacher = world
    office = make.user(Role.OFFICE, of.school, name="周丽华")
    submit(of.pk, THURSDAY, sheet(), by=office, at=clock.now())
    with pytest.raises(Conflict, match="周丽华"):
        submit(of.pk, THURSDAY, sheet(**{one.uid: Mark.ABSENT}), by=teacher, at=clock.now())
    assert Absence.objects.count() == 0


def test_a_correction_wants_a_reason_and_keeps_both_versions(world):
    of, (one, *_), teacher = world
    submit(of.pk, THURSDAY, sheet(**{one.uid: Mark.ABSENT}), by=teacher, at=clock.now())
    with pytest.raises(Refused, match="原因"):
        submit(of.pk, THURSDAY, sheet(version=1), by=teacher, at=clock.now())
    register = submit(
        of.pk, THURSDAY, sheet(version=1, reason="点错了"), by=teacher, at=clock.now()
    )
    assert (register.version, register.present) == (2, 5)
    change = Change.objects.get(verb="registers.correct")
    assert change.before["marks"] == {one.uid: ["absent", ""]}
    assert (change.after["marks"], change.note) == ({}, "点错了")


def test_after_the_lock_only_the_office_corrects(world):
    of, _, teacher = world
    submit(of.pk, THURSDAY, sheet(), by=teacher, at=NOON)
    Register.objects.update(received_at=NOON - timedelta(hours=25))
    with pytest.raises(Refused, match="锁定"):
        submit(of.pk, THURSDAY, sheet(version=1, reason="补记"), by=teacher, at=NOON)
    office = make.user(Role.OFFICE, of.school)
    assert submit(of.pk, THURSDAY, sheet(version=1, reason="补记"), by=office, at=NOON).version == 2


@pytest.mark.parametrize(
    ("day", "says"),
    [
        (date(2026, 11, 20), "还没有到"),
        (date(2026, 11, 15), "不上课"),
        (date(2026, 10, 1), "国庆节"),
        (date(2026, 8, 20), "不在学期内"),
    ],
)
def test_a_day_without_school_is_refused_with_its_reason(world, day, says):
    of, _, teacher = world
    Enrolment.objects.update(began=date(2026, 8, 15))
    with pytest.raises(Refused, match=says):
        submit(of.pk, day, sheet(), by=teacher, at=clock.now())
    assert not Register.objects.exists()


def test_a_year_nobody_decided_has_no_calendar(world):
    of, _, teacher = world
    day = date(2027, 1, 5)
    with pytest.raises(NoCalendar, match="2027年1月5日"):
        submit(of.pk, day, sheet(), by=teacher, at=clock.at(day, time(8)))


def test_a_pupil_of_another_class_is_refused_and_nothing_is_saved(world):
    of, (one, *_), teacher = world
    stranger = make.pupil(make.school_class(of.school, 7, 2), "生人")
    marks = {one.uid: Mark.ABSENT, stranger.uid: Mark.ABSENT}
    with pytest.raises(Refused, match="不属于这个班"):
        submit(of.pk, THURSDAY, sheet(**marks), by=teacher, at=clock.now())
    assert not Register.objects.exists() and not Absence.objects.exists()


def test_a_stand_in_is_recorded_as_such(world):
    of, _, teacher = world
    stand_in = make.user(Role.STAND_IN, of)
    assert submit(of.pk, THURSDAY, sheet(), by=stand_in, at=clock.now()).stand_in
    assert not submit(of.pk, date(2026, 11, 18), sheet(), by=teacher, at=clock.now()).stand_in


def test_a_child_away_is_not_expected(world):
    of, (one, *_), teacher = world
    make.status(one, AbsenceKind.SUSPENDED, date(2026, 9, 1), date(2027, 1, 1), by=teacher)
    register = submit(of.pk, THURSDAY, sheet(), by=teacher, at=clock.now())
    assert (register.expected, register.present) == (4, 4)


def test_boarders_gone_home_are_not_expected(world):
    of, pupils, teacher = world
    make.calendar_row(DayKind.CLOSURE, THURSDAY, place=of.school, boarders=True)
    type(pupils[0]).objects.filter(pk=pupils[0].pk).update(boarder=True)
    assert submit(of.pk, THURSDAY, sheet(), by=teacher, at=clock.now()).expected == 4


def test_listed_from_is_the_first_register_made_knowing_the_child(world):
    of, _, teacher = world
    wednesday = date(2026, 11, 18)
    submit(of.pk, wednesday, sheet(), by=teacher, at=clock.now())
    late = make.pupil(of, "晚到", began=date(2026, 11, 17))
    spell = late.enrolments.get()
    assert spell.listed_from is None
    submit(of.pk, THURSDAY, sheet(), by=teacher, at=clock.now())
    spell.refresh_from_db()
    assert spell.listed_from == THURSDAY
    submit(of.pk, date(2026, 11, 17), sheet(), by=teacher, at=clock.now())
    spell.refresh_from_db()
    assert spell.listed_from == THURSDAY, "the register of the 18th still says nothing about it"


def test_the_phones_time_is_kept_beside_the_servers(world):
    of, _, teacher = world
    said = NOON - timedelta(hours=1)
    register = submit(of.pk, THURSDAY, sheet(taken_at=said), by=teacher, at=NOON)
    assert register.taken_at == said and register.received_at > said


def test_a_phone_whose_clock_is_wrong_is_not_believed(world):
    of, _, teacher = world
    ahead = NOON + timedelta(days=400)
    register = submit(of.pk, THURSDAY, sheet(taken_at=ahead), by=teacher, at=NOON)
    assert register.taken_at == register.received_at


def test_a_teacher_of_another_school_does_not_find_the_class(world):
    of, _, _ = world
    other = make.school("5399010002")
    stranger = make.user(Role.TEACHER, make.school_class(other))
    with pytest.raises(type(of).DoesNotExist):
        submit(of.pk, THURSDAY, sheet(), by=stranger, at=NOON)


def test_a_township_may_look_but_not_take(world):
    of, _, _ = world
    officer = make.user(Role.TOWNSHIP, of.school.region)
    with pytest.raises(Refused, match="只有本班班主任"):
        submit(of.pk, THURSDAY, sheet(), by=officer, at=NOON)


def test_after_a_correction_the_loser_is_told_of_the_one_who_corrected(world):
    of, _, teacher = world
    office = make.user(Role.OFFICE, of.school, name="周丽华")
    submit(of.pk, THURSDAY, sheet(), by=teacher, at=NOON)
    submit(of.pk, THURSDAY, sheet(version=1, reason="补记"), by=office, at=NOON)
    with pytest.raises(Conflict, match="周丽华"):
        submit(of.pk, THURSDAY, sheet(version=1, reason="改"), by=teacher, at=NOON)
