"""What a school might try so that a leave never reaches the bureau, or waits there for ever."""

import pytest

from attendance.authorised_absences import requests, samples
from regions.refusals import Refused
from students.enums import AbsenceKind, SampleResult
from students.models import AuthorisedAbsence
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
