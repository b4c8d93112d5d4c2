"""停课待核, undecided days before the child was last seen, and traits that change: each by its day."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from attendance.enums import AlertState, Mark, Session, Verdict
from attendance.flagging import flag_absences, missing_registers, sessions_on
from attendance.models import AbsenceAlert
from attendance.records import AbsenceAssessment, assess
from attendance.rolls import roll
from regions.enums import DayKind, RowState
from regions.models import CalendarRow
from regions.refusals import NoCalendar
from students.traits import keep_before, now_of
from tests import factories as make

pytestmark = pytest.mark.django_db
TUE, WED, THU, FRI = (date(2026, 12, day) for day in (1, 2, 3, 4))
TUESDAY_AFTER = date(2026, 12, 8)
MONDAY = date(2026, 11, 30)


class World:
    def __init__(self) -> None:
        make.term()
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        self.other = make.pupil(self.of, "玉叫", listed_from=date(2026, 11, 1))
        self.office = make.user(Role.OFFICE, self.of.school)

    def asked(self, on: date = THU, place=None) -> CalendarRow:
        return make.calendar_row(
            DayKind.CLOSURE, on, place=place or self.of.school,
            state=RowState.PROPOSED, holds_day=True,
        )  # fmt: skip

    def judge(self, on: date, child=None) -> AbsenceAssessment:
        pk = (child or self.child).pk
        return assess([pk], on, make.place_rules())[pk]

    def out(self, *days: date) -> None:
        for day in days:
            make.take(self.of, day, self.office, **{self.child.uid: Mark.ABSENT})


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = TUESDAY_AFTER
    made = World()
    make.take(made.of, MONDAY, made.office)
    return made


def test_a_day_whose_closure_waits_is_neither_missed_nor_attended(world):
    world.out(TUE, WED)
    row = world.asked()
    said = world.judge(THU)
    assert said.verdict is Verdict.CANNOT_JUDGE
    assert (said.run.unexplained, said.run.held, said.run.not_taken) == ((TUE, WED), (THU,), ())
    row.state = RowState.ACTIVE
    row.save()
    said = world.judge(THU)
    assert (said.verdict, said.run.unexplained, said.run.held) == (Verdict.WATCH, (TUE, WED), ())


def test_a_refused_closure_leaves_a_day_without_a_register(world):
    world.out(TUE, WED)
    row = world.asked()
    CalendarRow.objects.filter(pk=row.pk).update(
        state=RowState.REFUSED, decided_by="x", decided_at=row.entered_at
    )
    said = world.judge(THU)
    assert (said.verdict, said.run.not_taken) == (Verdict.CANNOT_JUDGE, (THU,))


@pytest.mark.parametrize("mark", ["", Mark.ABSENT, Mark.LATE])
def test_a_register_taken_on_that_day_says_nothing_until_it_is_decided(world, mark):
    world.out(TUE, WED)
    make.take(world.of, THU, world.office, **({world.child.uid: mark} if mark else {}))
    row = world.asked()
    said = world.judge(THU)
    assert said.run.last_seen == MONDAY and said.run.held == (THU,)
    assert said.facts[THU].held and said.verdict is Verdict.CANNOT_JUDGE
    row.delete()
    assert world.judge(THU).run.held == ()


def test_the_class_owes_no_register_and_none_is_missing(world):
    world.asked()
    calendar = make.place_rules().calendar
    path = make.region("539901").path
    assert [state for _, state in sessions_on([path], THU, calendar)] == [Session.HELD]
    assert [state for _, state in sessions_on([path], FRI, calendar)] == [Session.IN]
    assert missing_registers(path, THU, make.place_rules()) == []


def test_one_class_alone_may_ask(world):
    beside = make.school_class(world.of.school, number=2)
    make.pupil(beside)
    world.asked(place=beside)
    calendar = make.place_rules().calendar
    assert calendar.is_held(beside.track(), THU) and not calendar.is_held(world.of.track(), THU)


def test_an_alert_keeps_its_proof_of_a_held_day(world):
    world.out(TUE, WED)
    world.asked()
    make.take(world.of, FRI, world.office, **{world.child.uid: Mark.ABSENT})
    flag_absences(FRI, make.region("539901"))
    alert = AbsenceAlert.objects.get()
    states = [line["state"] for line in alert.proof["days"]]
    assert states == ["seen", "unexplained", "unexplained", "held", "unexplained"]
    assert alert.unexplained == 3


def test_a_spring_nobody_entered_does_not_silence_the_autumn(world, settings):
    spring = make.school_class(make.school("5399010002"), 8)
    child = make.pupil(spring, began=date(2025, 9, 1), listed_from=date(2025, 9, 1))
    office = make.user(Role.OFFICE, spring.school)
    make.term(begins=date(2025, 9, 1), ends=date(2026, 1, 23))
    make.take(spring, MONDAY, office)
    spring.school.alerts_from = date(2025, 9, 1)
    spring.school.save()
    for day in (TUE, WED, THU):
        make.take(spring, day, office, **{child.uid: Mark.ABSENT})
    said = assess([child.pk], THU, make.place_rules())[child.pk]
    assert said.verdict is Verdict.ALERT and said.run.last_seen == MONDAY


def test_an_undecided_day_after_the_child_was_seen_blocks(world):
    world.out(TUE, WED)
    CalendarRow.objects.filter(kind="term").delete()
    make.term(ends=WED)
    make.term(begins=FRI + timedelta(days=90), ends=FRI + timedelta(days=120))
    said = assess([world.child.pk], FRI, make.place_rules())[world.child.pk]
    assert isinstance(said, NoCalendar)


class TestUndecidedAfterwards:
    """Friday is undecided: no term covers it, and none follows soon."""

    @pytest.fixture
    def undecided(self, world):
        def end(last: date) -> None:
            CalendarRow.objects.filter(kind="term").delete()
            make.term(ends=last)
            make.term(begins=FRI + timedelta(days=90), ends=FRI + timedelta(days=120))

        return end

    def test_three_known_days_alert_whatever_the_undecided_one_is(self, world, undecided):
        world.out(TUE, WED, THU)
        undecided(THU)
        flag_absences(FRI, make.region("539901"))
        alert = AbsenceAlert.objects.get()
        assert (alert.unexplained, alert.last, alert.state) == (3, THU, AlertState.OPEN)

    def test_two_known_days_wait_for_the_calendar(self, world, undecided):
        world.out(TUE, WED)
        undecided(WED)
        flag_absences(FRI, make.region("539901"))
        assert not AbsenceAlert.objects.exists()

    def test_a_register_that_shows_the_child_on_the_undecided_day_waits_too(self, world, undecided):
        world.out(TUE, WED, THU)
        make.take(world.of, FRI, world.office)
        undecided(THU)
        assert isinstance(world.judge(FRI), NoCalendar)

    def test_an_alert_that_stands_is_left_while_its_last_day_is_undecided(self, world, undecided):
        world.out(TUE, WED, THU)
        flag_absences(THU, make.region("539901"))
        undecided(WED)
        flag_absences(FRI, make.region("539901"))
        alert = AbsenceAlert.objects.get()
        assert (alert.unexplained, alert.state) == (3, AlertState.OPEN)


class TestTraits:
    """Fridays of December are the boarders' day off."""

    def board(self, world, value: bool, on: date) -> None:
        before = now_of(world.child)
        world.child.boarder = value
        world.child.save()
        keep_before(world.child, before, on=on)

    @pytest.fixture
    def out(self, world):
        make.calendar_row(
            DayKind.HOLIDAY, WED, place=make.region("539901"), boarders=True, reason="住校生放假"
        )
        world.out(TUE, WED, THU)
        flag_absences(THU, make.region("539901"))
        assert AbsenceAlert.objects.get().state == AlertState.OPEN
        return world

    def test_becoming_a_boarder_takes_back_no_alert(self, out):
        self.board(out, True, on=FRI)
        flag_absences(THU, make.region("539901"))
        alert = AbsenceAlert.objects.get()
        assert (alert.state, alert.unexplained) == (AlertState.OPEN, 3)

    def test_each_day_is_judged_by_what_the_child_was_then(self, out):
        self.board(out, True, on=THU)
        self.board(out, False, on=TUESDAY_AFTER)
        days = out.judge(TUESDAY_AFTER).run.unexplained
        assert days == (TUE, WED, THU)
        assert [p.boarder for p in roll(out.of, WED)] == [False, False]
        assert [p.boarder for p in roll(out.of, THU)] == [True, False]
        assert [p.boarder for p in roll(out.of, TUESDAY_AFTER)] == [False, False]

    def test_the_register_of_a_past_day_lists_who_had_school_then(self, out, client):
        out.child = out.other
        self.board(out, True, on=FRI)
        client.force_login(out.office)
        answer = client.get(f"/register/{out.of.pk}/{WED}/")
        assert out.other.uid in [row.uid for row in answer.context["page"].pupils]

    def test_told_again_on_the_same_day_the_days_before_keep_theirs(self, out):
        self.board(out, True, on=FRI)
        self.board(out, False, on=FRI)
        self.board(out, True, on=FRI)
        assert out.judge(FRI).run.unexplained == (TUE, WED, THU)

    def test_a_community_is_dated_alike(self, world):
        make.calendar_row(
            DayKind.HOLIDAY, WED, place=make.region("539901"), community="傣", reason="节日"
        )
        world.out(TUE, WED, THU)
        before = now_of(world.child)
        world.child.ethnicity = "25"
        world.child.save()
        keep_before(world.child, before, on=FRI)
        assert world.judge(THU).run.unexplained == (TUE, WED, THU)

    def test_a_class_of_who_were_boarders_then_had_no_school_then(self, world):
        make.calendar_row(
            DayKind.HOLIDAY, WED, place=make.region("539901"), boarders=True, reason="住校生放假"
        )
        of = make.school_class(world.of.school, number=2)
        world.child = make.pupil(of, "李小勇", boarder=True)
        self.board(world, False, on=FRI)
        calendar = make.place_rules().calendar
        states = {one.pk: state for one, state in sessions_on([of.path], WED, calendar)}
        assert states[of.pk] is Session.OUT
