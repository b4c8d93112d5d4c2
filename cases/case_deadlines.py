"""Deadlines of a case: set, met, dropped. Due dates are stored; what is left is derived."""

from datetime import date, timedelta

from accounts.enums import Precision, Role
from accounts.models import User
from accounts.reach import Held
from cases import history
from cases.enums.records import DeadlineKind
from cases.enums.states import OUT_OF_SCHOOL, CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.law.articles import PERSUASION_ARTICLE
from cases.law.periods import natural, working
from cases.law.workdays import national
from cases.models import Case, Deadline, Paper
from regions.days import place_rules_of
from regions.refusals import NoCalendar, Refused


def set_deadline(
    case: Case,
    kind: DeadlineKind,
    *,
    starts_on: date,
    due_on: date,
    who: Role | None,
    article: str,
    paper: Paper | None = None,
    note: str = "",
) -> Deadline:
    """Set a due date; a standing one of the same kind (and paper) gives way to it."""
    drop(case, kind, on=starts_on, paper=paper)
    return Deadline.objects.create(
        case=case,
        kind=kind,
        round=case.round,
        paper=paper,
        starts_on=starts_on,
        due_on=due_on,
        who=who.value if who else "",
        article=article,
        note=note,
    )


def due_by(case: Case, key: str, on: date) -> tuple[date, str]:
    """The last of so many working days after `on`, and what the number rests on.

    Natural days where nobody has decided the year's working days.
    """
    setting = place_rules_of(case.county_path).policies.setting(key, case.county_path, on)
    try:
        return working(on, setting.number, national().is_working), setting.source
    except NoCalendar:
        return natural(on, setting.number), setting.source


def touched(case: Case, on: date) -> None:
    """The family was reached for on `on`: what was due by then is done, the next contact is set.

    A next contact agreed on that very day is still to come.
    """
    meet(case, DeadlineKind.CONTACT, on=on)
    agreed = case.deadlines.standing().filter(kind=DeadlineKind.NEXT_CONTACT, starts_on__lt=on)
    agreed.update(met_on=on)
    if case.deadlines.standing().filter(kind=DeadlineKind.PROMISE, due_on__lte=on).exists():
        meet(case, DeadlineKind.PROMISE, on=on)
    ask_next_contact(case, on)


def ask_next_contact(case: Case, on: date) -> Deadline:
    """再次联系监护人: the township's next contact, so many days after this one (contact_days)."""
    setting = place_rules_of(case.county_path).policies.setting(
        "contact_days", case.county_path, on
    )
    return set_deadline(
        case,
        DeadlineKind.CONTACT,
        starts_on=on,
        due_on=on + timedelta(days=setting.number),
        who=Role.TOWNSHIP,
        article=setting.source,
    )


def meet(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Mark standing deadlines of these kinds as met; returns how many."""
    return _standing(case, kinds, paper).update(met_on=on)


def drop(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Take standing deadlines back: of these kinds, or all of the case where none is named."""
    return _standing(case, kinds, paper).update(dropped_on=on)


def _standing(case: Case, kinds: tuple[DeadlineKind, ...], paper: Paper | None):
    standing = case.deadlines.standing()
    if kinds:
        standing = standing.filter(kind__in=list(kinds))
    return standing.filter(paper=paper) if paper else standing


def known_day(happened: FuzzyDate, on: date) -> FuzzyDate:
    """The same date, cut off at the day of entry. Raises Refused where it lies ahead."""
    first = happened.earliest if happened.precision is Precision.MONTH else happened.latest
    if first and first > on:
        raise Refused("日期还没有到，请填实际发生的那一天。")
    return happened.known_on(on)


def reached(case: Case, happened: FuzzyDate) -> None:
    """The clock of the next contact runs from the latest day the act can have been, not from the
    day it was entered, and not from before the case; a later contact stands."""
    day = max(happened.latest or case.opened_on, case.opened_on)
    later = case.deadlines.standing().filter(kind=DeadlineKind.CONTACT, starts_on__gt=day)
    if not later.exists():
        touched(case, day)


def in_touch(
    case: Case, *, by: User, happened: FuzzyDate, on: date, note: str = "", seat: Held | None = None
) -> None:
    """What was done on `on` answers the first check of this round, in the first or after 再次辍学."""
    if case.state not in OUT_OF_SCHOOL or on < case.step_on:
        return
    waits = case.deadlines.standing().filter(kind=DeadlineKind.VERIFY).exists()
    if not waits and case.state != CaseState.VERIFYING:
        return
    case.state = CaseState.PERSUADING
    case.save(update_fields=["state"])
    meet(case, DeadlineKind.VERIFY, on=on)
    history.write(
        case,
        EventKind.VERIFIED,
        by=by,
        happened=happened,
        note=note,
        policy=PERSUASION_ARTICLE,
        seat=seat,
    )
