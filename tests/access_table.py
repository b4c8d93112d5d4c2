"""The declaration: which roles open each address, and what it answers them on what is in reach.

Written by hand beside the views, never read from them: `test_access.py` compares the two.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role, SeatState
from accounts.file_door.pages import check
from accounts.models import ImportBatch, Seat, User
from accounts.places.calendar_scopes import class_scope
from attendance.models import MarkDispute
from regions.enums import DayKind
from regions.models import Policy
from students import roster
from tests import factories as make
from tests.access_cases import CASE_PAGES, KEY
from tests.access_contracts import CONTRACT_PAGES
from tests.access_page import (
    ALL,
    CLASS,
    COUNTY,
    COURTS,
    NO_LOGIN,
    OVERSEERS,
    PUPILS,
    SCHOOL,
    STAFF,
    Page,
    answers,
    upload,
)
from tests.access_reports import REPORT_PAGES
from tests.counties import TODAY, Spot, World, batch, person

OURS = ("regions", "accounts", "students", "attendance", "cases", "contracts", "reports")
ROSTER = SCHOOL | {Role.BUREAU}
PHONES = CLASS | {Role.VILLAGE}
WRITING = ("INSERT", "UPDATE", "DELETE", "REPLACE")


def roster_of(at: Spot) -> str:
    head = "学校标识码,姓名,性别,出生日期,身份证件号,班级\n"
    return head + f"{at.school.code},魏岩板,男,2013-05-06,{make.id_number(91)},七(1)班\n"


def statuses_of(at: Spot) -> str:
    head = "学生编号,状态,开始日期,结束日期,证明\n"
    return head + f"{at.child.uid},休学,2026-11-01,2026-12-31,县医院诊断证明\n"


def calendar_of(at: Spot) -> str:
    scope = at.county.codes.get().code
    day = "2026-11-06"
    return json.dumps([{"scope": scope, "from": day, "to": day, "kind": "closure"}])


def register_of(at: Spot) -> dict:
    return {"version": "0", "client_key": str(KEY), f"mark-{at.child.uid}": "absent"}


def leave_of(at: Spot) -> dict:
    later = TODAY + timedelta(days=7)
    return {"kind": "sick", "first": later, "last": later, "reason": "发烧，家长来电"}


def dispute_of(at: Spot) -> dict:
    told = {"asker": "岩温（父亲）", "words": "这一天孩子在学校上课"}
    return told | {"day": at.dispute.on, "asked_on": TODAY}


def undisputed(at: Spot) -> None:
    """Nobody has asked yet about the day; by the query, so that the spot keeps its number."""
    MarkDispute.objects.filter(pk=at.dispute.pk).delete()


def explain_of(at: Spot) -> dict:
    return {"version": "1", "kind": "sick", "until": TODAY, "proof": "县医院诊断证明"}


WRITERS = STAFF | {Role.CENTRAL, Role.BUREAU, Role.SYSTEM_ADMIN}


def closure_of(at: Spot) -> dict:
    return {
        "where": class_scope(at.school_class), "kind": "closure", "begins": TODAY, "ends": TODAY,
        "reason": "停水", "source": "疾控意见", "confirmed": "1",
    }  # fmt: skip


def complete_year(at: Spot) -> None:
    make.term("539901", begins=date(2027, 3, 1), ends=date(2027, 7, 9))
    day = date(2027, 5, 1)
    make.calendar_row(DayKind.HOLIDAY, day, place=make.region("539901"), source="国办")


POLICY_ROW = 990001


def standing_policy(at: Spot) -> None:
    """A row of the county under a number that the table can name."""
    Policy.objects.create(
        pk=POLICY_ROW, region=make.region("539901"), key="flag_days", value="2", source="X",
        since=date(2026, 9, 2),
    )  # fmt: skip


def own_policy(at: Spot) -> None:
    Policy.objects.create(
        region=make.region("539901"), key="flag_days", value="3", since=date(2026, 9, 1), source="X"
    )


def password_of(at: Spot) -> dict:
    return {"old": make.PASSWORD, "new1": "Baishui-2027", "new2": "Baishui-2027"}


def appointment_of(at: Spot) -> dict:
    told = {"role": "stand_in", "username": f"new{at.serial}", "name": "李春燕"}
    return told | {"began": TODAY, "until": TODAY + timedelta(days=20)}


APPOINTERS = SCHOOL | OVERSEERS
KEEPERS = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
GIVES_NO_CLASS = answers(APPOINTERS - STAFF, 404)


def admit(at: Spot) -> None:
    """A new teacher of the class, without a password yet."""
    make.newcomer(Role.TEACHER, at.school_class)


def admitted(at: Spot) -> dict:
    new = User.objects.filter(must_change_password=True, seats__path=at.school_class.path)
    return {"first": list(new.values_list("username", flat=True))}


NOT_THEIR_NEWCOMER = answers(APPOINTERS - STAFF | {Role.SECURITY_ADMIN}, 409, "POST")


def propose(at: Spot) -> None:
    """A seat that waits for the security administrator."""
    Seat.objects.create(
        user=make.user(), role=Role.OFFICE, school=at.school, path=at.school.path, began=TODAY,
        state=SeatState.PROPOSED, granted_by=make.user(Role.SYSTEM_ADMIN),
    )  # fmt: skip


def chosen(at: Spot) -> dict:
    """All that waits, to be let in."""
    waiting = Seat.objects.waiting().values_list("pk", flat=True)
    return {"act": "activate", "seats": ",".join(map(str, waiting))}


NO_CLASSES = answers({Role.VILLAGE}, 404)
NOT_THEIRS = answers(OVERSEERS, 403, "POST")

TABLE = {
    "home": Page(ALL, 302),
    "healthz": Page(NO_LOGIN),
    "readyz": Page(NO_LOGIN),
    "nowhere": Page(ALL, 404, args=("rest",)),
    "accounts:login": Page(NO_LOGIN),
    "accounts:logout": Page(NO_LOGIN, 405, 302),
    "accounts:account": Page(ALL),
    "accounts:password": Page(ALL, 200, 302, body=password_of),
    "accounts:confirm": Page(ALL, 200, 302, body=lambda at: {"password": make.PASSWORD}),
    "accounts:trust": Page(PHONES, 405, 302),
    "accounts:revoke": Page(PHONES, 405, 404, body=lambda at: {"device": "0"}),
    "accounts:users": Page(
        {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}, 200, 302,
        body=lambda at: {"username": "teacher_here", "act": "unlock"},
    ),
    "people:waiting": Page({Role.SECURITY_ADMIN}, 200, 302, body=chosen, before=propose),
    "accounts:trail": Page({Role.AUDIT_ADMIN}),
    "accounts:seat_changes": Page({Role.AUDIT_ADMIN}),
    "accounts:bring": Page(
        {Role.SYSTEM_ADMIN, Role.BUREAU}, 200, 302, ("calendar",),
        lambda at: {"file": upload(calendar_of(at), "calendar.json")},
    ),
    "accounts:bring_check": Page({Role.SYSTEM_ADMIN, Role.BUREAU}, 200, None, ("calendar", "days")),
    "accounts:bring_apply": Page({Role.SYSTEM_ADMIN, Role.BUREAU}, 405, 200, ("calendar", "days")),
    "people:index": Page(APPOINTERS),
    "people:export": Page(APPOINTERS, 200, 200, body=lambda at: {"purpose": "核对在岗教师"}),
    "people:first_passwords": Page(
        APPOINTERS | {Role.SECURITY_ADMIN}, 200, 200, body=admitted, before=admit,
        unlike=NOT_THEIR_NEWCOMER,
    ),
    "people:appoint": Page(
        APPOINTERS, 200, 200, ("class_path",), appointment_of, GIVES_NO_CLASS
    ),
    "people:seat": Page(
        APPOINTERS | KEEPERS, args=("teacher_seat",), unlike=GIVES_NO_CLASS, everywhere=KEEPERS
    ),
    "people:act": Page(
        APPOINTERS | KEEPERS, 405, 302, ("teacher_seat", "unlock"), unlike=GIVES_NO_CLASS,
        everywhere=KEEPERS,
    ),
    "people:reset": Page(
        APPOINTERS | KEEPERS, 200, 200, ("teacher_seat",), everywhere=KEEPERS,
        unlike=GIVES_NO_CLASS | answers(KEEPERS, 409, "POST"),
    ),
    "students:students": Page(PUPILS, 200, 200, body=lambda at: {"words": at.child.name}),
    "students:my_class": Page(CLASS, 302),
    "students:class_roll": Page(PUPILS, args=("class",), unlike=NO_CLASSES),
    "students:roster": Page(ROSTER, 200, 302, body=lambda at: {"file": upload(roster_of(at))}),
    "students:template": Page(ROSTER),
    "students:roster_check": Page(ROSTER, args=("roster",)),
    "students:roster_apply": Page(ROSTER, 405, 200, ("roster",)),
    "students:roster_rejected": Page(ROSTER, args=("roster",)),
    "attendance:absences": Page(SCHOOL | COUNTY),
    "attendance:absences_grant": Page(SCHOOL | {Role.BUREAU}, 405, 409),
    "attendance:absence": Page(SCHOOL | COUNTY, args=("leave",)),
    "attendance:absence_file": Page(SCHOOL | COUNTY, args=("leave", "leave_file")),
    "attendance:absence_act": Page(
        SCHOOL | {Role.BUREAU}, 405, 302, ("leave", "pass"),
        unlike=answers({Role.BUREAU, Role.CENTRAL}, 403, "POST"),
    ),
    "attendance:statuses": Page(
        SCHOOL | COUNTY, 200, 200, body=lambda at: {"file": upload(statuses_of(at))}
    ),
    "attendance:my_register": Page(CLASS, 302),
    "attendance:register": Page(
        CLASS | STAFF | OVERSEERS, 200, 302, ("class", "today"), register_of, NOT_THEIRS
    ),
    "attendance:my_school": Page(STAFF, 302),
    "attendance:school": Page(SCHOOL | OVERSEERS, args=("school", "today")),
    "attendance:schools_today": Page(OVERSEERS),
    "attendance:schools": Page(OVERSEERS, args=("today",)),
    "attendance:calendar": Page(ALL - COURTS),
    "attendance:calendar_add": Page(
        WRITERS, 200, 302, body=closure_of,
        unlike=answers({Role.BUREAU, Role.SYSTEM_ADMIN, Role.CENTRAL}, 200),
    ),
    "attendance:calendar_end": Page(
        WRITERS | CLASS, 200, 302, ("row",), lambda at: {"reason": "来水了，照常上课", "confirmed": "1"},
        answers(WRITERS - STAFF, 200),
    ),
    "attendance:calendar_decide": Page(
        {Role.CENTRAL, Role.BUREAU}, 200, 302, ("closure",), lambda at: {"answer": "yes"},
        answers({Role.CENTRAL}, 409, "POST"),
    ),
    "attendance:calendar_settle": Page(
        {Role.BUREAU, Role.SYSTEM_ADMIN}, 405, 302, ("year",), lambda at: {"source": "国办"},
        before=complete_year,
    ),
    "attendance:policy": Page(ALL - COURTS),
    "attendance:policy_change": Page(
        {Role.BUREAU, Role.SYSTEM_ADMIN}, 200, 302, ("policy",),
        lambda at: {"value": "2", "since": TODAY, "source": "X", "confirmed": "1"},
    ),
    "attendance:policy_end": Page(
        {Role.BUREAU, Role.SYSTEM_ADMIN}, 200, 302, ("policy",),
        lambda at: {"last": TODAY, "source": "X", "confirmed": "1"}, before=own_policy,
    ),
    "attendance:policy_rows": Page(ALL - COURTS, args=("policy",)),
    "attendance:policy_withdraw": Page(
        {Role.BUREAU, Role.SYSTEM_ADMIN}, 200, 302, ("policy_row",),
        lambda at: {"reason": "文号录错，没有这份文件", "confirmed": "1"}, before=standing_policy,
    ),
    "attendance:alerts": Page(CLASS | SCHOOL | OVERSEERS),
    "attendance:proposed_marks": Page(SCHOOL | {Role.BUREAU}),
    "attendance:decide_mark": Page(
        STAFF | {Role.BUREAU}, 405, 302, ("mark",),
        lambda at: {"answer": "yes", "words": "已问班主任和家长，当天在校"},
        unlike=answers(STAFF, 409, "POST"),
    ),
    "attendance:disputes": Page(SCHOOL | CLASS | {Role.BUREAU}),
    "attendance:ask_correction": Page(
        CLASS | STAFF, 200, 302, ("child",), dispute_of, before=undisputed
    ),
    "attendance:answer_dispute": Page(
        STAFF | {Role.BUREAU}, 405, 302, ("dispute",),
        lambda at: {"state": "kept", "words": "已问班主任和同学，当天在校"},
    ),
    "attendance:ask_leave": Page(CLASS | STAFF, 200, 302, ("child",), leave_of),
    "cases:alert": Page(PUPILS, args=("alert",)),
    "cases:proof_file": Page(PUPILS, args=("alert", "proof")),
    "cases:explain": Page(STAFF, 405, 302, ("alert",), explain_of),
    "cases:confirm": Page(STAFF, 405, 302, ("alert",), lambda at: {"version": "1"}),
    "cases:child": Page(PUPILS, args=("child",)),
    "cases:reveal": Page(
        PUPILS, 405, 200, ("child",), lambda at: {"field": "id_no", "reason": "核对学籍"}
    ),
    **CASE_PAGES,
    **CONTRACT_PAGES,
    **REPORT_PAGES,
}  # fmt: skip
SAID_BY_NOBODY = {
    "unlock", "rest", "calendar", "row", "year", "policy", "today", "month", "ledger", "link",
}  # fmt: skip


def is_about_a_place(page: Page) -> bool:
    """Does the address name something that stands at one place and not at another?"""
    return bool(set(page.args) - SAID_BY_NOBODY)


def batches(world: World, mine: User) -> dict[tuple[str, int], ImportBatch]:
    """A roster and a calendar on their way in: of this user here, of other people elsewhere."""
    made = {}
    for at in world.spots:
        owner = mine if at is world.here else person(Role.BUREAU, at)
        made["roster", id(at)] = batch("roster", owner, roster_of(at))
        if owner.reach.holds(*ROSTER):
            check(roster.ROSTER, made["roster", id(at)], by=owner, on=TODAY, school="")
        made["days", id(at)] = batch("calendar", owner, calendar_of(at), "calendar.json")
    return made


def address(name: str, at: Spot, waiting: dict) -> str:
    given = {
        "rest": "no/such/page",
        "calendar": "calendar",
        "today": TODAY.isoformat(),
        "class": at.school_class.pk,
        "class_path": at.school_class.path,
        "teacher_seat": Seat.objects.filter(role=Role.TEACHER, path=at.school_class.path)[0].pk,
        "unlock": "unlock",
        "school": at.school.code,
        "child": at.child.uid,
        "alert": at.alert.pk,
        "leave": at.leave.pk,
        "mark": at.mark.pk,
        "dispute": at.dispute.pk,
        "leave_file": at.leave_file.pk,
        "pass": "pass",
        "proof": at.proof.pk,
        "contact": at.contact.pk,
        "case": at.case.uid,
        "evidence": at.evidence.pk,
        "paper": at.paper.uid,
        "paper_scan": at.paper_scan.pk,
        "contract": at.contract.uid,
        "scan": at.scan.pk,
        "month": f"{TODAY:%Y-%m}",
        "row": at.closure.pk,
        "closure": at.closure.pk,
        "year": 2027,
        "policy": "flag_days",
        "policy_row": POLICY_ROW,
        "ledger": "cases",
        "link": "bureau_school",
    }
    given |= {door: one.uid for (door, where), one in waiting.items() if where == id(at)}
    return reverse(name, args=[given[part] for part in TABLE[name].args])


def rows_of_everything(*but: str) -> dict[str, list]:
    """Every row of our tables, by model; what a request that was turned away must leave as it is.

    The rows of DoorLock hold nothing: they are there to be locked.
    """
    but += ("DoorLock",)
    return {
        model.__name__: list(model.objects.order_by("pk").values_list())
        for model in apps.get_models()
        if model._meta.app_label in OURS and model.__name__ not in but
    }


@contextmanager
def writes() -> Iterator[list[str]]:
    """The statements that change a table, sent meanwhile."""
    sent: list[str] = []

    def note(execute, sql, params, many, context):
        if sql.lstrip().upper().startswith(WRITING):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent


@contextmanager
def undone() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def signed_in(user: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(user)
    return client
