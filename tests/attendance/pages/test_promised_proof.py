"""证明已补，请核: what the bureau approved without proof, and the proof that came in time."""

from datetime import date, time

import pytest

from accounts.enums import Role
from attendance.authorised_absences.lists import waiting_absences
from regions.clock import at
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.attendance.pages.test_absence_pages import PAGE, TODAY, Desk

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 25)
PROOF = "县医院诊断证明"


@pytest.fixture
def desk(client, settings):
    settings.KONGCHUO_TODAY = TODAY
    desk = Desk(client)
    desk.away = make.status(
        desk.child, AbsenceKind.SUSPENDED, date(2026, 10, 26), date(2027, 1, 22), by=desk.office
    )
    AuthorisedAbsence.objects.update(
        proof="", proof_due_on=DUE, second_by=desk.bureau, why_second="休学由县教育体育局批准",
        second_at=at(date(2026, 10, 26), time(9)),
    )  # fmt: skip
    return desk


def bring(desk) -> None:
    desk.press(desk.office, desk.away, "proof", proof=PROOF)
    AuthorisedAbsence.objects.update(proof_at=at(TODAY, time(9)))


def explains(day: date) -> bool:
    return AuthorisedAbsence.objects.explaining().on(day).exists()


def test_the_bureau_is_asked_to_look_and_confirms(desk):
    assert waiting_absences(desk.bureau, TODAY) == 0, "control"
    bring(desk)
    assert waiting_absences(desk.bureau, TODAY) == 1
    assert "证明已补，请核" in desk.see(desk.bureau) and "11月23日前" in desk.see(desk.bureau)
    assert "证明已补，等县核" in desk.see(desk.office)
    assert 'id="proof-seen"' not in desk.see(desk.office, f"{PAGE}{desk.away.pk}/")
    desk.press(desk.office, desk.away, "proof-seen", status=403)
    assert "已核，证明属实。" in desk.press(desk.bureau, desk.away, "proof-seen")
    assert (desk.away.state, desk.away.proof, desk.away.proof_at) == ("approved", PROOF, None)
    assert waiting_absences(desk.bureau, TODAY) == 0


def test_while_the_bureau_is_silent_only_the_bureau_is_late(desk, settings):
    bring(desk)
    settings.KONGCHUO_TODAY = date(2026, 12, 1)
    assert "已超期，应于 11月23日前" in desk.see(desk.bureau)
    assert explains(date(2026, 12, 1)), (
        "past the day it was due, and nothing held against the school"
    )


@pytest.mark.parametrize(("on", "due"), [(TODAY, date(2026, 11, 26)), (DUE, date(2026, 12, 2))])
def test_sent_back_it_is_due_again(desk, settings, on, due):
    bring(desk)
    settings.KONGCHUO_TODAY = on
    assert "不能为空" in desk.press(desk.bureau, desk.away, "proof-back", status=409, note="")
    desk.press(desk.bureau, desk.away, "proof-back", note="证明没有盖章")
    desk.away.refresh_from_db()
    assert (desk.away.proof, desk.away.proof_due_on) == ("", due)
    assert desk.away.state == AbsenceState.APPROVED and explains(due)
    assert not explains(date(2026, 12, 3))
    settings.KONGCHUO_TODAY = due
    shown = desk.see(desk.office)
    assert "待补证明" in shown and "退回：证明没有盖章" in shown
    desk.press(desk.office, desk.away, "proof", proof="盖了章的诊断证明")
    assert desk.away.proof_at is not None


def test_who_brought_it_does_not_look_at_it(desk):
    make.seat(desk.office, Role.BUREAU, make.region("539901"))
    bring(desk)
    said = desk.press(desk.office, desk.away, "proof-seen", status=409)
    assert "不能由本人做第二人" in said
