"""How a case stands anew: put back to persuasion, or let go of."""

from datetime import date, timedelta

from accounts.enums import Role
from attendance import handling
from attendance.records import track_of
from cases.case_deadlines import drop, set_deadline
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, Step
from cases.law.articles import REPORT_ARTICLE
from cases.models import Case
from regions.days import PlaceRules, place_rules_of
from regions.models import SchoolClass
from regions.refusals import NoCalendar
from students.models import Student
from students.traits import trait_changes, traits_on

LOOK_AHEAD = 60


def restart(case: Case, on: date) -> None:
    """Put a case back to persuasion: a clean ladder, no deadline but the first check.

    Saves the case with the round, the day the child left and the version the caller set.
    """
    case.state, case.step, case.step_on = CaseState.PERSUADING, Step.PERSUADE, on
    case.suspected_on = case.dropout_on = case.returned_on = None
    case.placement, case.placed_class = "", None
    case.closed_on, case.exit_kind, case.exit_until = None, "", None
    case.save(
        update_fields=[
            "state",
            "step",
            "step_on",
            "round",
            "suspected_on",
            "dropout_on",
            "returned_on",
            "placement",
            "placed_class",
            "closed_on",
            "exit_kind",
            "exit_until",
            "left_from",
            "left_to",
            "left_precision",
            "version",
            "changed_by",
            "changed_at",
        ]
    )
    drop(case, on=on)
    set_first_deadlines(case, on)


def release(case: Case, on: date) -> None:
    """The case ends on `on`: no deadline stands, referrals end, the register no longer shows it.

    School and township keep their reach and go on reading.
    """
    drop(case, on=on)
    for row in case.access_rows.filter(kind=AccessKind.REFERRAL, until=None):
        row.until = max(on, row.began)
        row.save(update_fields=["until"])
    Student.objects.filter(pk=case.student_id).update(case_since=None)
    handling.case_ended(case.student_id, on)


def set_first_deadlines(case: Case, on: date) -> None:
    """首次核查 and, when a school has the child, its written report: due by school days."""
    place_rules = place_rules_of(case.county_path)
    ahead = place_rules.policies.number("verify_days", case.county_path, on)
    due = school_days_after(case.student, on, ahead, place_rules)
    set_deadline(
        case,
        DeadlineKind.VERIFY,
        starts_on=on,
        due_on=due,
        who=Role.TOWNSHIP,
        article=place_rules.policies.setting("verify_days", case.county_path, on).source,
    )
    if case.round == 0 and case.access_rows.filter(kind=AccessKind.SCHOOL, until=None).exists():
        set_deadline(
            case,
            DeadlineKind.SCHOOL_REPORT,
            starts_on=on,
            due_on=due,
            who=Role.OFFICE,
            article=REPORT_ARTICLE,
        )


def school_days_after(student: Student, on: date, count: int, place_rules: PlaceRules) -> date:
    """The `count`-th school day after `on` for this child; natural days where none is decided."""
    spell = student.enrolments.open().select_related("school_class__school").first()
    school_class: SchoolClass | None = spell.school_class if spell else None
    changes = trait_changes([student.pk]).get(student.pk, [])
    day, left = on, count
    try:
        for _ in range(LOOK_AHEAD):
            day += timedelta(days=1)
            then = traits_on(student, changes, day)
            if school_class and place_rules.calendar.is_school_day(
                track_of(school_class, then), day
            ):
                left -= 1
            if left == 0:
                return day
    except NoCalendar:
        pass
    return on + timedelta(days=count)
