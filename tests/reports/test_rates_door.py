"""`rates` and `import_cohorts`: the doors a script opens for numbers."""

import json
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.enums import Role
from accounts.models import AccessLog, Change
from reports.counting.roll_up import roll_up
from reports.models import CohortBaseline, Snapshot
from tests import factories as make
from tests.reports.lived_years import born

pytestmark = pytest.mark.django_db
THURSDAY = "2026-11-19"
HEAD = "单位代码,入学年份,截至日期,入学人数,转入,转出,死亡,出国,毕业班人数,来源\n"


@pytest.fixture(autouse=True)
def county(settings):
    settings.KONGCHUO_TODAY = date.fromisoformat(THURSDAY)
    make.term()
    school = make.school()
    born(make.school_class(school), 10, date(2026, 9, 1))
    make.user(Role.BUREAU, make.region("539901"), username="ju1")
    make.user(Role.TOWNSHIP, make.region("539901001"), username="xz1")
    make.user(Role.OFFICE, school, username="jw1")
    make.user(Role.BUREAU, make.region("539902"), username="ju2")
    make.user(Role.COURT, make.region("539901"), username="fy1")
    return make.region("539901")


def door(name: str, *arguments, **options) -> dict:
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=StringIO(), **options)
    return json.loads(out.getvalue())


def rates(region: str, by: str, on: str = THURSDAY) -> dict:
    return door("rates", region=region, on=on, by=by)


def test_every_indicator_with_its_counts(county):
    answer = rates("539901", "ju1")
    by_id = {(one["id"], one["variant"]): one for one in answer["indicators"]}
    yearly = by_id["yearly_retention", "a"]
    assert {key: yearly[key] for key in ("numerator", "denominator", "value")} == {
        "numerator": 10, "denominator": 10, "value": 100.0,
    }  # fmt: skip
    nine = by_id["consolidation_rate_9y", "A"]
    assert (nine["numerator"], nine["denominator"], nine["value"]) == (None, 0, None)
    assert all(
        {"id", "variant", "numerator", "denominator", "value"} <= set(o) for o in by_id.values()
    )
    assert AccessLog.objects.get(kind="rates").scope == f"539901 {THURSDAY}"


def test_the_snapshot_of_the_day_is_read_and_not_counted_again(county):
    roll_up(date.fromisoformat(THURSDAY), county)
    born(make.school_class(make.school("5399010002")), 7, date(2026, 9, 1))
    denominators = {one["denominator"] for one in rates("539901", "ju1")["indicators"]}
    assert 10 in denominators
    assert 17 not in denominators
    assert Snapshot.objects.count() == 1


@pytest.mark.parametrize(
    ("by", "region"),
    [("ju1", "539901"), ("ju1", "539901001"), ("xz1", "539901001"), ("xz1", "5399010001"),
     ("jw1", "5399010001")],
)  # fmt: skip
def test_a_place_within_reach_is_answered(by, region):
    assert rates(region, by)["indicators"]


@pytest.mark.parametrize(
    ("by", "region"),
    [("ju2", "539901"), ("xz1", "539901"), ("jw1", "539901001"), ("fy1", "539901"),
     ("ju1", "539902"), ("ju1", "539999"), ("ju1", "5399019999")],
)  # fmt: skip
def test_a_place_beyond_reach_is_refused_like_one_that_does_not_exist(by, region):
    with pytest.raises(CommandError, match="不在你的管辖范围内"):
        rates(region, by)
    assert not Snapshot.objects.exists()


def test_a_day_to_come_and_a_day_that_is_none_are_refused():
    with pytest.raises(CommandError, match="还没有到"):
        rates("539901", "ju1", "2026-11-20")
    with pytest.raises(CommandError, match="2026-11-19"):
        rates("539901", "ju1", "昨天")


def cohorts(tmp_path, text: str, by: str = "ju1", **options) -> dict:
    file = tmp_path / "cohorts.csv"
    file.write_text(HEAD + text, encoding="utf-8")
    return door("import_cohorts", str(file), by=by, **options)


def test_a_baseline_comes_in_and_gives_the_nine_years(tmp_path, county):
    row = "539901,2018,2026-11-01,1000,60,110,2,3,927,2018年学籍年报\n"
    assert cohorts(tmp_path, row)["created"] == 1
    assert not CohortBaseline.objects.exists()
    assert cohorts(tmp_path, row, apply=True)["applied"]
    assert cohorts(tmp_path, row, apply=True)["unchanged"] == 1
    shown = {o["variant"]: o["text"] for o in rates("539901", "ju1")["indicators"]}
    assert (shown["A"], shown["B"], shown["C"]) == ("92.70 %", "—", "98.10 %")
    assert Change.objects.filter(verb="cohorts.import").exists()
    changed = row.replace("927", "926")
    assert cohorts(tmp_path, changed, apply=True)["updated"] == 1
    assert CohortBaseline.objects.get().counts["ninth"] == 926


@pytest.mark.parametrize(
    ("row", "column"),
    [
        ("539902,2018,2026-11-01,1000,,,,,,年报\n", "单位代码"),
        ("539901,二〇一八,2026-11-01,1000,,,,,,年报\n", "入学年份"),
        ("539901,2018,,1000,,,,,,年报\n", "截至日期"),
        ("539901,2018,2026-11-01,,,,,,,年报\n", "入学人数"),
        ("539901,2018,2026-11-01,约一千,,,,,,年报\n", "入学人数"),
        ("539901,2018,2026-11-01,1000,-6,,,,,年报\n", "转入"),
        ("539901,2018,2026-11-01,1000,,,,,,\n", "来源"),
    ],
)
def test_a_row_that_cannot_be_taken_is_rejected_at_its_cell(tmp_path, row, column):
    rejected = cohorts(tmp_path, row)["rejected"]
    assert [one["column"] for one in rejected] == [column]
    with pytest.raises(CommandError):
        cohorts(tmp_path, row, apply=True)
    assert not CohortBaseline.objects.exists()


def test_only_the_county_brings_baselines(tmp_path):
    with pytest.raises(CommandError, match="县教育体育局"):
        cohorts(tmp_path, "539901,2018,2026-11-01,1000,,,,,,年报\n", by="xz1")
