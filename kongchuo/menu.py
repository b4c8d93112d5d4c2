"""The frame of every page: where each role starts, its menu, its badges, the day in the bar."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.backends.utils import csrf_input
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts import unsent
from accounts.enums import (
    ADMIN_ROLES,
    CLASS_ROLES,
    COUNTY_ROLES,
    EVERYONE,
    HOME_ROLES,
    LOOKING_ON,
    REFERRAL_ROLES,
    SCHOOL_ROLES,
    SCHOOL_STAFF,
    Role,
)
from accounts.gate import open_to
from accounts.login.device_views import OFFER
from accounts.models import User
from accounts.requests import Request
from accounts.unsent import STOOD_ON, page_of
from attendance.authorised_absences.lists import waiting_absences
from attendance.enums import AlertState
from attendance.mark_disputes.lists import waiting_disputes
from attendance.models import AbsenceAlert
from attendance.proposed_marks.lists import waiting_marks
from attendance.rights import MAY, RegisterRight
from attendance.school_year.waiting import waiting_closures
from cases.escalation.views import standing_rises
from cases.urls import of_a_case
from cases.worklist.waiting import waiting_cases
from contracts.rights import READERS as CONTRACT_READERS
from kongchuo.people.activation_views import badge as seats_waiting
from kongchuo.people.badge import vacancies
from kongchuo.people.home import OF_ADMINISTRATORS, OF_OTHERS, OF_SCHOOLS
from kongchuo.people.roster import READERS as PEOPLE_READERS
from regions.clock import now, today
from regions.days import place_rules_of
from regions.enums import DayKind, Stage
from regions.models import SchoolClass
from regions.paths import inside_any
from regions.refusals import NoCalendar
from regions.rules.calendar import Track
from regions.rules.calendar_gaps import BUREAU_LOOKS, SCHOOLS_LOOK, first_undecided
from regions.rules.classnames import school_year
from reports.queries.places import WATCHERS

OVERSEERS = COUNTY_ROLES | {Role.CENTRAL, Role.TOWNSHIP}
DISPUTES = ("attendance:disputes", "attendance:answer_dispute")
QUIET = {"attendance:register"}  # opened each morning on a phone: no count is asked there
WHO_HAS_CHILDREN = SCHOOL_ROLES | OVERSEERS | {Role.VILLAGE}


def waiting_alerts(user: User) -> int:
    """Alerts that wait for this school's word, marks over alerts and requests of guardians that wait for
    this person's."""
    mine = user.reach.paths(*MAY[RegisterRight.HANDLE_ALERT])
    waiting = AbsenceAlert.objects.filter(inside_any("path", mine), state=AlertState.OPEN)
    marks, asked = waiting_marks(user).values("pk"), waiting_disputes(user, today()).values("pk")
    return (waiting.count() if mine else 0) + marks.union(asked, all=True).count()


def waiting_calendar(user: User) -> int:
    """Closures that wait for this person's word, or lie with the county's office."""
    return len(waiting_closures(user, today()))


def absences(user: User) -> int:
    return waiting_absences(user, today())


def waiting_vacancies(user: User) -> int:
    return vacancies(user, today())


def waiting_today(user: User) -> int:
    return waiting_cases(user, today())


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A place in the menu: for whom, where, and what its badge counts."""

    roles: frozenset[Role]
    name: str
    icon: str
    label: str
    badge: Callable[[User], int] | None = None
    args: tuple = ()
    also: tuple[str, ...] = ()


OF_CALENDAR = ("attendance:calendar_add", "attendance:calendar_end", "attendance:calendar_decide",
               "attendance:calendar_settle")  # fmt: skip
OF_POLICIES = ("attendance:policy_change", "attendance:policy_end", "attendance:policy_rows",
               "attendance:policy_withdraw")  # fmt: skip
OF_CASES = ("cases:worklist", *(f"cases:{pattern.name}" for pattern in of_a_case))
OF_PEOPLE = ("people:appoint", "people:seat", "people:act", "people:reset", "people:export",
             "people:first_passwords")  # fmt: skip
OF_CONTRACTS = ("contracts:unsigned", "contracts:choice", "contracts:wording",
                "contracts:contract")  # fmt: skip
OF_NUMBERS = ("reports:place", "reports:trend", "reports:names", "reports:export",
              "reports:snapshots", "reports:freeze", "reports:recount")  # fmt: skip
OF_MONTHS = ("reports:month_report", "reports:month_draft", "reports:month_sign",
             "reports:month_correct")  # fmt: skip


def worklist(roles: Iterable[Role]) -> MenuEntry:
    return MenuEntry(
        frozenset(roles), "cases:worklist", "list-check", "在办个案", waiting_today, also=OF_CASES
    )


def overview(roles: Iterable[Role], label: str) -> MenuEntry:
    return MenuEntry(frozenset(roles), "reports:overview", "speedometer2", label, also=OF_NUMBERS)


def schools_today(roles: Iterable[Role]) -> MenuEntry:
    return MenuEntry(
        frozenset(roles),
        "attendance:schools_today",
        "calendar-check",
        "各校今日",
        also=("attendance:schools", "attendance:school"),
    )


# The first entry of a person is their own page, the first four are the tabs of a phone.
MENU = [
    MenuEntry(frozenset(CLASS_ROLES), "attendance:my_register", "calendar-check", "今日点名",
          also=("attendance:register",)),
    MenuEntry(frozenset(CLASS_ROLES), "students:my_class", "people", "本班学生",
          also=("students:class_roll",)),
    MenuEntry(frozenset(CLASS_ROLES), "attendance:alerts", "bell", "本班预警",
          also=("cases:alert", *DISPUTES)),
    MenuEntry(frozenset(SCHOOL_STAFF), "attendance:my_school", "calendar-check", "今日情况",
          also=("attendance:school",)),
    overview(COUNTY_ROLES, "全县总览"),
    worklist(COUNTY_ROLES | HOME_ROLES),
    overview({Role.TOWNSHIP}, "乡镇总览"),
    schools_today({Role.CENTRAL}),
    MenuEntry(frozenset(SCHOOL_ROLES | OVERSEERS), "attendance:alerts", "bell", "未到预警",
          waiting_alerts,
          also=("cases:alert", "attendance:proposed_marks", "attendance:decide_mark", *DISPUTES)),
    worklist(SCHOOL_ROLES | CLASS_ROLES),
    MenuEntry(frozenset(OVERSEERS), "cases:escalations", "arrow-up-circle", "事项上报", standing_rises),
    schools_today(OVERSEERS),
    MenuEntry(frozenset(WHO_HAS_CHILDREN), "students:students", "people", "学生",
          also=("cases:child",)),
    MenuEntry(frozenset(SCHOOL_ROLES | {Role.BUREAU}), "students:roster", "file-earmark-arrow-up",
          "名册导入", also=("students:roster_check", "students:roster_apply")),
    MenuEntry(frozenset(SCHOOL_ROLES | COUNTY_ROLES), "attendance:absences", "door-open", "请假与休学",
          absences, also=("attendance:absence", "attendance:absence_act", "attendance:statuses")),
    MenuEntry(frozenset(SCHOOL_STAFF), "people:index", "person-badge", OF_SCHOOLS.title,
          waiting_vacancies, also=OF_PEOPLE),
    MenuEntry(frozenset(PEOPLE_READERS - SCHOOL_STAFF), "people:index", "person-badge",
          OF_OTHERS.title, waiting_vacancies, also=OF_PEOPLE),
    MenuEntry(CONTRACT_READERS, "contracts:index", "pen", "责任书", also=OF_CONTRACTS),
    overview(SCHOOL_ROLES, "本校总览"),
    MenuEntry(WATCHERS, "reports:monthly", "calendar2-month", "月报告", also=OF_MONTHS),
    MenuEntry(WATCHERS, "reports:ledgers", "journals", "台账", also=("reports:ledger",)),
    MenuEntry(frozenset(REFERRAL_ROLES), "cases:referred", "folder2-open", "移送个案", also=OF_CASES),
    MenuEntry(frozenset({Role.SECURITY_ADMIN}), "people:waiting", "person-check", "待启用任职",
          seats_waiting, also=("people:first_passwords",)),
    MenuEntry(frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}), "accounts:users", "person-gear",
          OF_ADMINISTRATORS.title, also=("people:seat", "people:act", "people:reset")),
    MenuEntry(frozenset({Role.SYSTEM_ADMIN}), "accounts:bring", "geo-alt", "区划与学校导入",
          args=("places",)),
    MenuEntry(frozenset({Role.SYSTEM_ADMIN}), "accounts:bring", "person-plus", "账号导入",
          args=("users",)),
    MenuEntry(frozenset({Role.SYSTEM_ADMIN, Role.BUREAU}), "accounts:bring", "calendar-plus",
          "校历导入", args=("calendar",)),
    MenuEntry(frozenset({Role.AUDIT_ADMIN}), "accounts:trail", "journal-text", "查看记录"),
    MenuEntry(frozenset({Role.AUDIT_ADMIN}), "accounts:seat_changes", "person-lines-fill", "任职变动"),
    MenuEntry(frozenset(LOOKING_ON), "reports:overview", "speedometer2", "总览",
          also=("reports:place",)),
    MenuEntry(frozenset(LOOKING_ON), "accounts:account", "person-circle", "我的账号",
          also=("accounts:password",)),
    MenuEntry(EVERYONE - REFERRAL_ROLES, "attendance:calendar", "calendar3", "校历",
          waiting_calendar, also=OF_CALENDAR),
    MenuEntry(EVERYONE - REFERRAL_ROLES - CLASS_ROLES, "attendance:policy", "sliders", "政策",
          also=OF_POLICIES),
    MenuEntry(EVERYONE - ADMIN_ROLES, "cases:rules", "ladder", "四步法办理规则"),
    MenuEntry(frozenset(WATCHERS | CLASS_ROLES | HOME_ROLES | LOOKING_ON), "reports:indicators", "rulers",
          "指标口径"),
]  # fmt: skip


@open_to(*EVERYONE)
def home(request: Request) -> HttpResponse:
    """Each person's own page: the first entry of their menu."""
    first = _entries(request.user)[0]
    return redirect(first.name, *first.args)


def _entries(user: User) -> list[MenuEntry]:
    """The entries of a person's roles; each place once, where it stands first."""
    roles = user.reach.roles
    found: dict[tuple[str, tuple], MenuEntry] = {}
    for entry in MENU:
        if entry.roles & roles:
            found.setdefault((entry.name, entry.args), entry)
    return list(found.values())


class Frame:
    """What the frame of a page shows; asked lazily, since a phone hides most of it."""

    def __init__(self, request: HttpRequest) -> None:
        user = getattr(request, "user", None)
        self.request, self.user = request, user if isinstance(user, User) else None
        self.day: date = today()
        self.now = now()
        self.county = settings.KONGCHUO_COUNTY_NAME
        self.bureau = settings.KONGCHUO_BUREAU_NAME

    @property
    def fetched(self) -> bool:
        """Did a script ask? Then what was just done is said on the page it goes to next."""
        return "X-Requested-With" in self.request.headers

    @property
    def offers_trust(self) -> bool:
        """Is it asked whether this phone is to be trusted? Not yet said since the login."""
        return bool(self.user and self.request.session.get(OFFER))

    @cached_property
    def unsent(self) -> dict[str, Any] | None:
        """What was typed on this page and not taken, to go back into its form."""
        return unsent.take(self.request, self.user.pk) if self.user else None

    @cached_property
    def _first(self):
        return next(iter(self.user.reach.seats), None) if self.user else None

    @property
    def name(self) -> str:
        return self.user.name if self.user else ""

    @property
    def seat(self) -> str:
        return Role(self._first.role).label if self._first else ""

    @property
    def unit(self) -> str:
        return self._first.unit if self._first else self.county

    @cached_property
    def menu(self) -> list[dict]:
        if self.user is None or self.user.must_change_password:
            return []
        return [self._item(entry) for entry in _entries(self.user)]

    @property
    def tabs(self) -> list[dict]:
        return self.menu[:4]

    def _item(self, entry: MenuEntry) -> dict:
        match = self.request.resolver_match
        here = match.view_name if match else ""
        same = not entry.args or (match and match.kwargs.get("door") == entry.args[0])
        return {
            "url": reverse(entry.name, args=entry.args),
            "icon": entry.icon,
            "label": entry.label,
            "current": bool(same and here in (entry.name, *entry.also)),
            "count": entry.badge(self.user)
            if self.user and entry.badge and here not in QUIET
            else None,
        }

    @cached_property
    def _place_rules(self):
        """The calendar the page has read already, else read now; none for who has no place."""
        if place_rules := getattr(self.request, "place_rules", None):
            return place_rules
        return place_rules_of(self._first.path) if self._first and self._first.path else None

    @cached_property
    def week(self) -> int | None:
        """第几周 of the term at this place."""
        if self._place_rules is None:
            return None
        begun = [
            row.begins
            for row in self._place_rules.calendar.rows
            if row.kind is DayKind.TERM and row.covers(self.day)
        ]
        return (self.day - max(begun)).days // 7 + 1 if begun else None

    @property
    def undecided_from(self) -> date | None:
        """On a person's own first page: the first day ahead without a calendar, once it is near.

        The bureau is told from 1 November of the next year, the schools from 15 December; of the
        stages that have classes here, whichever is undecided first.
        """
        looks = self._looks_ahead()
        if looks is None or self._place_rules is None or not self._is_home():
            return None
        path, year = self._first.path, school_year(self.day)
        found = {
            stage: first_undecided(
                self._place_rules.calendar, Track(path, stage, year, grade), self.day,
                self.day + looks,
            )
            for stage, grade in ((Stage.PRIMARY, 1), (Stage.JUNIOR, 7))
        }  # fmt: skip
        if not any(found.values()):
            return None
        classes = SchoolClass.objects.at(path).running(self.day).order_by()
        stages = set(classes.values_list("stage", flat=True).distinct()) or set(found)
        return min((day for stage, day in found.items() if day and stage in stages), default=None)

    def _looks_ahead(self) -> timedelta | None:
        roles = self.user.reach.roles if self.user else frozenset()
        if Role.BUREAU in roles:
            return BUREAU_LOOKS
        return SCHOOLS_LOOK if roles & SCHOOL_ROLES else None

    def _is_home(self) -> bool:
        match = self.request.resolver_match
        if match is None or self.user is None:
            return False
        first = _entries(self.user)[0]
        return match.view_name in (first.name, *first.also)

    @property
    def day_word(self) -> str:
        """教学日, 周末, or what the calendar calls the day for the whole place."""
        if self._place_rules is None:
            return ""
        track = Track(self._first.path, Stage.PRIMARY, school_year(self.day), first_grade=1)
        try:
            day = self._place_rules.calendar.day(track, self.day)
        except NoCalendar:
            return "校历未定"
        if day.school:
            return "教学日"
        return {None: "周末", DayKind.TERM: "不在学期内"}.get(day.kind, "不上课")


def frame(request: HttpRequest) -> dict:
    """The frame for every template, and what each form carries: its token and its page."""
    return {"frame": Frame(request), "csrf_input": form_head(request)}


def _form_head(request: HttpRequest) -> SafeString:
    page = format_html('<input type="hidden" name="{}" value="{}">', STOOD_ON, page_of(request))
    return csrf_input(request) + page


form_head = lazy(_form_head, SafeString, str)
