"""What no page may show: a whole number, a child out of reach, a look that leaves no row.

Every child is a canary. The crawl follows each link a role finds, from its own first page on.
"""

import logging
import re
from collections.abc import Iterator
from copy import deepcopy
from functools import partial
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.db.models.functions import Length
from django.test import Client
from django.urls import reverse

from accounts.enums import ADMIN_ROLES, LOOKING_ON, REFERRAL_ROLES, Access, Role
from accounts.job_runs import Claim, run_claimed
from accounts.models import AccessLog
from attendance.alerts import JOB
from attendance.enums import Mark
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from regions.models import Region
from reports.ledgers.ledgers import LEDGERS
from reports.queries.places import WATCHERS
from students.rules.identity import check_digit
from tests import factories as make
from tests.access_page import upload
from tests.access_table import TABLE, address, batches, signed_in
from tests.counties import (
    COUNTIES,
    TODAY,
    Spot,
    World,
    hang_closures,
    hang_dispute,
    hang_leaves,
    hang_mark,
    hang_proof,
    person,
    two_counties,
)
from tests.county_records import count_both, hang_cases, hang_contracts
from tests.crawling import Rows, crawl, text_of
from tests.standing_world import standing

pytestmark = pytest.mark.django_db
DAYS = make.weekdays(TODAY, 3)
ID_NUMBER = r"(?=([1-9]\d{5}(?:19|20)\d{9}[\dXx]))"
NO_CHILD = ADMIN_ROLES | LOOKING_ON  # what they open names no child, as the crawl of each shows
LOOKING = sorted(set(Role) - NO_CHILD - {Role.SYSTEM})
WITH_PUPILS = sorted(set(LOOKING) - REFERRAL_ROLES)


@pytest.fixture(scope="module")
def built(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[tuple[World, Path]]:
    """Each child out for three days, so that each has an open alert with its proof."""
    folder = tmp_path_factory.mktemp("masking")
    with standing(django_db_blocker, folder, KONGCHUO_TODAY=TODAY):
        made = two_counties()
        for at in made.spots:
            teacher = person(Role.TEACHER, at, name="普文昌")
            for day in DAYS:
                make.take(at.school_class, day, teacher, **{at.child.uid: Mark.ABSENT})
        hang_closures(made)
        hang_leaves(made, teacher)
        for code in COUNTIES:
            place = make.region(code)
            run_claimed(JOB, place.path, TODAY, partial(flagged, place))
        for at in made.spots:
            at.alert = AbsenceAlert.objects.get(student=at.child)
            hang_proof(at, teacher)
            hang_mark(at, teacher)
            hang_dispute(at, teacher)
        hang_cases(made)
        hang_contracts(made)
        count_both()
        yield made, folder


def flagged(place: Region, held: Claim) -> dict:
    return flag_absences(TODAY, place, held)


@pytest.fixture
def world(built, settings) -> World:
    """A copy of what stands: no test changes it for the next one."""
    made, folder = built
    settings.KONGCHUO_TODAY = TODAY
    settings.MEDIA_ROOT, settings.KONGCHUO_SEALED = folder / "media", folder / "sealed"
    return deepcopy(made)


def reached_by(role: Role, world: World) -> list[Spot]:
    """The children a role that stands `here` may see, said without asking the portal."""
    if role in NO_CHILD:
        return []
    if role in {Role.TEACHER, Role.STAND_IN, Role.VILLAGE} | REFERRAL_ROLES:
        return [world.here]
    if role in (Role.BUREAU, Role.COUNTY_OFFICE):
        return [world.here, world.class_by, world.school_by]
    return [world.here, world.class_by]


def passes_the_check(number: str) -> bool:
    """The check of GB 11643 as its formula stands in the standard, not as ours is written."""
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(number[:17]))
    return (total + (10 if number[17] in "Xx" else int(number[17]))) % 11 == 1


def whole_numbers(text: str) -> list[str]:
    """ID numbers that pass their check (a 学籍号 holds one) and mobile numbers, in full.

    An ID number begins with an area and a year, as an address of ours may by chance (`addressless`).
    The key of a form is left out: by chance a UUID holds eleven digits that look like a telephone.
    """
    text = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", text)
    ids = [found for found in re.findall(ID_NUMBER, text) if passes_the_check(found)]
    return ids + re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text)


def addressless(text: str) -> str:
    """`text` without the addresses of its places: 000019 000022 … looks like an area and a year."""
    paths = Region.objects.order_by(Length("path").desc()).values_list("path", flat=True)
    return re.sub("|".join(paths), "", text)


def own_addresses(world: World, client_user) -> list[str]:
    waiting = batches(world, client_user)
    return [address(name, world.here, waiting) for name in TABLE]


def test_the_scanner_sees_what_it_is_to_see(world):
    """Its control: each canary in full is found, masked it is not."""
    at = world.here
    assert whole_numbers(f"<td>{at.id_no}</td>") == [at.id_no]
    assert whole_numbers(f"?n={at.xueji_no}") == [at.id_no]
    assert whole_numbers(f"{at.phone}。") == [at.phone]
    assert whole_numbers(at.child.id_no_masked + at.child.guardians.get(order=1).phone_masked) == []
    wrong = at.id_no[:17] + next(c for c in "0123456789X" if c != check_digit(at.id_no[:17]))
    assert whole_numbers(wrong) == []
    path = Region.objects.order_by("path").last().path
    assert addressless(f"?place={path}&n={at.id_no}") == f"?place=&n={at.id_no}"


@pytest.mark.unmeasured
@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SYSTEM}), ids=lambda role: role)
def test_no_page_shows_a_number_in_full_or_a_child_out_of_reach(world, role, caplog):
    """And each look at a child leaves exactly one row: one crawl for both."""
    user = person(role, world.here)
    reached = reached_by(role, world)
    foreign = [at for at in world.spots if at not in reached]
    shown, wrong, rows = set(), [], Rows()
    with caplog.at_level(logging.DEBUG):
        for url, text in crawl(signed_in(user), own_addresses(world, user)):
            wrong += rows.faults(url, any(at.child.name in text for at in world.spots))
            wrong += [f"{url}: {number}" for number in whole_numbers(addressless(text))]
            text = text.replace(url, "")  # a form carries the address of its page
            wrong += [f"{url}: {word}" for at in foreign for word in canaries(at) if word in text]
            wrong += [f"address {url}" for at in world.spots if at.child.name in unquote(url)]
            titles = "".join(re.findall(r"<title>(.*?)</title>", text, re.DOTALL))
            wrong += [f"title of {url}" for at in world.spots if at.child.name in titles]
            shown |= {at.child.name for at in reached if at.child.name in text}
    assert not wrong, "\n".join(wrong)
    assert shown == {at.child.name for at in reached}, "the crawl saw less than this role may"
    assert bool(rows.counted) == (role in LOOKING)
    assert_silent(caplog, world)


def canaries(at: Spot) -> list[str]:
    """What must be read nowhere by whoever does not reach the child: words that say it is there."""
    return [
        at.child.name, at.child.uid, at.case.uid, at.case.number, at.paper.uid, at.paper.number,
        at.contract.uid,
    ]  # fmt: skip


def assert_silent(caplog, world: World) -> None:
    """No line of the log names a child: by name, number, telephone or guardian."""
    assert whole_numbers(caplog.text) == []
    for at in world.spots:
        assert at.child.name not in caplog.text


@pytest.mark.parametrize("role", WITH_PUPILS, ids=lambda role: role)
def test_a_search_finds_no_child_out_of_reach_by_any_of_its_names(world, role, caplog):
    client, reached = signed_in(person(role, world.here)), reached_by(role, world)
    for at in world.spots:
        for words in (at.child.name, at.id_no, at.xueji_no, at.child.uid):
            with caplog.at_level(logging.DEBUG):
                page = client.post(reverse("students:students"), {"words": words}).content.decode()
            assert (at.child.uid in page.replace(f'value="{words}"', "")) == (
                at in reached or words == at.child.uid
            ), words
            link = reverse("cases:child", args=[at.child.uid])
            assert (link in page) == (at in reached), words
            assert whole_numbers(page.replace(words, "")) == []
    assert_silent(caplog, world)
    log = AccessLog.objects.filter(action=Access.SEARCH)
    assert log.count() == len(world.spots) * 4
    assert not any(whole_numbers(row.scope + row.reason) for row in log)


@pytest.mark.parametrize(
    ("field", "value"), [("id_no", "id_no"), ("xueji_no", "xueji_no"), ("guardian:1", "phone")]
)
def test_a_reveal_shows_exactly_one_value_and_leaves_exactly_one_row(world, field, value, caplog):
    at, office = world.here, person(Role.OFFICE, world.here)
    url, reason = reverse("cases:reveal", args=[at.child.uid]), "办理转学，核对证件"
    with caplog.at_level(logging.DEBUG):
        page = signed_in(office).post(url, {"field": field, "reason": reason}).content.decode()
    told = getattr(at, value)
    assert page.count(told) == 1
    assert whole_numbers(page.replace(told, "")) == []
    row = AccessLog.objects.get()
    assert (row.action, row.kind, row.uid, row.reason, row.user) == (
        Access.REVEAL, "student", at.child.uid, reason, office,
    )  # fmt: skip
    assert row.request_id and row.source == "127.0.0.1"
    assert whole_numbers(row.scope) == []
    assert_silent(caplog, world)
    again = signed_in(office).get(reverse("cases:child", args=[at.child.uid]))
    assert whole_numbers(again.content.decode()) == [], "it is shown once"


@pytest.mark.parametrize("reason", ["", " ", "看", "   看   "])
def test_without_a_reason_nothing_is_revealed(world, reason):
    client, url = (
        signed_in(person(Role.OFFICE, world.here)),
        reverse("cases:reveal", args=[world.here.child.uid]),
    )
    answer = client.post(url, {"field": "id_no", "reason": reason})
    assert answer.status_code == 400
    assert "请写明为什么要看。" in answer.content.decode()
    assert whole_numbers(answer.content.decode()) == []
    assert not AccessLog.objects.filter(action=Access.REVEAL).exists()


@pytest.mark.parametrize("field", ["name", "id_no_index", "guardian:9", "guardian:x", "pk", ""])
def test_only_the_protected_values_can_be_revealed(world, field):
    url = reverse("cases:reveal", args=[world.here.child.uid])
    answer = signed_in(person(Role.OFFICE, world.here)).post(
        url, {"field": field, "reason": "核对证件"}
    )
    assert answer.status_code in (400, 404)
    assert not AccessLog.objects.filter(action=Access.REVEAL).exists()


EXPORTS = ["reports:export", *(f"reports:ledger {name}" for name in LEDGERS)]


@pytest.mark.parametrize("role", sorted(WATCHERS), ids=lambda role: role)
def test_a_workbook_holds_those_within_reach_masked_and_leaves_a_row_for_each(world, role, caplog):
    """Every export, with why it was made; the neighbour's children are in none of them."""
    user, reached = person(role, world.here), reached_by(role, world)
    foreign = [at for at in world.spots if at not in reached]
    client, told = signed_in(user), {"purpose": "报送市教育体育局月报", "on": TODAY}
    for export in EXPORTS:
        name, *args = export.split()
        before = AccessLog.objects.count()
        with caplog.at_level(logging.DEBUG):
            answer = client.post(reverse(name, args=args), told)
        assert "spreadsheet" in answer["Content-Type"], export
        text, rows = text_of(answer), list(AccessLog.objects.order_by("pk")[before:])
        assert whole_numbers(text) == [], export
        assert [word for at in foreign for word in canaries(at) if word in text] == [], export
        named = {at.child.uid for at in reached if at.child.name in text}
        assert named == {row.uid for row in rows if row.kind == "student"}, export
        assert {row.action for row in rows} == {Access.EXPORT} and len(rows) == max(1, len(named))
        assert told["purpose"] in text and user.username in text, export
        assert named == {at.child.uid for at in reached} or export not in FULL, export
    assert_silent(caplog, world)


FULL = ["reports:export", "reports:ledger cases"]  # each child of the world stands in these


@pytest.mark.parametrize("role", sorted(WATCHERS), ids=lambda role: role)
def test_a_list_or_export_of_a_place_out_of_reach_is_nowhere(world, role):
    """The neighbour's township, school and class, by their codes, which anybody may know."""
    client, beside = signed_in(person(role, world.here)), world.next_to(role)
    codes = [
        beside.school.code, f"C{beside.school_class.pk}",
        beside.township.codes.get().code, beside.county.codes.get().code,
    ]  # fmt: skip
    for code in codes:
        for name in ("reports:names", "reports:export"):
            url = f"{reverse(name)}?place={code}"
            assert client.get(url).status_code == 404, url
            assert client.post(url, {"purpose": "报送月报"}).status_code == 404, url
        assert client.get(reverse("reports:trend", args=[code])).status_code == 404, code
        assert client.get(reverse("reports:place", args=[code])).status_code == 404, code
    own = f"{reverse('reports:names')}?place={world.here.school.code}"
    assert client.get(own).status_code == 200


def test_a_roster_on_its_way_in_shows_no_number_in_full(world):
    """The preview of changes, the rejected cells and the file of them, with valid numbers."""
    at, office = world.here, person(Role.OFFICE, world.here)
    fresh = world.far.id_no
    head = "学籍号,姓名,性别,出生日期,身份证件号,班级,监护人姓名,监护人关系,监护人电话\n"
    changed = f"{at.xueji_no},岩香,男,2013-05-06,{fresh},七(1)班,岩香之父,父亲,13987654321\n"
    bad = f"{fresh},玉叫,男,不知道,{fresh}1,七(9)班,玉叫之父,父亲,139876543210\n"
    client = signed_in(office)
    where = client.post(
        reverse("students:roster"), {"file": upload("".join((head, changed, bad)))}
    )["Location"]
    page, rejected = text_of(client.get(where)), text_of(client.get(f"{where}rejected/"))
    assert "监护人电话" in page and "退回" in page
    assert whole_numbers(page) == []
    assert whole_numbers(rejected) == []


def test_a_status_file_that_is_rejected_shows_no_number_in_full(world):
    foreign, office = world.school_by, person(Role.OFFICE, world.here)
    head = "学籍号,证件号,状态,开始日期,结束日期,证明\n"
    rows = f"{foreign.xueji_no},,休学,2026-11-01,2026-12-31,诊断证明\n"
    rows += f",{foreign.id_no},{world.here.id_no},2026-11-01,2026-12-31,诊断证明\n"
    page = signed_in(office).post(reverse("attendance:statuses"), {"file": upload(head + rows)})
    assert "找不到这个学生" in page.content.decode()
    assert foreign.child.name not in page.content.decode()
    wrong_cell = [world.here.id_no]
    assert [n for n in whole_numbers(page.content.decode()) if n not in wrong_cell] == []


def test_errors_write_no_name_into_the_log(world, caplog):
    """Not found, turned away, refused, in conflict: each line keeps the address and no more."""
    client, at = signed_in(person(Role.OFFICE, world.here)), world.here
    register = reverse("attendance:register", args=[at.school_class.pk, TODAY.isoformat()])
    sent = {"version": "0", "client_key": "x", f"note-{at.child.uid}": at.child.name}
    with caplog.at_level(logging.DEBUG):
        codes = [
            client.get(reverse("cases:child", args=[world.far.child.uid])).status_code,
            client.get(reverse("accounts:users")).status_code,
            client.post(register, sent).status_code,
            client.post(
                reverse("students:roster"), {"file": upload(at.id_no, "x.pdf")}
            ).status_code,
            client.post(reverse("cases:reveal", args=[at.child.uid]), {"reason": ""}).status_code,
            Client().post("/login/", {"username": at.id_no, "password": at.phone}).status_code,
        ]
    assert codes == [404, 403, 409, 302, 400, 401]
    assert caplog.records, "the log is listened to"
    assert_silent(caplog, world)
