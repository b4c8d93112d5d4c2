"""Duties and registers left undone rise a level, and come down when they are done."""

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from attendance.models import AbsenceAlert
from cases.case_deadlines import meet, set_deadline
from cases.enums.records import DeadlineKind
from cases.enums.states import CaseState, EventKind
from cases.intake import assignment
from cases.models import Case, Escalation
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.night_jobs import LAST, MON, night, nov, standing, weekdays

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def the_last_day(settings):
    settings.KONGCHUO_TODAY = LAST


@pytest.fixture
def here():
    return county()


@pytest.mark.parametrize(
    ("who", "levels"),
    [
        (Role.OFFICE, {"township", "bureau"}),
        (Role.TEACHER, {"township", "bureau"}),
        (Role.VILLAGE, {"township"}),
        (Role.TOWNSHIP, {"county_office"}),
        (Role.BUREAU, {"county_office"}),
        (Role.COUNTY_OFFICE, set()),
        (None, set()),
    ],
)
def test_a_duty_left_undone_rises_one_level_until_it_is_done(here, who, levels):
    case = case_of(here.student, on=nov(5))
    case.deadlines.all().delete()
    set_deadline(
        case, DeadlineKind.CONTACT, starts_on=nov(5), due_on=nov(12), who=who, article="系统设定"
    )
    night(here, nov(12))
    assert standing("deadline") == set()  # the day itself is still theirs
    night(here, nov(16)), night(here, nov(16))
    assert standing("deadline") == {(level, nov(13)) for level in levels}
    assert case.events.filter(kind=EventKind.RISEN).count() == bool(levels)
    meet(case, DeadlineKind.CONTACT, on=nov(17))
    night(here, nov(17))
    assert standing("deadline") == set()


def test_a_township_duty_rises_where_the_owner_is_after_a_hand_over(here):
    case = case_of(here.student, on=nov(5))
    assignment.hand_over(
        case.uid, here.other, by=here.bureau, on=nov(6), version=case.version, reason="监护人迁居"
    )
    night(here, nov(16))
    school_report = Escalation.objects.get(level="township", kind="deadline")
    assert school_report.path == here.other.path and school_report.case == case


def test_an_order_that_lapsed_is_written_once(here):
    case = case_of(here.student, on=nov(5))
    set_deadline(
        case, DeadlineKind.ORDER, starts_on=nov(5), due_on=nov(12), who=Role.TOWNSHIP,
        article="义务教育法 第58条",
    )  # fmt: skip
    night(here, nov(12))
    assert not case.events.filter(kind=EventKind.LAPSED).exists()
    night(here, nov(14)), night(here, nov(15)), night(here, nov(13))
    event = case.events.get(kind=EventKind.LAPSED)
    assert (event.happened.exact, event.policy) == (nov(12), "义务教育法 第58条")


@pytest.mark.parametrize("state", [CaseState.RETURNED, CaseState.CLOSED])
def test_an_order_obeyed_does_not_lapse(here, state):
    case = case_of(here.student, on=nov(5))
    set_deadline(
        case, DeadlineKind.ORDER, starts_on=nov(5), due_on=nov(12), who=Role.TOWNSHIP, article="法"
    )
    Case.objects.update(state=state, closed_on=nov(12))
    night(here, nov(14))
    assert not case.events.filter(kind=EventKind.LAPSED).exists()


# registers


@pytest.fixture
def led(here):
    """The school of the class, led by a central school; its registers count since 2 November."""
    central = make.school("5399010005", name="白水镇中心校")
    here.school_class.school.led_by = central
    here.school_class.school.alerts_from = MON
    here.school_class.school.save()
    return central


def take_all(here, *days: int) -> None:
    for day in days:
        make.take(here.school_class, nov(day), here.teacher)


def test_a_register_nobody_took_rises_by_school_days(here, led):
    take_all(here, *[d.day for d in weekdays(MON, nov(18))])
    night(here, nov(19))
    assert standing("register") == set()  # Thursday is the school's
    take_all(here, 20, 23)
    night(here, nov(20))
    assert standing("register") == {("central", nov(20))}
    assert Escalation.objects.get(kind="register").path == led.path
    night(here, nov(22))
    assert standing("register") == {("central", nov(20))}  # the weekend is no school day
    night(here, nov(23))
    assert standing("register") == {("central", nov(20)), ("bureau", nov(23))}
    rise = Escalation.objects.filter(kind="register").first()
    assert (rise.school_class, rise.on) == (here.school_class, nov(19))
    assert (rise.alert, rise.deadline) == (None, None)
    take_all(here, 19, 24)
    night(here, nov(24))
    assert standing("register") == set()


def test_a_school_nobody_leads_answers_to_the_bureau_alone(here, led):
    here.school_class.school.led_by = None
    here.school_class.school.save()
    take_all(here, *[d.day for d in weekdays(MON, nov(18))], 20)
    night(here, nov(23))
    assert standing("register") == {("bureau", nov(23))}


def test_a_missing_register_stays_risen_past_the_days_looked_back_on(here, led):
    take_all(here, *[d.day for d in weekdays(MON, nov(30)) if d != nov(10)])
    night(here, nov(12)), night(here, nov(30))
    assert standing("register") == {("central", nov(11)), ("bureau", nov(12))}
    take_all(here, 10)
    night(here, nov(30))
    assert standing("register") == set()


def test_days_before_the_school_counts_rise_nowhere(here, led):
    led.refresh_from_db()
    here.school_class.school.alerts_from = nov(19)
    here.school_class.school.save()
    night(here, nov(20))
    assert {r.on for r in Escalation.objects.filter(kind="register")} == {nov(19)}


# what the database promises


@pytest.mark.parametrize(
    "about",
    [
        {},
        {"alert": True, "deadline": True},
        {"school_class": True},
        {"on": nov(19)},
        {"alert": True, "school_class": True, "on": nov(19)},
    ],
)
@pytest.mark.parametrize("kind", ["alert", "deadline", "register"])
def test_a_rise_is_about_exactly_one_thing(here, kind, about):
    rows = {
        "alert": AbsenceAlert.objects.create(
            student=here.student, path=here.school_class.path, state="open", opened_on=nov(5),
            as_of=nov(5), first=nov(3), last=nov(5), unexplained=3,
        ),
        "deadline": case_of(here.student, on=nov(5)).deadlines.first(),
        "school_class": here.school_class,
    }  # fmt: skip
    named = {name: rows.get(name, value) for name, value in about.items()}
    with pytest.raises(IntegrityError, match="rise_about_exactly_one"), transaction.atomic():
        Escalation.objects.create(
            kind=kind, level="bureau", path="P", said="x", since=nov(6), **named
        )


def test_a_thing_rises_once_to_a_level(here):
    register = {"school_class": here.school_class, "on": nov(19)}
    deadline = {"deadline": case_of(here.student, on=nov(5)).deadlines.first()}
    for kind, about in (("register", register), ("deadline", deadline)):
        row = {"kind": kind, "path": "P", "said": "x", "since": nov(20), **about}
        Escalation.objects.create(level="central", **row)
        Escalation.objects.create(level="bureau", **row)
        with pytest.raises(IntegrityError), transaction.atomic():
            Escalation.objects.create(level="bureau", **row)
