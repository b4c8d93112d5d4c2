"""Who may open which page, for what is in reach and what is not: one table over every address.

404 out of reach, 403 within reach but not this person's to do, 405 for a method a page does not
take. A page missing from the table, or one that does not say who may open it, fails.
"""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.enums import Role
from accounts.gate import GateMiddleware, open_to
from accounts.models import ImportBatch, Seat, User
from attendance.models import Register
from tests import factories as make
from tests.access_page import NO_LOGIN, upload
from tests.access_table import (
    TABLE,
    address,
    batches,
    explain_of,
    is_about_a_place,
    register_of,
    roster_of,
    rows_of_everything,
    signed_in,
    statuses_of,
    undone,
    writes,
)
from tests.counties import TODAY, World, batch, hang_alerts, person, two_counties, unit_in
from tests.county_records import count_both, hang_cases, hang_contracts

pytestmark = pytest.mark.django_db


def routes() -> Iterator[tuple[str, URLPattern]]:
    """(name with its namespace, pattern) of every address of the resolver."""

    def walk(patterns, space: str):
        for one in patterns:
            if isinstance(one, URLPattern):
                yield f"{space}{one.name}", one
            else:
                inner = f"{space}{one.namespace}:" if one.namespace else space
                yield from walk(one.url_patterns, inner)

    yield from walk(get_resolver().url_patterns, "")


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


@pytest.fixture
def world() -> World:
    made = two_counties()
    teacher = person(Role.TEACHER, made.here, username="teacher_here")
    for at in made.spots[1:]:
        person(Role.TEACHER, at)
    hang_alerts(made, teacher)
    hang_cases(made)
    hang_contracts(made)
    count_both()
    return made


def expected(name: str, role: Role, method: str, reached: bool) -> int:
    page = TABLE[name]
    if page.roles is not NO_LOGIN and role not in page.roles:
        return 403
    own = page.get if method == "GET" or page.post is None else page.post
    if own == 405:
        return 405
    return page.unlike.get((role, method), own) if reached else 404


def test_every_address_is_declared_and_every_declaration_is_an_address():
    assert {name for name, _ in routes()} == set(TABLE)


@pytest.mark.parametrize("name", sorted(TABLE))
def test_a_view_says_who_may_open_it_as_declared(name):
    view = dict(routes())[name].callback
    assert hasattr(view, "open_to"), f"{name}: no open_to, so nobody may open it"
    declared = TABLE[name].roles
    assert view.open_to == (None if declared is NO_LOGIN else frozenset(declared))


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role)
def test_a_view_that_says_nothing_opens_to_nobody(world, rf, role):
    """The gate is closed by default; the same view opens to this role once it says so."""
    request = rf.get("/")
    request.user, request.htmx = person(role, world.here), False
    gate = GateMiddleware(lambda request: None)
    with pytest.raises(PermissionDenied):
        gate.process_view(request, lambda request: None, (), {})
    assert gate.process_view(request, open_to(role)(lambda request: None), (), {}) is None


@pytest.mark.parametrize("role", list(Role), ids=lambda role: role)
def test_each_role_gets_what_the_table_says(world, role):
    """Every address, GET and POST, in one's own unit, in the next one and in the other county."""
    user = person(role, world.here)
    waiting, client = batches(world, user), signed_in(user)
    cookies = client.cookies.copy()
    wrong, changed_own = [], set()
    for name, page in TABLE.items():
        if name == "accounts:login":
            continue
        allowed = page.roles is NO_LOGIN or role in page.roles
        places = [world.here]
        if allowed and is_about_a_place(page):
            places += {id(at): at for at in (world.next_to(role), world.far)}.values()
        for at in places:
            for method in ("GET", "POST"):
                client.cookies = cookies.copy()
                url, own = address(name, at, waiting), at is world.here
                with undone():
                    if allowed and own:
                        page.before(at)
                    status, changed = ask(client, method, url, page.body(at))
                wanted = expected(name, role, method, own or role in page.everywhere)
                if status != wanted:
                    wrong.append(f"{method} {name} {url}: {status}, declared {wanted}")
                if wanted in (403, 404, 405) and changed:
                    wrong.append(f"{method} {name} {url}: turned away, but rows changed")
                if method == "POST" and changed and wanted in (200, 302):
                    changed_own.add(name)
    assert not wrong, "\n".join(wrong)
    meant = {name for name, page in TABLE.items() if page.post in (200, 302)}
    mine = {name for name in meant if role in (TABLE[name].roles or ())}
    refused = {name for name in mine if (role, "POST") in TABLE[name].unlike}
    assert changed_own >= mine - refused - {"accounts:logout"}, "a valid POST changed nothing"


def ask(client: Client, method: str, url: str, body: dict) -> tuple[int, bool]:
    """The answer to a request, and whether it left any row of ours other than it was.

    Rows are compared only where a statement wrote at all: what sends none has changed none.
    """
    if method == "GET":
        return client.get(url).status_code, False
    with undone(), writes() as sent:
        answer = client.post(url, body)
        if look := (answer.context or {}).get("look"):
            answer = client.post(url, body | {"seen": look.digest})
        status = answer.status_code
        after = rows_of_everything() if sent else None
    return status, after is not None and after != rows_of_everything()


def test_an_anonymous_visitor_is_sent_to_the_login_page(world):
    waiting = batches(world, person(Role.BUREAU, world.here))
    before = rows_of_everything()
    for name, page in TABLE.items():
        if page.roles is NO_LOGIN:
            shown = Client().get(address(name, world.here, waiting))
            assert shown.status_code == (page.get or 200), name
            continue
        url = address(name, world.here, waiting)
        for method in ("get", "post"):
            body = page.body(world.here) if method == "post" else {}
            answer = getattr(Client(), method)(url, body)
            assert answer.status_code == 302, (name, method)
            assert answer["Location"].split("?")[0] == "/login/", (name, method)
            part = getattr(Client(), method)(url, headers={"hx-request": "true"})
            assert (part.status_code, part.get("HX-Redirect")) == (204, "/login/"), (name, method)
    assert rows_of_everything() == before


def test_no_post_is_taken_without_the_token_of_its_form(world):
    office = person(Role.OFFICE, world.here)
    waiting, client = batches(world, office), Client(enforce_csrf_checks=True)
    client.force_login(office)
    before = rows_of_everything()
    for name, page in TABLE.items():
        if page.post is not None:
            answer = client.post(address(name, world.here, waiting), page.body(world.here))
            assert answer.status_code == 403, name
    assert rows_of_everything() == before


def everything_is_closed(client: Client, world: World, user: User) -> None:
    waiting = batches(world, user)
    for name, page in TABLE.items():
        if page.roles is not NO_LOGIN:
            status = client.get(address(name, world.here, waiting)).status_code
            assert status == 403, f"{name}: {status}"


def test_a_user_without_a_seat_sees_nothing(world):
    user = make.user()
    everything_is_closed(signed_in(user), world, user)


def test_a_seat_in_a_role_the_portal_does_not_know_opens_nothing(world):
    user = person(Role.BUREAU, world.here)
    Seat.objects.filter(user=user).update(role="stranger")
    everything_is_closed(signed_in(user), world, user)


def test_a_seat_that_has_not_begun_opens_nothing(world):
    user = person(Role.BUREAU, world.here)
    Seat.objects.filter(user=user).update(began=TODAY + timedelta(days=1))
    everything_is_closed(signed_in(user), world, user)


def test_a_seat_taken_away_is_gone_on_the_next_request(world):
    office = person(Role.OFFICE, world.here)
    client, url = signed_in(office), reverse("cases:child", args=[world.here.child.uid])
    assert client.get(url).status_code == 200
    office.seats.update(until=TODAY)
    assert client.get(url).status_code == 200, "the last day of a seat is a day of it"
    office.seats.update(until=TODAY - timedelta(days=1))
    assert client.get(url).status_code == 403


def test_a_locked_account_is_out_on_the_next_request(world):
    office = person(Role.OFFICE, world.here)
    client, url = signed_in(office), reverse("attendance:my_school")
    assert client.get(url).status_code == 302
    User.objects.filter(pk=office.pk).update(is_active=False)
    assert client.get(url)["Location"].startswith("/login/")


def test_a_teacher_moved_to_another_class_keeps_only_that_one(world):
    teacher = person(Role.TEACHER, world.here)
    client = signed_in(teacher)
    teacher.seats.update(until=date(2026, 11, 1))
    make.seat(teacher, Role.TEACHER, unit_in(Role.TEACHER, world.class_by))
    day = TODAY.isoformat()
    urls = [
        reverse("attendance:register", args=[at.school_class.pk, day]) for at in world.spots[:2]
    ]
    assert [client.get(url).status_code for url in urls] == [404, 200]


def test_a_village_reaches_a_child_of_its_own_at_a_school_elsewhere_but_not_the_class(world):
    """双线: the government line reaches a child through its home, wherever it goes to school."""
    child = world.far.child
    child.household_path = world.here.village.path
    child.save(update_fields=["household_path"])
    client = signed_in(person(Role.VILLAGE, world.here))
    assert client.get(reverse("cases:child", args=[child.uid])).status_code == 200
    roll = reverse("students:class_roll", args=[world.far.school_class.pk])
    assert client.get(roll).status_code == 404


def test_a_central_school_reaches_the_schools_it_leads_and_no_other(world):
    central = person(Role.CENTRAL, world.here)
    url = reverse("attendance:school", args=[world.school_by.school.code, TODAY.isoformat()])
    assert signed_in(central).get(url).status_code == 404
    world.school_by.school.led_by = world.here.school
    world.school_by.school.save(update_fields=["led_by"])
    assert signed_in(central).get(url).status_code == 200


def test_two_seats_do_not_lend_each_other_their_rights(world):
    """Office of one school, teacher at another: sees that class's alert, may not handle it."""
    user = person(Role.OFFICE, world.school_by)
    make.seat(user, Role.TEACHER, world.here.school_class)
    client, before = signed_in(user), rows_of_everything("AccessLog")
    assert client.get(reverse("cases:alert", args=[world.here.alert.pk])).status_code == 200
    for name in ("cases:explain", "cases:confirm"):
        url = reverse(name, args=[world.here.alert.pk])
        answer = client.post(url, explain_of(world.here))
        assert answer.status_code == 403
        assert "预警由学校教务或校长处理。" in answer.content.decode()
    decide = reverse("attendance:absence_act", args=[world.here.leave.pk, "pass"])
    assert client.post(decide).status_code == 404, "requests are read by offices"
    assert rows_of_everything("AccessLog") == before


@pytest.mark.parametrize("door", ["places", "users"])
def test_the_bureau_brings_in_calendars_but_neither_places_nor_accounts(world, door):
    url = reverse("accounts:bring", args=[door])
    before = rows_of_everything()
    bureau = signed_in(person(Role.BUREAU, world.here))
    sent = {"file": upload("区划代码,名称\n539901009,新乡\n")}
    before = rows_of_everything()
    assert bureau.get(url).status_code == 403
    assert bureau.post(url, sent).status_code == 403
    assert rows_of_everything() == before
    assert signed_in(person(Role.SYSTEM_ADMIN, world.here)).get(url).status_code == 200


def test_a_door_that_is_none_is_nowhere(world):
    admin = signed_in(person(Role.SYSTEM_ADMIN, world.here))
    assert admin.get(reverse("accounts:bring", args=["pupils"])).status_code == 404


class TestAForeignIdInsideTheBody:
    """Ids that no address shows: swapped for a foreign one they change nothing."""

    @pytest.fixture
    def office(self, world) -> Client:
        return signed_in(person(Role.OFFICE, world.here))

    def test_a_mark_for_a_child_of_another_class(self, world, office):
        before = rows_of_everything()
        body = register_of(world.here) | {f"mark-{world.class_by.child.uid}": "absent"}
        url = reverse("attendance:register", args=[world.here.school_class.pk, TODAY.isoformat()])
        assert office.post(url, body).status_code == 409
        assert rows_of_everything() == before
        assert office.post(url, register_of(world.here)).status_code == 302
        assert Register.objects.filter(on=TODAY).count() == 1

    def test_the_password_of_a_teacher_of_another_school(self, world, office):
        foreign = person(Role.TEACHER, world.school_by)
        before = rows_of_everything()
        address = reverse("people:reset", args=[foreign.seats.get().pk])
        assert office.post(address).status_code == 404
        assert rows_of_everything() == before

    def test_a_status_file_somebody_else_uploaded(self, world, office):
        waiting = batch(
            "statuses", person(Role.OFFICE, world.school_by), statuses_of(world.school_by)
        )
        before = rows_of_everything()
        office.post(reverse("attendance:statuses"), {"batch": waiting.uid, "apply": "1"})
        assert rows_of_everything() == before

    def test_a_status_for_a_child_of_another_school(self, world, office):
        office.post(reverse("attendance:statuses"), {"file": upload(statuses_of(world.school_by))})
        waiting = ImportBatch.objects.get(door="statuses")
        before = rows_of_everything()
        answer = office.post(reverse("attendance:statuses"), {"batch": waiting.uid, "apply": "1"})
        assert "找不到这个学生" in answer.content.decode()
        assert rows_of_everything() == before

    def test_a_roster_for_another_school(self, world, office):
        sent = {"file": upload(roster_of(world.school_by)), "school": world.school_by.school.code}
        office.post(reverse("students:roster"), sent)
        waiting = ImportBatch.objects.get(door="roster")
        before = rows_of_everything()
        check = office.get(reverse("students:roster_check", args=[waiting.uid]))
        assert "这所学校不在你的管辖范围内。" in check.content.decode()
        office.post(reverse("students:roster_apply", args=[waiting.uid]))
        assert rows_of_everything() == before

    def test_a_guardian_the_child_does_not_have(self, world, office):
        before = rows_of_everything()
        url = reverse("cases:reveal", args=[world.here.child.uid])
        answer = office.post(url, {"field": "guardian:9", "reason": "联系家长"})
        assert answer.status_code == 404
        assert rows_of_everything() == before

    def test_a_client_key_that_somebody_else_has_used(self, world, office):
        """A key names a form, never a right to see or change what was saved with it."""
        make.take(world.class_by.school_class, TODAY, person(Role.TEACHER, world.class_by))
        used = Register.objects.get(on=TODAY).client_key
        before = rows_of_everything()
        url = reverse("attendance:register", args=[world.here.school_class.pk, TODAY.isoformat()])
        answer = office.post(url, register_of(world.here) | {"client_key": str(used)})
        assert answer.status_code == 409
        assert rows_of_everything() == before
