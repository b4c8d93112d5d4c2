"""The access table of numbers: places by their codes, lists, ledgers, a school's month."""

from datetime import date

from accounts.enums import Role
from reports.monthly import reports
from reports.queries import snapshots
from tests.access_page import CLASS, COUNTY, HOME, LOOKERS, SCHOOL, STAFF, Page, answers
from tests.counties import TODAY, Spot
from tests.county_records import someone

WATCHERS = COUNTY | SCHOOL | {Role.TOWNSHIP}
MONTH = date(2026, 11, 1)
# A list of one school is its page at once; the county has two.
ONE_SCHOOL = answers(WATCHERS - COUNTY, 302)


def drafted(at: Spot) -> None:
    reports.draft(at.school.code, MONTH, by=someone(Role.PRINCIPAL, at), on=TODAY)


def seen(at: Spot) -> dict:
    """What a principal has on the screen: the digest of the draft, where one is drawn."""
    found = reports.Report.objects.filter(school=at.school).first()
    return {"seen": found.digest if found else ""}


def signed(at: Spot) -> None:
    drafted(at)
    reports.sign(
        at.school.code, MONTH, by=someone(Role.PRINCIPAL, at), on=TODAY, seen=seen(at)["seen"]
    )


def frozen(at: Spot) -> None:
    snapshots.freeze(at.county.path, TODAY, by=someone(Role.BUREAU, at), title="十一月")


PURPOSE = "报送市教育体育局月报"
SCHOOL_MONTH = ("school", "month")

REPORT_PAGES = {
    "reports:overview": Page(WATCHERS | LOOKERS),
    "reports:screen": Page(COUNTY),
    "reports:place": Page(
        WATCHERS | LOOKERS, args=("school",), unlike=answers(LOOKERS, 404)  # down to a township
    ),
    "reports:trend": Page(WATCHERS, args=("school",)),
    "reports:snapshots": Page(COUNTY),
    "reports:freeze": Page(
        COUNTY, 405, 302, body=lambda at: {"on": TODAY.isoformat(), "title": "十一月"}
    ),
    "reports:recount": Page(
        COUNTY, 405, 302, body=lambda at: {"on": TODAY.isoformat(), "note": "补报考勤"},
        before=frozen,
    ),
    "reports:names": Page(WATCHERS),
    "reports:export": Page(WATCHERS, 200, 200, body=lambda at: {"purpose": PURPOSE}),
    "reports:indicators": Page(WATCHERS | CLASS | HOME | LOOKERS),
    "reports:ledgers": Page(WATCHERS),
    "reports:ledger": Page(
        WATCHERS, 200, 200, ("ledger",), lambda at: {"on": TODAY, "purpose": PURPOSE}
    ),
    "reports:monthly": Page(WATCHERS, unlike=ONE_SCHOOL),
    "reports:month_report": Page(WATCHERS, args=SCHOOL_MONTH),
    "reports:month_draft": Page(STAFF, 405, 302, SCHOOL_MONTH, lambda at: {"note": "已家访"}),
    "reports:month_sign": Page(
        {Role.PRINCIPAL, Role.CENTRAL}, 405, 302, SCHOOL_MONTH, seen, before=drafted,
        # A school with a principal of its own: only a 教学点 is signed for by its 中心校.
        unlike={(Role.CENTRAL, "POST"): 409},
    ),
    "reports:month_correct": Page(
        STAFF, 405, 302, SCHOOL_MONTH, lambda at: {"reason": "漏报一人"}, before=signed
    ),
}  # fmt: skip
