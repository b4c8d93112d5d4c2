"""同意 says beforehand what it does: enough, or on to the bureau and why; and does just that."""

from datetime import date

import pytest
from django.urls import reverse

from students.enums import AbsenceState
from students.models import AuthorisedAbsence
from tests.attendance.pages.test_absence_pages import FAR, MON, TODAY, Desk

pytestmark = pytest.mark.django_db
ENOUGH = "同意后即为已批准，不用再报。"
ON_TO = "学校同意后还要报县教育体育局批准："


@pytest.fixture
def desk(client, settings):
    settings.KONGCHUO_TODAY = TODAY
    return Desk(client)


def shown(desk, absence) -> str:
    return desk.see(desk.office, reverse("attendance:absence", args=[absence.pk]))


@pytest.mark.parametrize(
    ("last", "proof", "why"),
    [
        (MON, "", ""),
        (date(2026, 11, 26), "", "没有证明"),
        (date(2026, 11, 26), "县医院诊断证明", ""),
        (FAR, "县医院诊断证明", "12 个教学日，超过学校可准的 10 天"),
    ],
)
def test_the_page_says_it_and_the_button_does_it(desk, last, proof, why):
    absence = desk.ask(last=last, proof=proof)
    said = shown(desk, absence)
    if why:
        assert f"{ON_TO}{why}。" in said and "同意，报县批准" in said and ENOUGH not in said
    else:
        assert ENOUGH in said and ON_TO not in said and "同意，报县批准" not in said
    desk.press(desk.office, absence, "pass")
    assert absence.why_second == why
    assert absence.state == (AbsenceState.PASSED if why else AbsenceState.APPROVED)


def test_what_waits_meanwhile_is_said(desk):
    assert "5 个教学日内不升级" in shown(desk, desk.ask(proof="县医院诊断证明"))
    AuthorisedAbsence.objects.all().delete()
    assert "批准前照常升级，可以先补证明" in shown(desk, desk.ask(last=date(2026, 11, 26)))


def test_who_only_reads_is_told_nothing_of_a_button(desk):
    absence = desk.ask()
    assert ON_TO not in desk.see(desk.bureau, reverse("attendance:absence", args=[absence.pk]))


class TestAtTheOffice:
    """登记准假 asks and agrees in one press: it stops where the press would go on to the bureau."""

    def fill(self, desk, **more):
        desk.client.force_login(desk.office)
        sent = {"kind": "sick", "first": MON, "last": FAR, "reason": "骨折，家长来校请假"} | more
        return desk.client.post(reverse("attendance:ask_leave", args=[desk.child.uid]), sent)

    def test_it_is_said_first_and_done_on_the_second_press(self, desk):
        answer = self.fill(desk)
        why = "12 个教学日，超过学校可准的 10 天；没有证明"
        assert answer.status_code == 200 and f"{ON_TO}{why}。" in answer.text
        assert "登记并报县批准" in answer.text and not AuthorisedAbsence.objects.exists()
        assert self.fill(desk, to_bureau=why).status_code == 302
        made = AuthorisedAbsence.objects.get()
        assert (made.state, made.why_second) == (AbsenceState.PASSED, why)

    def test_another_reason_than_the_one_that_was_read_is_said_again(self, desk):
        answer = self.fill(desk, to_bureau="没有证明")
        assert "12 个教学日" in answer.text and not AuthorisedAbsence.objects.exists()

    def test_what_the_school_may_grant_takes_one_press(self, desk):
        assert self.fill(desk, last=MON).status_code == 302
        assert AuthorisedAbsence.objects.get().state == AbsenceState.APPROVED

    def test_a_teacher_only_asks(self, desk):
        desk.client.force_login(desk.teacher)
        sent = {"kind": "sick", "first": MON, "last": FAR, "reason": "骨折，家长来校请假"}
        address = reverse("attendance:ask_leave", args=[desk.child.uid])
        assert desk.client.post(address, sent).status_code == 302
        assert AuthorisedAbsence.objects.get().state == AbsenceState.ASKED


def test_the_list_of_the_school_s_day_leads_to_what_would_happen(desk):
    absence = desk.ask()
    said = desk.see(
        desk.office, reverse("attendance:school", args=[desk.of.school.code, str(TODAY)])
    )
    assert reverse("attendance:absence", args=[absence.pk]) in said and "准假</button>" not in said
