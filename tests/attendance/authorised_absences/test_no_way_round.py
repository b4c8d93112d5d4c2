"""What a school might try so that a leave never reaches the bureau, or waits there for ever."""

import pytest

from attendance.authorised_absences import requests, samples
from regions.refusals import Refused
from students.enums import SampleResult
from students.models import AuthorisedAbsence
from tests.attendance.authorised_absences.test_requests import PROOF, World, dec, nov

pytestmark = pytest.mark.django_db


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
