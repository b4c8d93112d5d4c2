"""请假与休学 in the browser's words: who sees what waits, and what each button does."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from attendance.authorised_absences import requests
from attendance.enums import Mark
from attendance.models import UnseenRun
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.pictures import photo

pytestmark = pytest.mark.django_db
TODAY = make.THURSDAY
MON, FAR = date(2026, 11, 23), date(2026, 12, 8)
PAGE = "/absences/"


class Desk:
    def __init__(self, client):
        make.term()
        self.client = client
        self.of = make.school_class(make.school(name="白水中学"))
        self.child = make.pupil(self.of, "岩香")
        self.teacher = make.user(Role.TEACHER, self.of)
        self.office = make.user(Role.OFFICE, self.of.school, name="周丽华")
        self.bureau = make.user(Role.BUREAU, make.region("539901"), name="段文彬")

    def ask(self, last=FAR, **more) -> AuthorisedAbsence:
        return requests.ask(
            self.child, kind=AbsenceKind.SICK, first=MON, last=last, reason="骨折，家长来校请假",
            by=self.teacher, on=TODAY, **more,
        )  # fmt: skip

    def passed(self, **more) -> AuthorisedAbsence:
        return requests.pass_(self.ask(**more).pk, by=self.office, on=TODAY)

    def see(self, by, url=PAGE, status=200) -> str:
        self.client.force_login(by)
        answer = self.client.get(url)
        assert answer.status_code == status
        return answer.content.decode()

    def press(self, by, absence, name, status=302, **filled) -> str:
        self.client.force_login(by)
        sent = {f"{name}-{field}": value for field, value in filled.items()}
        url = reverse("attendance:absence_act", args=[absence.pk, name])
        answer = self.client.post(url, sent, follow=status == 302)
        assert answer.status_code == (200 if status == 302 else status)
        absence.refresh_from_db()
        return answer.content.decode()


@pytest.fixture
def desk(client, settings):
    settings.KONGCHUO_TODAY = TODAY
    return Desk(client)


def test_the_school_agrees_and_the_bureau_approves(desk):
    make.take(desk.of, TODAY, desk.teacher)
    absence = desk.ask(proof="县医院诊断证明")
    assert "待学校审批" in desk.see(desk.office) and "1 份等审批" in desk.see(desk.office)
    said = desk.press(desk.office, absence, "pass")
    assert "已同意，报县教育体育局批准：12 个教学日，超过学校可准的 10 天。" in said
    shown = desk.see(desk.bureau)
    assert "12 个教学日，超过学校可准的 10 天" in shown and "有证明" in shown and "等县批" in shown
    one = desk.see(desk.bureau, f"{PAGE}{absence.pk}/")
    assert "批准会改变什么" in one and "退回学校补证明" in one and "一次最长 15 个教学日" in one
    assert "已批准，考勤和预警已重算。" in desk.press(desk.bureau, absence, "approve")
    assert (absence.state, absence.second_by) == (AbsenceState.APPROVED, desk.bureau)


def test_without_proof_the_bureau_sends_it_back(desk):
    absence = desk.passed()
    assert "没有证明" in desk.see(desk.bureau)
    one = desk.see(desk.bureau, f"{PAGE}{absence.pk}/")
    assert one.index('id="send-back"') < one.index('id="approve"'), "what can be done comes first"
    said = desk.press(desk.bureau, absence, "approve", status=409)
    assert "缺证明材料（病历或诊断证明），请先退回学校补证明。" in said
    desk.press(desk.bureau, absence, "send-back", note="请补病历")
    assert "退回：请补病历" in desk.see(desk.office)
    desk.press(desk.office, absence, "proof", proof="县医院病历")
    assert (absence.state, absence.proof) == (AbsenceState.ASKED, "县医院病历")


# ── together ─────────────────────────────────────────────────────────────────────────────────────


def many(desk, count: int, **more) -> list[AuthorisedAbsence]:
    first, found = desk.child, []
    for n in range(count):
        desk.child = make.pupil(desk.of, f"岩{'一二三四五'[n]}")
        found.append(desk.passed(**more) if more else desk.passed(proof="县医院诊断证明"))
    desk.child = first
    return found


def grant(desk, by, *absences, status=302) -> str:
    desk.client.force_login(by)
    sent = {"absences": [str(one.pk) for one in absences]}
    answer = desk.client.post(f"{PAGE}grant/", sent, follow=status == 302)
    assert answer.status_code == (200 if status == 302 else status)
    return answer.content.decode()


def states() -> list[str]:
    return list(AuthorisedAbsence.objects.order_by("pk").values_list("state", flat=True))


def test_what_was_opened_is_granted_together(desk):
    one, two, _ = many(desk, 3)
    assert 'name="absences"' not in desk.see(desk.bureau), "nothing is opened yet"
    for opened in (one, two):
        desk.see(desk.bureau, f"{PAGE}{opened.pk}/")
    shown = desk.see(desk.bureau)
    assert shown.count('name="absences"') == 3 and shown.count("（还没有打开看过）") == 1
    assert "已办 2 份，考勤和预警已重算。" in grant(desk, desk.bureau, one, two)
    assert states() == ["approved", "approved", "passed"]


def test_what_was_not_opened_or_changed_since_is_left_and_named(desk):
    one, two, three = many(desk, 3)
    for opened in (one, two):
        desk.see(desk.bureau, f"{PAGE}{opened.pk}/")
    requests.add_proof(two.pk, proof="另一张诊断证明", by=desk.office, on=TODAY)
    said = grant(desk, desk.bureau, one, two, three, status=200)
    assert "已办 1 份" in said and "2 份没有办" in said and said.count("请先打开") == 2
    assert "岩二" in said and states() == ["approved", "passed", "passed"]
    other = make.user(Role.BUREAU, make.region("539901"), name="何志明")
    assert "请先打开" in grant(desk, other, three, status=409), "another's look is none"


def test_each_of_them_passes_every_rule(desk):
    (bare,) = many(desk, 1, proof="")
    desk.see(desk.bureau, f"{PAGE}{bare.pk}/")
    assert "请先退回学校补证明" in grant(desk, desk.bureau, bare, status=409)
    desk.see(desk.office, f"{PAGE}{bare.pk}/")
    assert "由县教育体育局办理" in grant(desk, desk.office, bare, status=409)
    assert states() == ["passed"]
    assert "请先勾选" in grant(desk, desk.bureau, status=409)


def test_the_school_agrees_together_and_hears_what_goes_on(desk):
    long = desk.ask(proof="县医院诊断证明")
    desk.child = make.pupil(desk.of, "玉叫")
    short = desk.ask(last=MON)
    for opened in (long, short):
        desk.see(desk.office, f"{PAGE}{opened.pk}/")
    said = grant(desk, desk.office, long, short)
    assert "已办 2 份，其中 1 份报上一级批准" in said
    assert states() == ["passed", "approved"]


def test_a_neighbours_requests_are_not_there(desk):
    (one,) = many(desk, 1)
    other = make.user(Role.OFFICE, make.school("5399010002"))
    assert "请先勾选" in grant(desk, other, one, status=409)


def test_a_refusal_wants_a_reason(desk):
    absence = desk.passed(proof="县医院诊断证明")
    assert "这一项不能为空" in desk.press(desk.bureau, absence, "turn-down", status=409)
    desk.press(desk.bureau, absence, "turn-down", note="证明是别人的")
    assert absence.state == AbsenceState.REFUSED
    assert "证明是别人的" in desk.see(desk.office, f"{PAGE}{absence.pk}/")


def test_a_file_of_proof_is_seen_by_its_readers_alone(desk, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    absence = desk.ask()
    said = desk.press(desk.office, absence, "proof", proof="县医院病历", file=photo("病历.jpg"))
    file = requests.proof_files(absence).get()
    url = reverse("attendance:absence_file", args=[absence.pk, file.pk])
    assert url in said
    answer = desk.client.get(url)
    assert answer["Content-Type"] == "image/jpeg" and b"".join(answer.streaming_content)
    neighbour = make.user(Role.OFFICE, make.school("5399010002"))
    desk.see(neighbour, url, status=404)
    desk.see(neighbour, f"{PAGE}{absence.pk}/", status=404)
    assert "岩香" not in desk.see(neighbour)


def test_who_is_out_who_ends_soon_and_who_is_not_back(desk):
    make.status(desk.child, AbsenceKind.SUSPENDED, date(2026, 9, 7), date(2026, 12, 4))
    assert "岩香" in desk.see(desk.bureau, f"{PAGE}?tab=away")
    assert "岩香" in desk.see(desk.bureau, f"{PAGE}?tab=ending")
    AuthorisedAbsence.objects.update(last=date(2026, 11, 13))
    assert "岩香" not in desk.see(desk.bureau, f"{PAGE}?tab=away")
    make.take(desk.of, TODAY, desk.teacher, **{desk.child.uid: Mark.ABSENT})
    assert "没有到期未回的" in desk.see(desk.bureau)
    UnseenRun.objects.create(
        student=desk.child, path=desk.of.path, as_of=TODAY, verdict="watch", unexplained=1,
        first=TODAY, last=TODAY,
    )  # fmt: skip
    assert "岩香" in desk.see(desk.bureau, f"{PAGE}?tab=overdue")
    assert "1 人已到期没有回来" in desk.see(desk.bureau)


def test_a_proof_that_is_owed_is_told_before_and_after(desk, settings):
    away = make.status(desk.child, AbsenceKind.SUSPENDED, date(2026, 9, 7), date(2027, 1, 22))
    due = date(2026, 11, 27)
    AuthorisedAbsence.objects.update(proof="", proof_due_on=due)
    one = reverse("attendance:absence", args=[away.pk])
    settings.KONGCHUO_TODAY = date(2026, 11, 19)
    assert "没有等审批的手续" in desk.see(desk.office), "control: a week before, not earlier"
    assert "待补，11月27日前" in desk.see(desk.bureau, f"{PAGE}?tab=ending")
    settings.KONGCHUO_TODAY = date(2026, 11, 20)
    assert "待补证明" in desk.see(desk.office) and "1 份等审批" in desk.see(desk.office)
    assert "到期没有补的，以后的日子按没有手续计算" in desk.see(desk.bureau, one)
    settings.KONGCHUO_TODAY = date(2026, 11, 28)
    for reader in (desk.office, desk.bureau):
        assert "到期没有补" in desk.see(reader, f"{PAGE}?tab=ending")
        assert "现在补证明要重新报县批准" in desk.see(reader, one)


def test_the_sample_is_the_bureaus(desk, settings):
    settings.KONGCHUO_TODAY = date(2026, 11, 12)
    absence = requests.grant(
        desk.child, kind=AbsenceKind.SICK, first=MON, last=MON, reason="发烧，家长来电",
        by=desk.office, on=date(2026, 11, 12),
    )  # fmt: skip
    settings.KONGCHUO_TODAY = TODAY
    assert "抽查" not in desk.see(desk.office)
    assert "还没有核" in desk.see(desk.bureau, f"{PAGE}?tab=sample")
    desk.press(desk.bureau, absence, "sample", result="false", note="家长说没有请假")
    assert "不实 1" in desk.see(desk.bureau, f"{PAGE}?tab=sample")


def granted(desk, settings, on: date) -> AuthorisedAbsence:
    settings.KONGCHUO_TODAY = on
    return requests.grant(
        desk.child, kind=AbsenceKind.SICK, first=on, last=on, reason="发烧，家长来电",
        by=desk.office, on=on,
    )  # fmt: skip


def test_what_was_drawn_stays_until_it_is_looked_at(desk, settings):
    """Drawn of the week of 9 November; the Mondays after it take nothing away for four weeks."""
    absence = granted(desk, settings, date(2026, 11, 12))
    sample = f"{PAGE}?tab=sample"
    assert "岩香" not in desk.see(desk.bureau, sample), "control: its week is not over"
    for day in (date(2026, 11, 16), date(2026, 11, 23), date(2026, 12, 7), date(2026, 12, 13)):
        settings.KONGCHUO_TODAY = day
        assert "岩香" in desk.see(desk.bureau, sample)
    settings.KONGCHUO_TODAY = date(2026, 12, 14)
    assert "岩香" not in desk.see(desk.bureau, sample)
    settings.KONGCHUO_TODAY = date(2026, 11, 23)
    desk.press(desk.bureau, absence, "sample", result="true", note="电话核实")
    assert "岩香" not in desk.see(desk.bureau, sample)


def test_a_leave_withdrawn_before_it_was_looked_at_is_looked_at_all_the_same(desk, settings):
    absence = granted(desk, settings, date(2026, 11, 12))
    desk.press(desk.office, absence, "withdraw", note="孩子已经来校了")
    settings.KONGCHUO_TODAY = TODAY
    assert "已撤回，还没有核" in desk.see(desk.bureau, f"{PAGE}?tab=sample")
    assert "记下核查结果" in desk.see(desk.bureau, f"{PAGE}{absence.pk}/")
    assert "核查结果已记下" in desk.press(
        desk.bureau, absence, "sample", result="false", note="家长说没有请假"
    )
    assert (absence.sample_result, absence.state) == ("false", AbsenceState.WITHDRAWN)
    assert "记下核查结果" not in desk.see(desk.bureau, f"{PAGE}{absence.pk}/")


def test_what_no_school_granted_is_not_looked_at(desk):
    absence = desk.ask(last=MON)
    requests.withdraw(absence.pk, by=desk.teacher, on=TODAY, note="不用了")
    assert "记下核查结果" not in desk.see(desk.bureau, f"{PAGE}{absence.pk}/")


def test_ending_early_and_withdrawing(desk):
    absence = desk.passed(proof="县医院诊断证明")
    desk.press(desk.bureau, absence, "approve")
    desk.press(desk.office, absence, "end", last="2026-11-30")
    assert absence.last == date(2026, 11, 30)
    desk.press(desk.office, absence, "withdraw", status=409, note="家长说不用请了")
    desk.press(desk.bureau, absence, "withdraw", note="家长说没有请假")
    assert absence.state == AbsenceState.WITHDRAWN


def test_the_rate_of_a_school_stands_on_the_page(desk):
    rows = [
        AuthorisedAbsence(
            student=desk.child, path=desk.of.path, kind=AbsenceKind.SICK, first=MON, last=MON,
            state=AbsenceState.APPROVED, first_by=desk.office, after_mark=n < 8,
        )
        for n in range(44)
    ]  # fmt: skip
    AuthorisedAbsence.objects.bulk_create(rows)
    shown = desk.see(desk.bureau)
    assert "18.18 %" in shown and "白水中学" in shown


def test_no_other_tab_and_no_other_act(desk):
    absence = desk.ask()
    desk.see(desk.bureau, f"{PAGE}?tab=nothing", status=404)
    desk.press(desk.office, absence, "nothing", status=404)


def test_a_page_of_requests_asks_no_more_for_thirty_than_for_two(
    desk, django_assert_max_num_queries
):
    def ask_many(count: int) -> None:
        for n in range(count):
            child = make.pupil(desk.of, f"岩{n}")
            AuthorisedAbsence.objects.create(
                student=child, path=desk.of.path, kind=AbsenceKind.SICK, first=MON, last=FAR,
                state=AbsenceState.PASSED, first_by=desk.office, first_at=requests.now(),
                why_second="12 个教学日", proof="证明", asked_by=desk.teacher,
            )  # fmt: skip

    ask_many(2)
    desk.client.force_login(desk.bureau)
    desk.client.get(PAGE)
    with django_assert_max_num_queries(30):
        desk.client.get(PAGE)
    ask_many(28)
    with django_assert_max_num_queries(30):
        assert desk.client.get(PAGE).content.decode().count("等县批") > 28


def test_what_speaks_of_health_is_read_by_who_had_a_word_in_it(desk):
    leave = desk.passed(proof="县医院精神科证明")
    AuthorisedAbsence.objects.update(sensitive=True)
    url = reverse("attendance:absence", args=[leave.pk])
    other = make.user(Role.PRINCIPAL, desk.of.school, name="马文光")
    for reader, reads in ((other, False), (desk.office, True), (desk.bureau, True)):
        shown = desk.see(reader, url)
        assert ("精神科" in shown) is reads and ("骨折" in shown) is reads
