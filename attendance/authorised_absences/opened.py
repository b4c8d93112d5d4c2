"""已看: which requests a person has opened as they stand now. Only those are granted together."""

from collections.abc import Iterable
from datetime import datetime

from accounts import access
from accounts.enums import Access
from accounts.models import AccessLog, Change, User
from accounts.requests import Request
from students.models import AuthorisedAbsence

SCOPE = "请假与休学第 {} 号"


def note_opening(absence: AuthorisedAbsence, request: Request) -> None:
    """Leave the access row of a request's page, by which it counts as opened."""
    access.log(
        Access.VIEW,
        "student",
        absence.student.uid,
        by=request.user,
        scope=SCOPE.format(absence.pk),
        request=request,
    )


def opened_by(user: User, absences: Iterable[AuthorisedAbsence]) -> set[int]:
    """The keys of those that the user opened after the last thing that happened to them; two
    statements."""
    rows = {one.pk: one for one in absences}
    uids = {one.student.uid for one in rows.values()}
    looks = AccessLog.objects.filter(
        kind="student", uid__in=uids, user=user, action=Access.VIEW,
        scope__in=[SCOPE.format(pk) for pk in rows],
    )  # fmt: skip
    seen: dict[str, datetime] = {}
    for scope, at in looks.values_list("scope", "at"):
        seen[scope] = max(at, seen.get(scope, at))
    changed = {pk: one.asked_at for pk, one in rows.items()}
    told = Change.objects.filter(kind="student", uid__in=uids, verb__startswith="absences.")
    for after, at in told.values_list("after", "entered_at"):
        pk = after.get("absence")
        if pk in changed:
            changed[pk] = max(at, changed[pk])
    return {pk for pk, at in changed.items() if (look := seen.get(SCOPE.format(pk))) and look >= at}
