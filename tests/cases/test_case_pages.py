"""The work list and the case page: what each role is shown, what it may press, what it costs."""

from datetime import date, timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from accounts.models import AccessLog
from accounts.words import Access, Role
from cases import closing, contacts, ladder, leaving, notes, reaching, returns
from cases.fuzzy import FuzzyDate
from cases.kinds import DeadlineKind, ExitKind, PlacementMode, Reason
from cases.models import Case, CaseEvent, Deadline
from cases.words import CaseState, ContactWay, EventKind, Met, ReachKind, Step, WordOf
from cases.worklist import waiting_cases
from tests import factories as make
from tests.cases.world import ON, case_of, county
from tests.test_queries import statements, told

pytestmark = pytest.mark.django_db
MOST_FOR_A_CASE = 45


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(answer) -> str:
    return answer.content.decode()


def page_of(case, user, name="case", **query) -> str:
    answer = signed_in(user).get(reverse(f"cases:{name}", args=[case.uid]), query)
    assert answer.status_code == 200
    return text(answer)


def listed(user, **query) -> str:
    answer = signed_in(user).get(reverse("cases:worklist"), query)
    assert answer.status_code == 200
    return text(answer)


def fresh(case) -> Case:
    return Case.objects.get(pk=case.pk)


def visit(case, by, *, on=ON, met=Met.GUARDIAN, note="父亲说月底回来"):
    return contacts.record_contact(
        case.student, way=ContactWay.VISIT, on=on, met=met, note=note, by=by, client_key=uuid4()
    )


def due(case, day: date, kind=DeadlineKind.CONTACT, who=Role.TOWNSHIP) -> None:
    case.deadlines.all().delete()
    Deadline.objects.create(
        case=case, kind=kind.value, starts_on=ON, due_on=day, who=who.value, article="系统设定"
    )


# --- the work list ---------------------------------------------------------------------------


def test_a_row_says_who_does_what_by_when_under_which_article(here):
    case = case_of(here.student, by=here.office)
    shown = listed(here.officer)
    assert "1 件在办" in shown and "没有逾期" in shown
    for said in (
        here.student.name,
        "还有 1 天",
        "首次核查并定性",
        "地区539901001 ·",
        "系统设定",
        "核查中",
    ):
        assert said in shown, said
    assert reverse("cases:contact", args=[here.student.uid]) in shown
    assert reverse("cases:case", args=[case.uid]) in shown


@pytest.mark.parametrize(
    ("ahead", "group", "word"),
    [(-3, "已逾期 1", "逾期 3 天"), (0, "今天到期 1", "今天"), (7, "7 天内 1", "还有 7 天"),
     (8, "以后 1", "还有 8 天")],
)  # fmt: skip
def test_cases_stand_in_groups_by_their_due_date(here, ahead, group, word):
    due(case_of(here.student), ON + timedelta(days=ahead))
    shown = listed(here.officer)
    assert group in shown and word in shown


def test_the_list_is_ordered_by_date_and_never_by_name(here):
    for number, name in enumerate(["阿一", "阿二", "阿三"]):
        due(case_of(make.pupil(here.school_class, name)), ON + timedelta(days=9 - number))
    shown = listed(here.bureau)
    assert shown.index("阿三") < shown.index("阿二") < shown.index("阿一")


def test_phases_count_their_cases_and_those_late(here):
    due(case_of(here.student), ON - timedelta(days=1))
    other = case_of(make.pupil(here.school_class, "玉叫"))
    Case.objects.filter(pk=other.pk).update(state=CaseState.PERSUADING)
    assert "玉叫" not in listed(here.officer, phase="find")
    shown = listed(here.officer, phase="persuade")
    assert "玉叫" in shown and here.student.name not in shown.split("<main")[1].split("stats")[0]
    assert shown.count("1 件逾期") == 3, "the sentence, the whole, and the phase 发现"


def test_a_search_by_name_goes_by_post_and_stands_in_no_address(here):
    case_of(here.student)
    case_of(make.pupil(here.school_class, "玉叫", initials="yj"))
    for words in ("玉叫", "yj", "YJ"):
        shown = text(signed_in(here.officer).post(reverse("cases:worklist"), {"words": words}))
        assert "玉叫</a>" in shown and f"{here.student.name}</a>" not in shown
    assert "玉叫</a>" in listed(here.officer, words="岩香"), "a name in the address is not read"


def test_no_match_says_so_and_offers_the_way_back(here):
    case_of(here.student)
    shown = text(signed_in(here.officer).post(reverse("cases:worklist"), {"words": "没有这人"}))
    assert "没有符合筛选的个案" in shown and "清除筛选" in shown


def test_an_empty_list_is_honest_about_missing_registers(here):
    shown = listed(here.officer)
    assert "没有在办个案" in shown and "还差 1 个班未报考勤" in shown
    make.take(here.school_class, ON, here.teacher)
    shown = listed(here.officer)
    assert "1 / 1 个班" in shown and "还差" not in shown


def test_the_county_sees_what_is_to_be_assigned(here):
    lost = make.pupil(here.school_class, "娜妥")
    case = case_of(lost)
    link = reverse("cases:assign", args=[case.uid])
    assert link in listed(here.bureau) and "待指定责任乡镇 1" in listed(here.county_office)
    assert link not in listed(here.officer)


def test_a_neighbour_sees_nothing_of_it(here):
    case_of(here.student)
    assert here.student.name not in listed(here.neighbour)


def test_the_badge_counts_what_is_late_or_due_today_and_ones_own(here):
    case = case_of(here.student)
    assert waiting_cases(here.officer) == 0
    due(case, ON)
    assert waiting_cases(here.officer) == 1
    assert waiting_cases(here.office) == waiting_cases(here.neighbour) == 0
    due(case, ON, DeadlineKind.PLACE, Role.OFFICE)
    assert waiting_cases(here.office) == 1 and waiting_cases(here.officer) == 0
    principal = make.user(Role.PRINCIPAL, here.school_class.school)
    assert waiting_cases(principal) == 1, "office and principal stand in for each other"


@pytest.mark.parametrize(
    ("reader", "contact_in", "said"),
    [
        ("officer", 5, "再次联系监护人"),
        ("office", 5, "学校书面报告"),
        ("office", -5, "学校书面报告"),
        ("bureau", 5, "再次联系监护人"),
    ],
)
def test_the_next_step_is_ones_own_when_it_is_due_and_a_report_stands_aside(
    here, reader, contact_in, said
):
    """The school's report is late; the township's next contact is due later, or late as well."""
    case = case_of(here.student)
    due(case, ON + timedelta(days=contact_in))
    Deadline.objects.create(
        case=case, kind=DeadlineKind.SCHOOL_REPORT.value, starts_on=ON, article="未保法",
        due_on=ON - timedelta(days=2), who=Role.OFFICE.value,
    )  # fmt: skip
    shown = listed(getattr(here, reader))
    assert f"· {said}</b>" in shown
    assert ("写书面报告" in shown) is (reader == "office")


def test_the_county_looks_on_at_what_is_anothers_duty(here):
    case_of(here.student)
    assert "看个案" in listed(here.bureau) and "记家访" not in listed(here.bureau)
    assert "记家访" in listed(here.officer) and "记家访" in listed(here.cadre)


def test_each_row_has_one_button_for_what_this_reader_may_do(here):
    case = case_of(here.student)
    due(case, ON, DeadlineKind.PLACE, Role.OFFICE)
    assert "登记安置" in listed(here.office)
    assert "登记安置" not in listed(here.officer) and "看个案" in listed(here.officer)


@pytest.mark.parametrize("role", ["officer", "bureau", "office", "teacher", "cadre"])
def test_the_list_costs_the_same_for_two_cases_and_for_thirty(here, role):
    """A child more brings no statement more."""

    def more(numbers: range) -> None:
        for n in numbers:
            child = make.pupil(
                here.school_class, f"学生{n}", residence_region=here.village,
                residence_path=here.village.path,
            )  # fmt: skip
            case = case_of(child, by=here.office)
            visit(case, here.officer)

    client, url = signed_in(getattr(here, role)), reverse("cases:worklist")
    more(range(2))
    client.get(url)
    with statements() as few:
        client.get(url)
    more(range(2, 30))
    with statements() as many:
        client.get(url)
    assert len(few) == len(many), told(many)


# --- the case page ---------------------------------------------------------------------------


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
    ladder.criticise(
        case.uid, by=here.officer, happened=FuzzyDate.about(date(2026, 10, 31)),
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


def sensitive_exit(here, case) -> None:
    leaving.leave_by_exit(
        case.uid, ExitKind.SUSPENDED, by=here.officer, on=ON, version=fresh(case).version,
        proof="县医院诊断证明：抑郁症", until=ON + timedelta(days=90),
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
    contacts.record_contact(
        here.student, way=ContactWay.VISIT, on=ON, met=Met.GUARDIAN, note="母亲说已订婚",
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
        case=case, kind=EventKind.NOTED.value, precision="day", happened_from=ON, happened_to=ON,
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
    CaseEvent.objects.filter(details__file=laid.pk).update(sensitive=True)
    assert signed_in(here.teacher).get(url).status_code == 404
    assert signed_in(here.bureau).get(url).status_code == 200
    assert signed_in(here.neighbour).get(url).status_code == 404


def test_a_former_owner_reads_and_has_no_button(here):
    case = case_of(here.student)
    reaching.hand_over(
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
    reaching.refer(
        case.uid, Role.COURT, by=here.bureau, on=ON, version=case.version, reason="拟提起诉讼"
    )
    shown = page_of(case, judge)
    assert here.student.name in shown and "0011" not in shown and "查看</a>" not in shown
    assert reverse("cases:child", args=[here.student.uid]) not in shown
    reaching.end_referral(case.uid, Role.COURT, by=here.bureau, on=ON, version=fresh(case).version)
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


def a_photo() -> SimpleUploadedFile:
    drawn = BytesIO()
    Image.new("RGB", (8, 8), "white").save(drawn, "JPEG")
    return SimpleUploadedFile("课堂.jpg", drawn.getvalue(), "image/jpeg")


def returned(here, case, on=ON) -> Case:
    returns.record_return(case.uid, by=here.office, on=on, version=fresh(case).version)
    returns.place(
        case.uid, by=here.office, on=on, version=fresh(case).version, mode=PlacementMode.OWN_CLASS
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


# --- acts ------------------------------------------------------------------------------------


def post(case, user, name, **filled):
    client = signed_in(user)
    filled.setdefault("version", fresh(case).version)
    return client.post(reverse(f"cases:{name}", args=[case.uid]), filled)


DAY = {"happened_0": ON.isoformat(), "happened_1": "day"}


def test_criticism_is_written_down_and_said_again(here):
    case = case_of(here.student)
    answer = post(case, here.officer, "criticise", note="对父亲讲了义务教育法", **DAY)
    assert answer.status_code == 302
    shown = text(signed_in(here.officer).get(answer["Location"]))
    assert "已保存：登记批评教育" in shown and "对父亲讲了义务教育法" in shown


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
    assert "返校后还没有考勤" in text(post(case, here.officer, "word", note="上门见到学生"))
    for day in make.weekdays(date(2026, 11, 18), 10):
        settings.KONGCHUO_TODAY = day
        make.take(here.school_class, day, here.teacher)
    assert "缺学校意见" in text(post(case, here.officer, "word", note="上门见到学生"))
    assert post(case, here.office, "word", note="在校表现正常").status_code == 302
    assert "报请销号" in page_of(case, here.officer)
    assert post(case, here.officer, "word", note="上门见到学生").status_code == 302
    back = post(case, here.bureau, "send_back", note="缺到校照片")
    assert back.status_code == 302 and not fresh(case).closing_words.filter(withdrawn_on=None)
    post(case, here.office, "word", note="补了照片")
    post(case, here.officer, "word", note="再次上门")
    assert post(case, here.bureau, "approve", note="同意").status_code == 302
    assert fresh(case).state == CaseState.CLOSED
    assert {w.word_of for w in fresh(case).closing_words.filter(withdrawn_on=None)} == set(WordOf)
    assert "已销号" in page_of(case, here.office)
    assert closing.DEFAULT


def test_the_exit_page_names_the_proof_beside_each_choice(here):
    case = case_of(here.student)
    shown = page_of(case, here.bureau, "exit")
    assert "对方学校接收证明，学籍转接办结" in shown and "医疗证明，监护人申请" in shown
    refused = post(case, here.officer, "exit", kind="transfer_out", proof="接收函", until="")
    assert refused.status_code == 409 and "由县教育体育局批准" in text(refused)
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
    assert fresh(case).reach.get(kind=ReachKind.OWNER, until=None).path == here.other.path
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
    "word": {"office", "officer"},
    "approve": {"bureau"},
    "send_back": {"bureau"},
    "exit": {"office", "officer", "bureau", "county_office"},
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
