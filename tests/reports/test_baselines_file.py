"""往年底数: what a cohort cannot have been is refused at its cell."""

import pytest

from accounts.enums import Role
from reports.importing.cohort_baselines import COHORTS, COUNTED
from reports.models import CohortBaseline
from tests import factories as make
from tests.files import outcome_of

pytestmark = pytest.mark.django_db
HEADINGS = ["单位代码", "入学年份", "截至日期", "来源", *COUNTED]
GOOD = {
    "单位代码": "539901", "入学年份": "2017", "截至日期": "2026-08-31", "来源": "年报",
    "入学人数": "1000", "转入": "60", "转出": "110", "死亡": "2", "出国": "3", "留级离开": "4",
    "留级进入": "3", "休学": "5", "毕业生数": "925", "毕业班人数": "927",
}  # fmt: skip


@pytest.fixture
def bureau():
    make.school()
    return make.user(Role.BUREAU, make.region("539901"))


def bring(by, **cells: str):
    row = GOOD | cells
    content = "\n".join([",".join(HEADINGS), ",".join(row[name] for name in HEADINGS)]).encode()
    return outcome_of(COHORTS, content, "k.csv", by=by, on=make.THURSDAY, apply=True)


@pytest.mark.parametrize(
    "cells",
    [
        {},
        {"转入": "500", "毕业班人数": "1300"},
        {"转出": "1049", "毕业班人数": "", "毕业生数": ""},
        {"入学年份": "2024", "截至日期": "2026-08-31", "毕业生数": "", "毕业班人数": ""},
        {"入学年份": "2024", "截至日期": "2024-09-01", "毕业生数": "0", "毕业班人数": ""},
        {"入学年份": "2018", "截至日期": "2026-09-01", "毕业生数": ""},
    ],
)
def test_a_cohort_that_may_have_been_comes_in(bureau, cells):
    assert bring(bureau, **cells).created == 1


@pytest.mark.parametrize(
    ("cells", "column", "says"),
    [
        ({"入学年份": "2024", "截至日期": "2016-08-31"}, "截至日期", "2024-09-01 才入学"),
        ({"入学年份": "2026", "截至日期": "2026-08-31"}, "截至日期", "2026-09-01 才入学"),
        ({"转出": "5000"}, "转出", "合计 5014 人，多于曾在这一届的 1063 人"),
        ({"转出": "1000", "休学": "60"}, "转出", "多于曾在这一届的 1063 人"),
        ({"死亡": "1200", "转出": ""}, "死亡", "多于"),
        ({"毕业生数": "99999"}, "毕业生数", "毕业生数 99999 人，多于曾在这一届的 1063 人"),
        ({"毕业班人数": "1064"}, "毕业班人数", "1064 人，多于"),
        ({"入学年份": "2024", "毕业生数": ""}, "毕业班人数", "2032-09-01 才上九年级"),
        ({"入学年份": "2018", "毕业班人数": ""}, "毕业生数", "2026-09-01 才上九年级"),
    ],
)
def test_a_cohort_that_cannot_have_been_is_told_at_its_cell(bureau, cells, column, says):
    outcome = bring(bureau, **cells)
    (fault,) = outcome.rejected
    assert fault.column == column and fault.cell and says in fault.message
    assert not CohortBaseline.objects.exists()
