"""The register where things are missing: no script, no network, no mouse."""

import pytest
from playwright.sync_api import Page

from accounts.enums import Role
from attendance.enums import Mark
from attendance.models import Absence, Register
from tests import factories as make
from tests.browser.conftest import PHONE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = "Object.keys(localStorage).filter(key => key.startsWith('kongchuo.register.')).length"


def today_of(county) -> Register:
    return Register.objects.get(school_class=county.full, on=make.THURSDAY)


def marks_of(register: Register) -> dict[str, str]:
    rows = Absence.objects.filter(register=register).values_list("student__uid", "mark")
    return dict(rows)


def face(page: Page, child) -> str | None:
    return page.locator(f"#pupil-{child.uid}").get_attribute("data-mark")


def test_the_register_works_without_javascript(county, person):
    one = person(county.users[Role.TEACHER], PHONE, java_script_enabled=False)
    page, child = one.go("/register/"), county.children[4]
    page.select_option(f"#mark-{child.uid}", "late")
    page.fill(f"#note-{child.uid}", "路上堵车")
    page.click("[data-submit]")
    page.locator("p.t-ok[role=status]").wait_for()
    assert page.locator(".note-ok").inner_text().startswith("已提交")
    register = today_of(county)
    assert (register.expected, register.present) == (60, 60)
    assert marks_of(register) == {child.uid: Mark.LATE}
    assert Absence.objects.get(register=register).note == "路上堵车"


def test_without_network_the_work_stays_in_the_phone_and_goes_up_once(county, person):
    one = person(county.users[Role.TEACHER], PHONE)
    page, child = one.go("/register/"), county.children[5]
    page.click(f"#pupil-{child.uid}")
    page.click("#sheet [data-set=sick]")
    key = page.input_value("[name=client_key]")
    one.context.set_offline(True)
    page.click("[data-submit]")
    page.get_by_text("现在没有网络。").wait_for()
    assert page.evaluate(KEPT) == 1
    assert county.children[5].name not in page.evaluate("JSON.stringify(localStorage)")
    assert not Register.objects.filter(school_class=county.full, on=make.THURSDAY).exists()
    one.context.set_offline(False)
    page.locator("p.t-ok[role=status]").wait_for()
    page.wait_for_load_state("networkidle")
    register = today_of(county)
    assert str(register.client_key) == key
    assert register.version == 1
    assert marks_of(register) == {child.uid: Mark.SICK}
    assert page.evaluate(KEPT) == 0


def test_an_upload_whose_answer_was_lost_is_not_doubled(county, person):
    one = person(county.users[Role.TEACHER], PHONE)
    page, child = one.go("/register/"), county.children[6]
    page.click(f"#pupil-{child.uid}")
    page.click("#sheet [data-set=absent]")

    def lose_the_answer(route):
        route.fetch(max_redirects=0)
        route.abort()

    page.route(
        "**/register/**",
        lambda route: (
            lose_the_answer(route) if route.request.method == "POST" else route.continue_()
        ),
    )
    page.click("[data-submit]")
    page.get_by_text("现在没有网络。").wait_for()
    first = today_of(county)
    page.unroute_all(behavior="wait")
    page.click("[data-submit]")
    page.locator("p.t-ok[role=status]").wait_for()
    page.wait_for_load_state("networkidle")
    register = today_of(county)
    assert (register.pk, register.version) == (first.pk, first.version)
    assert marks_of(register) == {child.uid: Mark.ABSENT}


def test_the_register_by_keyboard_alone(county, person):
    page = person(county.users[Role.TEACHER]).go("/register/")
    wall = county.children
    columns = page.evaluate(
        "(() => { const all = [...document.querySelectorAll('.pupil')], top = all[0].offsetTop;"
        " return all.filter(e => e.offsetTop === top).length; })()"
    )
    assert columns >= 6
    page.focus(f"#pupil-{wall[0].uid}")
    for key, mark in {"1": "absent", "2": "sick", "3": "personal", "4": "late", "0": ""}.items():
        page.keyboard.press(key)
        assert face(page, wall[0]) == mark
    page.keyboard.press("ArrowRight")
    page.keyboard.press("1")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("3")
    assert [face(page, wall[n]) for n in (1, 1 + columns, columns)] == [
        "absent",
        "sick",
        "personal",
    ]
    page.keyboard.press("Enter")
    assert page.locator("#sheet").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#sheet").is_visible()
    assert page.evaluate("document.activeElement.id") == f"pupil-{wall[columns].uid}"
    page.keyboard.press("Control+Enter")
    page.locator("p.t-ok[role=status]").wait_for()
    page.wait_for_load_state("networkidle")
    assert today_of(county).present == 57


def test_the_skip_link_is_first_and_leads_to_the_page(county, person):
    page = person(county.users[Role.OFFICE]).go("/school/")
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.inner_text() == "跳到正文"
    assert skip.bounding_box()["x"] >= 0
