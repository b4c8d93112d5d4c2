"""台账: whose rows stand in them on a day, in which columns, and what they never show."""

from datetime import timedelta

import pytest

from accounts.enums import Role
from cases.enums.records import Reason
from cases.enums.states import CaseState
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, Contact
from contracts.listing import UNSIGNED_HEADER
from regions.refusals import Refused
from reports.ledgers import ledgers
from reports.ledgers.ledgers import LEDGERS, counts, ledger_named, table
from tests.contracts.contract_county import build
from tests.reports.snapshot_county import ON, Watched, watched

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world() -> Watched:
    return watched()


def rows(name: str, by, on=ON) -> list[dict]:
    ledger = LEDGERS[name]
    return [
        dict(zip(ledger.header, row, strict=True))
        for row in table(ledger, on, by=by, today=ON).rows
    ]


def numbers(found: list[dict]) -> set[str]:
    return {row["档案编号"] for row in found}


@pytest.mark.parametrize(
    ("name", "who", "cases"),
    [
        ("suspected", "bureau", {"suspected", "next_case"}),
        ("suspected", "officer", {"suspected"}),
        ("suspected", "office", {"suspected"}),
        ("suspected", "neighbour", {"next_case"}),
        ("dropout", "county_office", {"dropout"}),
        ("dropout", "neighbour", set()),
        ("cases", "bureau", {"dropout", "suspected", "next_case"}),
        ("cases", "officer", {"dropout", "suspected"}),
    ],
)
def test_a_ledger_holds_the_cases_of_ones_own_place(world, name, who, cases):
    by = getattr(world.base, who)
    assert numbers(rows(name, by)) == {getattr(world, one).number for one in cases}
    assert counts(ON, by=by)[name] == len(cases)


@pytest.mark.parametrize("who", ["cadre", "teacher"])
def test_a_ledger_is_for_who_answers_for_a_place(world, who):
    with pytest.raises(Refused, match="台账由学校"):
        table(LEDGERS["cases"], ON, by=getattr(world.base, who), today=ON)


def test_the_ledger_of_an_earlier_day_is_of_that_day(world):
    """The child was 疑似辍学 from twenty days ago until it was 辍学 five days ago."""
    before = ON - timedelta(days=6)
    Case.objects.update(opened_on=ON - timedelta(days=25))
    assert numbers(rows("suspected", world.base.bureau, before)) == {world.dropout.number}
    assert rows("dropout", world.base.bureau, before) == []


def test_a_dropout_who_came_back_stays_on_the_ledger_and_leaves_the_suspected(world):
    for case in (world.dropout, world.suspected):
        case.state, case.returned_on = CaseState.RETURNED, ON
        case.save(update_fields=["state", "returned_on"])
    (row,) = rows("dropout", world.base.bureau)
    assert (row["档案编号"], row["复学日期"]) == (world.dropout.number, ON)
    assert numbers(rows("suspected", world.base.bureau)) == {world.next_case.number}


def test_a_row_says_who_where_since_when_and_what_was_done(world):
    case = world.dropout
    day = ON - timedelta(days=30)
    case.left_from, case.left_to, case.left_precision = day, day, "day"
    case.save(update_fields=["left_from", "left_to", "left_precision"])
    Contact.objects.create(
        student=case.student, way="visit", on=ON, met="nobody", note="家里没有人",
        client_key="6f1c1b3e-0000-4000-8000-539901000009", path=case.student.school_path,
        by=world.base.cadre,
    )  # fmt: skip
    (row,) = rows("dropout", world.base.bureau)
    assert row["姓名"] == case.student.name
    assert (row["学校"], row["班级"], row["班主任"]) == ("学校0001", "七(1)班", "杨雪梅")
    assert (row["监护人"], row["关系"]) == ("岩温", "父亲")
    assert row["最后到校日"] == FuzzyDate.on(day).label()
    assert row["未到校天数（自然日）"] == 30
    assert (row["劝返联系次数"], row["已采取措施"]) == (1, "家访 1 次")
    assert row["责任乡镇"] == "地区539901001"
    assert row["列入辍学日期"] == ON - timedelta(days=5)
    assert row["家庭住址"] == "地区539901001 地区539901001001"


def test_no_ledger_holds_a_whole_number(world):
    for name in ("suspected", "dropout", "cases"):
        said = str(rows(name, world.base.bureau))
        assert "539901201305060011" not in said
        assert "13812345678" not in said
    (row,) = rows("dropout", world.base.bureau)
    assert row["身份证号"].endswith("0011")
    assert set(row["身份证号"][:-4]) == {"*"}


def test_a_reason_that_few_may_see_is_not_written_into_a_file(world):
    world.dropout.reasons = [Reason.WEARY, Reason.MARRIAGE]
    world.dropout.save(update_fields=["reasons"])
    (row,) = rows("dropout", world.base.bureau)
    assert row["未到校原因"] == "厌学、涉及隐私，见个案"


def test_the_ledger_of_the_unsigned_is_that_of_the_contracts():
    county = build()
    county.draft()
    found = table(LEDGERS["unsigned"], ON, by=county.by(Role.COUNTY_OFFICE), today=ON)
    assert found.ledger.header == UNSIGNED_HEADER
    assert found.rows
    assert found.uids == []


@pytest.mark.parametrize("said", ["dropout", "辍学劝返台账"])
def test_a_ledger_has_two_names(said):
    assert ledger_named(said) is LEDGERS[ledgers.DROPOUT]


def test_an_unknown_ledger_is_refused_with_the_names_there_are():
    with pytest.raises(Refused, match="疑似辍学花名册、辍学劝返台账、未签责任书、在办个案"):
        ledger_named("花名册")
