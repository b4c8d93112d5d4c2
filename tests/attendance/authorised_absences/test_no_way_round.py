"""What a school might try so that a leave never reaches the bureau, or waits there for ever."""

import pytest

from attendance.authorised_absences import requests, samples
from attendance.authorised_absences.pending import pending_of
from cases.escalation.nightly import escalate
from cases.models import Escalation
from regions.refusals import Refused
from students.enums import AbsenceKind, AbsenceState, SampleResult
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.attendance.authorised_absences.test_requests import PROOF, World, dec, nov

pytestmark = pytest.mark.django_db
SICK, PERSONAL, OFFICIAL = AbsenceKind.SICK, AbsenceKind.PERSONAL, AbsenceKind.OFFICIAL
TREATMENT = AbsenceKind.TREATMENT


@pytest.fixture
def world(settings):
    return World(settings)


def test_more_proof_does_not_let_the_bureau_wait_anew(world):
    """补证明 over a request that waits with proof leaves its days as they are."""
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    world.today(dec(3))
    requests.add_proof(leave.pk, proof="第二张诊断证明", by=world.office, on=dec(3))
    assert world.waiting(dec(7)) == "等县批超过 5 个教学日，照常升级"


def test_withdrawn_and_asked_anew_it_waits_no_shorter(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    world.today(dec(3))
    requests.withdraw(leave.pk, by=world.office, on=dec(3), note="日期要改一天")
    world.grant(nov(30), dec(16), dec(3), proof=PROOF)
    assert world.waiting(dec(7)) == "等县批超过 5 个教学日，照常升级"


@pytest.mark.parametrize("proof", ["无", "没有证明", "口头说的", "待补证明"])
def test_what_names_no_proof_is_none(world, proof):
    with pytest.raises(Refused, match="看到了什么证明"):
        world.ask(nov(30), dec(4), nov(27), proof=proof)
    assert not AuthorisedAbsence.objects.exists()


def test_a_leave_taken_back_before_its_sample_is_still_looked_at(world):
    leave = world.grant(nov(30), dec(1), nov(27), proof=PROOF)
    requests.withdraw(leave.pk, by=world.office, on=nov(30), note="家长没有来过")
    marked = samples.mark_sample(
        leave.pk, result=SampleResult.FALSE, note="家长不知道", by=world.bureau, on=nov(30)
    )
    assert marked.sample_result == SampleResult.FALSE


@pytest.mark.parametrize(
    ("weekdays", "why"), [("12345", "每周 5 天，超过学校可准的每周 3 天"), ("135", "")]
)
def test_treatment_on_every_weekday_is_not_the_schools_alone(world, weekdays, why):
    plan = world.grant(nov(23), dec(31), nov(20), TREATMENT, weekdays=weekdays, proof=PROOF)
    assert (plan.state, plan.why_second) == ("passed" if why else "approved", why)


def test_two_plans_of_treatment_fill_one_week(world):
    world.grant(nov(23), dec(31), nov(20), TREATMENT, weekdays="135", proof=PROOF)
    other = world.grant(nov(23), dec(31), nov(20), TREATMENT, weekdays="24", proof=PROOF)
    assert other.why_second == "每周 5 天，超过学校可准的每周 3 天"


def test_a_plan_that_follows_another_is_the_schools(world):
    world.grant(nov(23), dec(6), nov(20), TREATMENT, weekdays="135", proof=PROOF)
    assert (
        world.grant(dec(7), dec(31), nov(20), TREATMENT, weekdays="24", proof=PROOF).why_second
        == ""
    )


def test_leave_asked_afterwards_in_pieces_counts_together(world):
    """Two days marked, leave for both, and again: no alert would ever rise."""
    world.seen(nov(13)), world.absent(nov(16), nov(17))
    first = world.grant(nov(16), nov(17), nov(17))
    world.absent(nov(18), nov(19))
    again = world.grant(nov(18), nov(19), nov(19), PERSONAL, proof=PROOF)
    assert (first.state, again.state) == ("approved", "passed")
    assert again.why_second == "补假：连同前后几份，涉及已登记未到 4 天"


def test_pieces_apart_and_leave_asked_before_are_the_schools(world):
    world.seen(nov(6)), world.absent(nov(9), nov(10))
    world.grant(nov(9), nov(10), nov(10))
    world.seen(nov(11), nov(12), nov(13)), world.absent(nov(16))
    assert world.grant(nov(16), nov(16), nov(16)).why_second == "", "seen on three days between"
    assert world.grant(nov(17), nov(18), nov(16), PERSONAL, proof=PROOF).why_second == ""
    world.absent(nov(17), nov(18))
    assert world.grant(nov(19), nov(20), nov(18), proof=PROOF).why_second == "", "asked before"


def test_kinds_put_side_by_side_are_one_chain(world):
    world.seen(nov(13))
    sick = world.grant(nov(16), nov(20), nov(16), SICK, proof=PROOF)
    personal = world.grant(nov(23), nov(27), nov(20), PERSONAL, proof=PROOF)
    official = world.grant(nov(30), dec(4), nov(27), OFFICIAL, proof=PROOF)
    assert (sick.why_second, personal.why_second) == ("", "")
    assert official.why_second == "连同前后各种请假，共 15 个教学日，超过学校可准的 10 天"


def test_short_leaves_of_several_kinds_need_proof_as_one_would(world):
    world.seen(nov(13)), world.grant(nov(16), nov(17), nov(16), SICK)
    assert world.grant(nov(18), nov(19), nov(17), PERSONAL).why_second == "没有证明"


def test_a_sick_day_beside_two_of_treatment_is_the_schools(world):
    world.grant(nov(2), dec(31), nov(2), TREATMENT, weekdays="13", proof=PROOF)
    assert world.grant(nov(24), nov(24), nov(24)).why_second == ""


BESIDE = "定期治疗连同其他请假，一周 {} 天，超过学校可准的每周 3 天"


def test_sick_days_beside_treatment_do_not_fill_the_week(world):
    world.grant(nov(23), dec(31), nov(20), TREATMENT, weekdays="123", proof=PROOF)
    assert world.grant(nov(26), nov(27), nov(20), proof=PROOF).why_second == BESIDE.format(5)


def test_treatment_beside_sick_days_does_not_either(world):
    world.grant(nov(26), nov(27), nov(20), proof=PROOF)
    plan = world.grant(nov(23), dec(31), nov(20), TREATMENT, weekdays="123", proof=PROOF)
    assert plan.why_second == BESIDE.format(5)


# ── the five days of 等县批 ───────────────────────────────────────────────────────────────────────

PAST, NO = "等县批超过 5 个教学日，照常升级", "县里不同意过，又报县，照常升级"


def missed(world, last: int, first: int = 3) -> None:
    if first == 3:
        world.seen(nov(2))
    for day in range(first, last + 1):
        if nov(day).isoweekday() < 6:
            world.absent(nov(day)), world.run(nov(day))


@pytest.mark.parametrize("end", ["withdrawn", "standing", "sent back", "refused by the school"])
def test_other_days_asked_for_while_unseen_wait_no_longer(world, end):
    """The first request over the run begins the five days, whatever became of it."""
    missed(world, 5)
    leave = world.grant(nov(3), nov(5), nov(5), proof=PROOF)
    missed(world, 11, first=6)
    if end == "withdrawn":
        requests.withdraw(leave.pk, by=world.office, on=nov(11), note="重填")
    elif end != "standing":
        requests.send_back(leave.pk, by=world.bureau, on=nov(11), note="证明没有盖章")
    if end == "refused by the school":
        requests.refuse(leave.pk, by=world.office, on=nov(11), note="重填")
    again = world.grant(nov(6), nov(18), nov(11), proof=PROOF)
    (one,) = (one for one in world.pending(nov(11)) if one.absence_id == again.pk)
    assert (one.days, one.holds) == (4, True), "what is left of the five days"
    (one,) = (one for one in world.pending(nov(13)) if one.absence_id == again.pk)
    assert (one.said, one.holds) == (PAST, False)


def test_sent_back_and_passed_again_it_waits_no_shorter(world):
    missed(world, 5)
    leave = world.grant(nov(3), nov(13), nov(5), proof=PROOF)
    world.today(nov(11))
    requests.send_back(leave.pk, by=world.bureau, on=nov(11), note="证明没有盖章")
    requests.pass_(leave.pk, by=world.office, on=nov(11))
    assert world.waiting(nov(13)) == PAST


@pytest.mark.parametrize("last", [nov(18), nov(19)])
def test_after_the_bureaus_no_nothing_over_the_run_is_held(world, last):
    missed(world, 5)
    leave = world.grant(nov(3), nov(18), nov(5), proof=PROOF)
    requests.refuse(leave.pk, by=world.bureau, on=nov(5), note="证明不实")
    world.grant(nov(3), last, nov(5), proof=PROOF)
    (one,) = world.pending(nov(5))
    assert (one.said, one.holds, one.who_is_late) == (NO, False, "县里不同意过，学校又报")


def test_the_schools_own_no_and_unproven_leave_begin_no_wait(world):
    missed(world, 5)
    asked = world.ask(nov(3), nov(5), nov(5), proof=PROOF)
    requests.refuse(asked.pk, by=world.office, on=nov(5), note="日期不对")
    bare = world.grant(nov(3), nov(5), nov(5))
    requests.withdraw(bare.pk, by=world.office, on=nov(5), note="没有证明")
    missed(world, 11, first=6), world.grant(nov(3), nov(18), nov(11), proof=PROOF)
    assert world.waiting(nov(13)) == "等县批 2 天"


def test_who_was_seen_between_waits_anew(world):
    missed(world, 5)
    leave = world.grant(nov(3), nov(5), nov(5), proof=PROOF)
    requests.refuse(leave.pk, by=world.bureau, on=nov(5), note="证明不实")
    world.seen(nov(6)), world.absent(nov(9), nov(10), nov(11)), world.run(nov(11))
    world.grant(nov(9), nov(18), nov(11), proof=PROOF)
    assert world.waiting(nov(13)) == "等县批 2 天"


def test_how_many_wait_changes_no_number_of_statements(world, django_assert_num_queries):
    missed(world, 5)
    for n in range(3):
        child = make.pupil(world.of, f"岩香{n}")
        AuthorisedAbsence.objects.create(
            student=child, path=world.of.path, kind=SICK, first=nov(3), last=nov(5), proof=PROOF,
            state=AbsenceState.PASSED, first_by=world.office, first_at=requests.now(),
        )  # fmt: skip
        rows = list(AuthorisedAbsence.objects.filter(state=AbsenceState.PASSED))
        rules = make.place_rules()
        pending_of(rows, nov(5), rules)
        with django_assert_num_queries(3):
            assert len(pending_of(rows, nov(5), rules)) == n + 1


def test_a_school_that_asks_anew_each_fifth_day_holds_no_alert_for_ever(world):
    county = make.region("539901")
    missed(world, 5)
    leave = world.grant(nov(3), nov(5), nov(5), proof=PROOF)
    for day in (6, 9, 10, 11, 12):
        missed(world, day, first=day), escalate(nov(day), county)
    assert not Escalation.objects.exists(), "five school days are the bureau's"
    requests.withdraw(leave.pk, by=world.office, on=nov(12), note="重填")
    world.grant(nov(6), nov(13), nov(12), proof=PROOF)
    missed(world, 13, first=13), escalate(nov(13), county)
    assert "学校已凭证明说明，县里没有批" in Escalation.objects.first().said
