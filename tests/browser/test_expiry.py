"""A text of 200 characters whose session ends before it is sent: it stands in its field again."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.db import SessionStore

from accounts.enums import Role
from regions.clock import now
from tests.browser.case_county import hang
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TYPED = "上门两次，祖母说孩子跟着舅舅去了外县的工地，答应月底前送回来，约好下周一再去。" * 5
PASSWORD = "kongchuo-2026-nov"


@pytest.mark.parametrize("scripts", [True, False])
def test_typed_words_outlive_the_session(county, person, settings, scripts):
    case, officer = hang(county).case, county.users[Role.TOWNSHIP]
    officer.set_password(PASSWORD)
    officer.must_change_password = False
    officer.save()
    one = person(size=PHONE, java_script_enabled=scripts)
    one.log_in(officer.username, PASSWORD)
    page = one.go(f"/cases/{case.uid}/note/")
    page.fill("[name=said]", TYPED)
    cookies = {cookie["name"]: cookie["value"] for cookie in one.context.cookies()}
    session = SessionStore(cookies[settings.SESSION_COOKIE_NAME])
    session["touched"] = (now() - timedelta(minutes=31)).isoformat()
    session.save()
    page.click("main button[type=submit]")
    page.wait_for_url("**/login/**")
    assert "登录已过期" in page.inner_text("body")
    page.fill("#id_username", officer.username)
    page.fill("#id_password", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url(f"**/cases/{case.uid}/note/")
    assert "刚才没有提交" in page.inner_text("main")
    if scripts:
        assert page.input_value("[name=said]") == TYPED
        page.click("main button[type=submit]")
        page.wait_for_url(f"**/cases/{case.uid}/")
        assert case.events.filter(note=TYPED).exists()
    else:
        assert TYPED in page.inner_text("main"), "to be copied"
    assert one.complaints == []
