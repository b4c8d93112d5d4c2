"""The case page: what each reader is shown, what is kept from them, what it costs."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enums import Access, Role
from accounts.models import AccessLog
from cases.contacts import notes, recording
from cases.enums.records import DeadlineKind, ExitKind, PlacementMode, Reason
from cases.enums.states import ContactWay, EventKind, Met
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.ladder import steps
from cases.models import Case, CaseEvent
from cases.returns import exits, returning
from regions.clock import today
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.page_reader import (
    a_photo,
    due,
    fresh,
    listed,
    page_of,
    signed_in,
    visit,
)
from tests.pages.test_queries import statements, told

pytestmark = pytest.mark.django_db
MOST_FOR_A_CASE = 45


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def test_the_head_says_who_where_and_under_which_number(here):
    here.guardian.phone = "13812300011"
    here.guardian.save()
    case = case_of(here.student)
    shown = page_of(case, here.officer)
    for said in (here.student.name, case.number, "未到校", "发现 · 核查中", "岩温（父亲）", "包保"):
        assert said in shown, said
    assert "13812300011" not in shown and "138****0011" in shown
    assert "下一步：地区539901001 · 11月20日前 · 首次核查并定性" in shown


def test_one_filled_button_and_it_is_the_next_step(here):
    case = case_of(here.student)
    shown = page_of(case, here.officer)
    assert shown.count("btn-primary") == 1
    assert f'btn-primary" href="{reverse("cases:contact", args=[here.student.uid])}"' in shown
    due(case, ON, DeadlineKind.PLACE, Role.OFFICE)
    assert page_of(case, here.officer).count("btn-primary") == 0, "it is the school's turn"


def test_the_third_step_is_shut_with_its_sentence(here):
    case = case_of(here.student)
    shown = page_of(case, here.officer)
    assert "没有可罚款的法律依据（义务教育法第58条没有设定罚款）" in shown
    assert "4a 申请强制执行" in shown and "4b 提起诉讼" in shown


def test_history_shows_both_times_and_what_was_entered_late(here):
    case = case_of(here.student)
    notes.note(case.uid, by=here.officer, on=ON - timedelta(days=4), version=1, said="家长在外地")
    steps.criticise(
        case.uid, on=today(), by=here.officer, happened=FuzzyDate.about(date(2026, 10, 31)),
        version=fresh(case).version, note="对父亲讲了义务教育法",
    )  # fmt: skip
    shown = page_of(case, here.officer)
    assert "迟录 4 天" in shown and "约 2026年10月31日" in shown
    assert "家长在外地" in shown and "李雯" in shown
    only = page_of(case, here.officer, log="paper")
    assert "家长在外地" not in only and "这一类还没有记录" in only


def test_a_contact_stands_in_the_history_once(here):
    case = case_of(here.student)
    visit(case, here.officer, note="门锁着没有人应", met=Met.NOBODY)
    shown = page_of(case, here.officer)
    log = shown.split('id="log"')[1].split("</section>")[0]
    assert log.count("门锁着没有人应") == 1 and "未见到人" in log


def sensitive_exit(here, case, file=None) -> None:
    exits.leave_by_exit(
        case.uid, ExitKind.SUSPENDED, on=today(), by=here.officer, approved=ON, version=fresh(case).version,
        proof="县医院诊断证明：抑郁症", until=ON + timedelta(days=90), file=file,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("who", "sees"),
    [("officer", True), ("bureau", True), ("county_office", True), ("office", False),
     ("teacher", False), ("cadre", False)],
)  # fmt: skip
def test_a_sensitive_reason_is_read_by_those_who_act_on_it_alone(here, who, sees):
    case = case_of(here.student)
    sensitive_exit(here, case)
    shown = page_of(case, getattr(here, who))
    assert ("抑郁症" in shown) is sees
    assert ("条涉及隐私" in shown) is not sees


@pytest.mark.parametrize(("who", "sees"), [("officer", True), ("cadre", True), ("teacher", False)])
def test_what_was_said_of_a_protected_reason_is_not_read_at_school(here, who, sees):
    case = case_of(here.student)
    recording.record_contact(
        here.student, on=today(), way=ContactWay.VISIT, contacted_on=ON, met=Met.GUARDIAN, note="母亲说已订婚",
        by=here.cadre, client_key=uuid4(), reasons=[Reason.MARRIAGE],
        reported_to="派出所", reported_on=ON,
    )  # fmt: skip
    shown = page_of(case, getattr(here, who))
    assert ("母亲说已订婚" in shown) is sees
    assert ("早婚早孕" in shown) is (who == "officer")
    assert "家访" in shown


def test_who_wrote_a_sensitive_line_reads_it_back(here):
    case = case_of(here.student)
    CaseEvent.objects.create(
        case=case, kind=EventKind.NOTED, precision="day", happened_from=ON, happened_to=ON,
        by=here.office, note="早孕", sensitive=True,
    )  # fmt: skip
    assert "早孕" in page_of(case, here.office)
    assert "早孕" not in page_of(case, here.teacher)


def test_a_sensitive_file_is_not_found_by_others(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = case_of(here.student)
    laid = notes.add_evidence(
        case.uid, a_photo(), by=here.officer, on=ON, version=case.version, what="诊断证明"
    )
    url = reverse("cases:evidence_file", args=[case.uid, laid.pk])
    assert signed_in(here.teacher).get(url).status_code == 200, "control: an open one is found"
    CaseEvent.objects.filter(file=laid).update(sensitive=True)
    assert signed_in(here.teacher).get(url).status_code == 404
    assert signed_in(here.bureau).get(url).status_code == 200
    assert signed_in(here.neighbour).get(url).status_code == 404


def test_the_proof_of_a_protected_exit_is_no_file_for_the_school(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = case_of(here.student)
    sensitive_exit(here, case, file=a_photo())
    assert "课堂.jpg" in page_of(case, here.officer)
    assert "课堂.jpg" not in page_of(case, here.office)


def test_a_former_owner_reads_and_has_no_button(here):
    case = case_of(here.student)
    assignment.hand_over(
        case.uid, here.other, by=here.bureau, on=ON, version=case.version, reason="监护人已迁居"
    )
    shown = page_of(case, here.officer)
    assert "你只能查看这份档案" in shown and "btn-primary" not in shown
    assert "其他办理" not in shown
    assert "其他办理" in page_of(case, here.neighbour), "control: the new owner acts"


def test_a_referral_body_reads_without_numbers_and_only_while_referred(here):
    here.guardian.phone = "13812300011"
    here.guardian.save()
    case, judge = case_of(here.student), make.user(Role.COURT, here.region)
    url = reverse("cases:case", args=[case.uid])
    assert signed_in(judge).get(url).status_code == 404
    assignment.refer(
        case.uid, Role.COURT, by=here.bureau, on=ON, version=case.version, reason="拟提起诉讼"
    )
    shown = page_of(case, judge)
    assert here.student.name in shown and "0011" not in shown and "查看</a>" not in shown
    assert reverse("cases:child", args=[here.student.uid]) not in shown
    assignment.end_referral(
        case.uid, Role.COURT, by=here.bureau, on=ON, version=fresh(case).version
    )
    assert signed_in(judge).get(url).status_code == 404


def test_each_look_leaves_one_row_for_the_child_and_each_list_one(here):
    case = case_of(here.student)
    page_of(case, here.officer)
    row = AccessLog.objects.get()
    assert (row.action, row.kind, row.uid) == (Access.VIEW, "student", here.student.uid)
    listed(here.officer)
    row = AccessLog.objects.order_by("pk").last()
    assert (row.action, row.kind, row.scope) == (Access.LIST, "cases", "在办个案")
    assert AccessLog.objects.count() == 2


def returned(here, case, on=ON) -> Case:
    returning.record_return(
        case.uid, on=today(), by=here.office, returned=on, version=fresh(case).version
    )
    returning.place(
        case.uid,
        on=today(),
        by=here.office,
        began=on,
        version=fresh(case).version,
        mode=PlacementMode.OWN_CLASS,
    )
    return fresh(case)


def test_while_observing_the_township_sees_why_it_cannot_ask_yet(here):
    case = returned(here, case_of(here.student))
    shown = page_of(case, here.officer)
    assert "销号条件 0 / 5" in shown and "观察期" in shown
    assert 'btn-primary" disabled' in shown and "还不能报请销号" in shown
    assert "第一步重新办理" in shown


def test_the_page_of_a_long_history_takes_no_more_statements(here):
    case = case_of(here.student)
    for n in range(12):
        visit(case, here.officer, on=ON - timedelta(days=n))
    for n in range(20):
        notes.note(case.uid, by=here.officer, on=ON, version=fresh(case).version, said=f"第{n}条")
    client, url = signed_in(here.officer), reverse("cases:case", args=[case.uid])
    with statements() as sent:
        assert client.get(url).status_code == 200
    assert len(sent) <= MOST_FOR_A_CASE, told(sent)
    case = returned(here, case)
    with statements() as sent:
        assert client.get(url).status_code == 200
    assert len(sent) <= MOST_FOR_A_CASE, told(sent)


def test_the_page_of_a_child_leads_to_its_case(here):
    case = case_of(here.student)
    url = reverse("cases:child", args=[here.student.uid])
    link = reverse("cases:case", args=[case.uid])
    for reader in (here.officer, here.office, here.bureau):
        shown = signed_in(reader).get(url).content.decode()
        assert link in shown and case.number in shown
    # The seat over the child's school that the case does not reach reads the child alone.
    case.access_rows.exclude(kind="owner").delete()
    shown = signed_in(here.office).get(url).content.decode()
    assert here.student.name in shown and link not in shown


def test_a_step_the_case_ended_at_is_not_called_done(here):
    """Back after one visit, without 批评教育: 办到这一步, no more."""
    case = returned(here, case_of(here.student))
    shown = page_of(case, here.officer).split('<ol class="ladder">')[1].split("</ol>")[0]
    assert "办到这一步" in shown and "已办" not in shown


def test_the_note_of_a_period_stands_beside_its_day(here):
    case = case_of(here.student)
    due(case, ON, DeadlineKind.CONTACT, Role.TOWNSHIP)
    case.deadlines.update(note="届满日是周末")
    assert "届满日是周末" in page_of(case, here.officer)
