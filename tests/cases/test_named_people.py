"""包保责任人: one person per post at a time, whoever was before stays on record, phones are sealed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Change
from cases.contacts.named_people import Named, name_people
from cases.enums.records import PostKey
from cases.enums.states import EventKind
from regions.refusals import Refused
from students.models import Charge, Student
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
PHONE = "13812342207"


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def name(place, *, by=None, post=PostKey.TOWNSHIP_CADRE, who="刀文华", phone=PHONE, on=ON):
    wanted = {post: Named(who, "白水镇 副镇长", phone)}
    return name_people(place.student.uid, wanted, by=by or place.officer, on=on)[post]


def test_the_new_one_begins_the_day_the_old_one_ends(place):
    first = name(place, on=ON - timedelta(days=30))
    second = name(place, who="李雯")
    first.refresh_from_db()
    assert (first.until, second.began, second.until) == (ON, ON, None)
    assert Charge.objects.filter(until=None).get() == second


def test_the_same_again_changes_nothing(place):
    assert name(place) == name(place)
    assert Charge.objects.count() == 1 and Change.objects.count() == 1


def test_each_post_has_its_own(place):
    for post in PostKey:
        name(place, post=post)
    assert Charge.objects.filter(until=None).count() == len(PostKey) == 5


def test_the_phone_is_sealed_and_read_back(place):
    person = Charge.objects.get(pk=name(place).pk)
    assert person.phone == PHONE and PHONE not in person.phone_sealed
    assert person.phone_masked == "138****2207"


def test_a_case_tells_it_and_the_history_names_nobody(place):
    case = case_of(place.student)
    name(place)
    name(place, who="李雯")
    said = [e.note for e in case.events.filter(kind=EventKind.NOTED)]
    assert said == ["包保责任人：乡镇干部 刀文华", "包保责任人：乡镇干部 李雯（原为刀文华）"]
    assert "刀文华" not in str(list(Change.objects.values_list("before", "after", "note")))


def test_five_people_named_at_once_are_one_line(place):
    case = case_of(place.student)
    wanted = {post: Named(f"某{number}", "单位") for number, post in enumerate(PostKey)}
    name_people(place.student.uid, wanted, by=place.officer, on=ON)
    name_people(place.student.uid, wanted, by=place.officer, on=ON)
    (event,) = case.events.filter(kind=EventKind.NOTED)
    assert event.note == (
        "包保责任人：县级领导 某0，乡镇干部 某1，村干部 某2，学校领导 某3，班主任 某4"
    )
    assert event.details["named"].keys() == set(PostKey)


def test_one_bad_name_names_nobody(place):
    wanted = {PostKey.TEACHER: Named("某", "学校"), PostKey.VILLAGE_CADRE: Named(" ", "村")}
    with pytest.raises(Refused, match="村干部的姓名"):
        name_people(place.student.uid, wanted, by=place.officer, on=ON)
    assert not Charge.objects.exists()


def test_a_phone_left_empty_is_kept_for_the_same_person_alone(place):
    name(place)
    assert name(place, phone=None).phone == PHONE
    moved = {PostKey.TOWNSHIP_CADRE: Named("刀文华", "白水镇 镇长")}
    person = name_people(place.student.uid, moved, by=place.officer, on=ON)[PostKey.TOWNSHIP_CADRE]
    assert (person.unit, person.phone) == ("白水镇 镇长", PHONE)
    assert name(place, who="李雯", phone=None).phone == ""


def test_nobody_is_no_name(place):
    with pytest.raises(Refused, match="姓名"):
        name(place, who=" ")


@pytest.mark.parametrize("who", ["officer", "office", "bureau", "county_office"])
def test_who_may(place, who):
    assert name(place, by=getattr(place, who))


@pytest.mark.parametrize("who", ["teacher", "cadre"])
def test_who_may_not(place, who):
    with pytest.raises(Refused, match="包保责任人由"):
        name(place, by=getattr(place, who))


def test_the_next_township_does_not_know_the_child(place):
    with pytest.raises(Student.DoesNotExist):
        name(place, by=place.neighbour)


class TestThePage:
    @pytest.fixture
    def url(self, place):
        return reverse("cases:people", args=[case_of(place.student).uid])

    def test_naming_shows_a_masked_phone_and_what_is_vacant(self, place, url, client):
        client.force_login(place.officer)
        assert "还有 5 项没有定人" in client.get(url).content.decode()
        sent = {
            "village_cadre_name": "岩布勒",
            "village_cadre_unit": "芒回村",
            "village_cadre_phone": "138 1234 2207",
        }
        assert client.post(url, sent).status_code == 302
        page = client.get(url).content.decode()
        assert "还有 4 项没有定人" in page and "岩布勒" in page
        assert "138****2207" in page and PHONE not in page
        again = client.post(url, sent | {"village_cadre_phone": "", "teacher_name": "杨雪梅"})
        assert again.status_code == 409 and "没有保存" in again.content.decode()
        more = sent | {"village_cadre_phone": "", "teacher_name": "杨雪梅", "teacher_unit": "学校"}
        assert client.post(url, more).status_code == 302
        assert Charge.objects.count() == 2, "who stays is not named again"

    def test_a_phone_that_is_none(self, place, url, client):
        client.force_login(place.officer)
        sent = {
            "village_cadre_name": "岩布勒", "village_cadre_unit": "村", "village_cadre_phone": "123"
        }  # fmt: skip
        assert "11 位手机号" in client.post(url, sent).content.decode()
        assert not Charge.objects.exists()

    def test_a_reader_may_not_send_and_is_told_who_may(self, place, url, client):
        client.force_login(place.cadre)
        page = client.get(url).content.decode()
        assert (
            "包保责任人由学校、责任乡镇和县里填写。" in page and '<form class="panel"' not in page
        )
        sent = {"village_cadre_name": "岩布勒", "village_cadre_unit": "芒回村"}
        assert client.post(url, sent).status_code == 403
        client.force_login(place.neighbour)
        assert client.get(url).status_code == 404


def test_who_holds_the_posts_seat_is_known_by_account(place):
    teacher = make.user(Role.TEACHER, place.school_class, name="王建华")
    assert name(place, post=PostKey.TEACHER, who="王建华").user == teacher
    assert name(place, post=PostKey.SCHOOL_LEADER, who="王建华").user is None


def test_two_of_a_name_are_nobodys_account(place):
    for _ in range(2):
        make.user(Role.TEACHER, place.school_class, name="王建华")
    assert name(place, post=PostKey.TEACHER, who="王建华").user is None
