"""What people paste and type into addresses: no control character gets in, no number breaks a page."""

import pytest
from django.http import QueryDict
from django.test import Client

from accounts.enums import Role
from cases.models import CaseEvent
from kongchuo.middleware import plain_text
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.page_reader import signed_in, text

pytestmark = pytest.mark.django_db
ODD = ["²", "٣", "9" * 30, "-1", "1e3", "%00", "𝟚", "", "x"]


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def test_breaks_stay_breaks_and_the_rest_goes():
    given = QueryDict("a=%E5%86%9B%0B%E5%90%8C&b=%00x&b=y%7F&c=%E5%A5%BD%0A%09%E7%9A%84")
    made = plain_text(given)
    assert made.getlist("a") == ["军\n同"] and made.getlist("b") == ["x", "y"]
    assert made["c"] == "好\n\t的"
    assert plain_text(QueryDict("a=1")).urlencode() == "a=1"


def test_no_control_character_stands_in_the_history(here):
    case = case_of(here.student)
    sent = {"said": "家访\x0b两次\x00，没见到人", "version": case.version}
    assert signed_in(here.officer).post(f"/cases/{case.uid}/note/", sent).status_code == 302
    assert CaseEvent.objects.last().note == "家访\n两次，没见到人"


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_number_in_an_address_breaks_nothing(here, odd):
    case = case_of(here.student)
    make.user(Role.BUREAU, here.region)
    asked = [
        f"/cases/{case.uid}/papers/visit/?contact={odd}",
        f"/names/?place=C{odd}", f"/names/?place={odd}", f"/contracts/?year={odd}",
        f"/contracts/unsigned/?year={odd}", f"/monthly/?month={odd}", f"/cases/?phase={odd}",
        f"/escalations/?page={odd}", f"/cases/{odd}x/", f"/students/{odd}x/", f"/overview/{odd}x/",
        f"/names/?turn=dropped&month={odd}", f"/names/?count={odd}", "/monthly/?month=9999-12",
        "/monthly/?month=0001-01",
    ]  # fmt: skip
    for user in (here.officer, here.bureau):
        client = signed_in(user)
        for url in asked:
            assert client.get(url).status_code < 500, (user.name, url)


@pytest.mark.parametrize("odd", ODD)
def test_an_odd_number_in_a_form_breaks_nothing(here, odd):
    child = here.student.uid
    client = signed_in(here.officer)
    sent = [
        (f"/students/{child}/call/", {"order": odd}),
        (f"/students/{child}/reveal/", {"field": f"guardian:{odd}", "reason": "联系家长"}),
        ("/ledgers/suspected/", {"on": "9999-12-31", "purpose": "报送县教育体育局"}),
        ("/ledgers/suspected/", {"on": "0001-01-01", "purpose": "报送县教育体育局"}),
        ("/contracts/issue/", {"uid": odd, "due_on": "2026-12-01"}),
    ]
    for url, form in sent:
        assert client.post(url, form).status_code < 500, url


def test_an_address_of_a_button_opened_by_hand_says_so(here):
    case = case_of(here.student)
    answer = signed_in(here.officer).get(f"/cases/{case.uid}/plan/tasks/")
    assert answer.status_code == 405 and answer.headers["Allow"] == "POST"
    assert "要从页面上的按钮进入" in text(answer)


def test_a_field_speaks_chinese_and_names_its_bounds(here):
    case = case_of(here.student)
    long = signed_in(here.officer).post(
        f"/cases/{case.uid}/note/", {"said": "长" * 401, "version": case.version}
    )
    assert "最多 400 个字，现在 401 个字。" in text(long)
    assert Client().get("/login/").status_code == 200
