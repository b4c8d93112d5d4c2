"""The pages of the acts: saved and said again, refused with a sentence, in conflict, not theirs."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cases.contacts import notes
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, EventKind, OpinionOf, Step
from cases.returns import closing
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.page_reader import (
    a_photo,
    fresh,
    page_of,
    signed_in,
    text,
    visit,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def post(case, user, name, **filled):
    client = signed_in(user)
    filled.setdefault("version", fresh(case).version)
    return client.post(reverse(f"cases:{name}", args=[case.uid]), filled)


SAID = "已保存：登记批评教育。写在下面的经过里。"
DAY = {"happened_0": ON.isoformat(), "happened_1": "day"}


def test_criticism_is_written_down_and_said_again(here):
    case = case_of(here.student)
    client, page = signed_in(here.officer), reverse("cases:case", args=[case.uid])
    told = {"version": case.version, "note": "对父亲讲了义务教育法"} | DAY
    answer = client.post(reverse("cases:criticise", args=[case.uid]), told)
    assert (answer.status_code, answer["Location"]) == (302, page)
    assert SAID not in text(client.get(page, headers={"X-Requested-With": "fetch"}))
    shown = text(client.get(page))
    assert SAID in shown and "对父亲讲了义务教育法" in shown
    assert SAID not in text(client.get(page)), "said once"


@pytest.mark.parametrize(
    ("sure", "label"),
    [("day", "2026年11月19日"), ("month", "2026年11月"), ("not_later", "不晚于 2026年11月19日"),
     ("about", "约 2026年11月19日"), ("unknown", "日期不详")],
)  # fmt: skip
def test_a_date_is_kept_as_sure_as_it_was_said(here, sure, label):
    case = case_of(here.student)
    post(
        case, here.officer, "criticise", note="对父亲讲了义务教育法",
        happened_0="" if sure == "unknown" else ON.isoformat(), happened_1=sure,
    )  # fmt: skip
    assert case.events.get(kind=EventKind.CRITICISM).happened.label() == label


def test_a_missing_date_is_asked_for(here):
    case = case_of(here.student)
    day = page_of(case, here.officer, "criticise").split('name="happened_0"')[1].split(">")[0]
    assert "required" not in day, "the browser lets through a day nobody knows"
    answer = post(case, here.officer, "criticise", note="讲了法律", happened_0="", happened_1="day")
    assert answer.status_code == 409 and "日期不详" in text(answer)


def test_a_step_that_is_shut_says_why_before_and_after_the_attempt(here):
    case = case_of(here.student)
    shown = page_of(case, here.officer, "advance")
    assert "还没有联系监护人的记录（义务教育法第13条）" in shown
    answer = post(case, here.officer, "advance", to="order", note="", **DAY)
    assert answer.status_code == 409
    assert "还没有联系监护人的记录（义务教育法第13条）" in text(answer).split("note-bad")[1]
    visit(case, here.officer)
    post(case, here.officer, "criticise", note="对父亲讲了义务教育法", **DAY)
    assert post(case, here.officer, "advance", to="order", note="", **DAY).status_code == 302
    assert fresh(case).step == Step.ORDER


def test_a_skip_is_asked_and_decided(here):
    case = case_of(here.student)
    asked = post(case, here.officer, "skip", step="penalty", reason="没有罚款依据")
    assert asked.status_code == 302
    assert "没有罚款依据" in page_of(case, here.county_office, "decide_skip")
    decided = post(
        case, here.county_office, "decide_skip", step="penalty", granted="yes", opinion=""
    )
    assert decided.status_code == 302 and fresh(case).skips.get().granted


def test_who_saves_second_keeps_the_input_and_sees_who_was_first(here):
    case = case_of(here.student)
    old = case.version
    notes.note(case.uid, by=here.bureau, on=ON, version=old, said="县里先写的")
    answer = post(case, here.officer, "note", said="我写了很长的一段", version=old)
    shown = text(answer)
    assert answer.status_code == 409
    assert "何志明" in shown and "我写了很长的一段" in shown and "县里先写的" in shown
    assert f'name="version" value="{fresh(case).version}"' in shown
    again = post(case, here.officer, "note", said="我写了很长的一段")
    assert again.status_code == 302


def test_return_place_words_and_approval_by_their_pages(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    first = date(2026, 11, 5)
    settings.KONGCHUO_TODAY = first
    here.student.enrolments.update(listed_from=date(2026, 9, 1))
    case = case_of(here.student, on=first)
    answer = post(
        case, here.office, "record_return", on_0=first.isoformat(), on_1="day", note="",
        file=a_photo(),
    )  # fmt: skip
    assert answer.status_code == 302 and fresh(case).state == CaseState.RETURNED
    answer = post(
        case, here.office, "place", mode="own_class", school_class="", on=first.isoformat(), note=""
    )
    assert answer.status_code == 302 and fresh(case).state == CaseState.OBSERVING
    assert "返校后还没有考勤" in text(
        post(case, here.officer, "opinion", note="上门见到学生", agrees="yes")
    )
    for day in make.weekdays(date(2026, 11, 18), 10):
        settings.KONGCHUO_TODAY = day
        make.take(here.school_class, day, here.teacher)
    assert "缺学校意见" in text(
        post(case, here.officer, "opinion", note="上门见到学生", agrees="yes")
    )
    assert post(case, here.office, "opinion", agrees="yes", note="在校表现正常").status_code == 302
    assert "报请销号" in page_of(case, here.officer)
    assert post(case, here.officer, "opinion", note="上门见到学生", agrees="yes").status_code == 302
    back = post(case, here.bureau, "send_back", note="缺到校照片")
    assert back.status_code == 302 and not fresh(case).closing_opinions.filter(withdrawn_on=None)
    post(case, here.office, "opinion", agrees="yes", note="补了照片")
    post(case, here.officer, "opinion", agrees="yes", note="再次上门")
    assert post(case, here.bureau, "approve", note="同意").status_code == 302
    assert fresh(case).state == CaseState.CLOSED
    assert {w.opinion_of for w in fresh(case).closing_opinions.filter(withdrawn_on=None)} == set(
        OpinionOf
    )
    assert "已销号" in page_of(case, here.office)
    assert closing.DEFAULT


def test_the_exit_page_names_the_proof_beside_each_choice(here):
    case = case_of(here.student)
    shown = page_of(case, here.bureau, "exit")
    assert "对方学校接收证明，学籍转接办结" in shown and "医疗证明，监护人申请" in shown
    offered = page_of(case, here.officer, "exit")
    assert 'value="suspended"' in offered and 'value="transfer_out"' not in offered
    assert "县教育体育局批准；对方确认接收后离开本县名册" in offered
    refused = post(case, here.officer, "exit", kind="transfer_out", proof="接收函", until="")
    assert refused.status_code == 409 and fresh(case).is_open
    done = post(
        case, here.bureau, "exit", kind="vocational", proof="职业学校在读证明", until="",
        approver_note="",
    )  # fmt: skip
    assert done.status_code == 302 and fresh(case).state == CaseState.EXITED
    again = post(case, here.officer, "reopen", note="核实并未就读")
    assert again.status_code == 302 and fresh(case).state == CaseState.PERSUADING


def test_assign_hand_over_refer_and_end_by_their_pages(here):
    lost = make.pupil(here.school_class, "娜妥")
    case = case_of(lost)
    assert post(case, here.bureau, "assign", township=here.other.pk).status_code == 302
    assert fresh(case).access_rows.get(kind=AccessKind.OWNER, until=None).path == here.other.path
    moved = post(
        case, here.neighbour, "hand_over", township=here.township.pk, reason="监护人住在那边"
    )
    assert moved.status_code == 302
    assert (
        post(case, here.officer, "refer", role="police", reason="失联，请协查").status_code == 302
    )
    assert "公安局" in page_of(case, here.officer, "end_referral")
    assert post(case, here.officer, "end_referral", role="police", note="").status_code == 302
    assert post(case, here.bureau, "mistake", reason="重名，错认了学生").status_code == 302
    assert fresh(case).state == CaseState.MISTAKE


def test_a_township_of_another_county_is_no_choice(here):
    case, far = case_of(make.pupil(here.school_class, "娜妥")), make.region("539902001")
    answer = post(case, here.bureau, "assign", township=far.pk)
    assert answer.status_code == 409 and fresh(case).to_assign


def test_report_and_evidence_by_their_pages(here, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    case = case_of(here.student)
    said = "最后到校 11月16日，已家访两次，家长说外出务工"
    assert post(case, here.office, "report", said=said).status_code == 302
    assert not case.deadlines.standing().filter(kind=DeadlineKind.SCHOOL_REPORT).exists()
    assert post(case, here.cadre, "evidence", what="村里证明", file=a_photo()).status_code == 302
    shown = page_of(case, here.officer)
    assert "课堂.jpg" in shown and said in shown
    wrong = post(
        case, here.cadre, "evidence", what="不是照片", file=SimpleUploadedFile("x.txt", b"hello")
    )
    assert wrong.status_code == 409 and "只能附照片" in text(wrong)


ACTS_OF = {
    "criticise": {"officer", "bureau"},
    "advance": {"officer", "bureau"},
    "skip": {"officer", "bureau"},
    "decide_skip": {"county_office"},
    "court": {"officer", "bureau"},
    "record_return": {"office", "officer", "bureau"},
    "place": {"office", "bureau"},
    "opinion": {"office", "officer"},
    "approve": {"bureau"},
    "send_back": {"bureau"},
    "exit": {"officer", "bureau"},
    "reopen": {"officer", "bureau", "county_office"},
    "assign": {"bureau", "county_office"},
    "hand_over": {"officer", "bureau", "county_office"},
    "refer": {"officer", "bureau", "county_office"},
    "end_referral": {"officer", "bureau", "county_office"},
    "mistake": {"bureau"},
    "note": {"office", "teacher", "cadre", "officer", "bureau", "county_office"},
    "report": {"office"},
    "evidence": {"office", "teacher", "cadre", "officer", "bureau", "county_office"},
}


@pytest.mark.parametrize("name", ACTS_OF)
def test_who_may_open_the_page_of_an_act(here, name):
    case, opened = case_of(here.student), set()
    people = ("office", "teacher", "cadre", "officer", "bureau", "county_office", "neighbour")
    for who in people:
        answer = signed_in(getattr(here, who)).get(reverse(f"cases:{name}", args=[case.uid]))
        assert answer.status_code in (200, 403, 404)
        opened |= {who} if answer.status_code == 200 else set()
    assert opened == ACTS_OF[name]


@pytest.mark.parametrize("name", ["decide_skip", "end_referral"])
def test_what_is_not_there_to_be_done_is_said_and_not_done(here, name):
    case = case_of(here.student)
    who = here.county_office
    assert "btn-primary" not in page_of(case, who, name)
    assert post(case, who, name).status_code == 409
