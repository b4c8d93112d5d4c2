"""A contact half written before 拨打: kept by the server, and back in its form until it is saved."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts import unsent
from accounts.enums import Role
from cases.models import Contact
from regions.clock import now
from tests import factories as make
from tests.accounts.test_unsent import HERE, enter, idle, logged_in
from tests.cases.case_county import ON, county

pytestmark = pytest.mark.django_db
TYPED = "母亲电话里说孩子在昆明，月底回来"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    here = county()
    here.guardian.phone = "13812342207"
    here.guardian.save()
    here.page = reverse("cases:contact", args=[here.student.uid])
    here.call = reverse("cases:call", args=[here.student.uid])
    return here


def dial(client, here, **typed):
    told = {"way": "visit", "when": ON.isoformat(), "note": "", "order": "1"} | typed
    told |= {unsent.STOOD_ON: here.page}
    return client.post(here.call, told, headers={"referer": f"{HERE}{here.page}"})


def filled(client, page) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_what_was_typed_comes_back_in_its_form_without_a_script_until_it_is_saved(here):
    client = logged_in(here.officer)
    shown = dial(client, here, note=TYPED, met="guardian", reasons=["marriage", "work"])
    assert "tel:13812342207" in shown.content.decode()
    assert "刚才写的已存好" in shown.content.decode()
    for _ in range(2):  # the phone may drop the page again
        html = filled(client, f"{here.page}?way=call")
        assert "刚才写的已填回。" in html and TYPED in html
        form = client.get(f"{here.page}?way=call").context["form"]
        assert (form["way"].value(), form["reasons"].value()) == ("call", ["marriage", "work"])
    sent = {
        "way": "call", "when": ON.isoformat(), "met": "nobody", "note": TYPED,
        "client_key": str(form["client_key"].value()),
    }  # fmt: skip
    assert client.post(here.page, sent).status_code == 302
    assert Contact.objects.get().note == TYPED
    assert TYPED not in filled(client, here.page)


def test_nothing_typed_keeps_nothing(here):
    client = logged_in(here.officer)
    assert "刚才写的已存好" not in dial(client, here).content.decode()
    assert "刚才写的已填回" not in filled(client, here.page)


def test_it_outlives_the_session_for_its_writer_alone(here):
    client = logged_in(here.officer)
    dial(client, here, note=TYPED)
    idle(client, minutes=45)
    answer = client.get(here.page)
    assert answer.status_code == 302 and "/login/" in answer["Location"]
    assert TYPED in enter(client, here.officer, here.page).content.decode()


def test_another_person_at_the_same_browser_does_not_see_it(here):
    client = logged_in(here.officer)
    dial(client, here, note=TYPED)
    idle(client, minutes=45)
    client.get(here.page)
    other = make.user(Role.TOWNSHIP, here.officer.seats.get().region)
    assert TYPED not in enter(client, other, here.page).content.decode()


def test_pressed_after_the_session_expired_it_is_filled_in_all_the_same(here):
    client = logged_in(here.officer)
    idle(client)
    answer = dial(client, here, note=TYPED)
    assert answer["Location"] == f"/login/?next={here.page}"
    html = enter(client, here.officer, here.page).content.decode()
    assert "刚才写的已填回。" in html and html.count(TYPED) == 1, "in its field, not to be copied"


def test_logging_out_and_half_a_day_end_it(here):
    client = logged_in(here.officer)
    dial(client, here, note=TYPED)
    session = client.session
    session["draft"] = session["draft"] | {"until": (now() - timedelta(minutes=1)).isoformat()}
    session.save()
    assert TYPED not in filled(client, here.page)
    dial(client, here, note=TYPED)
    client.post(reverse("accounts:logout"))
    assert TYPED not in enter(client, here.officer, here.page).content.decode()
