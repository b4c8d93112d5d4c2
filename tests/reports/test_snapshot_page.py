"""统计定稿: a day's numbers made final on the page, and counted again as a new version."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from reports.enums import SnapshotState
from reports.models import Snapshot
from tests import factories as make
from tests.reports.snapshot_county import ON, watched

pytestmark = pytest.mark.django_db
PAGE = reverse("reports:snapshots")


@pytest.fixture
def bureau(settings):
    settings.KONGCHUO_TODAY = ON
    world = watched()
    client = Client()
    client.force_login(make.user(Role.BUREAU, world.base.region))
    return client


def states() -> list[tuple[int, str]]:
    rows = Snapshot.objects.filter(on=ON).order_by("version")
    return list(rows.values_list("version", "state"))


def freeze(client: Client, **said):
    return client.post(
        reverse("reports:freeze"), {"on": ON.isoformat(), "title": "11月月报"} | said
    )


def recount(client: Client, note: str = "补报考勤"):
    return client.post(reverse("reports:recount"), {"on": ON.isoformat(), "note": note})


def test_a_day_is_made_final_and_corrected_as_a_version(bureau):
    answer = freeze(bureau)
    assert answer.status_code == 302 and states() == [(1, SnapshotState.FROZEN)]
    page = bureau.get(answer["Location"]).content.decode()
    assert "已定稿。" in page and "11月月报" in page
    again = recount(bureau)
    assert again.status_code == 302
    assert states() == [(1, SnapshotState.FROZEN), (2, SnapshotState.DRAFT)]
    page = bureau.get(again["Location"]).content.decode()
    assert "更正：补报考勤" in page and "第 2 版" in page


def test_what_cannot_be_is_said(bureau):
    early = recount(bureau)
    assert early.status_code == 409 and "没有定稿" in early.content.decode()
    nameless = freeze(bureau, title="")
    assert nameless.status_code == 409 and "请写这份统计报到哪里" in nameless.content.decode()
    freeze(bureau)
    twice = freeze(bureau)
    assert twice.status_code == 409 and "已经定稿" in twice.content.decode()
    for day in ("2026-13-01", "x", ""):
        assert freeze(bureau, on=day).status_code == 409
    assert recount(bureau, note=" ").status_code == 409
    assert states() == [(1, SnapshotState.FROZEN)]


@pytest.mark.parametrize("back", ["", "0", "5", "6", "-1", "x", "99999999999"])
def test_any_month_asked_for_is_answered(bureau, back):
    assert bureau.get(PAGE, {"back": back}).status_code == 200
