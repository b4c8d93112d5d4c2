"""4,000 random lives against an oracle written apart from the rule, and the rule broken on purpose."""

from datetime import date

import pytest
from django.db import transaction

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import User
from attendance import registers
from attendance.alerts import JOB
from attendance.enums import AlertState, Mark
from attendance.flagging import candidates_of, flag_absences
from attendance.models import AbsenceAlert, UnseenRun
from attendance.records import assess
from regions.enums import DayKind
from regions.models import School, SchoolClass
from students.enrolments import place
from students.enums import Began
from students.models import Student
from tests import factories as make
from tests.attendance.asked_days import known_about
from tests.attendance.histories import COUNTY, Life
from tests.attendance.oracle import Answer, answer
from tests.attendance.planted_faults import FAULTS, OF_DECISIONS

pytestmark = pytest.mark.django_db
# Twenty worlds; between them these seeds found every fault the rule and its job have had so far.
SEEDS, PER_ROOM, ROOMS = range(10, 30), 50, 4
FLAGGED = ("alert", "cannot_judge")


def expected(life: Life, on: date) -> dict[int, Answer]:
    """The oracle's answers, by the child's key in the database."""
    return {life.students[uid].pk: answer(uid, on, life.world) for uid in life.world.children}


def judged(life: Life, on: date) -> dict[int, Answer]:
    """The rule's answers over the database; a child on no roll has no days to show."""
    answers = assess([s.pk for s in life.students.values()], on, make.place_rules(COUNTY))
    return {
        pk: Answer(said.verdict, said.run.unexplained, said.run.not_taken, said.run.held)
        if said.on_roll
        else Answer(said.verdict)
        for pk, said in answers.items()
    }


def mismatches(life: Life, on: date, told: dict[int, Answer]) -> list[str]:
    found = judged(life, on)
    uids = {student.pk: uid for uid, student in life.students.items()}
    return [
        f"asked {on}: oracle {told[pk]}\n  rule {found.get(pk)}\n  {story(life, uids[pk])}"
        for pk in told
        if told[pk] != found.get(pk)
    ]


def story(life: Life, uid: str) -> str:
    """One child's life in a few lines, for the person who has to find out who is right."""
    child = life.world.children[uid]
    lines = [str(child)]
    for spell in child.spells:
        for on, versions in sorted(life.world.registers[spell.room].items()):
            if on in spell:
                told = [(v.tick, v.marks.get(uid, "")) for v in versions]
                lines.append(f"{spell.room} {on:%m-%d %a} {told}")
    return "\n  ".join(lines)


def run_job(on: date) -> dict:
    county = make.region(COUNTY)
    return run_claimed(
        JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True
    )


def check_job(life: Life, on: date, told: dict[int, Answer]) -> None:
    """Nobody the oracle names is passed over, and what the job keeps says what the oracle says."""
    named = {pk for pk, said in told.items() if said.verdict != "seen"}
    passed_over = named - set(candidates_of(make.region(COUNTY).path, on))
    uids = {student.pk: uid for uid, student in life.students.items()}
    assert not passed_over, "\n".join(f"{on} {story(life, uids[pk])}" for pk in passed_over)
    summary = run_job(on)
    verdicts = [said.verdict for said in told.values()]
    answered = known_about(told)
    assert (summary["flagged"], summary["cannot_judge"]) == tuple(map(verdicts.count, FLAGGED))
    due = {pk for pk, said in told.items() if said.verdict == "alert"} - answered
    kept = kept_by_alerts(told, due)
    assert {
        run.student_id: (run.verdict, run.unexplained, len(run.not_taken))
        for run in UnseenRun.objects.all()
    } == {
        pk: (said.verdict, len(said.unexplained), len(said.not_taken))
        for pk, said in told.items()
        if said.verdict != "seen"
    } | {pk: ("alert", counted, len(told[pk].not_taken)) for pk, counted in kept.items()}


def kept_by_alerts(told: dict[int, Answer], due: set[int]) -> dict[int, int]:
    """The children whose alert counts days that now wait for a closure, and how many days it counts:
    what waits takes nothing from an alert that stood. Each child of `due` has an alert over its days,
    and nobody else has."""
    standing = dict(
        AbsenceAlert.objects.filter(state=AlertState.OPEN).values_list("student_id", "unexplained")
    )
    assert due <= standing.keys()
    kept = {}
    for pk, counted in standing.items():
        more = counted - len(told[pk].unexplained)
        assert 0 <= more <= len(told[pk].held), (pk, counted, told[pk])
        assert pk in due or more, (pk, counted, told[pk])
        if more:
            kept[pk] = counted
    return kept


def test_the_worlds_below_hold_four_thousand_children():
    assert len(SEEDS) * PER_ROOM * ROOMS >= 4000


@pytest.mark.unmeasured
@pytest.mark.parametrize("seed", SEEDS)
def test_the_rule_and_the_job_say_what_the_oracle_says(seed, settings):
    life = Life(seed, settings, PER_ROOM)
    verdicts: set[str] = set()
    for on in life.days():
        if on in life.asked:
            told = expected(life, on)
            assert not (wrong := mismatches(life, on, told)), f"{len(wrong)}\n" + "\n".join(
                wrong[:5]
            )
            check_job(life, on, told)
            verdicts |= {said.verdict for said in told.values()}
    assert verdicts >= {"seen", "watch", "alert"}


@pytest.mark.unmeasured
def test_a_life_in_which_nothing_waits_is_caught(settings, monkeypatch):
    """The control: without a second person a sheet entered afterwards takes days from an alert."""
    monkeypatch.setattr(registers, "held_marks", lambda *told, **more: {})
    with pytest.raises(AssertionError):
        live(Life(12, settings, PER_ROOM))


def live(life: Life) -> None:
    for on in life.days():
        if on in life.asked:
            run_job(on)


# ── the rule broken on purpose: each fault must be seen ─────────────────────────────────────────


FAULT_SEEDS = (1, 3, 5, 8, 10)  # what is rare in one life happens in the other


def caught_in(life: Life, faults: set[str], monkeypatch) -> set[str]:
    """The faults that make the rule say something else than the oracle of this life."""
    asked = list(life.days())[7::4]
    told = {on: expected(life, on) for on in asked}
    assert not any(mismatches(life, on, told[on]) for on in asked)
    found = set()
    for name in faults:
        where, attribute, broken = FAULTS[name]
        with monkeypatch.context() as patch:
            patch.setattr(where, attribute, broken(getattr(where, attribute)))
            if any(mismatches(life, on, told[on]) for on in asked):
                found.add(name)
    return found


def test_twenty_faults_or_more_are_about_what_is_decided():
    assert len(OF_DECISIONS) >= 20


@pytest.mark.unmeasured
def test_every_fault_put_into_the_rule_is_caught(settings, monkeypatch):
    uncaught = set(FAULTS)
    for seed in FAULT_SEEDS:
        with transaction.atomic():
            uncaught -= caught_in(Life(seed, settings, per_room=40), uncaught, monkeypatch)
            transaction.set_rollback(True)
    assert uncaught == set()


# ── what the lives above have taught, one small case each ────────────────────────────────────────

MON, TUE, WED, THU, FRI = (date(2026, 11, day) for day in range(16, 21))


@pytest.fixture
def office():
    make.term()
    return make.user(Role.OFFICE, make.school())


def class_of(office: User, number: int = 1) -> SchoolClass:
    return make.school_class(School.objects.get(), number=number)


def test_a_boarder_unseen_before_a_day_without_boarders_is_not_passed_over(office, settings):
    settings.KONGCHUO_TODAY = FRI
    of = class_of(office)
    make.pupil(of)
    boarder = make.pupil(of, "玉叫", boarder=True)
    school = School.objects.get()
    make.calendar_row(DayKind.CLOSURE, FRI, place=school, boarders=True)
    for on in (TUE, WED, THU):
        make.take(of, on, office, **{boarder.uid: Mark.ABSENT})
    make.take(of, FRI, office)
    assert boarder.pk in candidates_of(make.region(COUNTY).path, FRI)


def test_a_late_register_does_not_list_a_newcomer_across_one_that_did_not_know_it(office, settings):
    settings.KONGCHUO_TODAY = MON
    of = class_of(office)
    make.pupil(of)
    settings.KONGCHUO_TODAY = TUE
    make.take(of, TUE, office)
    settings.KONGCHUO_TODAY = WED
    newcomer = Student.objects.create(name="娜妥")
    place(newcomer, of, began=MON, how=Began.TRANSFER_IN, by=office)
    make.take(of, MON, office)
    assert newcomer.enrolments.get().listed_from is None
    assert assess([newcomer.pk], WED, make.place_rules())[newcomer.pk].run.not_taken == (
        MON,
        TUE,
        WED,
    )


@pytest.mark.parametrize("order", [(MON, TUE), (TUE, MON)])
def test_registers_corrected_after_the_newcomer_came_speak_of_it_in_any_order(
    office, settings, order
):
    settings.KONGCHUO_TODAY = TUE
    of = class_of(office)
    make.pupil(of)
    make.take(of, MON, office), make.take(of, TUE, office)
    settings.KONGCHUO_TODAY = WED
    newcomer = Student.objects.create(name="娜妥")
    place(newcomer, of, began=MON, how=Began.TRANSFER_IN, by=office)
    make.take(of, WED, office)
    for on in order:
        make.take(of, on, office, reason="补记新生", version=1)
    assert newcomer.enrolments.get().listed_from == MON


@pytest.fixture
def moved(office, settings):
    """Marked absent by the old class on Tuesday; on Wednesday the move of Monday is entered."""
    settings.KONGCHUO_TODAY = TUE
    old, new = class_of(office), class_of(office, 2)
    child = make.pupil(old)
    make.pupil(new, "玉叫")
    make.take(old, TUE, office, **{child.uid: Mark.ABSENT})
    settings.KONGCHUO_TODAY = WED
    place(child, new, began=MON, how=Began.CLASS_CHANGE, by=office)
    return child, new


def test_the_new_class_may_mark_a_child_on_a_day_its_old_class_marked_it(moved, office):
    child, new = moved
    make.take(new, TUE, office, **{child.uid: Mark.SICK})
    assert child.absences.get().mark == Mark.SICK


def test_the_new_class_that_saw_the_child_is_believed_over_the_old_one(moved, office):
    child, new = moved
    make.take(new, TUE, office)
    assert assess([child.pk], TUE, make.place_rules())[child.pk].run.unexplained == ()


def test_two_runs_that_a_correction_joins_leave_one_open_alert(office, settings):
    settings.KONGCHUO_TODAY = MON
    of = class_of(office)
    child = make.pupil(of)
    make.pupil(of, "玉叫")
    days = make.weekdays(date(2026, 11, 24), 7)
    for on in days:
        settings.KONGCHUO_TODAY = on
        make.take(of, on, office, **({child.uid: Mark.ABSENT} if on != days[3] else {}))
        run_job(on)
    make.take(of, days[3], office, reason="误记", version=1, **{child.uid: Mark.ABSENT})
    standing = AbsenceAlert.objects.get(state=AlertState.OPEN)
    assert (standing.first, standing.unexplained) == (days[0], 7)


def test_a_child_unseen_before_a_day_that_was_closed_later_is_not_passed_over(office, settings):
    settings.KONGCHUO_TODAY = FRI
    of = class_of(office)
    child = make.pupil(of)
    for on in (TUE, WED, THU):
        make.take(of, on, office, **{child.uid: Mark.ABSENT})
    make.take(of, FRI, office)
    make.calendar_row(DayKind.CLOSURE, FRI, place=School.objects.get())
    assert child.pk in candidates_of(make.region(COUNTY).path, FRI)


def test_a_newcomer_is_not_passed_over_for_registers_that_did_not_know_it(office, settings):
    settings.KONGCHUO_TODAY = THU
    of = class_of(office)
    make.pupil(of)
    for on in (MON, WED, THU):
        make.take(of, on, office)
    settings.KONGCHUO_TODAY = FRI
    newcomer = Student.objects.create(name="娜妥")
    place(newcomer, of, began=TUE, how=Began.TRANSFER_IN, by=office)
    make.take(of, TUE, office, **{newcomer.uid: Mark.ABSENT})
    answer_now = assess([newcomer.pk], FRI, make.place_rules())[newcomer.pk]
    assert answer_now.verdict == "cannot_judge"
    assert newcomer.pk in candidates_of(make.region(COUNTY).path, FRI)
