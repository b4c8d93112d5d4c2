"""Marks over an alert, entered afterwards: they wait for another's word, and nothing moves before it."""

from datetime import date, datetime, time, timedelta

import pytest

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import Change
from attendance.alerts import JOB
from attendance.enums import AlertState, Mark, ProposalState
from attendance.flagging import flag_absences
from attendance.models import Absence, AbsenceAlert, ProposedMark, Register
from attendance.proposed_marks import deciding
from attendance.records import assess
from attendance.register_files import import_registers
from regions.clock import at
from regions.models import Policy
from regions.refusals import Refused
from students.enrolments import place
from students.enums import Began
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, 16) + timedelta(days=n) for n in range(5))
WORDS = "已问班主任和家长，当天在校"


class Class:
    """A child out on Monday, Tuesday and Thursday, alerted on Thursday; nobody took Wednesday."""

    def __init__(self, settings) -> None:
        make.term()
        Policy.objects.create(
            region=make.region("539901"), key="lock_hours", value="72", source="县",
            since=date(2026, 9, 1),
        )  # fmt: skip
        self.settings = settings
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        self.other = make.pupil(self.of, "玉叫", listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        for on in (MON, TUE, THU):
            self.out(on)
        self.judge(THU)

    def today(self, on: date) -> None:
        self.settings.KONGCHUO_TODAY = on

    def out(self, on: date, mark: Mark = Mark.ABSENT) -> Register:
        self.today(on)
        return make.take(self.of, on, self.teacher, **{self.child.uid: mark})

    def judge(self, on: date) -> None:
        self.today(on)
        county = make.region("539901")
        run_claimed(JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True)

    def late(self, on: date, *, by=None, version: int = 0, **marks: Mark) -> Register:
        """The sheet of `on`, a day after everything."""
        self.today(FRI)
        reason = "补记" if version else ""
        return make.take(self.of, on, by or self.teacher, reason=reason, version=version, **marks)

    @property
    def alert(self) -> AbsenceAlert:
        return AbsenceAlert.objects.get()

    @property
    def mark(self) -> str:
        cell = Absence.objects.filter(student=self.child, on=WED).first()
        return cell.mark if cell else ""

    def proposed(self) -> ProposedMark:
        return ProposedMark.objects.get(state=ProposalState.ASKED)

    def days(self) -> tuple[date, ...]:
        return assess([self.child.pk], THU, make.place_rules())[self.child.pk].run.unexplained

    def decide(self, by, words: str = WORDS, *, agreed: bool = True) -> ProposedMark:
        verb = deciding.confirm if agreed else deciding.turn_down
        return verb(self.proposed().pk, words=words, by=by, on=FRI, at=at(FRI, time(9)))


@pytest.fixture
def here(settings) -> Class:
    return Class(settings)


def test_a_late_sheet_counts_but_for_the_child_whose_alert_it_would_take_back(here):
    register = here.late(WED)
    assert (register.held, register.expected, register.present) == (1, 2, 1)
    assert (here.mark, here.days()) == (Mark.PENDING, (MON, TUE, THU))
    assert (here.alert.state, here.alert.unexplained) == (AlertState.OPEN, 3)
    assert here.proposed().wanted_label == "到校"


def test_confirmed_by_the_office_it_speaks_and_the_alert_follows(here):
    here.late(WED)
    done = here.decide(here.office)
    assert (done.state, here.mark) == (ProposalState.CONFIRMED, "")
    assert here.days() == (THU,)
    assert here.alert.state == AlertState.WITHDRAWN
    register = Register.objects.get(on=WED)
    assert (register.expected, register.present, register.version) == (2, 2, 2)
    told = Change.objects.get(verb="marks.confirmed")
    assert (told.note, told.before["mark"]) == (WORDS, Mark.PENDING)


def test_not_confirmed_the_child_was_out(here):
    here.late(WED)
    here.decide(here.office, agreed=False)
    assert here.days() == (MON, TUE, WED, THU)
    assert (here.alert.state, here.alert.unexplained) == (AlertState.OPEN, 4)
    assert Absence.objects.get(student=here.child, on=WED).note == "更正为到校，没有确认"


@pytest.mark.parametrize("mark", [Mark.SICK, Mark.PERSONAL, Mark.LATE, Mark.HALF_DAY])
def test_a_correction_over_the_alert_leaves_what_stood(here, mark):
    register = here.late(THU, version=1, **{here.child.uid: mark})
    assert (register.held, here.days()) == (1, (MON, TUE, THU))
    assert here.alert.state == AlertState.OPEN
    assert (here.proposed().was, here.proposed().wanted) == (Mark.ABSENT, mark)


def test_a_correction_that_takes_no_day_needs_nobody(here):
    assert here.late(WED, **{here.child.uid: Mark.SICK}).held == 0
    assert here.late(THU, version=1, **{here.child.uid: Mark.LOST}).held == 0
    assert not ProposedMark.objects.exists()


def test_other_children_of_the_sheet_are_corrected_at_once(here):
    here.late(THU, version=1, **{here.other.uid: Mark.ABSENT})
    assert set(Absence.objects.filter(on=THU).values_list("student", "mark")) == {
        (here.child.pk, Mark.ABSENT),
        (here.other.pk, Mark.ABSENT),
    }


def test_the_day_itself_needs_nobody(here):
    here.today(FRI)
    assert make.take(here.of, FRI, here.teacher).held == 0
    here.judge(FRI)
    assert here.alert.state == AlertState.RETURNED


def test_a_sheet_of_the_day_that_comes_after_the_check_needs_nobody(here):
    """The check of Friday ran before the class reported: the child is back, and that counts."""
    here.judge(FRI)
    assert here.alert.as_of == FRI
    assert make.take(here.of, FRI, here.teacher).held == 0
    here.judge(FRI)
    assert here.alert.state == AlertState.RETURNED


def test_the_day_itself_waits_once_the_night_has_judged_it(here):
    here.today(THU)
    register = make.take(here.of, THU, here.teacher, reason="记错了", version=1)
    assert (register.held, here.alert.state) == (1, AlertState.OPEN)


def test_who_entered_it_confirms_nothing(here):
    here.late(WED)
    with pytest.raises(Refused, match="教务处或校长"):
        here.decide(here.teacher)
    with pytest.raises(Refused, match="教务处或校长"):
        here.decide(here.bureau)


def test_what_the_office_enters_is_the_bureaus(here):
    here.late(WED, by=here.office)
    principal = make.user(Role.PRINCIPAL, here.of.school)
    for own in (here.office, principal):
        with pytest.raises(Refused, match="县教育体育局"):
            here.decide(own)
    assert here.decide(here.bureau).state == ProposalState.CONFIRMED


def test_leave_over_an_alert_is_the_bureaus_whoever_enters_it(here):
    here.late(THU, version=1, **{here.child.uid: Mark.SICK})
    with pytest.raises(Refused, match="县教育体育局"):
        here.decide(here.office)
    here.decide(here.bureau)
    assert here.days() == (MON, TUE)


def test_a_teacher_who_is_the_office_too_cannot_confirm_alone(here):
    make.seat(here.teacher, Role.OFFICE, here.of.school)
    here.late(WED)
    for alone in (here.teacher, here.office):
        with pytest.raises(Refused, match="县教育体育局"):
            here.decide(alone)


def test_a_seat_taken_up_afterwards_does_not_confirm_ones_own_word(here):
    here.late(WED)
    make.seat(here.teacher, Role.OFFICE, here.of.school)
    here.teacher.__dict__.pop("_reach", None)
    with pytest.raises(Refused, match="自己提交"):
        here.decide(here.teacher)


@pytest.mark.parametrize("words", ["", "x", "   是的   "])
def test_words_of_how_it_was_checked_are_due(here, words):
    here.late(WED)
    with pytest.raises(Refused, match="6 个字"):
        here.decide(here.office, words)
    assert here.proposed().state == ProposalState.ASKED


def test_decided_once(here):
    here.late(WED)
    pk = here.proposed().pk
    here.decide(here.office)
    with pytest.raises(Refused, match="已经办过"):
        deciding.turn_down(pk, words=WORDS, by=here.office, on=FRI, at=at(FRI, time(9)))


def test_the_same_sheet_again_waits_once(here):
    here.late(WED)
    first = here.proposed().pk
    here.late(WED, version=1, **{here.other.uid: Mark.LATE})
    assert here.proposed().pk == first


def test_another_mark_replaces_what_waited(here):
    here.late(THU, version=1, **{here.child.uid: Mark.SICK})
    here.late(THU, version=2)
    assert here.proposed().wanted == ""
    assert ProposedMark.objects.filter(state=ProposalState.REPLACED).count() == 1


def test_taken_back_by_the_teacher_it_waits_no_more(here):
    here.late(WED)
    here.late(WED, version=1, **{here.child.uid: Mark.ABSENT})
    assert ProposedMark.objects.get().state == ProposalState.REPLACED
    assert here.days() == (MON, TUE, WED, THU)


def test_a_sheet_that_leaves_the_cell_leaves_what_waits(here):
    here.late(THU, version=1, **{here.child.uid: Mark.LATE})
    here.late(THU, version=2, **{here.child.uid: Mark.ABSENT, here.other.uid: Mark.LATE})
    assert here.proposed().wanted == Mark.LATE


def test_step_by_step_no_day_is_taken(here):
    """Four days of 病假 count, three do not: marking one of four 未到 would excuse the rest."""
    for on in (MON, TUE, THU):
        here.late(on, by=here.office, version=1, **{here.child.uid: Mark.SICK})
    here.late(WED, **{here.child.uid: Mark.SICK})
    assert here.days() == (MON, TUE, THU)
    assert ProposedMark.objects.filter(state=ProposalState.ASKED).count() == 3


def test_a_file_is_no_way_round(here):
    here.today(FRI)
    text = f"学校标识码,班级,日期,学籍号,标记,说明\n{here.of.school.code},七(1)班,2026-11-18,,,\n"
    result = import_registers(text.encode(), "kq.csv", by=here.office, at=at(FRI, time(8)))
    assert result.applied and result.held == 1
    assert result.as_json()["held"] == 1
    assert (here.mark, here.alert.state) == (Mark.PENDING, AlertState.OPEN)


def test_a_move_dated_back_is_no_way_round(here):
    here.today(FRI)
    new = make.school_class(here.of.school, number=2)
    make.pupil(new, "岩香")
    place(here.child, new, began=MON, how=Began.CLASS_CHANGE, by=here.office)
    for on in (MON, TUE, WED, THU):
        make.take(new, on, here.office)
    assert here.days() == (MON, TUE, THU)
    assert here.alert.state == AlertState.OPEN
    assert ProposedMark.objects.filter(state=ProposalState.ASKED).count() == 4


def test_the_class_beside_keeps_a_correct_number_of_children_present(here):
    """未到 on Thursday, corrected to 迟到 and confirmed: present grows by one."""
    here.late(THU, version=1, **{here.child.uid: Mark.LATE})
    assert Register.objects.get(on=THU).present == 1
    here.decide(here.office)
    assert Register.objects.get(on=THU).present == 2


def test_the_night_takes_nothing_for_granted(here):
    here.late(WED)
    here.judge(FRI)
    assert (here.alert.state, here.alert.unexplained) == (AlertState.OPEN, 3)


def test_decided_before_the_day_is_judged_the_night_follows(here):
    """Friday is past and was not judged: nobody's alert moves before the night's work."""
    here.today(FRI + timedelta(days=3))
    register = make.take(here.of, FRI, here.teacher)
    assert (register.held, here.alert.state) == (1, AlertState.OPEN)
    done = deciding.confirm(
        here.proposed().pk, words=WORDS, by=here.office, on=FRI + timedelta(days=3),
        at=datetime.combine(FRI + timedelta(days=3), time(9)).astimezone(),
    )  # fmt: skip
    assert done.state == ProposalState.CONFIRMED and here.alert.state == AlertState.OPEN
    here.judge(FRI + timedelta(days=3))
    assert here.alert.state == AlertState.RETURNED
