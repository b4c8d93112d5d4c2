"""A county's share with decimals counts; a value no reader knows is told in a sentence, not a fall."""

import json
from datetime import date, time
from fractions import Fraction
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.places.calendars import import_policies
from kongchuo import jobs
from regions.clock import at
from regions.models import Policy
from regions.refusals import Refused
from reports.models import Snapshot
from reports.queries.snapshots import target_of
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.returned_child import observed

pytestmark = pytest.mark.django_db
SOURCE = "县政府办2026年1号"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def decide(by, key: str, value: object) -> dict:
    entry = {"scope": "539901", "key": key, "value": value, "from": "2026-09-01", "source": SOURCE}
    return import_policies(json.dumps([entry]).encode(), by=by, on=ON)


def stands(here, key: str, value: str) -> None:
    """A row of old, from before values were held to their bounds."""
    Policy.objects.create(
        region=here.region, key=key, value=value, since=date(2026, 9, 1), source=SOURCE
    )


def run_all() -> None:
    for name in jobs.JOBS:
        call_command("run_job", name, on=ON.isoformat(), stdout=StringIO())


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("observation_percent", "92.5", "50 至 100 的整数，单位：%"),
        ("observation_percent", 99.5, "observation_percent"),
        ("consolidation_target", "1e2", "80 至 100"),
        ("observation_percent", "9.1e1", "整数"),
        ("lock_hours", "1_0", "1 至 168 的整数，单位：小时"),
        ("flag_days", "+2", "1 至 10 的整数，单位：个教学日"),
        ("lock_hours", "٣", "整数"),
        ("order_days", "9999999999", "3 至 15 的整数，单位：个自然日"),
        ("order_days", True, "整数"),
        ("order_days", 7.5, "整数"),
        ("cutoff", "٠٩:٠٠", "07:00 至 18:00"),
        ("cutoff", "03:00", "07:00 至 18:00"),
        ("enforceable", "都行", "可填 处罚决定、责令改正"),
    ],
)
def test_a_value_that_no_reader_knows_is_refused_with_its_key_bounds_and_unit(
    here, key, value, says
):
    with pytest.raises(Refused) as refusal:
        decide(here.bureau, key, value)
    assert key in str(refusal.value) and says in str(refusal.value)
    assert not Policy.objects.exists()


@pytest.mark.parametrize("value", ["99.5", 99.5])
def test_a_target_with_decimals_is_counted_with_and_shown(here, value):
    decide(here.bureau, "consolidation_target", value)
    case = case_of(here.student)
    run_all()
    target = target_of(Snapshot.objects.get())
    assert target is not None and Fraction(target.percent) == Fraction("99.5")
    client = Client()
    client.force_login(here.bureau)
    page = client.get(reverse("reports:overview"))
    assert page.status_code == 200 and "≥ 99.5" in page.content.decode()
    assert client.get(reverse("cases:case", args=[case.uid])).status_code == 200


def test_the_exact_rate_is_held_against_the_decimals(here):
    decide(here.bureau, "consolidation_target", "99.5")
    run_all()
    target = target_of(Snapshot.objects.get())
    assert target is not None
    assert Fraction(199, 200) * 100 >= Fraction(target.percent) > Fraction(198, 199) * 100


@pytest.mark.parametrize(
    ("key", "value"), [("observation_percent", "92.5"), ("observation_days", "9999999999")]
)
def test_a_page_that_meets_an_old_value_names_the_policy(here, key, value):
    stands(here, key, value)
    case = case_of(here.student)
    client = Client()
    client.force_login(here.officer)
    answer = client.get(reverse("cases:case", args=[case.uid]))
    assert answer.status_code == 409
    assert f"的值“{value}”无法执行" in answer.content.decode()
    policies = client.get(reverse("attendance:policy"))
    assert policies.status_code == 200
    assert f"的值“{value}”无法执行" in policies.content.decode()


def test_a_job_that_meets_an_old_value_names_the_policy(here):
    stands(here, "consolidation_target", "99.999")
    with pytest.raises(CommandError, match=r"政策“巩固率目标”.*“99\.999”无法执行"):
        run_all()


def test_an_hour_that_cannot_be_read_holds_no_county_back(here):
    make.school("5399020001", region_code="539902001")
    stands(here, "cutoff", "24:99")
    due = jobs.due(at(ON, time(10)))
    assert {one.county.path for one in due} == {here.region.path, make.region("539902").path}
    assert jobs.due(at(ON, time(9, 59))) == []


def test_the_bureau_mends_an_old_value_by_bringing_the_row_again(here, settings):
    stands(here, "observation_percent", "92.5")
    assert decide(here.bureau, "observation_percent", "92") == {"rows": 1}
    assert observed(here)
    assert Policy.objects.active().get().value == "92"


def test_one_key_of_a_place_and_day_is_written_once_in_a_file(here):
    rows = [
        {"scope": "539901", "key": "lock_hours", "value": value, "from": day, "source": SOURCE}
        for value, day in (("10", "2026-09-01"), ("12", "2026-10-01"), ("12", "2026.9.1"))
    ]
    with pytest.raises(Refused, match=r"第 3 条与第 1 条重复.*2026-09-01.*考勤锁定"):
        import_policies(json.dumps(rows).encode(), by=here.bureau, on=ON)
    assert not Policy.objects.exists()
    assert import_policies(json.dumps(rows[:2]).encode(), by=here.bureau, on=ON) == {"rows": 2}
