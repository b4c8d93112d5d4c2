"""Cases a county brings along: dates as sure as they are, old papers, all or nothing."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Sum

from accounts.enums import Precision, Role
from accounts.models import Change, NumberSeries
from accounts.workbooks import Sheet, write_workbook
from cases.enums.records import DeadlineKind, PaperKind
from cases.enums.states import AbsenceLevel, AccessKind, CaseState, EventKind, Step
from cases.escalation.nightly import escalate
from cases.fuzzy_dates import FuzzyDate
from cases.importing.import_cases import CASES
from cases.importing.rows import fuzzy
from cases.models import Case, CaseEvent, Deadline, Paper, Service
from regions.clock import local
from regions.models import LegalBasis
from regions.refusals import Refused
from regions.rules.values import BadValue
from students.models import Student
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.files import outcome_of

pytestmark = pytest.mark.django_db
COLUMNS = (
    "学籍号 学校标识码 班级 姓名 建档日期 离校日期 疑似辍学日期 辍学日期 当前步骤 责任乡镇 批评教育日期 "
    "责令文号 责令日期 责令送达日期 限期天数 处罚文号 处罚日期 处罚送达日期 备注"
).split()
NUMBER = "L539901201304150001"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def here():
    found = county()
    found.student.xueji_no = NUMBER
    found.student.save()
    return found


def line(**cells: str) -> str:
    given = {"学籍号": NUMBER, "建档日期": "2026-09-21"} | cells
    assert set(given) <= set(COLUMNS)
    return ",".join(given.get(column, "") for column in COLUMNS)


ORDERED = {
    "离校日期": "2026-09", "疑似辍学日期": "2026-09-16", "辍学日期": "约2026-10-09",
    "当前步骤": "责令改正", "批评教育日期": "2026-10-12", "责令文号": "白政责改〔2026〕第3号",
    "责令日期": "2026.11.5", "责令送达日期": "2026年11月12日", "限期天数": "7", "备注": "随父务工",
}  # fmt: skip


def bring(by, *rows: str, apply: bool = True, partial: bool = False):
    content = "\n".join([",".join(COLUMNS), *rows]).encode()
    return outcome_of(CASES, content, "档案.csv", by=by, on=ON, apply=apply, partial=partial)


def test_a_case_comes_with_its_dates_its_step_and_its_papers(here):
    outcome = bring(here.bureau, line(**ORDERED))
    assert (outcome.rows, outcome.created, outcome.rejected) == (1, 1, [])
    case = Case.objects.get()
    assert (case.opened_on, case.year) == (date(2026, 9, 21), 2026)
    assert case.left == FuzzyDate.month(2026, 9)
    assert (case.suspected_on, case.dropout_on) == (date(2026, 9, 16), date(2026, 10, 9))
    assert case.level is AbsenceLevel.DROPOUT
    assert (case.state, case.step) == (CaseState.PERSUADING, Step.ORDER)
    assert case.step_on == date(2026, 11, 5)
    paper = Paper.objects.get()
    assert (paper.number, paper.serial, paper.days) == ("白政责改〔2026〕第3号", None, 7)
    assert Service.objects.get().effective_on == date(2026, 11, 12)
    assert Student.objects.get(pk=here.student.pk).case_since == date(2026, 9, 21)


def test_events_happened_then_and_were_entered_now(here):
    bring(here.bureau, line(**ORDERED))
    told = {
        event.kind: (event.happened.label(), local(event.entered_at).date(), event.role)
        for event in CaseEvent.objects.exclude(kind=EventKind.OPENED)
    }
    assert told == {
        EventKind.SUSPECTED: ("2026年9月16日", ON, Role.TOWNSHIP),
        EventKind.DROPOUT: ("约 2026年10月9日", ON, Role.TOWNSHIP),
        EventKind.CRITICISM: ("2026年10月12日", ON, Role.TOWNSHIP),
        EventKind.STEP: ("2026年11月5日", ON, Role.TOWNSHIP),
        EventKind.ISSUED: ("2026年11月5日", ON, Role.TOWNSHIP),
        EventKind.SERVED: ("2026年11月12日", ON, Role.TOWNSHIP),
        EventKind.NOTED: ("2026年11月19日", ON, Role.TOWNSHIP),
    }
    assert set(CaseEvent.objects.values_list("by", flat=True)) == {here.bureau.pk}


def test_the_served_order_runs_and_nothing_of_a_new_case_is_due(here):
    bring(here.bureau, line(**ORDERED))
    due = dict(Deadline.objects.standing().values_list("kind", "due_on"))
    assert due[DeadlineKind.ORDER] == date(2026, 11, 19)
    assert due[DeadlineKind.CONTACT] == date(2026, 11, 26)
    assert not {DeadlineKind.VERIFY, DeadlineKind.SCHOOL_REPORT} & set(due)
    summary = escalate(date(2026, 11, 20), here.region)
    case = Case.objects.get()
    assert case.events.filter(kind=EventKind.LAPSED).exists()
    assert (summary["suspected"], summary["dropout"]) == (0, 0)
    assert case.dropout_on == date(2026, 10, 9)


def test_an_order_served_on_no_known_day_starts_no_clock(here):
    bring(here.bureau, line(**(ORDERED | {"责令送达日期": "不晚于2026-11-12"})))
    service = Service.objects.get()
    assert (service.effective_on, service.precision) == (None, Precision.NOT_LATER)
    assert not Deadline.objects.filter(kind=DeadlineKind.ORDER).exists()


def test_without_apply_nothing_is_written(here):
    outcome = bring(here.bureau, line(**ORDERED), apply=False)
    assert (outcome.created, outcome.applied) == (1, False)
    assert not Case.objects.exists() and not NumberSeries.objects.exists()


def test_the_same_file_again_changes_nothing(here):
    make.pupil(here.school_class, "玉叫", residence_path=here.village.path)
    of = here.school_class.school.code
    rows = [line(**ORDERED), line(学籍号="", 学校标识码=of, 班级="七(1)班", 姓名="玉叫")]
    assert bring(here.bureau, *rows).created == 2
    before = [CaseEvent.objects.count(), Deadline.objects.count(), Change.objects.count()]
    outcome = bring(here.bureau, *rows)
    assert (outcome.created, outcome.unchanged, outcome.rejected) == (0, 2, [])
    assert [CaseEvent.objects.count(), Deadline.objects.count(), Change.objects.count()] == before
    assert NumberSeries.objects.aggregate(n=Sum("last"))["n"] == 2


def test_another_row_for_a_child_with_an_open_case_is_rejected_with_its_number(here):
    case = case_of(here.student)
    outcome = bring(here.bureau, line(**ORDERED))
    assert case.number in outcome.rejected[0].message
    assert outcome.rejected[0].value == ""  # no 学籍号 in what is printed
    twice = bring(here.bureau, line(), line(备注="又一行"), apply=False)
    assert len(twice.rejected) == 2


def test_two_different_rows_of_one_child_in_a_file(here):
    outcome = bring(here.bureau, line(), line(), line(备注="又一行"), apply=False)
    assert (outcome.created, outcome.unchanged, len(outcome.rejected)) == (1, 1, 1)


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"学籍号": "L539901201304159999"}, "学籍号"),
        ({"学籍号": ""}, "姓名"),
        ({"建档日期": ""}, "建档日期"),
        ({"建档日期": "2026-09"}, "建档日期"),
        ({"建档日期": "2026-12-01"}, "建档日期"),
        ({"离校日期": "去年"}, "离校日期"),
        ({"离校日期": "2026-13"}, "离校日期"),
        ({"离校日期": "2026-10"}, "离校日期"),
        ({"疑似辍学日期": "2026-10-09", "辍学日期": "2026-09-16"}, "辍学日期"),
        ({"当前步骤": "拘留"}, "当前步骤"),
        ({"责令日期": "2026-11-12"}, "当前步骤"),
        ({"当前步骤": "责令改正", "处罚日期": "2026-11-12"}, "当前步骤"),
        ({"责任乡镇": "539902001"}, "责任乡镇"),
        ({"责任乡镇": "539901001001"}, "责任乡镇"),
        ({"批评教育日期": "2026-11-20"}, "批评教育日期"),
        ({"责令送达日期": "2026-11-12"}, "责令送达日期"),
        (
            {"当前步骤": "责令改正", "责令日期": "2026-11-12", "责令送达日期": "2026-11-05"},
            "责令送达日期",
        ),
        ({"当前步骤": "责令改正", "责令日期": "2026-11-12", "限期天数": "一周"}, "限期天数"),
        ({"当前步骤": "责令改正", "责令日期": "2026-11-12", "限期天数": "٣"}, "限期天数"),
        ({"限期天数": "7"}, "限期天数"),
        ({"处罚送达日期": "2026-11-12"}, "处罚送达日期"),
    ],
)
def test_a_bad_cell_is_named_and_nothing_comes_in(here, cells, column):
    make.region("539902001")
    make.pupil(here.school_class, "玉叫", xueji_no="L539901201304150002")
    outcome = bring(here.bureau, line(学籍号="L539901201304150002"), line(**cells))
    assert [one.column for one in outcome.rejected] == [column]
    rejected = outcome.rejected[0]
    assert rejected.row == 3 and rejected.cell.endswith("3") and rejected.message.endswith("。")
    assert not outcome.applied and not Case.objects.exists()


def test_with_accept_partial_the_good_rows_come_in(here):
    outcome = bring(here.bureau, line(), line(学籍号="L0"), partial=True)
    assert outcome.applied and Case.objects.count() == 1 and len(outcome.rejected) == 1


def test_a_child_without_chinese_nationality_is_only_persuaded(here):
    Student.objects.update(nationality="MMR")
    outcome = bring(here.bureau, line(**ORDERED))
    assert [one.column for one in outcome.rejected] == ["当前步骤"]
    assert bring(here.bureau, line()).created == 1


def test_who_may_bring_what(here):
    for user in (here.office, here.teacher, here.cadre, make.user(Role.COURT, here.region)):
        with pytest.raises(Refused):
            bring(user, line())
    assert bring(here.officer, line(), apply=False).created == 1
    assert bring(here.county_office, line(), apply=False).created == 1
    assert "找不到" in bring(here.neighbour, line()).rejected[0].message
    far = make.user(Role.BUREAU, make.region("539902"))
    assert "找不到" in bring(far, line()).rejected[0].message


def test_a_township_brings_only_what_it_answers_for(here):
    """The child lives next door and goes to school here: reached, but not owned."""
    Student.objects.update(residence_path=here.other.path, household_path=here.other.path)
    assert len(bring(here.officer, line()).rejected) == 1
    outcome = bring(here.officer, line(责任乡镇="539901002"))
    assert outcome.rejected[0].message == "只能导入本乡镇负责的档案。"
    assert bring(here.neighbour, line()).created == 1


def test_the_township_of_the_file_owns_the_case(here):
    bring(here.bureau, line(责任乡镇="539901002"))
    case = Case.objects.get()
    owner = case.access_rows.get(kind=AccessKind.OWNER)
    assert (owner.path, owner.until, case.to_assign) == (here.other.path, None, False)
    assert list(Case.objects.visible_to(here.neighbour)) == [case]


PENALTY = ORDERED | {
    "责令日期": "2026-03-02", "责令送达日期": "2026-03-02", "当前步骤": "行政处罚",
    "建档日期": "2026-01-05", "离校日期": "2025-12", "疑似辍学日期": "", "辍学日期": "",
    "批评教育日期": "2026-02", "处罚文号": "白政罚〔2026〕第1号", "处罚日期": "2026-03-02",
    "处罚送达日期": "2026-03-02",
}  # fmt: skip


def test_an_old_penalty_starts_the_periods_of_the_law_and_warns_without_a_basis(here):
    outcome = bring(here.bureau, line(**PENALTY))
    assert outcome.created == 1 and "法律依据" in outcome.warnings[0]
    due = dict(Deadline.objects.filter(paper__kind=PaperKind.PENALTY).values_list("kind", "due_on"))
    assert due == {  # domain §1.3, worked
        DeadlineKind.FINE: date(2026, 3, 17),
        DeadlineKind.REVIEW: date(2026, 5, 6),
        DeadlineKind.SUIT: date(2026, 9, 2),
        DeadlineKind.COURT_WINDOW: date(2026, 12, 2),
    }
    steps = CaseEvent.objects.filter(kind=EventKind.STEP).values_list("step", flat=True)
    assert list(steps) == [Step.ORDER, Step.PENALTY]


def test_an_old_penalty_cites_the_clause_of_the_place(here):
    LegalBasis.objects.create(
        region=here.region, title="云澜县义务教育条例", issuer="县人大常委会", article="第二十一条",
        text="可以处五百元以下罚款。", valid_from=date(2020, 1, 1), allows_fine=True,
        competent="乡镇人民政府", fine_max=500, verified_by="县司法局",
    )  # fmt: skip
    assert bring(here.bureau, line(**PENALTY)).warnings == []
    assert Paper.objects.get(kind=PaperKind.PENALTY).basis == "《云澜县义务教育条例》第二十一条"


@pytest.mark.parametrize("said", ["提起诉讼", "第四步（提起诉讼）", "起诉"])
def test_a_step_without_a_day_says_so(here, said):
    bring(here.bureau, line(当前步骤=said))
    event = CaseEvent.objects.get(kind=EventKind.STEP)
    assert (event.step, event.precision) == (Step.SUE, Precision.UNKNOWN)
    assert event.details == {"imported": True, "from": "persuade", "undated": True}


@pytest.mark.parametrize(
    ("raw", "found"),
    [
        ("2017-03", FuzzyDate.month(2017, 3)),
        ("2017年3月", FuzzyDate.month(2017, 3)),
        ("2017.3.9", FuzzyDate.on(date(2017, 3, 9))),
        (date(2017, 3, 9), FuzzyDate.on(date(2017, 3, 9))),
        ("约 2017年3月9日", FuzzyDate.about(date(2017, 3, 9))),
        ("不晚于2017/3/9", FuzzyDate.not_later(date(2017, 3, 9))),
        ("不详", FuzzyDate.unknown()),
        ("", None),
        (None, None),
    ],
)
def test_dates_as_people_write_them(raw, found):
    assert fuzzy(raw, "离校日期", ON) == found


@pytest.mark.parametrize("raw", ["2017-13", "三月", "约三月", "2026-11-20", "2026-12", "20170230"])
def test_dates_that_are_none(raw):
    with pytest.raises(BadValue):
        fuzzy(raw, "离校日期", ON)


def run(file, by, *flags) -> dict:
    out = StringIO()
    try:
        call_command("import_cases", str(file), "--by", by.username, *flags, stdout=out)
    finally:
        run.said = out.getvalue()
    return json.loads(run.said)


def test_the_command_reads_a_workbook_with_real_dates(here, tmp_path):
    file = tmp_path / "档案.xlsx"
    head = ["全国学籍号", "建档时间", "离校时间", "步骤", "说明"]
    rows = [(NUMBER, date(2026, 9, 21), date(2026, 9, 14), "劝返", "")]
    with file.open("wb") as target:
        write_workbook(target, [Sheet("档案", head, rows, widths=[20] * 5)])
    assert run(file, here.bureau)["applied"] is False
    assert not Case.objects.exists()
    answer = run(file, here.bureau, "--apply")
    assert (answer["created"], answer["applied"]) == (1, True)
    assert Case.objects.get().left.exact == date(2026, 9, 14)
    assert NUMBER not in run.said


def test_the_command_fails_when_it_did_not_do_what_it_was_told(here, tmp_path):
    file = tmp_path / "档案.csv"
    file.write_text("\n".join([",".join(COLUMNS), line(建档日期="")]), "utf-8")
    with pytest.raises(CommandError):
        run(file, here.bureau, "--apply")
    assert json.loads(run.said)["rejected"][0]["column"] == "建档日期"


def test_two_numbers_of_two_children_open_no_case(here):
    other = make.pupil(here.school_class, "玉叫", id_no=make.id_number(2))
    content = f"学籍号,证件号,建档日期\n{NUMBER},{other.id_no},2026-09-21".encode()
    (rejected,) = outcome_of(CASES, content, "个案.csv", by=here.bureau, on=ON).rejected
    assert rejected.column == "学籍号" and "不是同一个学生" in rejected.message
    assert not Case.objects.exists()
