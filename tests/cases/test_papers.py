"""Papers: who may issue which to whom, what they say, what void takes back, what is recorded."""

from datetime import date
from decimal import Decimal

import pytest

from accounts.enums import Role
from accounts.versions import Conflict
from attendance.authorised_absences.requests import grant
from attendance.enums import Mark
from cases import history
from cases.enums.records import DeadlineKind, PaperKind
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.periods import ORDER_DAYS
from cases.legal_basis import body_name
from cases.models import Case, Contact, Paper
from cases.papers import issuing
from cases.papers.content import check_code
from regions.models import Policy
from regions.refusals import Refused
from students.enums import AbsenceKind, GuardianKind
from students.models import Guardian
from tests import factories as make
from tests.cases.case_county import county
from tests.cases.paper_acts import (
    TODAY,
    issue,
    local_law,
    ordered,
    record,
    serve,
    standing,
    stands_at,
    words,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = TODAY
    return county()


@pytest.fixture
def case(here):
    return ordered(here)


# Issuing


def test_a_township_issues_under_its_own_number_and_cites_one_law(here, case):
    paper = issue(here, case)
    assert paper.number == "地地区539901001控责改〔2026〕1号"
    assert paper.body == "地区539901地区539901001人民政府"
    assert paper.basis == "义务教育法 第58条"
    assert "第五十八条" in words(paper) and "未成年人保护法" not in words(paper)
    assert (paper.days, paper.round, paper.addressee_name) == (7, 0, "岩温")


def test_the_bureau_has_numbers_of_its_own_and_cites_both_laws(here, case):
    issue(here, case)
    mother = Guardian.objects.create(student=here.student, name="玉喃", relation="母亲", order=2)
    paper = issue(here, case, by=here.bureau, addressee=mother)
    assert paper.number == "地区539901控责改〔2026〕1号"
    assert paper.body == "地区539901教育体育局"
    assert "《中华人民共和国未成年人保护法》第八十三条第二款" in words(paper)
    assert paper.basis == "义务教育法 第58条；未成年人保护法 第83条"


def test_the_order_says_days_from_service_and_no_date_no_fine_and_both_remedies(here, case):
    said = words(issue(here, case, days=10))
    assert "自送达之日起 10 日内，送岩香返回学校0001七(1)班接受义务教育。" in said
    assert "六十日内向地区539901人民政府申请行政复议" in said and "六个月内" in said
    assert "罚" not in said
    assert "资助、住宿和学业帮扶" in said


def test_the_facts_are_the_registers_and_the_contacts(here, case):
    days = make.weekdays(TODAY, 6)
    here.student.enrolments.update(listed_from=date(2026, 9, 1))
    make.take(here.school_class, days[0], here.office)
    for day in days[1:]:
        make.take(here.school_class, day, here.office, **{here.student.uid: Mark.ABSENT})
    for n, day in enumerate([date(2026, 11, 1), days[2], days[4]]):
        Contact.objects.create(
            student=here.student, case=case, way="visit", on=day, met="nobody", note="门锁着",
            by=here.cadre, client_key=f"6f1c1b3e-0000-4000-8000-53990100000{n}",
            path=here.student.school_path,
        )  # fmt: skip
    history.write(
        case, EventKind.CRITICISM, by=here.officer, happened=FuzzyDate.on(date(2026, 11, 18))
    )
    said = words(issue(here, case))
    assert "自2026年11月13日起无正当理由未到校接受义务教育，至2026年11月19日已有5个教学日" in said
    assert "已于2026年11月16日（家访未见到人）、2026年11月18日（家访未见到人）联系劝返" in said
    assert "本机关于2026年11月18日对你批评教育，至今仍未返校" in said
    assert "以上事实有考勤登记、联系记录、批评教育记录为证" in said
    assert "2026年11月1日" not in said


def test_days_of_leave_and_without_a_register_are_named_and_not_counted(here, case):
    """Whoever counts the days between the dates of the order must come to its number."""
    days = make.weekdays(TODAY, 7)
    here.student.enrolments.update(listed_from=date(2026, 9, 1))
    make.take(here.school_class, days[0], here.office)
    for day in (days[1], days[4], days[5], days[6]):
        make.take(here.school_class, day, here.office, **{here.student.uid: Mark.ABSENT})
    make.take(here.school_class, days[2], here.office, **{here.student.uid: Mark.SICK})
    grant(
        here.student, kind=AbsenceKind.SICK, first=days[2], last=days[2], reason="发烧，家长来电",
        by=here.office, on=days[2],
    )  # fmt: skip
    said = words(issue(here, case))
    assert (
        "自2026年11月12日起无正当理由未到校接受义务教育，至2026年11月19日已有4个教学日"
        "（其间另有 1 个教学日有正当理由、1 个教学日没有考勤记录，不计在内）。"
    ) in said


def test_without_registers_or_contacts_the_order_claims_neither(here, case):
    Case.objects.filter(pk=case.pk).update(
        left_from=date(2026, 10, 1), left_to=date(2026, 10, 31), left_precision="month"
    )
    said = words(issue(here, case))
    assert "自2026年10月起无正当理由未到校" in said
    assert "教学日" not in said and "联系劝返" not in said and "为证" not in said


def test_the_text_is_frozen_with_masked_numbers_and_a_check_code(here, case):
    here.student.xueji_no = "G539901201305060014"
    here.student.save()
    here.guardian.id_no = "539901198001010037"
    here.guardian.save()
    paper = issue(here, case, extra="学校已联系家长三次", person="李雯", phone="0000-0000000")
    here.student.name = "改名"
    here.student.save()
    paper.refresh_from_db()
    assert "岩香" in words(paper) and "学校已联系家长三次。" in words(paper)
    assert "联系人：李雯，电话：0000-0000000。" in words(paper)
    assert "19800101" not in str(paper.text) and "0037" in words(paper)
    assert "20130506" not in str(paper.text)
    assert paper.text["check"] == check_code(paper.number, paper.text["paragraphs"])
    assert paper.text["check"] != check_code(paper.number, paper.text["paragraphs"][:-1])


def test_the_days_are_the_policys_or_three_to_fifteen(here, case):
    Policy.objects.create(
        region=here.region, key="order_days", value="9", since=date(2026, 1, 1), source="澜政办〔2026〕3号"
    )  # fmt: skip
    assert issue(here, case).days == 9
    for days in (ORDER_DAYS[0] - 1, ORDER_DAYS[-1] + 1):
        mother = Guardian.objects.create(student=here.student, name="玉喃", order=days)
        with pytest.raises(Refused, match="3 至 15 日"):
            issue(here, case, days=days, addressee=mother)


@pytest.mark.parametrize("who", ["neighbour", "teacher"])
def test_out_of_reach_or_without_right_nothing_is_issued(here, case, who):
    expected = Case.DoesNotExist if who == "neighbour" else Refused
    with pytest.raises(expected):
        issue(here, case, by=getattr(here, who))
    for role in ("office", "cadre", "county_office"):
        with pytest.raises(Refused, match="责任乡镇或县教育体育局制发"):
            issue(here, case, by=getattr(here, role))
    assert not Paper.objects.exists()


def test_a_carer_a_strangers_parent_or_nobody_gets_no_order(here, case):
    carer = Guardian.objects.create(
        student=here.student, name="玉香", order=2, kind=GuardianKind.CARER
    )
    stranger = Guardian.objects.create(student=make.pupil(here.school_class, "李扎"), name="李扎")
    with pytest.raises(Refused, match="责令限期改正通知书只能送达父母或者其他法定监护人。"):
        issue(here, case, addressee=carer)
    with pytest.raises(Refused, match="请选择受送达人"):
        issue(here, case, addressee=stranger)
    legal = Guardian.objects.create(
        student=here.student, name="玉喃", order=3, kind=GuardianKind.LEGAL
    )
    assert issue(here, case, addressee=legal).serial == 1


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"step": Step.PERSUADE}, "不在第二步"),
        ({"step": Step.PENALTY}, "不在第二步"),
        ({"state": CaseState.RETURNED}, "已返校"),
    ],
)
def test_the_step_and_the_state_must_be_those_of_an_order(here, case, change, sentence):
    Case.objects.filter(pk=case.pk).update(**change)
    with pytest.raises(Refused, match=sentence):
        issue(here, case)


def test_a_child_of_another_nationality_gets_no_order(here, case):
    here.student.nationality = "MMR"
    here.student.save()
    with pytest.raises(Refused, match="不是中国国籍"):
        issue(here, case)


def test_the_same_person_gets_one_order_until_it_is_void(here, case):
    first = issue(here, case)
    with pytest.raises(Refused, match=r"已向岩温制发.*1号"):
        issue(here, case)
    case.refresh_from_db()
    issuing.void(first.uid, by=here.officer, on=TODAY, version=case.version, reason="文字有误")
    assert issue(here, case).serial == 2


def test_other_papers_are_recorded_not_issued(here, case):
    with pytest.raises(Refused, match="登记已有文书"):
        issuing.issue(
            case.uid, PaperKind.PENALTY, by=here.officer, on=TODAY, version=case.version,
            addressee=here.guardian, days=None, text={},
        )  # fmt: skip


def test_a_child_on_no_roll_needs_a_receiving_school(here, case):
    here.student.enrolments.update(ended=date(2026, 10, 1), how_ended="left")
    with pytest.raises(Refused, match="接收学校"):
        issue(here, case)
    assert "返回白水中学接受义务教育" in words(issue(here, case, receiving="白水中学"))


def test_a_refusal_gives_the_number_back(here, case):
    for extra in ("逾期罚款500元", "否则行政处罚"):
        with pytest.raises(Refused, match="不能提到罚款"):
            issue(here, case, extra=extra)
    assert issue(here, case).serial == 1


def test_a_fine_is_mentioned_only_under_a_clause_that_lets_this_body_fine(here, case):
    basis = local_law(here)
    said = words(issue(here, case))
    assert "依照《澜屏县义务教育条例》第二十一条的规定处以罚款" in said
    mother = Guardian.objects.create(student=here.student, name="玉喃", order=2)
    assert "罚款" not in words(issue(here, case, by=here.bureau, addressee=mother))
    basis.valid_to = date(2026, 1, 1)
    basis.save()
    legal = Guardian.objects.create(student=here.student, name="岩叫", order=3)
    assert "罚款" not in words(issue(here, case, addressee=legal))


def test_issuing_sets_the_day_to_serve_by_and_writes_the_event(here, case):
    paper = issue(here, case)
    due = case.deadlines.get(kind=DeadlineKind.SERVE)
    assert (due.due_on, due.who, due.paper) == (date(2026, 11, 24), Role.TOWNSHIP, paper)
    event = case.events.get(kind=EventKind.ISSUED)
    assert event.details == {
        "paper": paper.uid, "kind": "order", "number": paper.number, "days": 7,
    }  # fmt: skip
    assert (event.role, event.policy) == (Role.TOWNSHIP, "义务教育法 第58条")


def test_who_saw_an_older_case_issues_nothing(here, case):
    issue(here, case)
    mother = Guardian.objects.create(student=here.student, name="玉喃", order=2)
    with pytest.raises(Conflict):
        issue(here, case, addressee=mother, version=case.version - 1)
    assert Paper.objects.count() == 1


# Voiding


def test_a_void_paper_keeps_its_number_and_takes_its_periods_back(here, case):
    mother = Guardian.objects.create(student=here.student, name="玉喃", order=2)
    paper, other = issue(here, case), issue(here, case, addressee=mother)
    serve(here, paper)
    serve(here, other)
    case.refresh_from_db()
    issuing.void(paper.uid, by=here.officer, on=TODAY, version=case.version, reason="姓名写错")
    paper.refresh_from_db()
    assert (paper.is_void, paper.serial, paper.void_reason) == (True, 1, "姓名写错")
    assert {d.paper_id for d in case.deadlines.standing() if d.paper_id} == {other.pk}
    assert "姓名写错" in case.events.get(kind=EventKind.VOIDED).note
    with pytest.raises(Refused, match="已经作废"):
        serve(here, paper)


def test_voiding_wants_a_reason_and_happens_once(here, case):
    paper = issue(here, case)
    case.refresh_from_db()
    with pytest.raises(Refused, match="原因"):
        issuing.void(paper.uid, by=here.officer, on=TODAY, version=case.version, reason=" ")
    issuing.void(paper.uid, by=here.bureau, on=TODAY, version=case.version, reason="有误")
    case.refresh_from_db()
    with pytest.raises(Refused, match="已经作废"):
        issuing.void(paper.uid, by=here.officer, on=TODAY, version=case.version, reason="有误")


# Recording papers made elsewhere


def test_a_paper_made_elsewhere_keeps_its_own_number_and_any_date(here, case):
    paper = record(here, case, issued=FuzzyDate.month(2018, 4), number="")
    assert (paper.serial, paper.number, paper.issued.label()) == (None, "", "2018年4月")
    assert DeadlineKind.SERVE not in standing(case)
    with pytest.raises(Refused, match="已向岩温制发"):
        issue(here, case)
    mother = Guardian.objects.create(student=here.student, name="玉喃", relation="母亲", order=2)
    assert issue(here, case, addressee=mother).serial == 1


def test_a_recorded_penalty_needs_a_clause_in_force_and_a_fine_within_it(here, case):
    stands_at(case, Step.PENALTY)
    with pytest.raises(Refused, match="义务教育法没有规定罚款"):
        record(here, case, PaperKind.PENALTY, fine=Decimal(500))
    basis = local_law(here)
    with pytest.raises(Refused, match=r"200.*1000"):
        record(here, case, PaperKind.PENALTY, fine=Decimal(1001), legal_basis=basis)
    with pytest.raises(Refused, match="没有授权"):
        record(here, case, PaperKind.PENALTY, by=here.bureau, fine=Decimal(500), legal_basis=basis)
    with pytest.raises(Refused, match="没有生效"):
        record(
            here, case, PaperKind.PENALTY, legal_basis=basis, issued=FuzzyDate.on(date(2019, 1, 1))
        )
    paper = record(here, case, PaperKind.PENALTY, fine=Decimal(1000), legal_basis=basis)
    assert paper.basis == "《澜屏县义务教育条例》第二十一条"


@pytest.mark.parametrize(
    ("kind", "step", "refused"),
    [
        (PaperKind.ORDER, Step.PERSUADE, "责令限期改正通知书是第二步（责令限期改正）的文书"),
        (PaperKind.PRIOR_NOTICE, Step.ORDER, "行政处罚事先告知书是第三步（行政处罚）的文书"),
        (PaperKind.PENALTY, Step.ORDER, "行政处罚决定书是第三步（行政处罚）的文书"),
        (PaperKind.DEMAND, Step.PERSUADE, "第三步（行政处罚）或第二步（责令限期改正）的文书"),
        (PaperKind.DEMAND, Step.ORDER, ""),
        (PaperKind.ENFORCEMENT, Step.PENALTY, "强制执行申请书是第四步（申请强制执行）的文书"),
        (PaperKind.COMPLAINT, Step.ORDER, "民事起诉状是第四步（提起诉讼）的文书"),
        (PaperKind.LEGAL_OPINION, Step.PERSUADE, ""),
        (PaperKind.PERSUASION, Step.PERSUADE, ""),
    ],
)
def test_a_paper_of_a_step_is_recorded_once_the_step_is_entered(here, case, kind, step, refused):
    stands_at(case, step)
    if not refused:
        assert record(here, case, kind).kind == kind
        return
    with pytest.raises(Refused, match=refused):
        record(here, case, kind, fine=Decimal(500), legal_basis=local_law(here))
    assert not Paper.objects.exists()


def test_an_order_older_than_its_step_or_younger_than_the_return_is_refused(here, case):
    entered = {"by": here.officer, "step": Step.ORDER}
    history.write(case, EventKind.STEP, happened=FuzzyDate.on(date(2026, 11, 9)), **entered)
    with pytest.raises(Refused, match="早于进入第二步"):
        record(here, case, issued=FuzzyDate.on(date(2026, 11, 8)))
    Case.objects.filter(pk=case.pk).update(state=CaseState.RETURNED, returned_on=date(2026, 11, 12))
    for issued in (FuzzyDate.on(date(2026, 11, 13)), FuzzyDate.unknown()):
        with pytest.raises(Refused, match="已经返校"):
            record(here, case, issued=issued)
    assert record(here, case, issued=FuzzyDate.on(date(2026, 11, 11))).number


def test_a_recorded_order_says_which_parent_it_binds_and_gives_days_within_bounds(here, case):
    for days in (1, 2, 16, 400):
        with pytest.raises(Refused, match="3 至 15 日"):
            record(here, case, days=days)
    with pytest.raises(Refused, match="请选择受送达人"):
        record(here, case, addressee=None, addressee_name="外婆")
    grandmother = Guardian.objects.create(
        student=here.student, name="玉罕", relation="祖母", kind=GuardianKind.CARER, order=2
    )
    with pytest.raises(Refused, match="只能送达父母"):
        record(here, case, addressee=grandmother)
    here.guardian.delete()
    assert record(here, case, addressee=None, addressee_name="岩温（父亲）").addressee_name


def test_the_same_number_is_recorded_once(here, case):
    record(here, case)
    with pytest.raises(Refused, match="已经登记过"):
        record(here, case)


def test_a_paper_of_tomorrow_is_not_recorded(here, case):
    with pytest.raises(Refused, match="还没有到"):
        record(here, case, issued=FuzzyDate.on(date(2026, 11, 20)))


def test_a_street_office_is_not_called_a_government(here):
    street = make.region("539901003", "勐海街道")
    assert body_name(Role.TOWNSHIP, street.path) == "地区539901勐海街道办事处"
