"""一月一报告: drafted from the snapshot, signed by the principal, frozen, corrected as a new edition."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Change
from cases.enums.states import CaseState
from regions.enums import SchoolKind
from regions.models import School
from regions.refusals import Refused
from reports.enums import StudentStatus
from reports.models import Report
from reports.monthly import reports
from tests import factories as make
from tests.reports.snapshot_county import ON, Watched, count, watched

pytestmark = pytest.mark.django_db
MONTH = date(2026, 11, 1)
CODE = "5399010001"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world() -> Watched:
    return watched()


def drafted(world, by=None, note: str = "") -> Report:
    return reports.draft(CODE, MONTH, by=by or world.base.office, on=ON, note=note)


def signed(world) -> Report:
    report = drafted(world)
    return reports.sign(CODE, MONTH, by=world.principal, on=ON, seen=report.digest)


def all_back(world) -> None:
    for case in (world.dropout, world.suspected):
        case.state, case.returned_on = CaseState.RETURNED, ON
        case.save(update_fields=["state", "returned_on"])
    count()


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str = "month_report", code: str = CODE) -> str:
    return reverse(f"reports:{name}", args=[code, "2026-11"])


def test_a_draft_is_drawn_from_the_newest_snapshot_of_the_month(world):
    report = drafted(world, note="已家访")
    assert report.counted_on == ON
    assert report.counts["dropout"] == report.counts["suspected"] == 1
    assert {row["uid"] for row in report.rows} == {
        world.dropout.student.uid, world.suspected.student.uid,
    }  # fmt: skip
    assert not reports.is_zero(report)


def test_a_draft_is_drawn_again_a_signed_report_never_changes(world):
    first = drafted(world)
    all_back(world)
    again = drafted(world)
    assert (again.pk, again.digest == first.digest) == (first.pk, False)
    kept = reports.sign(CODE, MONTH, by=world.principal, on=ON, seen=again.digest)
    world.dropout.state, world.dropout.returned_on = CaseState.PERSUADING, None
    world.dropout.save(update_fields=["state", "returned_on"])
    count()
    with pytest.raises(Refused, match="已经签发"):
        drafted(world)
    kept.refresh_from_db()
    assert reports.is_zero(kept)
    assert kept.digest == reports.digest_of(kept)


def test_nobody_out_of_school_is_a_zero_report_and_silence_is_not(world):
    all_back(world)
    here = reports.month_at([world.path], MONTH, ON)
    assert (here.missing, here.zero, here.numbers) == (2, 0, 0)
    signed(world)
    here = reports.month_at([world.path], MONTH, ON)
    assert (here.missing, here.zero, here.numbers) == (1, 1, 0)
    assert here.lines[0].state == "missing"  # who is silent stands first


def test_who_is_watched_after_a_return_is_in_the_report_but_not_out(world):
    all_back(world)
    report = drafted(world)
    assert {row["student_status"] for row in report.rows} == {StudentStatus.OBSERVED}
    assert reports.is_zero(report)


@pytest.mark.parametrize("who", ["office", "bureau", "officer", "teacher"])
def test_only_the_principal_signs(world, who):
    report = drafted(world)
    by = getattr(world.base, who)
    with pytest.raises((Refused, School.DoesNotExist)):
        reports.sign(CODE, MONTH, by=by, on=ON, seen=report.digest)
    report.refresh_from_db()
    assert not report.is_signed


def test_the_principal_signs_what_was_on_the_screen(world):
    seen = drafted(world).digest
    all_back(world)
    drafted(world)
    with pytest.raises(Refused, match="重新统计过"):
        reports.sign(CODE, MONTH, by=world.principal, on=ON, seen=seen)


def test_a_correction_is_a_new_edition_with_its_reason(world):
    first = signed(world)
    all_back(world)
    with pytest.raises(Refused, match="为什么更正"):
        reports.correct(CODE, MONTH, by=world.base.office, on=ON, reason=" ")
    second = reports.correct(CODE, MONTH, by=world.base.office, on=ON, reason="漏登返校")
    assert (second.edition, second.reason, second.is_signed) == (2, "漏登返校", False)
    line = reports.month_at([world.path], MONTH, ON).lines
    assert {one.state for one in line if one.school.code == CODE} == {"numbers"}  # the first stands
    reports.sign(CODE, MONTH, by=world.principal, on=ON, seen=second.digest)
    line = reports.month_at([world.path], MONTH, ON).lines
    assert {one.state for one in line if one.school.code == CODE} == {"zero"}
    first.refresh_from_db()
    assert first.counts["dropout"] == 1


def test_an_unsigned_draft_is_not_corrected(world):
    drafted(world)
    with pytest.raises(Refused, match="还没有签发"):
        reports.correct(CODE, MONTH, by=world.base.office, on=ON, reason="改数字")


@pytest.mark.parametrize(
    ("month", "said"), [(date(2026, 12, 1), "还没有到"), (date(2026, 10, 1), "还没有统计")]
)
def test_a_month_without_a_snapshot_has_no_report(world, month, said):
    with pytest.raises(Refused, match=said):
        reports.draft(CODE, month, by=world.base.office, on=ON)


def test_a_neighbouring_schools_report_does_not_exist(world):
    with pytest.raises(School.DoesNotExist):
        reports.draft("5399010002", MONTH, by=world.base.office, on=ON)


def test_each_act_leaves_its_history(world):
    signed(world)
    verbs = Change.objects.filter(kind="month_report").order_by("pk")
    assert list(verbs.values_list("verb", flat=True)) == ["monthly.draft", "monthly.sign"]


@pytest.mark.parametrize(
    "broken",
    [
        {"edition": 1, "state": "draft"},  # the edition stands already
        {"edition": 2, "state": "draft"},  # a later edition needs its reason
        {"edition": 2, "reason": "更正", "state": "signed"},  # signed by nobody
        {"edition": 1, "school": None, "path": "R9"},  # a month is a school's
    ],
)
def test_the_database_keeps_editions_in_order(world, broken):
    report = signed(world)
    same = {
        "school": report.school, "path": report.path, "period": MONTH, "counted_on": ON,
        "digest": "0" * 64,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**same | broken, drafted_by=world.principal)


def test_two_drafts_of_a_month_cannot_stand(world):
    report = drafted(world)
    same = {
        "school": report.school, "path": report.path, "period": MONTH, "counted_on": ON,
        "digest": "0" * 64,
    }  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        Report.objects.create(**same, drafted_by=world.principal, edition=2, reason="更正")
    Report.objects.create(**same | {"kind": "quarter"}, drafted_by=world.principal)


@pytest.mark.parametrize(
    ("who", "page", "draft", "sign"),
    [
        ("office", 200, 302, 403),
        ("principal", 200, 302, 409),
        ("bureau", 200, 403, 403),
        ("officer", 200, 403, 403),
        ("neighbour", 404, 403, 403),
        ("cadre", 403, 403, 403),
    ],
)
def test_who_opens_drafts_and_signs_on_the_page(world, who, page, draft, sign):
    by = world.principal if who == "principal" else getattr(world.base, who)
    client = client_of(by)
    assert client.get(url()).status_code == page
    assert client.post(url("month_sign"), {"seen": ""}).status_code == sign
    assert client.post(url("month_draft"), {"note": "已家访"}).status_code == draft


def test_the_school_reports_on_its_pages(world):
    office, principal = client_of(world.base.office), client_of(world.principal)
    assert office.get(reverse("reports:monthly")).headers["Location"] == url()
    office.post(url("month_draft"), {"note": "已家访"})
    seen = principal.get(url()).context["page"].newest.digest
    assert principal.post(url("month_sign"), {"seen": seen}).status_code == 302
    body = office.get(url()).content.decode()
    assert "普文昌" in body
    assert world.base.student.name in body


def test_the_county_sees_who_has_not_reported(world):
    signed(world)
    body = client_of(world.base.bureau).get(reverse("reports:monthly")).content.decode()
    assert "青山中学" in body
    assert "1 所未报" in body


def test_a_school_nobody_reaches_is_on_no_list(world):
    far = make.user(Role.BUREAU, make.region("539902"))
    assert client_of(far).get(reverse("reports:monthly")).context["listed"].lines == []


def test_a_teaching_point_is_signed_for_by_its_central_school(world):
    """A 教学点 has no principal; a school that has one is not signed for by another."""
    school = School.objects.get(code=CODE)
    leader = make.school("5399010077")
    School.objects.filter(pk=school.pk).update(led_by=leader)
    central = make.user(Role.CENTRAL, leader, name="普国")
    report = drafted(world)
    with pytest.raises(Refused, match="由校长签发"):
        reports.sign(CODE, MONTH, by=central, on=ON, seen=report.digest)
    School.objects.filter(pk=school.pk).update(kind=SchoolKind.TEACHING_POINT)
    assert reports.sign(CODE, MONTH, by=central, on=ON, seen=report.digest).signed_by == central
