"""The access table of numbers: places by their codes, lists, ledgers, a school's month."""

from datetime import date

from accounts.words import Role
from reports import monthly
from tests.access_page import CLASS, COUNTY, HOME, SCHOOL, STAFF, Page, answers
from tests.counties import TODAY, Spot
from tests.hanging import someone

WATCHERS = COUNTY | SCHOOL | {Role.TOWNSHIP}
MONTH = date(2026, 11, 1)
# A list of one school is its page at once; the county has two.
ONE_SCHOOL = answers(WATCHERS - COUNTY, 302)


def drafted(at: Spot) -> None:
    monthly.draft(at.school.code, MONTH, by=someone(Role.PRINCIPAL, at), on=TODAY)


def seen(at: Spot) -> dict:
    """What a principal has on the screen: the digest of the draft, where one is drawn."""
    found = monthly.MonthReport.objects.filter(school=at.school).first()
    return {"seen": found.digest if found else ""}


def signed(at: Spot) -> None:
    drafted(at)
    monthly.sign(
        at.school.code, MONTH, by=someone(Role.PRINCIPAL, at), on=TODAY, seen=seen(at)["seen"]
    )


PURPOSE = "报送市教育体育局月报"
SCHOOL_MONTH = ("school", "month")

REPORT_PAGES = {
    "reports:overview": Page(WATCHERS),
    "reports:screen": Page(COUNTY),
    "reports:place": Page(WATCHERS, args=("school",)),
    "reports:trend": Page(WATCHERS, args=("school",)),
    "reports:names": Page(WATCHERS),
    "reports:export": Page(WATCHERS, 200, 200, body=lambda at: {"purpose": PURPOSE}),
    "reports:indicators": Page(WATCHERS | CLASS | HOME),
    "reports:ledgers": Page(WATCHERS),
    "reports:ledger": Page(
        WATCHERS, 200, 200, ("ledger",), lambda at: {"on": TODAY, "purpose": PURPOSE}
    ),
    "reports:monthly": Page(WATCHERS, unlike=ONE_SCHOOL),
    "reports:month_report": Page(WATCHERS, args=SCHOOL_MONTH),
    "reports:month_draft": Page(STAFF, 405, 302, SCHOOL_MONTH, lambda at: {"note": "已家访"}),
    "reports:month_sign": Page({Role.PRINCIPAL}, 405, 302, SCHOOL_MONTH, seen, before=drafted),
    "reports:month_correct": Page(
        STAFF, 405, 302, SCHOOL_MONTH, lambda at: {"reason": "漏报一人"}, before=signed
    ),
}  # fmt: skip
