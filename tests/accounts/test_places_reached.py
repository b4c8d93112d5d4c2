"""Whose calendar and policies: a county's bureau decides in its county, the administrator above it."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.file_door.door import bring, preview
from accounts.places.calendars import CALENDAR, POLICIES
from regions.models import CalendarRow, Policy
from tests.counties import TODAY, World, person, two_counties

pytestmark = pytest.mark.django_db
ABOVE = "省和州市的校历、政策由系统管理员录入"
BEYOND = "不在你的管辖范围内"
DAY = {"from": "2026-11-26", "to": "2026-11-26", "kind": "closure", "reason": "大雪"}
LIMIT = {"key": "flag_days", "value": "2", "from": "2026-11-01", "source": "县教通〔2026〕3号"}
DOORS = [(CALENDAR, DAY, CalendarRow), (POLICIES, LIMIT, Policy)]


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = TODAY
    return two_counties()


def content(*entries: dict) -> bytes:
    return json.dumps(entries).encode()


@pytest.mark.parametrize(("door", "entry", "table"), DOORS)
@pytest.mark.parametrize(
    ("scope", "says"), [("53", ABOVE), ("5399", ABOVE), ("539902", BEYOND), ("539902001", BEYOND)]
)
def test_a_bureau_decides_nothing_outside_its_county(world, door, entry, table, scope, says):
    bureau, before = person(Role.BUREAU, world.here), table.objects.count()
    file = content(entry | {"scope": "539901"}, entry | {"scope": scope})
    outcomes = [
        preview(door, file, "f.json", by=bureau, on=TODAY).outcome,
        bring(door, file, "f.json", by=bureau, on=TODAY).plan.outcome,
    ]
    for outcome in outcomes:
        (fault,) = outcome.rejected
        assert fault.message.startswith("第 2 条") and says in fault.message
    assert table.objects.count() == before


@pytest.mark.parametrize(("door", "entry", "table"), DOORS)
def test_the_administrator_decides_for_all_and_the_bureau_within_its_county(
    world, door, entry, table
):
    root, bureau = person(Role.SYSTEM_ADMIN, world.here), person(Role.BUREAU, world.here)
    above = content(*(entry | {"scope": scope} for scope in ("53", "5399", "539902")))
    assert bring(door, above, "f.json", by=root, on=TODAY).plan.outcome.created == 3
    within = content(*(entry | {"scope": scope} for scope in ("539901", "539901002")))
    assert bring(door, within, "f.json", by=bureau, on=TODAY).plan.outcome.created == 2


def test_a_bureau_does_not_write_over_the_line_of_its_province(world):
    root, bureau = person(Role.SYSTEM_ADMIN, world.here), person(Role.BUREAU, world.here)
    line = LIMIT | {"scope": "53"}
    bring(POLICIES, content(line), "f.json", by=root, on=TODAY)
    outcome = bring(POLICIES, content(line | {"value": "1"}), "f.json", by=bureau, on=TODAY)
    assert not outcome.plan.outcome.applied
    assert Policy.objects.get(region__path__in=[world.here.county.path[:6]]).value == "2"


def test_nor_through_the_page(world):
    client = Client()
    client.force_login(person(Role.BUREAU, world.here))
    file = SimpleUploadedFile("c.json", content(DAY | {"scope": "53"}))
    answer = client.post(reverse("accounts:bring", args=["calendar"]), {"file": file}, follow=True)
    assert ABOVE in answer.content.decode()
    path = answer.request["PATH_INFO"]
    client.post(path + "apply/")
    assert not CalendarRow.objects.filter(scope="53").exists()


@pytest.mark.parametrize(
    ("command", "entry"), [("import_calendar", DAY), ("import_policies", LIMIT)]
)
def test_nor_through_a_command(world, tmp_path, command, entry):
    file = tmp_path / "f.json"
    file.write_bytes(content(entry | {"scope": "5399"}))
    bureau = person(Role.BUREAU, world.here)
    with pytest.raises(CommandError, match=ABOVE):
        call_command(command, str(file), by=bureau.username)
    assert not Policy.objects.exists()
