"""Only what holds a child's data is printed with 含未成年人信息; a page that says nothing prints it."""

import re
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from tests import factories as make

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
SAID = "含未成年人信息，用后妥善保管"
WITHOUT_CHILDREN = {
    "accounts/account.html", "attendance/calendar.html",
    "attendance/calendar_add.html", "attendance/calendar_decide.html",
    "attendance/calendar_end.html", "attendance/calendar_none.html", "attendance/policy.html",
    "attendance/policy_change.html", "attendance/policy_rows.html", "cases/rules.html",
    "people/appoint.html", "people/export.html", "people/index.html",
    "people/swap.html", "reports/indicators.html",
}  # fmt: skip


def test_the_pages_without_children_are_these_and_no_others():
    """A new page prints the sentence until somebody says here that it holds no child."""
    emptied = {
        str(file.relative_to(TEMPLATES))
        for file in TEMPLATES.rglob("*.html")
        if re.search(r"block keep_safe *%}\s*{% *endblock", file.read_text("utf-8"))
    }
    assert emptied == WITHOUT_CHILDREN


@pytest.mark.django_db
def test_a_list_of_children_says_it_and_the_calendar_does_not(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.term()
    of = make.school_class(make.school())
    make.pupil(of)
    client = Client()
    client.force_login(make.user(Role.OFFICE, of.school))
    for name, holds in (
        ("attendance:calendar", False), ("attendance:policy", False), ("people:index", False),
        ("attendance:absences", True), ("students:students", True), ("attendance:alerts", True),
    ):  # fmt: skip
        page = client.get(reverse(name)).text
        assert "打印于" in page and (SAID in page) is holds, name
