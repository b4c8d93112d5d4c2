"""The dates of a case that is brought along run forwards, and none lies ahead."""

from datetime import date

import pytest

from accounts.enums import Precision
from cases.fuzzy_dates import FuzzyDate
from cases.importing.import_cases import CASES
from cases.importing.rows import FOLLOWS, LEFT
from cases.models import Case, CaseEvent, Paper, Service
from tests.cases.case_county import ON, county
from tests.files import outcome_of

pytestmark = pytest.mark.django_db
NUMBER = "L539901201304150001"
COLUMNS = (
    "学籍号 建档日期 离校日期 疑似辍学日期 辍学日期 当前步骤 批评教育日期 "
    "责令文号 责令日期 责令送达日期 处罚文号 处罚日期 处罚送达日期"
).split()
WHOLE = {
    "学籍号": NUMBER, "建档日期": "2026-11-15", "离校日期": "2026-09-01", "当前步骤": "行政处罚",
    "责令文号": "责1", "处罚文号": "罚1",
}  # fmt: skip
FORWARDS = {
    "疑似辍学日期": "2026-09-10", "辍学日期": "2026-10-02", "批评教育日期": "2026-10-12",
    "责令日期": "2026-10-20", "责令送达日期": "2026-10-21", "处罚日期": "2026-11-05",
    "处罚送达日期": "2026-11-06",
}  # fmt: skip


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    found = county()
    found.student.xueji_no = NUMBER
    found.student.save()
    return found


def bring(here, **cells: str):
    given = WHOLE | cells
    rows = [",".join(COLUMNS), ",".join(given.get(column, "") for column in COLUMNS)]
    return outcome_of(
        CASES, "\n".join(rows).encode(), "档案.csv", by=here.bureau, on=ON, apply=True
    )


def cell(heading: str) -> str:
    return f"{heading} {'ABCDEFGHIJKLM'[COLUMNS.index(heading)]}2"


PAIRS = [(later, before) for later, befores in FOLLOWS.items() for before in befores]


@pytest.mark.parametrize(("later", "before"), PAIRS)
def test_what_comes_before_that_which_it_follows_is_refused_with_both_cells(here, later, before):
    days = {LEFT: "", before: "2026-11-10", later: "2026-11-09"}
    outcome = bring(here, **days)
    (fault,) = outcome.rejected
    assert fault.row == 2 and fault.column == later
    assert (
        fault.message
        == f"{cell(later)}（2026年11月9日）早于{cell(before)}（2026年11月10日），请核对。"
    )
    assert not Case.objects.exists()


@pytest.mark.parametrize(("later", "before"), PAIRS)
@pytest.mark.parametrize(
    ("said", "earlier", "passes"),
    [
        ("2026-10-05", "2026-10-05", True),
        ("2026-10", "2026-10-05", True),
        ("2026-10-01", "2026-10", True),
        ("2026-09", "2026-10", False),
        ("2026-09-30", "2026-10", False),
        ("不晚于2026-10-05", "2026-10-05", True),
        ("不晚于2026-10-04", "2026-10-05", False),
        ("2026-09-01", "不晚于2026-10-05", True),
        ("约2026-09-20", "2026-10-05", True),
        ("约2026-08-20", "2026-10-05", False),
        ("2026-09-20", "约2026-10-05", True),
        ("不详", "2026-10-05", True),
    ],
)
def test_dates_that_are_not_sure_are_refused_only_when_surely_backwards(
    here, later, before, said, earlier, passes
):
    outcome = bring(here, **{LEFT: "", before: earlier, later: said})
    assert bool(outcome.created) is passes
    assert [fault.column for fault in outcome.rejected] == ([] if passes else [later])


def test_a_whole_history_that_runs_forwards_comes_in(here):
    assert bring(here, **FORWARDS).created == 1


def test_each_wrong_cell_is_told_once(here):
    faults = bring(
        here, **FORWARDS | {"责令日期": "2016-10-01", "责令送达日期": "2016-10-02"}
    ).rejected
    assert [fault.column for fault in faults] == ["责令日期", "责令送达日期"]


def test_a_child_that_left_after_its_case_was_opened(here):
    (fault,) = bring(here, 离校日期="2026-11", 建档日期="2026-10-10").rejected
    assert (
        fault.message
        == f"{cell(LEFT)}（2026年11月）晚于{cell('建档日期')}（2026年10月10日），请核对。"
    )


def test_a_month_told_within_it_ends_on_the_day_of_import(here):
    months = dict.fromkeys([*FORWARDS], "2026-11") | {
        "建档日期": "2026-11-12",
        "离校日期": "2026-11",
    }
    assert bring(here, **months, 当前步骤="责令改正", 处罚文号="").rejected
    months |= {"处罚日期": "", "处罚送达日期": ""}
    assert bring(here, **months, 当前步骤="责令改正", 处罚文号="").created == 1
    case = Case.objects.get()
    assert (case.suspected_on, case.dropout_on, case.step_on) == (ON, ON, ON)
    assert case.left == FuzzyDate(date(2026, 11, 1), ON, Precision.MONTH)
    assert case.left.label() == "2026年11月"
    assert (Paper.objects.get().issued_to, Service.objects.get().served_to) == (ON, ON)
    assert not CaseEvent.objects.filter(happened_to__gt=ON).exists()
