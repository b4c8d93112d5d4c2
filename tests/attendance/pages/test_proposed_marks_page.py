"""The page 考勤更正: what waits, what confirming it would change, and the words that are kept."""

from datetime import date, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.job_runs import run_claimed
from attendance.alerts import JOB
from attendance.enums import AlertState, Mark, ProposalState
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert, ProposedMark
from tests import factories as make

pytestmark = pytest.mark.django_db
MON, TUE, WED, THU, FRI = (date(2026, 11, 16) + timedelta(days=n) for n in range(5))
PAGE = "/marks/"
WORDS = "已问班主任和家长，当天在校"


class Desk:
    """岩香 out on three days and alerted; on Friday the teacher enters the sheet of Wednesday."""

    def __init__(self, settings) -> None:
        settings.KONGCHUO_TODAY = FRI
        make.term()
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of, listed_from=date(2026, 11, 1))
        make.pupil(self.of, "玉叫", listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school)
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        for on in (MON, TUE, THU):
            make.take(self.of, on, self.teacher, **{self.child.uid: Mark.ABSENT})
        county = make.region("539901")
        run_claimed(JOB, county.path, THU, lambda held: flag_absences(THU, county, held))
        self.client = Client()

    def save(self, by, on: date = WED):
        self.client.force_login(by)
        sent = {"version": "0", "client_key": "7a3c1ba0-52a1-4b6f-9d9c-0a3b6b8f2d11", "reason": ""}
        url = reverse("attendance:register", args=[self.of.pk, on.isoformat()])
        return self.client.post(url, sent, follow=True).content.decode()

    def see(self, who, url: str = PAGE) -> str:
        self.client.force_login(who)
        return self.client.get(url).content.decode()

    def decide(self, who, words: str, answer: str = "yes"):
        self.client.force_login(who)
        url = reverse("attendance:decide_mark", args=[ProposedMark.objects.get().pk])
        return self.client.post(url, {"words": words, "answer": answer}, follow=True)


@pytest.fixture
def desk(settings) -> Desk:
    return Desk(settings)


def test_the_teacher_is_told_and_sees_it_on_the_sheet(desk):
    assert "有 1 名学生的这一处会改变预警，等教务处或县里确认，确认前不算" in desk.save(
        desk.teacher
    )
    sheet = desk.see(desk.teacher, reverse("attendance:register", args=[desk.of.pk, f"{WED}"]))
    assert "“到校”待确认，确认前不算" in sheet


def test_the_office_is_called_to_it_and_confirms(desk):
    desk.save(desk.teacher)
    assert "1 处会改变预警，等你确认" in desk.see(desk.office, reverse("attendance:alerts"))
    page = desk.see(desk.office)
    assert "岩香" in page and "未到从 3 天变为 1 天，预警撤回" in page
    assert "这一天还没有记到他" in page and "不确认：记为未到" in page
    answer = desk.decide(desk.office, WORDS)
    assert "已确认：岩香 11月18日记为到校，预警已重算" in answer.content.decode()
    assert AbsenceAlert.objects.get().state == AlertState.WITHDRAWN
    assert "没有等确认的考勤更正" in desk.see(desk.office) and WORDS in desk.see(desk.office)


def test_too_few_words_are_kept_and_nothing_is_done(desk):
    desk.save(desk.teacher)
    answer = desk.decide(desk.office, "是的")
    body = answer.content.decode()
    assert answer.status_code == 409 and 'value="是的"' in body and "至少 6 个字" in body
    assert ProposedMark.objects.get().state == ProposalState.ASKED


def test_not_confirmed_the_sheet_says_so(desk):
    desk.save(desk.teacher)
    answer = desk.decide(desk.office, "当天班主任也没有看见", answer="no")
    assert "没有确认：岩香 11月18日仍算未到，登记表上注明没有确认" in answer.content.decode()
    sheet = desk.see(desk.teacher, reverse("attendance:register", args=[desk.of.pk, f"{WED}"]))
    assert "更正为到校，没有确认" in sheet


def test_what_the_office_entered_waits_for_the_bureau(desk):
    desk.save(desk.office)
    assert "这一处更正由县教育体育局确认" in desk.see(desk.office)
    assert "怎么核实的" not in desk.see(desk.office) and "怎么核实的" in desk.see(desk.bureau)
    assert "等你确认" not in desk.see(desk.office, reverse("attendance:alerts"))


def test_a_neighbour_finds_nothing(desk):
    desk.save(desk.teacher)
    other = make.user(Role.OFFICE, make.school("5399010002"))
    assert "岩香" not in desk.see(other) and desk.decide(other, WORDS).status_code == 404
