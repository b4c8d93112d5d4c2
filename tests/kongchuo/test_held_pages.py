"""A page held open while something else happened: what is pressed there is answered in words."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import Change, Seat, User
from accounts.seats.accounts import reset_password, stop
from accounts.seats.ending import end
from accounts.seats.granting import move
from students.models import Charge
from tests import factories as make
from tests.cases.case_county import county

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
DAY = timedelta(days=1)
YESTERDAY = str(ON - DAY)
PRESSED = {
    "end": {"last": YESTERDAY, "reason": "调动"},
    "move": {"first": str(ON + DAY)},
    "swap": {"first": str(ON + DAY), "other": "999999"},
    "hand": {"to": "nobody"},
    "rename": {"name": "张海涛"},
    "stop": {"reason": "病休"},
    "reopen": {},
    "unlock": {},
    "reset": {"seen": ""},
}


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


@pytest.fixture
def seat(place) -> Seat:
    return make.user(Role.TEACHER, place.school_class, name="张海波").seats.get()


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def ended(seat: Seat, by: User) -> None:
    end(seat.pk, last=ON - DAY, reason="调动", by=by, on=ON)


def moved(seat: Seat, by: User) -> None:
    to = make.school_class(seat.school_class.school, grade=8, number=2)
    move(seat.pk, to, first=ON, by=by, on=ON)


def stopped(seat: Seat, by: User) -> None:
    stop(seat.user.username, reason="病休", by=by, on=ON)


def reset(seat: Seat, by: User) -> None:
    reset_password(seat.user.username, by=by, on=ON)


@pytest.mark.parametrize("happened", [ended, moved, stopped, reset])
def test_each_act_on_a_seat_that_changed_meanwhile_is_done_or_refused_in_words(
    place, seat, happened
):
    desk = client_of(place.office)
    happened(seat, make.user(Role.PRINCIPAL, place.school_class.school))
    to = make.school_class(seat.school_class.school, grade=9, number=1)
    for name, told in PRESSED.items():
        answer = desk.post(f"/people/{seat.pk}/{name}/", {"to": to.pk, **told})
        assert answer.status_code in (200, 302, 409), (name, answer.status_code)
        if answer.status_code == 409:
            assert "。" in answer.content.decode()


@pytest.mark.parametrize("happened", [ended, moved, stopped])
def test_the_teacher_s_own_open_page_is_asked_for_the_password_again(place, seat, happened):
    phone = client_of(seat.user)
    assert phone.get("/account/").status_code == 200
    happened(seat, place.office)
    for answer in (phone.get("/account/"), phone.post("/account/password/", {})):
        assert answer.status_code == 302 and answer["Location"].startswith("/login/")


def test_an_office_whose_seat_has_ended_is_told_so(place, seat):
    desk = client_of(place.office)
    place.office.seats.update(until=ON - DAY)
    for name, told in PRESSED.items():
        answer = desk.post(f"/people/{seat.pk}/{name}/", told)
        assert answer.status_code == 403 and "没有这项权限" in answer.content.decode()


class TestEndingSaysWhatStandsOpen:
    @pytest.fixture
    def charged(self, place, seat) -> Seat:
        for child in (place.student, *make.pupils(place.school_class, 2)):
            Charge.objects.create(
                student=child, user=seat.user, name="张海波", post="teacher", began=ON
            )
        return seat

    def test_before_it_is_pressed_and_as_it_is_done(self, place, charged):
        desk = client_of(place.office)
        shown = " ".join(desk.get(f"/people/{charged.pk}/").content.decode().split())
        assert "离任后待接手" in shown and "包保 3 项" in shown
        assert f'href="/students/{place.student.uid}/"' in shown
        desk.post(f"/people/{charged.pk}/end/", PRESSED["end"])
        to = make.user(Role.TEACHER, make.school_class(charged.school_class.school, number=8))
        desk.post(f"/people/{charged.pk}/hand/", {"to": to.username})
        assert Change.objects.get(verb="seats.hand_over").note == "包保 3 项"
        assert "名下没有要移交的" not in desk.get("/people/").content.decode()

    def test_who_sees_no_pupil_sees_the_number_alone(self, place, charged):
        shown = client_of(make.user(Role.SYSTEM_ADMIN)).get(f"/people/{charged.pk}/")
        words = shown.content.decode()
        assert "包保 3 项" in words and place.student.uid not in words
        assert place.student.name not in words


@pytest.mark.parametrize("last", [ON - DAY, ON])
def test_a_seat_that_ended_on_its_first_day_stays_in_sight(place, seat, settings, last):
    desk = client_of(place.office)
    Seat.objects.filter(pk=seat.pk).update(began=ON)
    desk.post(f"/people/{seat.pk}/end/", {"last": str(last), "reason": "其他"})
    still = User.objects.get(pk=seat.user_id).reach_on(ON).seats
    assert bool(still) is (last == ON), "one that was taken back reaches no more at once"
    settings.KONGCHUO_TODAY = ON + DAY
    shown = desk.get("/people/").content.decode()
    assert "近 30 天结束的任职 1 份" in shown and f'href="/people/{seat.pk}/"' in shown
    own = " ".join(desk.get(f"/people/{seat.pk}/").content.decode().split())
    assert f"11月19日—11月19日，{'已离任' if last == ON else '已撤销'}（其他）" in own
    audit = client_of(make.user(Role.AUDIT_ADMIN)).get("/trail/seats/").content.decode()
    assert ("离任" if last == ON else "撤销任职") in audit
    assert "2026-11-19 起，2026-11-19 止" in audit
