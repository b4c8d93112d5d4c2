"""A teacher's phone is trusted, its session ends, and the next morning it opens the register at once."""

import pytest

from accounts.enums import Role
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_axe import violations
from tests.browser.test_layout import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ANDROID = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/116 Mobile MicroMessenger/8"
WHY = "办理转学，核对证件"


@pytest.fixture
def teacher(county):
    made = county.users[Role.TEACHER]
    made.password = make.hashed()
    made.save()
    return made


def test_a_trusted_phone_comes_back_without_the_password(county, teacher, person, settings):
    one = person(size=PHONE, user_agent=ANDROID)
    page = one.log_in(teacher.username, make.PASSWORD)
    page.get_by_role("button", name="信任这部手机").click()
    page.get_by_text("已信任这部手机").wait_for()
    assert page.get_by_text("下次免输密码？").count() == 0
    one.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    one.go("/register/")
    page.locator("[data-register][data-ready]").wait_for()
    page.click(f"#pupil-{county.children[4].uid}")
    page.click("#sheet [data-set=sick]")
    page.click("[data-submit]")
    page.locator("p.t-ok[role=status]").wait_for()

    child = f"/students/{county.children[0].uid}/"
    one.go(child)
    page.select_option("#reveal-field", "id_no")
    page.fill("#reveal-reason", WHY)
    page.click(".reveal button")
    page.wait_for_url("**/account/confirm/**")
    page.fill("[name=password]", make.PASSWORD)
    page.get_by_role("button", name="确定").click()
    page.wait_for_url(f"**{child}")
    assert "密码已核对" in page.inner_text("main")
    assert page.input_value("#reveal-reason") == WHY
    page.click(".reveal button")
    page.get_by_text("这次查看已留记录").wait_for()
    assert one.complaints == []


@pytest.mark.parametrize("size", [PC, PHONE], ids=["1440", "390"])
def test_the_offer_and_the_list_of_phones_are_in_order(county, teacher, person, size):
    one = person(size=size, user_agent=ANDROID)
    page = one.log_in(teacher.username, make.PASSWORD)
    found = violations(page) + faults(page, "offer", size["width"])
    page.get_by_role("button", name="信任这部手机").click()
    page.get_by_text("已信任这部手机").wait_for()
    one.go("/account/")
    page.get_by_role("button", name="撤销").wait_for()
    found += violations(page) + faults(page, "/account/", size["width"])
    page.get_by_role("button", name="撤销").click()
    page.get_by_text("已撤销“安卓手机 · 微信”").wait_for()
    assert found + one.complaints == []


def test_a_phone_that_is_not_trusted_asks(county, teacher, person, settings):
    """The control; and that 不用 is not asked twice."""
    one = person(size=PHONE, user_agent=ANDROID)
    page = one.log_in(teacher.username, make.PASSWORD)
    page.get_by_role("button", name="不用").click()
    page.get_by_text("每次登录都输密码").wait_for()
    assert page.get_by_text("下次免输密码？").count() == 0
    one.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)
    one.go("/register/")
    page.wait_for_url("**/login/**")
