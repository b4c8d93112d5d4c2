"""事项上报, what rose to this level; and 移送个案, what was referred to this body."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts import access
from accounts.gate import open_to
from accounts.models import User
from accounts.words import REFERRAL_ROLES, Access
from cases import rises
from cases.models import CaseReach, Rise
from cases.words import ReachKind
from regions.models import SchoolClass
from regions.paths import inside_any

KIND_LABELS = {rises.ALERT: "未到预警", rises.DEADLINE: "个案逾期", rises.REGISTER: "未报考勤"}
PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One risen thing: about whom or which class, what was left undone, and where to look."""

    about: str
    said: str
    label: str
    since: date
    url: str
    press: str


@open_to(*rises.LEVEL_LABELS)
def risen(request: HttpRequest) -> HttpResponse:
    """What rose to this level and still stands, the oldest first."""
    reached = risen_to(request.user)
    counts = {kind: reached.filter(kind=kind).count() for kind in KIND_LABELS}
    kind = request.GET.get("kind", "")
    chosen = reached.filter(kind=kind) if kind in KIND_LABELS else reached
    pages = Paginator(chosen, PER_PAGE).get_page(request.GET.get("page"))
    scope = f"事项上报：{KIND_LABELS.get(kind, '全部')}"
    access.log(Access.LIST, "rises", by=request.user, scope=scope, request=request)
    kinds = [
        {"key": key, "label": label, "count": counts[key]} for key, label in KIND_LABELS.items()
    ]
    context = {
        "pages": pages, "rows": rows_of(pages), "kind": kind, "kinds": kinds,
        "total": sum(counts.values()),
    }  # fmt: skip
    return render(request, "cases/risen.html", context)


def risen_to(user: User) -> QuerySet[Rise]:
    """The standing rises at the levels a user's seats hold, in their places."""
    mine = Q(pk__in=[])
    for level in rises.LEVEL_LABELS:
        if paths := user.reach.paths(level):
            mine |= Q(level=level.value) & inside_any("path", paths)
    standing = Rise.objects.filter(mine, ended_on=None)
    return standing.select_related("student", "case").order_by("since", "pk")


def rows_of(listed: Iterable[Rise]) -> list[Row]:
    subjects = list(listed)
    named = {one.pk: one.subject.split(":") for one in subjects}
    class_ids = [int(named[one.pk][1]) for one in subjects if one.kind == rises.REGISTER]
    classes = SchoolClass.objects.select_related("school").in_bulk(class_ids)
    return [_row(one, named[one.pk], classes) for one in subjects]


def _row(one: Rise, named: list[str], classes: dict[int, SchoolClass]) -> Row:
    label = KIND_LABELS[one.kind]
    if one.kind == rises.REGISTER:
        school_class, day = classes[int(named[1])], date.fromisoformat(named[2])
        about = f"{school_class.school.name} {school_class.label(day)}"
        url = reverse("attendance:school", args=[school_class.school.code, day.isoformat()])
        return Row(about, one.said, label, one.since, url, "看这一天")
    about = one.student.name if one.student else ""
    if one.case:
        return Row(about, one.said, label, one.since, reverse("cases:case", args=[one.case.uid]),
                   "看档案")  # fmt: skip
    return Row(about, one.said, label, one.since, reverse("cases:alert", args=[int(named[1])]),
               "看预警")  # fmt: skip


@open_to(*REFERRAL_ROLES)
def referred(request: HttpRequest) -> HttpResponse:
    """The cases referred to this body that have not ended, the latest first."""
    pages = Paginator(referred_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    access.log(Access.LIST, "cases", by=request.user, scope="移送个案", request=request)
    return render(request, "cases/referred.html", {"pages": pages, "rows": list(pages)})


def referred_to(user: User) -> QuerySet[CaseReach]:
    """The standing referrals to the bodies a user sits in."""
    mine = Q(pk__in=[])
    for role in REFERRAL_ROLES:
        if paths := user.reach.paths(role):
            mine |= Q(role=role.value) & inside_any("path", paths)
    rows = CaseReach.objects.filter(mine, kind=ReachKind.REFERRAL, until=None)
    return rows.select_related("case__student", "by").order_by("-began", "-pk")
