"""The pages of 责任书: who sees whose, what each may press, and that a page leaves a row."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.enums import Role
from accounts.models import AccessLog
from contracts import contracts, wording
from contracts.enums import Link
from contracts.models import Contract, Signature
from tests import factories as make
from tests.contracts.contract_county import TODAY, YEAR, build

pytestmark = pytest.mark.django_db


@pytest.fixture
def county(settings):
    settings.KONGCHUO_TODAY = TODAY
    made = build()
    wording.choose(made.county.path, per_teacher=True, veto=False, source="澜政办发〔2026〕31号",
                   by=made.by(Role.BUREAU), on=TODAY, version=0)  # fmt: skip
    made.draft()
    made.issue()
    principal = made.by(Role.PRINCIPAL, made.schools[0])
    contracts.draft_year(made.county, YEAR, by=principal, on=TODAY)
    return made


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def at(name: str, *args) -> str:
    return reverse(f"contracts:{name}", args=args)


UNITS = {
    Role.COUNTY_OFFICE: lambda c: c.county, Role.BUREAU: lambda c: c.county,
    Role.TOWNSHIP: lambda c: c.townships[0], Role.VILLAGE: lambda c: c.villages[0],
    Role.PRINCIPAL: lambda c: c.schools[0], Role.OFFICE: lambda c: c.schools[0],
    Role.CENTRAL: lambda c: c.schools[0], Role.TEACHER: lambda c: c.school_class,
}  # fmt: skip
SEEN = {
    Role.COUNTY_OFFICE: {*Link}, Role.BUREAU: {*Link},
    Role.TOWNSHIP: {Link.COUNTY_TOWNSHIP, Link.TOWNSHIP_VILLAGE},
    Role.VILLAGE: {Link.TOWNSHIP_VILLAGE},
    Role.PRINCIPAL: {Link.BUREAU_SCHOOL, Link.SCHOOL_TEACHER},
    Role.OFFICE: {Link.BUREAU_SCHOOL, Link.SCHOOL_TEACHER},
    Role.CENTRAL: {Link.BUREAU_SCHOOL, Link.SCHOOL_TEACHER},
    Role.TEACHER: {Link.SCHOOL_TEACHER},
}  # fmt: skip


@pytest.mark.parametrize("role", list(UNITS), ids=lambda role: role)
def test_each_role_sees_its_own_and_nobody_the_neighbours(county, role):
    user = county.by(role, UNITS[role](county))
    seen = {Link(one.link) for one in Contract.objects.visible_to(user)}
    assert seen == SEEN[role]
    client = client_of(user)
    for one in Contract.objects.all():
        reached = Contract.objects.visible_to(user).filter(pk=one.pk).exists()
        for name in ("contract", "print"):
            assert client.get(at(name, one.uid)).status_code == (200 if reached else 404)
        if not reached and role in (Role.TOWNSHIP, Role.VILLAGE, Role.PRINCIPAL, Role.TEACHER):
            assert client.post(at("sign", one.uid), {"read": "on"}).status_code == 404
    lists = [
        client.get(at("index")),
        client.get(at("index") + "?only=unsigned"),
        client.get(at("unsigned")),
    ]
    assert [page.status_code for page in lists] == [200] * 3
    whole = "".join(page.content.decode() for page in lists)
    if role not in (Role.COUNTY_OFFICE, Role.BUREAU):
        assert "第2镇" not in whole and "第2村" not in whole and "第2中学" not in whole
    assert not Signature.objects.exists()


def test_the_other_county_sees_nothing(county):
    make.region("539902", "别县")
    user = make.user(Role.COUNTY_OFFICE, make.region("539902"))
    assert not Contract.objects.visible_to(user).exists()
    page = client_of(user).get(at("index")).content.decode()
    assert "第1镇" not in page


def test_a_court_does_not_come_in(county):
    client = client_of(make.user(Role.COURT, county.county))
    assert client.get(at("index")).status_code == 403


def test_a_person_in_the_seat_signs_after_reading(county):
    one = county.of(Link.TOWNSHIP_VILLAGE, county.villages[0])
    village = client_of(county.by(Role.VILLAGE, county.villages[0]))
    assert "以乙方身份签署" in village.get(at("contract", one.uid)).content.decode()
    unread = village.post(at("sign", one.uid))
    assert unread.status_code == 409 and "先读完全文" in unread.content.decode()
    assert village.post(at("sign", one.uid), {"read": "on"}).status_code == 302
    page = village.get(at("contract", one.uid)).content.decode()
    assert "以乙方身份签署" not in page and "待甲方签" in page
    again = village.post(at("sign", one.uid), {"read": "on"})
    assert again.status_code == 409 and "已经签过" in again.content.decode()


def test_who_sees_it_without_sitting_there_is_told_so(county):
    one = county.of(Link.TOWNSHIP_VILLAGE, county.villages[0])
    answer = client_of(county.by(Role.COUNTY_OFFICE)).post(at("sign", one.uid), {"read": "on"})
    assert answer.status_code == 403 and "岗位上" in answer.content.decode()


def test_drafts_are_issued_from_the_list(county):
    client = client_of(county.by(Role.PRINCIPAL, county.schools[0]))
    draft = county.of(Link.SCHOOL_TEACHER)
    page = client.get(at("index")).content.decode()
    assert "签发 1 份" in page and draft.uid in page
    wrong = client.post(at("issue"), {"uid": [draft.uid], "due_on": "明天"})
    assert wrong.status_code == 409
    done = client.post(at("issue"), {"uid": [draft.uid], "due_on": "2026-12-01"})
    assert done.status_code == 302
    assert county.of(Link.SCHOOL_TEACHER).state == "issued"
    teacher = client_of(county.by(Role.TEACHER, county.school_class))
    assert "去签署" in teacher.get(at("index")).content.decode()


def test_an_office_drafts_what_is_missing(county):
    Contract.objects.filter(link="township_village").delete()
    client = client_of(county.by(Role.COUNTY_OFFICE))
    assert "起草 2 份责任书" in client.get(at("index")).content.decode()
    assert client.post(at("draft")).status_code == 302
    assert Contract.objects.filter(link="township_village", state="draft").count() == 2


def test_the_choice_is_saved_with_its_document(county):
    client = client_of(county.by(Role.BUREAU))
    url, sent = at("choice"), {"veto": "on", "version": "1"}
    assert client.get(url).status_code == 200
    assert client.post(url, sent | {"source": ""}).status_code == 409
    assert client.post(url, sent | {"source": "澜政办发〔2026〕31号"}).status_code == 302
    stale = client.post(url, sent | {"source": "别的"})
    assert stale.status_code == 409 and "同事改过" in stale.content.decode()
    row = wording.choice_of(county.county.path)
    assert (row.veto, row.per_teacher, row.source) == (True, False, "澜政办发〔2026〕31号")


def test_a_scan_is_laid_and_seen_within_reach_only(county, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    one = county.of(Link.TOWNSHIP_VILLAGE, county.villages[0])
    village = client_of(county.by(Role.VILLAGE, county.villages[0]))
    file = SimpleUploadedFile("责任书.pdf", b"%PDF-1.4 scan")
    assert village.post(at("scan", one.uid), {"file": file}).status_code == 302
    assert village.post(at("scan", one.uid), {}).status_code == 409
    url = next(
        line for line in village.get(at("contract", one.uid)).content.decode().split('"')
        if line.startswith(f"/contracts/{one.uid}/scan/") and line[-2].isdigit()
    )  # fmt: skip
    assert village.get(url).status_code == 200
    assert client_of(county.by(Role.VILLAGE, county.villages[1])).get(url).status_code == 404


def test_pages_leave_access_rows(county):
    client = client_of(county.by(Role.COUNTY_OFFICE))
    one = county.of(Link.COUNTY_BUREAU)
    for url in (at("index"), at("unsigned"), at("contract", one.uid), at("print", one.uid)):
        client.get(url)
    left = list(AccessLog.objects.order_by("pk").values_list("action", "kind", "uid"))
    assert left == [("list", "contracts", ""), ("list", "contracts", ""),
                    ("view", "contract", one.uid), ("print", "contract", one.uid)]  # fmt: skip


@pytest.mark.parametrize("name", ["index", "unsigned"])
def test_a_list_takes_as_many_statements_for_many_contracts_as_for_few(county, name):
    client = client_of(county.by(Role.COUNTY_OFFICE))
    url = at(name) + "?only=unsigned"
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        before = client.get(url).content
    for number in range(10, 40):
        village = make.region(f"5399010010{number}", f"新村{number}")
        make.user(Role.VILLAGE, village)
    county.draft()
    county.issue()
    with CaptureQueriesContext(connection) as many:
        after = client.get(url).content
    assert len(after) > len(before) + 5000
    assert len(many) <= len(few), [one["sql"][:90] for one in many]
