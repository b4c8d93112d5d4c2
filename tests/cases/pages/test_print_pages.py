"""The pages of papers: issued, printed masked, completed for a reason, served, voided, recorded."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Access, Role
from accounts.models import AccessLog, Attachment
from cases.enums.records import DeadlineKind, PaperKind, ServiceMode
from cases.enums.states import AccessKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, CaseAccess, Contact, Paper
from cases.papers import issuing, serving
from regions.clock import today
from students.enums import GuardianKind
from students.models import Guardian
from tests import factories as make
from tests.cases.case_county import case_of, county

TODAY = make.THURSDAY
GUARDIAN_ID, XUEJI_NO = "539901198001010037", "G539901201305060014"

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = TODAY
    made = county()
    made.student.xueji_no = XUEJI_NO
    made.student.save()
    made.guardian.id_no, made.guardian.phone = GUARDIAN_ID, "13812342207"
    made.guardian.save()
    return made


@pytest.fixture
def case(here):
    made = case_of(here.student, by=here.office, on=date(2026, 11, 3))
    Case.objects.filter(pk=made.pk).update(step=Step.ORDER, state="persuading")
    made.refresh_from_db()
    return made


@pytest.fixture
def paper(here, case):
    made = issuing.issue(
        case.uid, PaperKind.ORDER, by=here.officer, on=TODAY, version=case.version,
        addressee=here.guardian, days=None, text={},
    )  # fmt: skip
    case.refresh_from_db()
    return made


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, case: Case, *more) -> str:
    return reverse(f"cases:{name}", args=[case.uid, *more])


def rows(*actions: Access) -> list:
    found = AccessLog.objects.filter(action__in=[one.value for one in actions])
    return list(found.order_by("pk").values_list("action", "kind", "uid", "reason"))


def test_a_township_issues_on_the_page_and_lands_on_the_paper(here, case):
    client = signed_in(here.officer)
    page = client.get(url("paper_issue", case)).content.decode()
    assert "岩温（父亲）" in page and 'value="7"' in page
    answer = client.post(
        url("paper_issue", case),
        {"version": case.version, "addressee": here.guardian.uid, "days": 10, "extra": "家长称外出务工"},
    )  # fmt: skip
    made = Paper.objects.get()
    assert answer.url == url("paper", case, made.uid)
    assert made.days == 10 and "家长称外出务工。" in str(made.text)


def test_a_carer_is_not_offered_and_cannot_be_posted(here, case):
    carer = Guardian.objects.create(
        student=here.student, name="玉香", order=2, kind=GuardianKind.CARER
    )
    client = signed_in(here.officer)
    assert "玉香" not in client.get(url("paper_issue", case)).content.decode()
    posted = {"version": case.version, "addressee": carer.uid, "days": 7}
    assert client.post(url("paper_issue", case), posted).status_code == 409
    assert not Paper.objects.exists()


def test_the_page_is_shut_only_when_nobody_can_be_addressed(here, case, paper):
    client = signed_in(here.officer)
    assert "已向岩温制发" in client.get(url("paper_issue", case)).content.decode()
    Guardian.objects.create(student=here.student, name="玉喃", relation="母亲", order=2)
    assert "已向岩温制发" not in client.get(url("paper_issue", case)).content.decode()


def test_a_case_before_its_second_step_says_what_to_do_first(here, case):
    Case.objects.filter(pk=case.pk).update(step=Step.PERSUADE)
    client = signed_in(here.officer)
    assert "不在第二步" in client.get(url("paper_issue", case)).content.decode()
    posted = {"version": case.version, "addressee": here.guardian.uid, "days": 7}
    answer = client.post(url("paper_issue", case), posted)
    assert answer.status_code == 409 and "不在第二步" in answer.content.decode()


def test_who_saved_in_between_is_named_and_the_words_stay(here, case):
    posted = {
        "version": case.version - 1, "addressee": here.guardian.uid, "days": 9, "extra": "写了很久",
    }  # fmt: skip
    client = signed_in(here.officer)
    answer = client.post(url("paper_issue", case), posted)
    page = answer.content.decode()
    assert answer.status_code == 409 and "改过" in page and "写了很久" in page
    assert f'name="version" value="{case.version}"' in page


def test_the_printed_order_is_masked_and_leaves_one_print_row(here, case, paper):
    AccessLog.objects.all().delete()
    page = signed_in(here.officer).get(url("paper", case, paper.uid)).content.decode()
    assert GUARDIAN_ID not in page and XUEJI_NO not in page and "0037" in page
    for said in (
        paper.number,
        "自送达之日起 7 日内",
        "送达回证（存根）",
        "（印章）",
        "2026年11月19日",
    ):
        assert said in page
    assert f"核验码 {paper.text['check']}" in page and "打印 李雯 2026-11-19" in page
    assert "□" in page and "☑" not in page
    assert rows(Access.PRINT, Access.REVEAL) == [("print", "student", here.student.uid, "")]


def test_a_reason_completes_the_numbers_and_leaves_a_reveal_and_a_print_row(here, case, paper):
    AccessLog.objects.all().delete()
    client = signed_in(here.officer)
    refused = client.post(url("paper", case, paper.uid), {"reason": " "})
    assert refused.status_code == 400 and GUARDIAN_ID not in refused.content.decode()
    AccessLog.objects.all().delete()
    page = client.post(url("paper", case, paper.uid), {"reason": "当面送达"}).content.decode()
    assert GUARDIAN_ID in page and XUEJI_NO in page
    assert rows(Access.PRINT, Access.REVEAL) == [
        ("reveal", "student", here.student.uid, "当面送达"),
        ("print", "student", here.student.uid, "当面送达"),
    ]


@pytest.mark.parametrize("who", ["office", "teacher", "cadre", "county_office"])
def test_who_reads_the_case_reads_the_paper_masked_but_completes_nothing(here, case, paper, who):
    client = signed_in(getattr(here, who))
    page = client.get(url("paper", case, paper.uid))
    assert page.status_code == 200 and "补全号码" not in page.content.decode()
    answer = client.post(url("paper", case, paper.uid), {"reason": "想看看"})
    assert answer.status_code == 403 and GUARDIAN_ID not in answer.content.decode()


@pytest.mark.parametrize(
    "name", ["paper_issue", "paper_record", "visit_form", "paper", "paper_serve", "paper_void"]
)
def test_next_door_none_of_it_exists(here, case, paper, name):
    more = [paper.uid] if name in ("paper", "paper_serve", "paper_void") else []
    assert signed_in(here.neighbour).get(url(name, case, *more)).status_code == 404


def test_a_paper_is_found_only_under_its_own_case(here, case, paper):
    other = case_of(make.pupil(here.school_class, "李扎"), by=here.office)
    assert signed_in(here.bureau).get(url("paper", other, paper.uid)).status_code == 404


def test_a_former_owner_reads_but_does_not_act(here, case, paper):
    CaseAccess.objects.create(
        case=case, kind=AccessKind.FORMER, path=here.other.path, unit="邻镇", began=TODAY
    )
    client = signed_in(here.neighbour)
    assert client.get(url("paper", case, paper.uid)).status_code == 200
    for name, more in [
        ("paper_issue", []),
        ("paper_serve", [paper.uid]),
        ("paper_void", [paper.uid]),
    ]:
        assert client.get(url(name, case, *more)).status_code == 403


def test_a_court_reads_a_paper_of_a_case_referred_to_it(here, case, paper):
    court = make.user(Role.COURT, here.region, name="法官")
    client = signed_in(court)
    assert client.get(url("paper", case, paper.uid)).status_code == 404
    CaseAccess.objects.create(
        case=case, kind=AccessKind.REFERRAL, role=Role.COURT, path=here.region.path,
        unit="县法院", began=TODAY,
    )  # fmt: skip
    assert client.get(url("paper", case, paper.uid)).status_code == 200


def test_service_on_the_page_starts_the_periods_and_fills_the_stub(here, case, paper):
    client = signed_in(here.officer)
    posted = {
        "version": case.version, "mode": "left", "served_0": "2026-11-19", "served_1": "day",
        "recipient": "岩温", "place": "芒回村3组", "servers": "李雯、岩布勒", "refusal": "不开门",
    }  # fmt: skip
    answer = client.post(url("paper_serve", case, paper.uid), posted)
    assert answer.status_code == 409 and "见证人" in answer.content.decode()
    answer = client.post(url("paper_serve", case, paper.uid), posted | {"witness": "岩叫"})
    assert answer.status_code == 302
    assert "已保存：登记送达。" in client.get(answer["Location"]).content.decode()
    assert case.deadlines.standing().get(kind=DeadlineKind.ORDER).due_on == date(2026, 11, 26)
    page = client.get(url("paper", case, paper.uid)).content.decode()
    for said in ("芒回村3组", "不开门", "岩叫", "2026年11月26日"):
        assert said in page
    assert page.count("☑") == 1 and "登记送达" not in page


def test_a_void_paper_says_so_on_its_face(here, case, paper):
    client = signed_in(here.officer)
    answer = client.post(
        url("paper_void", case, paper.uid), {"version": case.version, "reason": "姓名写错"}
    )
    assert answer.status_code == 302
    page = client.get(url("paper", case, paper.uid)).content.decode()
    assert "已作废" in page and "姓名写错" in page and paper.number in page


def test_a_recorded_paper_prints_its_facts_and_keeps_its_scan(here, case):
    client = signed_in(here.officer)
    scan = SimpleUploadedFile("责令.pdf", b"%PDF-1.4 scan")
    answer = client.post(
        url("paper_record", case),
        {
            "version": case.version, "kind": "order", "number": "白政责〔2018〕2号",
            "issued_0": "2018-04-20", "issued_1": "month", "addressee": here.guardian.uid,
            "file": scan,
        },
    )  # fmt: skip
    made = Paper.objects.get()
    assert answer.status_code == 302 and made.issued.label() == "2018年4月"
    page = client.get(url("paper", case, made.uid)).content.decode()
    assert "白政责〔2018〕2号" in page and "2018年4月" in page and "平台外制作" in page
    file = Attachment.objects.get(kind="paper", uid=made.uid)
    laid = client.get(url("paper_file", case, made.uid, file.pk))
    assert (
        laid["Content-Type"] == "application/pdf" and "sandbox" in laid["Content-Security-Policy"]
    )
    neighbour = signed_in(here.neighbour)
    assert neighbour.get(url("paper_file", case, made.uid, file.pk)).status_code == 404


def test_a_penalty_without_a_clause_of_the_place_is_refused_on_the_page(here, case):
    posted = {
        "version": case.version, "kind": "penalty", "number": "1号", "issued_0": "2026-11-01",
        "issued_1": "day", "fine": "500",
    }  # fmt: skip
    answer = signed_in(here.officer).post(url("paper_record", case), posted)
    assert answer.status_code == 409 and "义务教育法没有规定罚款" in answer.content.decode()


def visit(here, case, **more) -> Contact:
    fields = {
        "student": here.student, "case": case, "way": "visit", "on": date(2026, 11, 9),
        "met": "nobody", "note": "门锁，邻居称一家外出。", "by": here.cadre, "companions": "李雯",
        "next_on": date(2026, 11, 11), "client_key": "6f1c1b3e-0000-4000-8000-539901000001",
        "path": here.student.school_path,
    }  # fmt: skip
    return Contact.objects.create(**(fields | more))


def test_the_visit_form_for_the_next_visit_leaves_a_print_row_and_masks_the_phone(here, case):
    AccessLog.objects.all().delete()
    visit(here, case)
    page = signed_in(here.cadre).get(url("visit_form", case)).content.decode()
    assert "第 2 次家访" in page and case.number in page and "岩温（父亲）" in page
    assert "138****2207" in page and "13812342207" not in page
    assert "门锁" not in page and "☑" not in page
    assert rows(Access.PRINT) == [("print", "student", here.student.uid, "")]


def test_the_visit_form_of_a_contact_carries_what_was_recorded(here, case):
    Case.objects.filter(pk=case.pk).update(reasons=["work", "marriage"])
    contact = visit(here, case)
    where = f"{url('visit_form', case)}?contact={contact.pk}"
    page = signed_in(here.cadre).get(where).content.decode()
    for said in (
        "第 1 次家访",
        "门锁，邻居称一家外出。",
        "2026年11月9日",
        "岩布勒、李雯",
        "2026年11月11日再联系",
    ):
        assert said in page
    assert page.count("☑") == 2, (
        "nobody met, and away for work; an early marriage is not for the village"
    )
    assert signed_in(here.officer).get(where).content.decode().count("☑") == 3


def test_a_contact_of_another_child_is_not_printed_here(here, case):
    other = visit(here, None, student=make.pupil(here.school_class, "李扎"))
    where = f"{url('visit_form', case)}?contact={other.pk}"
    assert signed_in(here.officer).get(where).status_code == 404


def test_the_blank_visit_form_names_nobody_and_leaves_no_row_about_a_child(here, case):
    AccessLog.objects.all().delete()
    page = signed_in(here.cadre).get(f"{url('visit_form', case)}?blank").content.decode()
    assert "家访记录表" in page and here.student.name not in page and case.number not in page
    assert not rows(Access.PRINT)


def test_no_names_or_numbers_stand_in_an_address_or_an_access_row(here, case, paper):
    where = url("paper", case, paper.uid)
    signed_in(here.officer).post(where, {"reason": "当面送达"})
    for row in AccessLog.objects.all():
        assert here.student.name not in row.scope and GUARDIAN_ID not in row.scope
    assert here.student.name not in where


def test_a_public_notice_may_still_be_overtaken_by_handing_it_over(here, case, paper):
    serving.serve(
        paper.uid, on=today(), by=here.officer, version=case.version, mode=ServiceMode.PUBLIC,
        served=FuzzyDate.on(TODAY), note="全家外出，不知去向",
    )  # fmt: skip
    page = signed_in(here.officer).get(url("paper", case, paper.uid)).content.decode()
    assert "登记送达" in page
