"""返校与安置: the child is back in class on a day, and placed; then the watch begins."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.enums import Precision, Role
from accounts.models import User
from attendance.enums import OUT_MARKS, RegisterState
from attendance.models import Absence
from attendance.records import track_of
from cases import history
from cases.case_deadlines import drop, due_by, meet, set_deadline
from cases.day_words import day_said
from cases.enums.records import EVIDENCE, DeadlineKind, PlacementMode
from cases.enums.states import OUT_OF_SCHOOL, CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case
from cases.permissions import CaseRight, fetch
from cases.reach import to_class
from cases.returns.observing import ObservedCase, expect, observe_case
from regions.days import place_rules_of
from regions.models import SchoolClass
from regions.paths import county_of
from regions.refusals import UNDECIDED, NoCalendar, Refused
from students import enrolments
from students.enums import Began
from students.models import Enrolment
from students.traits import trait_changes, traits_on

DEFAULT = "系统设定"
LONG_AGO = date(2000, 1, 1)
BY_EXIT = {
    PlacementMode.HOME_TEACHING: "送教上门",
    PlacementMode.VOCATIONAL: "职业学校就读",
}
KEPT = [DeadlineKind.VERIFY, DeadlineKind.PROMISE, DeadlineKind.ORDER]
NEEDLESS = [
    DeadlineKind.CONTACT,
    DeadlineKind.NEXT_CONTACT,
    DeadlineKind.SERVE,
    DeadlineKind.PUBLIC_NOTICE,
    DeadlineKind.COURT_WINDOW,
    DeadlineKind.ISSUE,
    DeadlineKind.DECIDE_SKIP,
]


@transaction.atomic
def record_return(
    uid: str,
    *,
    by: User,
    on: date,
    returned: date | FuzzyDate,
    version: int,
    note: str = "",
    file: UploadedFile | None = None,
) -> Case:
    """Write down that the child is back in class, on a day or as sure as anybody knows.

    The day may not lie ahead, nor before the child left, and is a school day of the child where the
    calendar is decided. The watch begins that day: on the latest day it may have been, and on the
    day of entry, `on`, where nobody knows it. `file` is the photo or certificate of the return.
    """
    case = fetch(uid, CaseRight.RETURN, by=by, version=version)
    back = returned if isinstance(returned, FuzzyDate) else FuzzyDate.on(returned)
    if CaseState(case.state) not in OUT_OF_SCHOOL:
        raise Refused(f"这份档案{CaseState(case.state).label}，不用登记返校。")
    _refuse_impossible(case, back, on)
    _refuse_marked_out(case, back, on)
    calendar = _calendar_word(case, back, on)
    if file:
        attach(file, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=by)
    case.state = CaseState.RETURNED
    case.returned_on = watched_from = min(back.latest or on, on)
    case.save(update_fields=["state", "returned_on"])
    _settle_duties(case, watched_from, on)
    history.write(
        case,
        EventKind.RETURNED,
        by=by,
        happened=back,
        policy=DEFAULT,
        note="；".join(said for said in (note.strip(), calendar) if said),
        details={"step": case.step, "watched_from": watched_from.isoformat()},
    )
    return case


def _refuse_impossible(case: Case, back: FuzzyDate, on: date) -> None:
    first = back.earliest or (back.latest if back.precision is Precision.DAY else None)
    if first and first > on:
        raise Refused(f"返校日期（{back.label()}）还没有到，请填实际返校的那一天。")
    about = Precision.ABOUT in (back.precision, case.left.precision)
    if back.latest and back.latest < (case.student.birth_on or LONG_AGO):
        raise Refused(f"返校日期（{back.label()}）不对，请核对年份。")
    if case.left_from and back.latest and back.latest < case.left_from and not about:
        raise Refused(f"返校日期（{back.label()}）早于离校日期（{case.left.label()}），请核对。")


def _refuse_marked_out(case: Case, back: FuzzyDate, on: date) -> None:
    """返校 is being in class on a day: the register of that day must not say otherwise."""
    day = back.exact
    if day is None:
        return
    out = Absence.objects.filter(
        student=case.student_id,
        on=day,
        mark__in=list(OUT_MARKS),
        register__state=RegisterState.TAKEN,
    )
    if out.exists():
        raise Refused(
            f"考勤记{day_said(day, on)}未到。请先由学校更正这一天的考勤，或者改返校日期。"
        )


def _calendar_word(case: Case, back: FuzzyDate, on: date) -> str:
    """Refuse a day the child has no school; what to say where the calendar cannot tell."""
    day = back.exact
    if day is None:
        return ""
    spell = case.student.enrolments.on(day).select_related("school_class__school").first()
    if spell is None:
        return ""
    place_rules = place_rules_of(case.county_path)
    changes = trait_changes([case.student_id]).get(case.student_id, [])
    then = traits_on(case.student, changes, day)
    try:
        what = place_rules.calendar.day(track_of(spell.school_class, then), day)
    except NoCalendar:
        return UNDECIDED
    if not what.school:
        why = what.reason if what.reason == "不在学期内" else "不是上课日"
        named = f"（{what.reason}）" if what.reason and what.reason != why else ""
        raise Refused(f"{day_said(day, on)}{why}{named}，返校日期应为上课日。")
    return ""


def _settle_duties(case: Case, returned_on: date, on: date) -> None:
    """What the return fulfils is met, what it makes needless is dropped, placing is due.

    Periods that run against the family for a decision already made (罚款, 复议, 诉讼) run on.
    """
    meet(case, *KEPT, on=returned_on)
    meet(case, DeadlineKind.RECORD_RETURN, on=on)
    drop(case, *NEEDLESS, on=on)
    due_on, article = due_by(case, "approve_days", on)
    at_school = case.student.enrolments.open().exists()
    set_deadline(
        case,
        DeadlineKind.PLACE,
        starts_on=on,
        due_on=due_on,
        who=Role.OFFICE if at_school else Role.BUREAU,
        article=article,
    )


@transaction.atomic
def place(
    uid: str,
    *,
    by: User,
    on: date,
    began: date,
    version: int,
    mode: PlacementMode,
    school_class: SchoolClass | None = None,
    note: str = "",
) -> Case:
    """Place a returned child in a class from the day it `began` there; the watch begins, or goes on
    in the new class.

    Puts the child on the class's roll where it stands on another or on none.
    """
    case = fetch(uid, CaseRight.PLACE, by=by, version=version)
    if case.state not in (CaseState.RETURNED, CaseState.OBSERVING):
        raise Refused("请先登记返校，再落实安置。")
    if began > on:
        raise Refused("安置日期还没有到，请填实际进班的那一天。")
    back = case.events.filter(kind=EventKind.RETURNED, round=case.round).last()
    if back and back.happened.exact and began < back.happened.exact:
        raise Refused(f"安置日期早于返校日期（{back.happened.label()}），请核对。")
    if mode in BY_EXIT:
        raise Refused(f"{BY_EXIT[mode]}不进班级，请按“依规办结”登记证明、审批和期限。")
    spell = case.student.enrolments.open().select_related("school_class__school").first()
    into = _class_for(mode, case, spell, school_class, began)
    if spell is None or spell.school_class_id != into.pk:
        enrolments.place(case.student, into, began=began, how=Began.PLACED, by=by, note=note)
    case.state, case.placement, case.placed_class = CaseState.OBSERVING, mode, into
    case.save(update_fields=["state", "placement", "placed_class"])
    to_class(case, into, by=by, on=began, why="返校安置")
    meet(case, DeadlineKind.PLACE, on=began)
    label = f"{into.school.name} {into.label(began)}"
    history.write(
        case,
        EventKind.PLACED,
        by=by,
        happened=FuzzyDate.on(began),
        policy=DEFAULT,
        note="；".join(part for part in (f"{label}，{mode.label}", note.strip()) if part),
        details={"mode": mode, "class": into.pk},
    )
    found = observe_case(case, on)
    if isinstance(found, ObservedCase):
        expect(case, found, on)
    return case


def _class_for(
    mode: PlacementMode,
    case: Case,
    spell: Enrolment | None,
    chosen: SchoolClass | None,
    on: date,
) -> SchoolClass:
    """The class this way of placing leads to, or a refusal that says what does not fit."""
    into = chosen or (spell.school_class if spell else None)
    if into is None:
        raise Refused("学生不在任何班级的名册上，请选择安置的班级。")
    if county_of(into.path) != case.county_path:
        raise Refused("只能安置在本县的学校；到外县就读请按“依规办结”登记。")
    if not SchoolClass.objects.running(on).filter(pk=into.pk).exists():
        raise Refused(f"{into.school.name}这个班{on:%Y年%m月%d日}已不在校，请另选班级。")
    if mode is PlacementMode.INCLUSIVE:
        return into
    same_class = spell is not None and spell.school_class_id == into.pk
    same_school = spell is not None and spell.school_class.school_id == into.school_id
    fits = {
        PlacementMode.OWN_CLASS: same_class or spell is None,
        PlacementMode.OTHER_CLASS: same_school and not same_class,
        PlacementMode.OTHER_SCHOOL: not same_school,
    }
    if not fits[mode]:
        asked = {
            PlacementMode.OWN_CLASS: "原班就读，班级应是学生现在名册上的班。",
            PlacementMode.OTHER_CLASS: "本校调班，请选择本校的另一个班。",
            PlacementMode.OTHER_SCHOOL: "转校就读，请选择另一所学校的班。",
        }
        raise Refused(asked[mode])
    return into
