"""Deadlines of a case: set, met, dropped. Due dates are stored; what is left is derived."""

from datetime import date, timedelta

from accounts.enums import Role
from cases.enums.records import DeadlineKind
from cases.law.periods import natural, working
from cases.law.workdays import national
from cases.models import Case, Deadline, Paper
from regions.days import land_of
from regions.refusals import NoCalendar


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
        case=case, kind=kind.value, round=case.round, paper=paper, starts_on=starts_on,
        due_on=due_on, who=who.value if who else "", article=article, note=note,
    )  # fmt: skip


def due_by(case: Case, key: str, on: date) -> tuple[date, str]:
    """The last of so many working days after `on`, and what the number rests on.

    Natural days where nobody has decided the year's working days.
    """
    setting = land_of(case.county_path).policies.setting(key, case.county_path, on)
    try:
        return working(on, int(setting.value), national().is_working), setting.source
    except NoCalendar:
        return natural(on, int(setting.value)), setting.source


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
    setting = land_of(case.county_path).policies.setting("contact_days", case.county_path, on)
    return set_deadline(
        case, DeadlineKind.CONTACT, starts_on=on, due_on=on + timedelta(days=int(setting.value)),
        who=Role.TOWNSHIP, article=setting.source,
    )  # fmt: skip


def meet(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Mark standing deadlines of these kinds as met; returns how many."""
    return _standing(case, kinds, paper).update(met_on=on)


def drop(case: Case, *kinds: DeadlineKind, on: date, paper: Paper | None = None) -> int:
    """Take standing deadlines back: of these kinds, or all of the case where none is named."""
    return _standing(case, kinds, paper).update(dropped_on=on)


def _standing(case: Case, kinds: tuple[DeadlineKind, ...], paper: Paper | None):
    standing = case.deadlines.standing()
    if kinds:
        standing = standing.filter(kind__in=[kind.value for kind in kinds])
    return standing.filter(paper=paper) if paper else standing
