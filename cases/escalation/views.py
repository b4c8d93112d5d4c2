"""事项上报, what rose to this level; and 移送个案, what was referred to this body."""

from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import access
from accounts.enums import REFERRAL_ROLES, Access
from accounts.gate import open_to
from accounts.models import User
from accounts.requests import Request
from cases.day_words import day_said
from cases.enums.states import AccessKind
from cases.escalation import escalations
from cases.models import CaseAccess, Escalation
from regions.clock import today
from regions.paths import inside_any

KINDS = {
    escalations.ALERT: "未到预警",
    escalations.DEADLINE: "个案逾期",
    escalations.REGISTER: "未报考勤",
}
PER_PAGE = 50
FEW_DAYS = 3


@dataclass(frozen=True, slots=True)
class EscalationRow:
    """One risen thing: about whom or which school, what was left undone, and where to look."""

    about: str
    said: str
    label: str
    since: date
    url: str
    press: str


@open_to(*escalations.LEVELS)
def escalations_page(request: Request) -> HttpResponse:
    """What rose to this level and still stands, the oldest first; a school's registers in one row."""
    reached = escalated_to(request.user)
    counts, kind = counts_of(reached), request.GET.get("kind", "")
    shown = [kind] if kind in KINDS else list(KINDS)
    rows = _registers(reached, today()) if escalations.REGISTER in shown else []
    rows += [_row(one) for one in reached.filter(kind__in=shown).exclude(kind=escalations.REGISTER)]
    pages = Paginator(sorted(rows, key=lambda row: row.since), PER_PAGE)
    listed = pages.get_page(request.GET.get("page"))
    scope = f"事项上报：{KINDS.get(kind, '全部')}"
    access.log(Access.LIST, "rises", by=request.user, scope=scope, request=request)
    kinds = [{"key": key, "label": label, "count": counts[key]} for key, label in KINDS.items()]
    context = {
        "pages": listed,
        "rows": list(listed),
        "kind": kind,
        "kinds": kinds,
        "total": sum(counts.values()),
    }
    return render(request, "cases/escalations.html", context)


def escalated_to(user: User) -> QuerySet[Escalation]:
    """The standing rises at the levels a user's seats hold, in their places."""
    mine = Q(pk__in=[])
    for level in escalations.LEVELS:
        if paths := user.reach.paths(level):
            mine |= Q(level=level) & inside_any("path", paths)
    standing = Escalation.objects.filter(mine, ended_on=None)
    return standing.select_related("student", "case").order_by("since", "pk")


def counts_of(reached: QuerySet[Escalation]) -> dict[str, int]:
    """How many there are of a kind: alerts, duties, and schools with registers missing."""
    each, schools = Count("pk"), Count("school", distinct=True)
    found = reached.order_by().values_list("kind").annotate(each, schools)
    rows = {kind: (number, many) for kind, number, many in found}
    numbers = {kind: rows.get(kind, (0, 0)) for kind in KINDS}
    return {kind: two[kind == escalations.REGISTER] for kind, two in numbers.items()}


def standing_rises(user: User) -> int:
    """The badge: what rose to this person's level and still stands."""
    return sum(counts_of(escalated_to(user)).values())


def _registers(reached: QuerySet[Escalation], on: date) -> list[EscalationRow]:
    """A row a school: how many of its registers nobody took, of which classes and days."""
    rows = (
        reached.filter(kind=escalations.REGISTER)
        .order_by("since", "pk")
        .values_list("school__name", "school__code", "school_class_id", "on", "since")
    )
    by_school: dict[tuple[str, str], list[tuple[int, date, date]]] = {}
    for name, code, class_id, day, since in rows:
        if day is None:
            continue  # a constraint forbids it: a rise about a register names its day
        by_school.setdefault((name, code), []).append((class_id, day, since))
    return [_of_school(name, code, those, on) for (name, code), those in by_school.items()]


def _of_school(
    name: str, code: str, those: list[tuple[int, date, date]], on: date
) -> EscalationRow:
    classes = {class_id for class_id, _, _ in those}
    days = sorted({day for _, day, _ in those})
    told = [day_said(day, on) for day in days]
    which = "、".join(told) if len(told) <= FEW_DAYS else f"{told[0]}至{told[-1]}间 {len(told)} 天"
    return EscalationRow(
        about=name,
        said=f"{len(classes)} 个班未报考勤，共 {len(those)} 班次（{which}）",
        label=KINDS[escalations.REGISTER],
        since=min(since for _, _, since in those),
        url=reverse("attendance:school", args=[code, days[0].isoformat()]),
        press=f"看 {told[0]}",
    )


def _row(one: Escalation) -> EscalationRow:
    label, about = KINDS[one.kind], one.student.name if one.student else ""
    if one.case:
        url = reverse("cases:case", args=[one.case.uid])
        return EscalationRow(about, one.said, label, one.since, url, "看档案")
    url = reverse("cases:alert", args=[one.alert_id])
    return EscalationRow(about, one.said, label, one.since, url, "看预警")


@open_to(*REFERRAL_ROLES)
def referred(request: Request) -> HttpResponse:
    """The cases referred to this body that have not ended, the latest first."""
    pages = Paginator(referred_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    access.log(Access.LIST, "cases", by=request.user, scope="移送个案", request=request)
    return render(request, "cases/referred.html", {"pages": pages, "rows": list(pages)})


def referred_to(user: User) -> QuerySet[CaseAccess]:
    """The standing referrals to the bodies a user sits in."""
    mine = Q(pk__in=[])
    for role in REFERRAL_ROLES:
        if paths := user.reach.paths(role):
            mine |= Q(role=role) & inside_any("path", paths)
    rows = CaseAccess.objects.filter(mine, kind=AccessKind.REFERRAL, until=None)
    return rows.select_related("case__student", "by").order_by("-began", "-pk")
