"""Nothing scrolls sideways, whatever the names; one heading and one filled button a page."""

import pytest
from playwright.sync_api import Page

from accounts.enums import Role
from tests.browser.case_county import hang
from tests.browser.conftest import PHONE
from tests.browser.county import LONGEST, SCHOOL_NAME, SIZE

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

FILLED = "[...document.querySelectorAll('.btn-primary')].filter(e => e.offsetParent).length"
WIDTH = "document.documentElement.scrollWidth"
CUT = """[...document.querySelectorAll('.pupil b')].filter(e => e.scrollWidth > e.clientWidth + 1
         || e.scrollHeight > e.clientHeight + 1).map(e => e.textContent)"""


def paths_of(county) -> dict[Role, list[str]]:
    """The pages to walk, by who opens them."""
    child, hung = county.children[0].uid, hang(county)
    case, paper = f"/cases/{hung.case.uid}/", f"/cases/{hung.case.uid}/papers/{hung.paper.uid}/"
    contract, sick = f"/contracts/{hung.contract.uid}/", hung.case.student.uid
    school, month = county.school.code, "2026-11"
    return {
        Role.TEACHER: [
            "/register/", "/class/", "/alerts/", f"/alerts/{county.alert.pk}/",
            f"/students/{child}/", f"/students/{child}/contact/", f"/leave/{child}/",
            "/account/", "/account/password/", "/account/confirm/", "/calendar/", "/nowhere/", "/users/",
            f"/register/{county.full.pk}/2026-11-18/", f"/register/{county.full.pk}/2026-11-15/",
            "/cases/", case, f"{case}note/", "/contracts/", "/rules/", "/indicators/",
        ],
        Role.OFFICE: [
            "/school/", "/alerts/", f"/alerts/{county.alert.pk}/", f"/students/{child}/",
            "/students/", "/roster/", "/statuses/", "/people/", "/policy/",
            f"/register/{county.empty.pk}/2026-11-19/", "/cases/", case, f"{case}report/",
            f"{case}plan/", f"{case}people/", "/overview/", "/names/", "/names/export/",
            "/ledgers/", "/ledgers/cases/", f"/monthly/{school}/{month}/",
        ],
        Role.TOWNSHIP: [
            "/schools/", "/students/", "/cases/", case, f"{case}advance/", f"{case}criticise/",
            f"{case}skip/", f"{case}return/", f"{case}exit/", f"{case}hand_over/", f"{case}refer/",
            f"{case}evidence/", f"{case}plan/", f"{case}people/", f"{case}papers/issue/",
            f"{case}papers/record/", f"{case}papers/visit/", paper, f"{paper}serve/",
            f"{paper}void/", f"/students/{sick}/contact/", "/escalations/", "/rules/", "/contracts/",
            "/contracts/unsigned/", contract, "/overview/", "/names/",
        ],
        Role.BUREAU: [
            "/schools/", "/roster/", "/bring/calendar/", "/overview/", f"/overview/{school}/",
            f"/overview/{school}/trend/", "/names/", "/names/?student_status=expected", "/monthly/",
            "/ledgers/", "/indicators/", "/cases/", case, f"{case}approve/", f"{case}send_back/",
            f"{case}assign/", f"{case}mistake/", "/escalations/", "/rules/", "/contracts/",
            "/contracts/choice/", "/contracts/wording/county_bureau/", "/snapshots/", contract, f"{contract}print/",
        ],
        Role.VILLAGE: [
            "/students/", "/cases/", case, f"/students/{sick}/contact/", "/contracts/", contract,
        ],
        Role.COURT: ["/referred/", case, paper],
        Role.SYSTEM_ADMIN: ["/users/", "/bring/places/", "/bring/users/"],
        Role.AUDIT_ADMIN: ["/trail/"],
    }  # fmt: skip


def faults(page: Page, path: str, width: int) -> list[str]:
    """What ui.md's list would refuse on the page that is open."""
    found = []
    if (wide := page.evaluate(WIDTH)) > width:
        found.append(f"{path} scrolls sideways: {wide} > {width}")
    if (headings := page.locator("h1").count()) != 1:
        found.append(f"{path} has {headings} h1")
    if (filled := page.evaluate(FILLED)) > 1:
        found.append(f"{path} has {filled} filled buttons")
    return found


@pytest.mark.parametrize("width", [768])
def test_no_page_scrolls_sideways_between_a_phone_and_a_pc(county, person, width):
    """At 390 and 1440 `test_axe` asks the same on its way."""
    found = []
    for role, paths in paths_of(county).items():
        one = person(county.users[role], {"width": width, "height": 844})
        for path in paths:
            found += faults(one.go(path), path, width)
        found += one.complaints
    assert found == []


def test_the_wall_of_names_holds_sixty_and_cuts_none_short(county, person):
    page = person(county.users[Role.TEACHER], PHONE).go("/register/")
    assert page.locator(".pupil").count() == SIZE
    assert page.locator(f'.pupil[data-name="{LONGEST}"]').inner_text().startswith(LONGEST)
    assert page.evaluate(CUT) == []
    assert (
        min(page.evaluate("[...document.querySelectorAll('.pupil')].map(e => e.offsetHeight)"))
        >= 48
    )


def test_the_name_of_forty_letters_stands_whole_on_the_schools_page(county, person):
    page = person(county.users[Role.BUREAU], PHONE).go("/schools/")
    assert len(SCHOOL_NAME) == 40
    assert page.get_by_role("link", name=SCHOOL_NAME).is_visible()


def test_the_check_would_see_a_page_that_is_too_wide(county, person):
    page = person(county.users[Role.TEACHER], PHONE).go("/account/")
    page.evaluate(
        "document.querySelector('h1').append('x'.repeat(400)); "
        "document.querySelector('h1').style.whiteSpace = 'nowrap'"
    )
    assert faults(page, "/account/", 390)
