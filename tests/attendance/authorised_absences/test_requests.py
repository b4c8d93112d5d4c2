"""The one door: asked, agreed to, approved; who may say which word, and what each does to an alert."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from accounts.job_runs import run_claimed
from accounts.models import Change
from attendance import handling
from attendance.alerts import JOB
from attendance.authorised_absences import requests, samples
from attendance.authorised_absences.lawful_exits import enter_exit
from attendance.authorised_absences.pending import Pending, pending_at, waiting_words
from attendance.enums import AlertState, Mark, Verdict
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from attendance.records import assess
from cases.escalation.nightly import escalate
from cases.models import Case, Escalation
from regions.clock import now
from regions.refusals import Refused
from students.enums import AbsenceKind, AbsenceState, SampleResult
from students.models import AuthorisedAbsence
from tests import factories as make

pytestmark = pytest.mark.django_db
SICK, PERSONAL = AbsenceKind.SICK, AbsenceKind.PERSONAL
PROOF = "县医院诊断证明"


def nov(day: int) -> date:
    return date(2026, 11, day)


def dec(day: int) -> date:
    return date(2026, 12, day)


class World:
    def __init__(self, settings):
        self.settings = settings
        self.today(date(2026, 9, 1))
        make.term()
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of)
        make.pupil(self.of, "玉叫")
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school, name="周丽华")
        self.bureau = make.user(Role.BUREAU, make.region("539901"), name="段文彬")

    def today(self, day: date) -> date:
        self.settings.KONGCHUO_TODAY = day
        return day

    def absent(self, *days: date) -> None:
        for day in days:
            self.today(max(day, self.settings.KONGCHUO_TODAY))
            make.take(self.of, day, self.teacher, **{self.child.uid: Mark.ABSENT})

    def seen(self, *days: date) -> None:
        for day in days:
            self.today(max(day, self.settings.KONGCHUO_TODAY))
            make.take(self.of, day, self.teacher)

    def ask(self, first: date, last: date, on: date, kind=SICK, **more) -> AuthorisedAbsence:
        return requests.ask(
            self.child, kind=kind, first=first, last=last, reason="家长来校请假", by=self.teacher,
            on=self.today(on), **more,
        )  # fmt: skip

    def grant(self, first: date, last: date, on: date, kind=SICK, **more) -> AuthorisedAbsence:
        asked = self.ask(first, last, on, kind, **more)
        return requests.pass_(asked.pk, by=self.office, on=on)

    def verdict(self, on: date) -> Verdict:
        return assess([self.child.pk], on, make.place_rules())[self.child.pk].verdict

    def run(self, on: date) -> None:
        county = make.region("539901")
        run_claimed(JOB, county.path, on, lambda held: flag_absences(on, county, held), again=True)

    def pending(self, on: date) -> list[Pending]:
        return pending_at(make.region("539901").path, on, make.place_rules())

    def waiting(self, on: date) -> str:
        return self.pending(on)[0].said


@pytest.fixture
def world(settings):
    return World(settings)


def test_a_short_leave_is_the_schools_alone(world):
    leave = world.grant(nov(23), nov(25), nov(20))
    assert (leave.state, leave.why_second, leave.first_by) == ("approved", "", world.office)
    verbs = Change.objects.filter(kind="student").values_list("verb", flat=True)
    assert list(verbs) == ["absences.ask", "absences.approve"]


def test_row_11_a_long_illness_waits_for_the_bureau_and_holds_five_school_days(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    assert (leave.state, leave.second_by) == ("passed", None)
    assert world.waiting(nov(30)) == "等县批 1 天"
    assert world.waiting(dec(4)) == "等县批 5 天"
    assert world.waiting(dec(7)) == "等县批超过 5 个教学日，照常升级"
    assert pending_at(world.of.path, nov(27), make.place_rules())[0].due_on == dec(1)
    world.seen(nov(27)), world.today(dec(2)), world.absent(nov(30), dec(1), dec(2))
    assert world.verdict(dec(2)) is Verdict.ALERT, "asked explains nothing"
    requests.approve(leave.pk, by=world.bureau, on=dec(2))
    assert world.verdict(dec(2)) is Verdict.SEEN


def test_row_11_an_alert_that_waits_rises_on_the_sixth_day_and_not_before(world):
    county = make.region("539901")
    world.seen(nov(27)), world.absent(nov(30), dec(1), dec(2))
    world.run(dec(2))
    alert = AbsenceAlert.objects.get()
    handling.explain(
        alert.pk, kind=SICK, until=dec(15), proof=PROOF, by=world.office, on=dec(2),
        version=alert.version,
    )  # fmt: skip
    assert waiting_words([alert], dec(3)) == {world.child.pk: "等县批 1 天"}
    for day in (3, 4, 7, 8, 9):
        world.today(dec(day)), world.absent(dec(day)), escalate(dec(day), county)
    assert not Escalation.objects.exists() and not Case.objects.exists()
    world.today(dec(10)), world.absent(dec(10)), escalate(dec(10), county)
    assert "学校已凭证明说明，县里没有批" in Escalation.objects.first().said
    assert Case.objects.count() == 1, "suspected long ago: nothing holds it any more"


def test_row_12_and_13_what_hangs_together_is_one_span(world):
    world.grant(nov(2), nov(13), nov(2), proof=PROOF)
    world.today(nov(20)), world.seen(nov(16), nov(17))
    chained = world.grant(nov(18), nov(20), nov(20))
    assert chained.why_second.startswith("连同前后一段，共 13 个教学日")
    requests.withdraw(chained.pk, by=world.bureau, on=nov(20))
    world.seen(nov(18))
    apart = world.grant(nov(19), nov(20), nov(20))
    assert (apart.state, apart.why_second) == ("approved", "")


def test_row_14_leave_over_an_alert_holds_only_with_proof_and_explains_it(world):
    world.seen(nov(20)), world.today(nov(27))
    world.absent(*(nov(day) for day in range(23, 28)))
    world.run(nov(27))
    leave = world.grant(nov(23), nov(27), nov(27), PERSONAL)
    assert leave.why_second == "补假：涉及已登记未到 5 天，预警没有办结；没有证明"
    assert leave.after_mark and world.waiting(nov(30)) == "已报县，没有证明，照常升级"
    with pytest.raises(Refused, match="缺证明材料（家长申请或村委会证明）"):
        requests.approve(leave.pk, by=world.bureau, on=nov(27))
    requests.add_proof(leave.pk, proof="村委会证明", by=world.office, on=nov(27))
    assert world.waiting(nov(30)) == "等县批 1 天"
    assert AbsenceAlert.objects.get().state == AlertState.OPEN
    requests.approve(leave.pk, by=world.bureau, on=nov(27))
    alert = AbsenceAlert.objects.get()
    assert (alert.state, alert.reason) == (AlertState.EXPLAINED, "村委会证明")


def test_an_alert_explained_around_granted_days_is_explained_as_a_whole(world):
    world.seen(nov(16)), world.grant(nov(18), nov(18), nov(17))
    world.today(nov(20)), world.absent(nov(17), nov(18), nov(19), nov(20))
    world.run(nov(20))
    alert = AbsenceAlert.objects.get()
    handling.explain(
        alert.pk, kind=SICK, until=nov(20), proof=PROOF, by=world.office, on=nov(20),
        version=alert.version,
    )  # fmt: skip
    spans = AuthorisedAbsence.objects.filter(state="passed").values_list("first", "last")
    assert set(spans) == {(nov(17), nov(17)), (nov(19), nov(20))}
    make.second_words(nov(20), world.bureau)
    assert AbsenceAlert.objects.get().state == AlertState.EXPLAINED


def test_row_15_a_second_long_leave_is_refused(world):
    world.of.enrolments.update(began=date(2026, 3, 1))
    first = make.status(world.child, AbsenceKind.LONG_LEAVE, date(2026, 9, 18), nov(16))
    assert (first.last - first.first).days + 1 == 60
    world.today(nov(19)), world.seen(nov(17), nov(18))
    with pytest.raises(Refused, match="共 120 天，超过 90 天。请办理休学"):
        requests.ask(
            world.child, kind=AbsenceKind.LONG_LEAVE, first=nov(19), last=date(2027, 1, 17),
            reason="还要在家休养", proof=PROOF, by=world.office, on=nov(19),
        )  # fmt: skip


def test_row_16_a_townships_suspension_explains_and_waits_for_the_bureau(world):
    officer = make.user(Role.TOWNSHIP, make.region("539901001"))
    world.today(nov(20))
    away = enter_exit(
        world.child, AbsenceKind.SUSPENDED, first=nov(20), last=dec(31), proof=PROOF, cause="休学",
        approver="白水镇", sensitive=True, by_township=True, by=officer, on=nov(20),
    )  # fmt: skip
    assert (away.state, away.by_township) == ("passed", True)
    world.today(nov(25)), world.absent(nov(23), nov(24), nov(25))
    assert world.verdict(nov(25)) is Verdict.SEEN
    assert not AuthorisedAbsence.objects.approved().exists(), "the rates do not count it yet"
    with pytest.raises(Refused, match="请批准或不同意"):
        requests.send_back(away.pk, by=world.bureau, on=nov(25))
    requests.refuse(away.pk, by=world.bureau, on=nov(25), note="证明是别人的")
    assert world.verdict(nov(25)) is Verdict.ALERT
    with pytest.raises(Refused, match="由学校教务或校长提出"):
        requests.ask(
            world.child, kind=AbsenceKind.STUDY_ELSEWHERE, first=nov(25), last=dec(31),
            reason="随父母在昆明就读", proof="在读证明", by=officer, on=nov(25),
        )  # fmt: skip


def test_row_17_days_after_a_suspension_count_again(world):
    make.status(world.child, AbsenceKind.SUSPENDED, nov(2), dec(4))
    world.today(dec(9)), world.absent(dec(7), dec(8), dec(9))
    world.run(dec(9))
    alert = AbsenceAlert.objects.get()
    assert (alert.opened_on, alert.first, alert.unexplained) == (dec(9), dec(7), 3)


def test_row_27_a_school_that_grants_much_afterwards_goes_to_the_bureau(world):
    other = make.school_class(make.school("5399010002"))
    for of, granted, late in ((world.of, 44, 8), (other, 712, 23)):
        child = make.pupil(of, "普文昌")
        AuthorisedAbsence.objects.bulk_create(
            AuthorisedAbsence(
                student=child, path=of.path, kind=SICK, first=nov(2), last=nov(2), first_by=world.office,
                state=AbsenceState.APPROVED, after_mark=n < late,
            )
            for n in range(granted)
        )  # fmt: skip
    leave = world.grant(nov(23), nov(26), nov(20), proof=PROOF)
    assert (leave.state, leave.why_second) == ("passed", "学校本学期补假率超过全县两倍")


def test_row_29_one_plan_of_treatment_is_the_schools_for_the_term(world):
    plan = world.grant(
        date(2026, 10, 5), date(2027, 1, 8), date(2026, 10, 2), AbsenceKind.TREATMENT,
        weekdays="135", proof="县医院透析计划",
    )  # fmt: skip
    assert (plan.state, plan.why_second) == ("approved", "")
    world.today(nov(25)), world.seen(nov(20))
    world.absent(nov(23), nov(24), nov(25))
    run = assess([world.child.pk], nov(25), make.place_rules())[world.child.pk].run
    assert (run.unexplained, run.explained) == ((nov(24),), (nov(23), nov(25)))
    assert AuthorisedAbsence.objects.on(nov(24)).count() == 0
    world.grant(nov(24), nov(24), nov(25))  # a day between is free


def test_row_30_who_reset_the_password_of_the_asker_is_no_second_word(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    Change.objects.create(
        verb="users.reset_password", kind="user", uid=world.teacher.username, by=world.bureau,
        happened_from=nov(17), happened_to=nov(17),
    )  # fmt: skip
    with pytest.raises(Refused, match="重置过杨雪梅的密码"):
        requests.approve(leave.pk, by=world.bureau, on=nov(27))
    assert requests.approve(leave.pk, by=world.bureau, on=dec(18)).state == "approved"


def test_who_gave_the_seat_is_no_second_word(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    Change.objects.create(
        verb="seats.grant", kind="user", uid=world.office.username, by=world.bureau,
        happened_from=date(2020, 1, 1), happened_to=date(2020, 1, 1),
    )  # fmt: skip
    with pytest.raises(Refused, match="办过周丽华的账号或任职"):
        requests.approve(leave.pk, by=world.bureau, on=nov(27))


def test_one_person_with_two_seats_is_not_two_words(world):
    make.seat(world.bureau, Role.OFFICE, world.of.school)
    asked = world.ask(nov(30), dec(15), nov(27), proof=PROOF)
    requests.pass_(asked.pk, by=world.bureau, on=nov(27))
    with pytest.raises(Refused, match="不能由本人做第二人"):
        requests.approve(asked.pk, by=world.bureau, on=nov(27))


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE, Role.CENTRAL, Role.COUNTY_OFFICE])
def test_only_the_bureau_has_the_second_word(world, role):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    unit = {Role.TEACHER: world.of, Role.COUNTY_OFFICE: make.region("539901")}
    other = make.user(role, unit.get(role, world.of.school))
    for verb in (requests.approve, requests.send_back):
        with pytest.raises(Refused, match="由县教育体育局办理"):
            verb(leave.pk, by=other, on=nov(27))


def test_sent_back_it_waits_for_the_school_again(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    sent = requests.send_back(leave.pk, by=world.bureau, on=nov(30), note="证明没有盖章")
    assert (sent.state, sent.first_by, sent.answer) == ("asked", None, "证明没有盖章")
    again = requests.pass_(sent.pk, by=world.office, on=nov(30), proof="盖章的诊断证明")
    assert (again.state, again.proof) == ("passed", "盖章的诊断证明")


def test_what_is_withdrawn_was_never_and_what_ends_early_counts_again(world):
    world.seen(nov(16)), world.grant(nov(17), nov(19), nov(17))
    world.today(nov(20)), world.absent(*(nov(day) for day in range(17, 20)))
    assert world.verdict(nov(19)) is Verdict.SEEN
    leave = AuthorisedAbsence.objects.get()
    ended = requests.end_early(leave.pk, last=nov(18), by=world.office, on=nov(19))
    assert ended.last == nov(18) and world.verdict(nov(19)) is Verdict.WATCH
    requests.withdraw(leave.pk, by=world.office, on=nov(19), note="家长没有来过")
    assert world.verdict(nov(19)) is Verdict.ALERT
    with pytest.raises(Refused, match="不能再改"):
        requests.withdraw(leave.pk, by=world.office, on=nov(19))


def test_what_the_bureau_approved_only_the_bureau_withdraws(world):
    leave = world.grant(nov(30), dec(15), nov(27), proof=PROOF)
    requests.approve(leave.pk, by=world.bureau, on=nov(27))
    with pytest.raises(Refused, match="由县教育体育局办理"):
        requests.withdraw(leave.pk, by=world.office, on=nov(27))
    assert requests.withdraw(leave.pk, by=world.bureau, on=nov(27)).state == "withdrawn"


def test_a_teacher_takes_back_what_nobody_decided(world):
    asked = world.ask(nov(23), nov(23), nov(20))
    assert requests.withdraw(asked.pk, by=world.teacher, on=nov(20)).state == "withdrawn"
    granted = world.grant(nov(24), nov(24), nov(20))
    with pytest.raises(Refused, match="学校教务、校长"):
        requests.withdraw(granted.pk, by=world.teacher, on=nov(20))


@pytest.mark.parametrize("last", [nov(16), nov(20), nov(25)])
def test_an_early_end_lies_inside_the_span(world, last):
    leave = world.grant(nov(17), nov(20), nov(17), proof=PROOF)
    with pytest.raises(Refused, match="原来最后一天之前"):
        requests.end_early(leave.pk, last=last, by=world.office, on=nov(19))


@pytest.mark.parametrize(
    ("first", "last", "reason", "says"),
    [
        (nov(23), nov(20), "家长来校请假", "早于开始日期"),
        (date(2026, 9, 1), date(2026, 9, 2), "家长来校请假", "请核对日期"),
        (date(2206, 11, 23), date(2206, 11, 23), "家长来校请假", "请核对年份"),
        (nov(23), nov(23), "病", "至少 6 个字"),
        (nov(23), dec(18), "家长来校请假", "最长 15 个教学日"),
    ],
)
def test_what_is_refused_when_it_is_asked_for(world, first, last, reason, says):
    with pytest.raises(Refused, match=says):
        requests.ask(
            world.child,
            kind=SICK,
            first=first,
            last=last,
            reason=reason,
            by=world.teacher,
            on=nov(20),
        )
    assert not AuthorisedAbsence.objects.exists()


def test_a_sample_is_looked_at_once_and_a_false_one_sends_the_school_to_the_bureau(world):
    world.today(nov(20))
    leave = world.grant(nov(23), nov(24), nov(20))
    county = make.region("539901").path
    assert samples.drawn_of(county, nov(19)) == [leave.pk]
    assert samples.drawn_of(county, nov(12)) == []
    with pytest.raises(Refused, match="请写明查到了什么"):
        samples.mark_sample(
            leave.pk, result=SampleResult.FALSE, note="", by=world.bureau, on=nov(20)
        )
    samples.mark_sample(
        leave.pk, result=SampleResult.FALSE, note="家长说没有请假", by=world.bureau, on=nov(20)
    )
    with pytest.raises(Refused, match="已经核过"):
        samples.mark_sample(
            leave.pk, result=SampleResult.TRUE, note="", by=world.bureau, on=nov(20)
        )
    assert world.grant(nov(26), nov(26), nov(20)).why_second == "学校上月抽查有一份不实"
    AuthorisedAbsence.objects.filter(pk=leave.pk).update(sampled_at=now() - timedelta(days=31))
    assert world.grant(nov(30), nov(30), nov(20), proof=PROOF).why_second == ""


def test_a_school_does_not_sample_itself_and_nobody_what_the_bureau_granted(world):
    own = world.grant(nov(23), nov(24), nov(20))
    with pytest.raises(Refused, match="由县教育体育局办理"):
        samples.mark_sample(own.pk, result=SampleResult.TRUE, note="", by=world.office, on=nov(20))
    second = world.grant(nov(30), dec(15), nov(20), proof=PROOF)
    requests.approve(second.pk, by=world.bureau, on=nov(20))
    with pytest.raises(Refused, match="不用抽查"):
        samples.mark_sample(
            second.pk, result=SampleResult.TRUE, note="", by=world.bureau, on=nov(20)
        )


def test_a_neighbour_finds_no_request(world):
    asked = world.ask(nov(23), nov(23), nov(20))
    other = make.user(Role.OFFICE, make.school("5399010002"))
    for verb in (requests.pass_, requests.refuse, requests.withdraw):
        with pytest.raises(AuthorisedAbsence.DoesNotExist):
            verb(asked.pk, by=other, on=nov(20))
