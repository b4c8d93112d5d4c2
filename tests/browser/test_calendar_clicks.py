"""校历 at a browser: a closure from the school to the county's office, and a year nobody decided."""

from datetime import date

import pytest
from django.urls import reverse

from accounts.enums import Role
from attendance.school_year.waiting import waiting_closures
from regions.models import CalendarRow, School
from reports.counting.roll_up import roll_up
from reports.monthly import reports
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_axe import violations
from tests.browser.test_layout import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CALENDAR = reverse("attendance:calendar")
TUESDAY, MONDAY = date(2026, 11, 24), date(2027, 1, 4)


def test_a_closure_goes_from_the_school_to_the_county_office(county, person, settings):
    office = person(county.users[Role.OFFICE], PHONE)
    page = office.go(f"{CALENDAR}?day=2026-11-19")
    assert not faults(page, CALENDAR, PHONE["width"]) and not violations(page)
    page.click("text=申请这一天停课")
    page.fill("#id_reason", "供水管道抢修")
    page.click("text=看看会变什么")
    assert "核准后会变" in page.inner_text("main")
    page.click("button[name=confirmed]")
    page.wait_for_url("**/calendar/")
    assert "已申请停课：2026-11-19 停课。" in page.inner_text(".note-ok")
    row = CalendarRow.objects.proposed().get()
    assert row.holds_day

    settings.KONGCHUO_TODAY = TUESDAY
    watcher = make.user(Role.COUNTY_OFFICE, make.region("539901"))
    assert waiting_closures(watcher, TUESDAY) == [row]
    page = person(watcher, PC).go(CALENDAR)
    assert "两个教学日没有核定，已转县专班" in page.inner_text("main")

    page = person(county.users[Role.BUREAU], PC).go(CALENDAR)
    assert not faults(page, CALENDAR, PC["width"]) and not violations(page)
    page.click("a:text-is('核定')")
    page.click("text=核准停课")
    page.wait_for_url("**/calendar/")
    assert "已核准" in page.inner_text(".note-ok")
    assert waiting_closures(watcher, TUESDAY) == []
    assert not office.complaints


def test_the_undecided_year_on_overview_wall_and_report(county, person, settings):
    settings.KONGCHUO_TODAY = MONDAY
    School.objects.update(alerts_from=date(2026, 9, 1))
    roll_up(MONDAY, make.region("539901"))
    for name in ("overview", "screen"):
        page = person(county.users[Role.BUREAU], PC)
        settings.KONGCHUO_TODAY = MONDAY
        shown = page.go(reverse(f"reports:{name}")).inner_text("body")
        assert "无法核定：校历未定" in shown and "全部已报" not in shown
    principal = make.user(Role.PRINCIPAL, county.school)
    month = date(2027, 1, 1)
    reports.draft(county.school.code, month, by=county.users[Role.OFFICE], on=MONDAY)
    one = person(principal, PC)
    settings.KONGCHUO_TODAY = MONDAY
    page = one.go(reverse("reports:month_report", args=[county.school.code, "2027-01"]))
    shown = page.inner_text("main")
    assert "无法核定：校历未定" in shown and "零报告" not in shown
    assert page.locator("button:has-text('签发')").count() == 0
