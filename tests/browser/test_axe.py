"""axe finds nothing serious, and the console reports no breach of the content policy."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from accounts.enums import Role
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_layout import faults, paths_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OPTIONS = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"],
}
ROSTER = "姓名,身份证件类型,身份证件号,班级\n"


def violations(page: Page) -> list[str]:
    """Every finding on the open page: what, how grave, and where first."""
    response = Axe().run(page, options=OPTIONS).response
    return [
        f"{page.url}: {one['id']} ({one['impact']}) at {one['nodes'][0]['target']}"
        for one in response["violations"]
    ]


def test_axe_sees_a_fault_when_there_is_one(person):
    page = person().go("/login/")
    assert violations(page) == []
    page.evaluate("document.querySelector('label').remove()")
    assert any("label" in one for one in violations(page))


@pytest.mark.parametrize("size", [PC, PHONE], ids=["1440", "390"])
def test_axe_and_the_list_of_ui_find_nothing_on_any_page(county, person, size):
    """One walk for both: the pages are many."""
    stranger = person(size=size)
    found = violations(stranger.go("/login/")) + stranger.complaints
    for role, paths in paths_of(county).items():
        one = person(county.users[role], size)
        for path in paths:
            page = one.go(path)
            found += violations(page) + faults(page, path, size["width"])
        found += one.complaints
    assert found == []


@pytest.mark.parametrize("size", [PC, PHONE], ids=["1440", "390"])
def test_axe_finds_nothing_on_an_open_sheet_and_on_a_sent_register(county, person, size):
    one = person(county.users[Role.TEACHER], size)
    page = one.go("/register/")
    page.locator(".pupil").first.click()
    found = violations(page)
    page.locator("#sheet [data-set=absent]").click()
    page.click("[data-submit]")
    page.locator("p.t-ok[role=status]").wait_for()
    found += violations(page)
    page.click("[data-correct]")
    assert found + violations(page) + one.complaints == []


@pytest.mark.parametrize("size", [PC, PHONE], ids=["1440", "390"])
def test_axe_finds_nothing_on_a_roster_with_faults(county, person, size, tmp_path):
    child = county.children[0]
    file = tmp_path / "名册.csv"
    file.write_text(
        f"{ROSTER}{child.name},居民身份证,{child.id_no},七(1)班\n坏一,居民身份证,539901201301159999,七(1)班\n"
        f"新来,居民身份证,{make.id_number(980)},七(1)班\n",
        encoding="utf-8",
    )
    one = person(county.users[Role.OFFICE], size)
    page = one.go("/roster/")
    page.set_input_files("#file", file)
    page.click("text=上传并核对")
    page.wait_for_selector("h1:has-text('核对名册')")
    assert page.locator("#rejected .cell").all_inner_texts() == ["C3"]
    assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert violations(page) + one.complaints == []
