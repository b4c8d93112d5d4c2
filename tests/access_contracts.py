"""The access table of 责任书: a village's contract at each spot, and the school's draft."""

from accounts.enums import Role
from tests.access_page import COUNTY, HOME, SCHOOL, STAFF, Page, answers
from tests.county_records import scan

READERS = {Role.TEACHER, Role.CENTRAL} | STAFF | HOME | COUNTY
DRAFTERS = COUNTY | {Role.TOWNSHIP, Role.PRINCIPAL}
SIGNERS = COUNTY | HOME | {Role.PRINCIPAL, Role.TEACHER}
# The contract of every spot is its village's: the other line does not see it.
OTHER_LINE = answers(SCHOOL | {Role.TEACHER}, 404)
A_CHOICE = {"veto": "on", "source": "示例政办发〔2026〕31号", "version": "0"}
A_WORDING = {
    "title": "控辍保学目标责任书", "clauses": "守土有责。", "target-INITIAL_FORMS": "0",
    "target-TOTAL_FORMS": "0",
}  # fmt: skip
CONTRACT = ("contract",)

CONTRACT_PAGES = {
    "contracts:index": Page(READERS),
    "contracts:unsigned": Page(READERS),
    "contracts:choice": Page(COUNTY, 200, 302, body=lambda at: A_CHOICE),
    "contracts:wording": Page(
        COUNTY, 200, 302, ("link",), body=lambda at: A_WORDING
    ),
    # A township's villages have theirs, a school signs with no teacher: nothing is left to draft.
    "contracts:draft": Page(
        DRAFTERS, 405, 302, unlike=answers({Role.TOWNSHIP, Role.PRINCIPAL}, 302, "POST")
    ),
    "contracts:issue": Page(
        DRAFTERS, 405, 302, body=lambda at: {"uid": at.draft.uid, "due_on": "2026-12-01"},
        unlike=answers(DRAFTERS - {Role.BUREAU}, 409, "POST"),
    ),
    "contracts:contract": Page(READERS, args=CONTRACT, unlike=OTHER_LINE),
    "contracts:print": Page(READERS, args=CONTRACT, unlike=OTHER_LINE),
    "contracts:sign": Page(
        SIGNERS, 405, 302, CONTRACT, lambda at: {"read": "on"},
        OTHER_LINE | answers(COUNTY, 403, "POST"),
    ),
    "contracts:scan": Page(
        SIGNERS, 405, 302, CONTRACT, lambda at: {"file": scan()},
        OTHER_LINE | {(Role.BUREAU, "POST"): 409},
    ),
    "contracts:scan_file": Page(READERS, args=("contract", "scan"), unlike=OTHER_LINE),
}  # fmt: skip
