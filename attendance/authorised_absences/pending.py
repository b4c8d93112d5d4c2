"""等县批: which children's requests wait for the bureau, for how long, and what that holds back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from attendance.authorised_absences.deciders import THE_BUREAU, delegated_at
from attendance.authorised_absences.weighing import span_of
from attendance.enums import AlertState
from attendance.models import AbsenceAlert, UnseenRun
from attendance.rules.second_word import Span
from attendance.rules.waiting import (
    HELD_SCHOOL_DAYS,
    Agreed,
    began,
    due_on,
    is_held,
    waited,
)
from regions.clock import local
from regions.days import PlaceRules, place_rules_of
from regions.models import SchoolClass
from regions.paths import county_of, inside
from regions.refusals import NoCalendar
from students.enums import AbsenceState
from students.models import AuthorisedAbsence

AHEAD = timedelta(days=21)  # over the longest holidays there are two school days


@dataclass(frozen=True, slots=True)
class Pending:
    """One request that waits: its days, how many school days it has waited, and until when it may.

    `days` are those of the one wait while the child is unseen; `refused`: the bureau has said 不同意
    over it.
    """

    absence_id: int
    student_id: int
    span: Span
    proven: bool
    days: int
    due_on: date | None
    refused: bool
    decider: str  # 县 or 中心校

    @property
    def holds(self) -> bool:
        return not self.refused and is_held(self.proven, self.days)

    @property
    def _who(self) -> str:
        return "县里" if self.decider == THE_BUREAU.short else self.decider

    @property
    def who_is_late(self) -> str:
        """Why an alert rises although the school has spoken."""
        if self.refused:
            return f"{self._who}不同意过，学校又报"
        return "学校已说明，没有证明" if not self.proven else f"学校已凭证明说明，{self._who}没有批"

    @property
    def said(self) -> str:
        """等县批 2 天, or why nothing is held back."""
        if self.refused:
            return f"{self._who}不同意过，又报{self.decider}，照常升级"
        if not self.proven:
            return f"已报{self.decider}，没有证明，照常升级"
        waits = f"等{self.decider}批"
        if not self.holds:
            return f"{waits}超过 {HELD_SCHOOL_DAYS} 个教学日，照常升级"
        return f"{waits} {self.days} 天" if self.days else waits


def pending_at(path: str, on: date, place_rules: PlaceRules) -> list[Pending]:
    """What waits for the bureau at a place, first come first."""
    rows = AuthorisedAbsence.objects.filter(inside("path", path), state=AbsenceState.PASSED)
    return pending_of(rows, on, place_rules)


def pending_of(
    rows: Iterable[AuthorisedAbsence], on: date, place_rules: PlaceRules
) -> list[Pending]:
    """These requests, with how long they have waited and for whom; a fixed number of statements."""
    waiting = sorted((one for one in rows if one.first_at), key=lambda one: (one.first_at, one.pk))
    if not waiting:
        return []
    classes = {
        one.path: one
        for one in SchoolClass.objects.filter(path__in={row.path for row in waiting})
        .select_related("school")
    }  # fmt: skip
    children = {row.student_id for row in waiting}
    runs, agreed = _unseen_of(children, on), _agreed_of(children)
    delegated = delegated_at(county_of(waiting[0].path), on, place_rules)
    found = []
    for row in waiting:
        others = [one for pk, one in agreed.get(row.student_id, ()) if pk != row.pk]
        since = began(_agreed(row), others, runs.get(row.student_id))
        decider = delegated.decider_of(row).short
        found.append(_pending(row, since, classes.get(row.path), on, place_rules, decider))
    return found


def _unseen_of(children: set[int], on: date) -> dict[int, Span]:
    """By child the days since it was last seen, as far as one of them counts."""
    rows = UnseenRun.objects.filter(student__in=children).values_list("student_id", "last_seen")
    return {
        pk: Span(seen + timedelta(days=1) if seen else date.min, on)
        for pk, seen in rows
        if seen is None or seen < on
    }


def _agreed_of(children: set[int]) -> dict[int, list[tuple[int, Agreed]]]:
    """By child what its school ever agreed to and no approval answers for, with the keys."""
    rows = AuthorisedAbsence.objects.filter(student__in=children, first_at__isnull=False)
    by_school = Q(state=AbsenceState.REFUSED, why_second="")
    found: dict[int, list[tuple[int, Agreed]]] = {}
    for row in rows.exclude(state=AbsenceState.APPROVED).exclude(by_school):
        found.setdefault(row.student_id, []).append((row.pk, _agreed(row)))
    return found


def _agreed(row: AuthorisedAbsence) -> Agreed:
    refused = row.state == AbsenceState.REFUSED and row.second_by_id is not None
    return Agreed(span_of(row), _first_on(row), bool(row.proof), refused)


def _first_on(row: AuthorisedAbsence) -> date:
    return local(row.first_at or row.asked_at).date()


def _pending(
    row: AuthorisedAbsence,
    since: date | None,
    school_class: SchoolClass | None,
    on: date,
    place_rules: PlaceRules,
    decider: str,
) -> Pending:
    """`since`: the day its wait began, None where the bureau has said no to its days."""
    own = _first_on(row)
    begins, refused = since or own, since is None
    days = _school_days(school_class, begins, on + AHEAD, place_rules)
    return Pending(
        row.pk, row.student_id, span_of(row), bool(row.proof), waited(begins, on, days),
        due_on(own, days), refused, decider,
    )  # fmt: skip


def _school_days(
    school_class: SchoolClass | None, first: date, last: date, place_rules: PlaceRules
) -> list[date]:
    """School days as far as the calendar has decided them."""
    if school_class is None:
        return []
    track, found = school_class.track(), []
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        try:
            if place_rules.calendar.is_school_day(track, day):
                found.append(day)
        except NoCalendar:
            break
    return found


def looks_due(rows: Iterable[AuthorisedAbsence], place_rules: PlaceRules) -> dict[int, date | None]:
    """证明已补，请核: by key of those whose proof came in time, the day the bureau is to have seen it;
    one statement where there are any."""
    brought = [row for row in rows if row.proof_at and row.state == AbsenceState.APPROVED]
    paths = {row.path for row in brought}
    known = SchoolClass.objects.filter(path__in=paths).select_related("school") if paths else ()
    classes, due = {one.path: one for one in known}, {}
    for row in brought:
        came = local(row.proof_at or row.asked_at).date()
        days = _school_days(classes.get(row.path), came, came + AHEAD, place_rules)
        due[row.pk] = due_on(came, days)
    return due


def by_child(path: str, on: date, place_rules: PlaceRules) -> dict[int, list[Pending]]:
    """What waits for the bureau at a place, by child."""
    found: dict[int, list[Pending]] = {}
    for one in pending_at(path, on, place_rules):
        found.setdefault(one.student_id, []).append(one)
    return found


def over_alert(waiting: dict[int, list[Pending]], alert: AbsenceAlert) -> Pending | None:
    """The request that waits over days of the alert; of several the one that holds it back."""
    run = Span(alert.first, alert.last)
    found = [one for one in waiting.get(alert.student_id, ()) if one.span.crosses(run)]
    return next((one for one in found if one.holds), found[0] if found else None)


def is_held_back(waiting: dict[int, list[Pending]], alert: AbsenceAlert) -> bool:
    """等县批: does the bureau's silence alone keep the alert from being explained?"""
    one = over_alert(waiting, alert)
    return one is not None and one.holds


def waiting_words(
    alerts: Iterable[AbsenceAlert], on: date, place_rules: PlaceRules | None = None
) -> dict[int, str]:
    """By child of an open alert, what waits for the bureau over its days: 等县批 2 天."""
    alerts = [alert for alert in alerts if alert.state == AlertState.OPEN]
    if not alerts:
        return {}
    runs = {alert.student_id: Span(alert.first, alert.last) for alert in alerts}
    rows = AuthorisedAbsence.objects.filter(student__in=runs, state=AbsenceState.PASSED)
    over = [row for row in rows if span_of(row).crosses(runs[row.student_id])]
    if not over:
        return {}
    rules = place_rules or place_rules_of(county_of(over[0].path))
    return {one.student_id: one.said for one in pending_of(over, on, rules)}
