"""今天不上课 in a register: a closure that is asked for, and nobody's day disappears before an answer."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from attendance.alerts import recompute
from attendance.enums import AlertState, Mark, Verdict
from attendance.flagging import flag_absences
from attendance.models import Absence, AbsenceAlert, Register
from attendance.no_class import ask_no_class
from attendance.records import assess
from regions.clock import at
from regions.enums import DayKind
from regions.models import CalendarRow
from regions.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, 16) + timedelta(days=n) for n in range(5))
NOON = at(THU, time(12))


class World:
    def __init__(self) -> None:
        make.term()
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        make.pupil(self.of, "玉叫", listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        make.take(self.of, MON, self.office)

    def out(self, *days: date) -> None:
        for day in days:
            make.take(self.of, day, self.office, **{self.child.uid: Mark.ABSENT})

    def judge(self, on: date = THU):
        return assess([self.child.pk], on, make.place_rules())[self.child.pk]

    def decide(self, row: CalendarRow, agreed: bool) -> None:
        rows.decide_closure(row.pk, agreed=agreed, words="查过，照常上课", by=self.bureau, on=THU)

    def flag(self, on: date = THU) -> None:
        flag_absences(on, make.region("539901"))


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = THU
    return World()


def ask(world, on=THU, *, by=None) -> CalendarRow:
    return ask_no_class(world.of.pk, on, "天气原因", by=by or world.teacher, at=NOON)


def test_a_teacher_asks_and_the_day_is_held_until_somebody_decides(world):
    world.out(TUE, WED)
    row = ask(world)
    assert (row.state, row.holds_day, row.path) == ("proposed", True, world.of.path)
    assert not Register.objects.filter(on=THU).exists()
    said = world.judge()
    assert (said.run.held, said.verdict) == ((THU,), Verdict.CANNOT_JUDGE)
    world.decide(row, agreed=False)
    assert world.judge().run.not_taken == (THU,)


def test_approved_the_day_is_no_school_day_of_the_class_alone(world):
    beside = make.school_class(world.of.school, number=2)
    world.out(TUE, WED)
    world.decide(ask(world), agreed=True)
    calendar = make.place_rules().calendar
    assert not calendar.is_school_day(world.of.track(), THU)
    assert calendar.is_school_day(beside.track(), THU)
    assert world.judge().verdict is Verdict.WATCH


def test_asked_again_it_is_the_same_answer(world):
    assert ask(world).pk == ask(world).pk == ask(world, by=world.office).pk


@pytest.mark.parametrize("who", ["teacher", "office"])
def test_no_school_closes_a_past_day_by_itself(world, who, settings):
    """Before, a correction to 不上课 took the days of the run away, and the alert with them."""
    settings.KONGCHUO_TODAY = FRI
    world.out(TUE, WED, THU)
    world.flag()
    row = ask_no_class(world.of.pk, THU, "天气", by=getattr(world, who), at=at(FRI, time(12)))
    assert not row.holds_day
    recompute([world.child.pk], world.of.path, by=None, on=THU)
    assert world.judge().verdict is Verdict.ALERT
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    assert Absence.objects.filter(on=THU).exists()


def test_a_closure_that_waits_neither_takes_back_nor_shortens_an_alert(world):
    world.out(TUE, WED, THU)
    world.flag()
    row = ask(world)
    assert world.judge().verdict is Verdict.CANNOT_JUDGE
    world.flag()
    world.flag()
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.unexplained, alert.last) == (AlertState.OPEN, 3, THU)
    world.decide(row, agreed=True)
    world.flag()
    alert.refresh_from_db()
    assert (alert.state, "停课或放假 1 天" in alert.reason) == (AlertState.WITHDRAWN, True)


def test_a_child_that_comes_while_the_closure_waits_has_returned(world, settings):
    settings.KONGCHUO_TODAY = FRI
    world.out(TUE, WED, THU)
    world.flag()
    ask(world)
    make.take(world.of, FRI, world.office)
    world.flag(FRI)
    assert AbsenceAlert.objects.get().state == AlertState.RETURNED


def test_a_day_not_counted_before_is_not_counted_while_it_waits(world):
    """The control: nothing stood, so the held day raises nothing."""
    world.out(TUE, WED)
    ask(world)
    world.out(THU)
    world.flag()
    assert not AbsenceAlert.objects.exists()


def test_who_may_ask(world):
    other = make.school_class(world.of.school, number=2)
    make.pupil(other)
    scope = f"{world.of.school.code}/class:{other.stage},{other.entry_year},{other.number}"
    for draft in (Draft(scope, DayKind.CLOSURE, THU, THU, "x"),
                  Draft(world.of.school.code, DayKind.CLOSURE, THU, THU, "x")):  # fmt: skip
        with pytest.raises(Refused, match="停课由"):
            rows.ask_closure(draft, by=make.user(Role.TOWNSHIP, make.region("539901001")), on=THU)
        with pytest.raises(Refused):
            rows.ask_closure(draft, by=world.teacher, on=THU)
    with pytest.raises(Refused, match="不上课"):
        ask(world, date(2026, 11, 15))


def test_the_page_asks_says_who_decides_and_lets_it_be_taken_back(world, client):
    client.force_login(world.teacher)
    url = reverse("attendance:register", args=[world.of.pk, str(THU)])
    assert "由县教育体育局核定" in client.get(url).text.replace("\n", "").replace(" ", "")
    answer = client.post(
        url,
        {"version": "0", "client_key": "x", "no_class": "天气原因"},
        follow=True,
    )
    assert "已申请停课" in answer.text and "等县教育体育局核定" in answer.text
    assert "停课待核：" in answer.text and 'name="no_class"' not in answer.text
    row = CalendarRow.objects.proposed().get()
    end = reverse("attendance:calendar_end", args=[row.pk])
    assert end in answer.text
    seen = client.post(end, {"reason": "雨停了，照常上课"}).context["look"].digest
    done = client.post(end, {"reason": "雨停了，照常上课", "confirmed": "1", "seen": seen})
    assert done.status_code == 302 and not CalendarRow.objects.proposed().exists()


def test_a_teacher_takes_back_nothing_of_the_school(world, client):
    wanted = Draft(world.of.school.code, DayKind.CLOSURE, THU, THU, "停水")
    row = rows.ask_closure(wanted, by=world.office, on=THU)
    client.force_login(world.teacher)
    assert client.get(reverse("attendance:calendar_end", args=[row.pk])).status_code == 404


def test_the_school_s_page_shows_whom_nobody_can_judge_for_a_held_day(world, client):
    world.out(TUE, WED)
    ask(world)
    world.flag()
    client.force_login(world.office)
    answer = client.get(reverse("attendance:school", args=[world.of.school.code, str(THU)]))
    assert "停课核定后才能判定" in answer.text
