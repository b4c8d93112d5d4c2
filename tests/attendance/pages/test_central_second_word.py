"""病假 that a county lets the 中心校 decide for the schools it leads: the policy page, lists and buttons."""

from datetime import date, time

import pytest
from django.urls import reverse

from accounts.enums import Role
from attendance.authorised_absences import requests
from attendance.authorised_absences.pending import pending_at
from attendance.authorised_absences.samples import drawn_of
from regions.clock import at
from regions.enums import SchoolKind
from regions.models import Policy
from students.enums import AbsenceKind, AbsenceState, SampleResult
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.attendance.pages.test_absence_pages import FAR, MON, PAGE, TODAY, Desk
from tests.attendance.pages.year_world import press

pytestmark = pytest.mark.django_db
SICK = AbsenceKind.SICK
PROOF = "县医院诊断证明"


class Township(Desk):
    """A 中心校 with pupils of its own, a primary school and a 教学点 it leads, and a middle school."""

    def __init__(self, client):
        super().__init__(client)
        self.middle = self.of
        primary = {"kind": SchoolKind.PRIMARY, "primary": 6, "junior": 0}
        self.head = make.school("5399010002", name="白水镇中心小学", **primary)
        self.led = make.school("5399010003", name="岩脚小学", led_by=self.head, **primary)
        self.central = make.user(Role.CENTRAL, self.head, name="普国")
        self.own, self.below = make.school_class(self.head, 3), make.school_class(self.led, 3)

    def at(self, school_class, name="玉叫") -> None:
        """The requests from now on are of a child of this class, its teacher and its office."""
        self.of, self.child = school_class, make.pupil(school_class, name)
        self.teacher = make.user(Role.TEACHER, school_class)
        self.office = make.user(Role.OFFICE, school_class.school, name="周丽华")

    def delegate(self) -> None:
        """The bureau sets the policy on its page: looks at what it does, then presses."""
        address = reverse("attendance:policy_change", args=["sick_leave_by"])
        source = {"since": TODAY.isoformat(), "source": "县教体〔2026〕9号"}
        assert press(self.bureau, address, value="中心校", **source).status_code == 200
        assert Policy.objects.get().value == "中心校"


@pytest.fixture
def town(client, settings):
    settings.KONGCHUO_TODAY = TODAY
    return Township(client)


def test_without_the_policy_it_is_the_bureaus_alone(town):
    town.at(town.below)
    leave = town.passed(proof=PROOF)
    assert "等县批" in town.see(town.central) and "批准所选" not in town.see(town.central)
    assert "由县教育体育局办理" in town.press(town.central, leave, "approve", status=403)
    town.press(town.bureau, leave, "approve")
    assert (leave.state, leave.by_central) == (AbsenceState.APPROVED, False)


def test_the_central_school_decides_sick_leave_of_a_school_it_leads(town):
    town.delegate()
    town.at(town.below)
    leave = town.ask(proof=PROOF)
    said = town.press(town.office, leave, "pass")
    assert "报中心校（白水镇中心小学）批准：12 个教学日" in said
    for reader in (town.office, town.bureau, town.central):
        assert "等中心校批" in town.see(reader)
    assert "为什么还要中心校（白水镇中心小学）批：" in town.see(town.central, f"{PAGE}{leave.pk}/")
    assert 'name="absences"' in town.see(town.central), "opened, it can be granted with others"
    assert 'name="absences"' not in town.see(town.bureau), "and is not what the bureau is asked for"
    town.press(town.central, leave, "approve")
    assert (leave.state, leave.second_by, leave.by_central) == ("approved", town.central, True)
    assert "中心校意见" in town.see(town.office, f"{PAGE}{leave.pk}/")


def test_it_grants_together_what_it_has_opened(town):
    town.delegate()
    town.at(town.below)
    leave = town.passed(proof=PROOF)
    town.see(town.central, f"{PAGE}{leave.pk}/")
    sent = {"absences": [leave.pk]}
    answer = town.client.post(f"{PAGE}grant/", sent, follow=True)
    assert "已办 1 份" in answer.content.decode()
    assert AuthorisedAbsence.objects.get().state == AbsenceState.APPROVED


@pytest.mark.parametrize("name", ["send-back", "turn-down", "withdraw"])
def test_it_sends_back_says_no_and_takes_back_what_it_granted(town, name):
    town.delegate()
    town.at(town.below)
    leave = town.passed(proof=PROOF)
    if name == "withdraw":
        town.press(town.central, leave, "approve")
        town.press(town.office, leave, name, status=409, note="办错了，重新办")
    town.press(town.central, leave, name, note="请补医院的病历")
    assert leave.state in ("asked", "refused", "withdrawn")


def test_never_of_its_own_pupils_of_a_middle_school_or_of_another_kind(town):
    town.delegate()
    for of, kind in ((town.own, SICK), (town.middle, SICK), (town.below, AbsenceKind.PERSONAL)):
        town.at(of)
        leave = requests.ask(
            town.child, kind=kind, first=MON, last=FAR if kind == SICK else date(2026, 11, 27),
            reason="家长来校请假", by=town.teacher, on=TODAY,
            proof=PROOF if kind == SICK else "",
        )  # fmt: skip
        requests.pass_(leave.pk, by=town.office, on=TODAY)
        status = 404 if of == town.middle else 403
        town.press(town.central, leave, "approve", status=status)
        assert leave.state == AbsenceState.PASSED


def test_the_same_proof_is_asked_for(town):
    town.delegate()
    town.at(town.below)
    leave = town.passed()
    said = town.press(town.central, leave, "approve", status=409)
    assert "缺证明材料（病历或诊断证明）" in said


def test_who_asked_is_not_his_own_second_word(town):
    town.delegate()
    town.at(town.below)
    make.seat(town.central, Role.OFFICE, town.led)
    leave = town.passed(proof=PROOF)
    town.press(town.central, leave, "approve", status=403)


def test_with_nobody_at_the_central_school_it_waits_for_the_bureau(town):
    town.delegate()
    town.central.seats.update(until=date(2026, 11, 18))
    town.at(town.below)
    leave = town.ask(proof=PROOF)
    assert "报县教育体育局批准" in town.press(town.office, leave, "pass")


def test_only_the_central_school_is_late(town, settings):
    town.delegate()
    town.at(town.below)
    make.take(town.below, TODAY, town.teacher)
    leave = requests.grant(
        town.child, kind=SICK, first=TODAY, last=date(2026, 12, 4), reason="骨折，家长来校请假",
        proof=PROOF, by=town.office, on=TODAY,
    )  # fmt: skip
    assert leave.state == AbsenceState.PASSED
    AuthorisedAbsence.objects.update(first_at=at(TODAY, time(9)))
    settings.KONGCHUO_TODAY = date(2026, 12, 1)
    county = make.region("539901")
    (one,) = pending_at(county.path, date(2026, 12, 1), make.place_rules())
    assert (one.decider, one.holds) == ("中心校", False)
    assert one.said == "等中心校批超过 5 个教学日，照常升级"
    assert one.who_is_late == "学校已凭证明说明，中心校没有批"
    shown = town.see(town.central)
    assert "已超期" in shown


def test_the_bureau_samples_it_and_a_false_one_sends_the_next_month_to_the_bureau(town, settings):
    town.delegate()
    town.at(town.below)
    leave = town.passed(proof=PROOF)
    town.press(town.central, leave, "approve")
    county = make.region("539901").path
    AuthorisedAbsence.objects.update(second_at=at(TODAY, time(9)))
    assert drawn_of(county, TODAY) == [leave.pk]
    settings.KONGCHUO_TODAY = date(2026, 11, 23)
    assert "玉叫" in town.see(town.bureau, f"{PAGE}?tab=sample")
    town.press(town.bureau, leave, "sample", result=SampleResult.FALSE, note="医院没有这份证明")
    AuthorisedAbsence.objects.update(sampled_at=at(date(2026, 11, 23), time(9)))
    other = make.school(
        "5399010004", kind=SchoolKind.TEACHING_POINT, primary=2, junior=0, led_by=town.head
    )
    for of in (town.below, make.school_class(other, 1)):
        town.at(of, "岩香")
        leave = requests.ask(
            town.child, kind=SICK, first=date(2026, 11, 30), last=date(2026, 12, 15),
            reason="家长来校请假", proof=PROOF, by=town.teacher, on=date(2026, 11, 23),
        )  # fmt: skip
        assert "报县教育体育局批准" in town.press(town.office, leave, "pass")
        town.press(town.central, leave, "approve", status=403)
    settings.KONGCHUO_TODAY = date(2026, 12, 24)
    town.press(town.central, leave, "approve")
