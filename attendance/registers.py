"""Registers: a class and a day. Everyone is present until the teacher says otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from accounts import history
from accounts.enums import Role
from accounts.models import User
from accounts.versions import Conflict
from attendance import alerts
from attendance.enums import OUT_MARKS, Mark, RegisterState
from attendance.models import Absence, Register
from attendance.proposed_marks.holding import HeldMark, held_marks, propose
from attendance.records import Traits, track_of
from attendance.rights import MAY, REFUSALS, RegisterRight
from attendance.rolls import Pupil, list_pupils, roll
from regions.clock import at as instant
from regions.clock import local
from regions.days import PlaceRules, place_rules_of
from regions.models import School, SchoolClass
from regions.paths import inside_any
from regions.refusals import Refused
from regions.rules.calendar import Calendar, Day
from regions.rules.day_words import whole_day
from regions.rules.lengths import whole
from students.enums import AWAY
from students.models import AuthorisedAbsence

KEY_TAKEN = "这张表的编号已用在别的登记上，请刷新页面后重新填写。"


@dataclass(frozen=True, slots=True)
class Marked:
    """One exception: the mark and the note beside it."""

    mark: Mark
    note: str = ""


@dataclass(frozen=True)
class FilledRegister:
    """A filled register as it arrives: exceptions by the child's uid."""

    marks: Mapping[str, Marked] = field(default_factory=dict)
    reason: str = ""
    version: int = 0
    client_key: UUID = field(default_factory=uuid4)
    taken_at: datetime | None = None

    def said(self) -> dict[str, tuple[Mark, str]]:
        return {uid: (marked.mark, marked.note) for uid, marked in self.marks.items()}

    def without(self, held: Mapping[str, HeldMark]) -> "FilledRegister":
        """The same sheet, with what stands in the cells that wait for another's word."""
        stands = {uid: Marked(cell.was, cell.was_note) for uid, cell in held.items()}
        return replace(self, marks={**self.marks, **stands}) if stands else self


def class_for(pk: int, by: User) -> SchoolClass:
    """The class, within the education line of `by`. Raises SchoolClass.DoesNotExist beyond it."""
    return _reached(by).get(pk=pk)


def _reached(by: User) -> QuerySet[SchoolClass]:
    reached = SchoolClass.objects.filter(inside_any("path", by.reach.school_paths))
    return reached.select_related("school")


def _judged_class(pk: int, by: User) -> tuple[SchoolClass, date | None]:
    """The class, and the latest day its county's alerts were judged for, in one statement: a late
    register asks for both, and costs no more than one in time."""
    found = _reached(by).annotate(judged_on=alerts.judged_on("path")).get(pk=pk)
    return found, found.judged_on


def submit(
    class_id: int,
    on: date,
    sheet: FilledRegister,
    *,
    by: User,
    at: datetime,
    act: RegisterRight = RegisterRight.TAKE,
) -> Register:
    """Take or correct the register of a class for a day, all or nothing; it arrived at `at`.

    What would take back or shorten an open alert waits for another's word; `held` of the answer
    says how many. The same client key again is the same answer. Raises Refused with a sentence, and
    Conflict when somebody else saved in between: the input is the caller's to keep.
    """
    school_class, judged_on = _judged_class(class_id, by)
    if not by.reach.holds(*MAY[act], over=school_class.path):
        raise Refused(REFUSALS[act])
    place_rules = place_rules_of(school_class.path)
    try:
        with transaction.atomic():
            return _submit(school_class, on, sheet, by, at, place_rules, judged_on)
    except IntegrityError:
        registers = Register.objects.select_related("made_by")
        standing = registers.filter(school_class=school_class, on=on).first()
        if standing is None:
            raise Refused(KEY_TAKEN) from None
        return _same_or_conflict(standing, sheet)


def _submit(
    school_class: SchoolClass, on: date, sheet: FilledRegister, by: User, at: datetime,
    place_rules: PlaceRules, judged_on: date | None,
) -> Register:  # fmt: skip
    pupils = roll(school_class, on)
    refuse_day(school_class, on, pupils, place_rules.calendar, today=local(at).date())
    _refuse_strangers(pupils, sheet)
    standing = (
        Register.objects.select_for_update(of=("self",))
        .filter(school_class=school_class, on=on)
        .select_related("made_by")
        .first()
    )
    if standing and (sheet.version != standing.version or sheet.client_key == standing.client_key):
        return _same_or_conflict(standing, sheet)
    held = held_marks(
        sheet.said(), pupils, on,
        judged_on=judged_on, today=local(at).date(), place_rules=place_rules,
    )  # fmt: skip
    kept = sheet.without(held)
    if standing is None:
        register = _take(school_class, on, kept, by, at, place_rules, pupils)
        late = register.late
    else:
        register = _correct(standing, school_class, kept, by, at, place_rules, pupils)
        late = True
    if held or standing:
        propose(held.values(), register, pupils, reason=sheet.reason, by=by, at=at)
    register.held = len(held)
    _follow_alerts(register, pupils, kept, by, late, judged_on)
    return register


def _same_or_conflict(standing: Register, sheet: FilledRegister) -> Register:
    if standing.client_key == sheet.client_key:
        return standing
    raise Conflict(standing, standing.made_by.name, local(standing.made_at))


def keep_lost(standing: Register, sheet: FilledRegister, *, by: User) -> None:
    """Keep in the history what the loser of a conflict had filled in."""
    marks = {uid: [marked.mark, marked.note] for uid, marked in sheet.marks.items()}
    history.record(
        "registers.conflict",
        "register",
        str(standing.pk),
        path=standing.path,
        by=by,
        on=standing.on,
        before={"version": sheet.version},
        after={"marks": marks},
        note="没有保存：别人先保存了",
    )


def refuse_day(
    school_class: SchoolClass,
    on: date,
    pupils: Sequence[Traits],
    calendar: Calendar,
    *,
    today: date,
) -> Day:
    """The day as the calendar has it; Refused when no register can be taken on it."""
    if on > today:
        raise Refused(f"{whole_day(on)}还没有到，不能登记以后的日期。")
    if not pupils:
        raise Refused("这一天班里没有在册学生，请先导入名册。")
    days = [calendar.day(track, on) for track in {track_of(school_class, one) for one in pupils}]
    day = next((day for day in days if day.school), days[0])
    if not day.school:
        why = day.reason or "周末"
        raise Refused(f"{whole_day(on)}不上课（{why}），不用登记。校历有误请找县教育体育局。")
    return day


def _refuse_strangers(pupils: list[Pupil], sheet: FilledRegister) -> None:
    strangers = set(sheet.marks) - {pupil.uid for pupil in pupils}
    if strangers:
        raise Refused("名单里有不属于这个班的学生，请刷新页面后再登记。")


def _take(
    school_class: SchoolClass, on: date, sheet: FilledRegister, by: User, received: datetime,
    place_rules: PlaceRules, pupils: list[Pupil],
) -> Register:  # fmt: skip
    cutoff = instant(on, place_rules.policies.clock("cutoff", school_class.path, on))
    expected, present = _counts(school_class, pupils, sheet, on, place_rules.calendar)
    register = Register.objects.create(
        school_class=school_class,
        on=on,
        path=school_class.path,
        state=RegisterState.TAKEN.value,
        expected=expected,
        present=present,
        client_key=sheet.client_key,
        taken_at=_taken_at(sheet, on, received),
        received_at=received,
        made_at=received,
        made_by=by,
        taken_by=by,
        stand_in=_is_stand_in(by, school_class),
        late=received > cutoff,
    )
    _write_marks(register, pupils, sheet)
    list_pupils(register, pupils)
    begins = school_class.school.registers_from
    if begins is None or on < begins:
        School.objects.filter(pk=school_class.school_id).update(registers_from=on)
    return register


def _taken_at(sheet: FilledRegister, on: date, received: datetime) -> datetime:
    """The phone's time where it can be true: not before the day, not after it arrived."""
    said = sheet.taken_at
    if said is None or said > received + timedelta(minutes=5) or local(said).date() < on:
        return received
    return said


def _is_stand_in(by: User, school_class: SchoolClass) -> bool:
    """Whoever is not the class teacher stands in, and is recorded so."""
    return not any(
        held.role is Role.TEACHER and held.path == school_class.path for held in by.reach.seats
    )


def _counts(
    school_class: SchoolClass,
    pupils: list[Pupil],
    sheet: FilledRegister,
    on: date,
    calendar: Calendar,
) -> tuple[int, int]:
    """Expected and present. Not expected, unless it came: a child away (休学, 送教上门, 借读), and a
    child whose own calendar has no school (boarders gone home)."""
    away = set(
        AuthorisedAbsence.objects.explaining()
        .on(on)
        .filter(student_id__in=[pupil.student_id for pupil in pupils], kind__in=AWAY)
        .values_list("student__uid", flat=True)
    )
    away |= {
        pupil.uid
        for pupil in pupils
        if not calendar.is_school_day(track_of(school_class, pupil), on)
    }
    out = {uid for uid, marked in sheet.marks.items() if marked.mark in OUT_MARKS}
    came = set(sheet.marks) - out
    expected = {pupil.uid for pupil in pupils if pupil.uid not in away or pupil.uid in came}
    return len(expected), len(expected - out)


def _write_marks(register: Register, pupils: list[Pupil], sheet: FilledRegister) -> None:
    ids = {pupil.uid: pupil.student_id for pupil in pupils}
    _supersede(register, pupils)
    Absence.objects.bulk_create(
        Absence(
            student_id=ids[uid],
            on=register.on,
            register=register,
            path=register.path,
            mark=marked.mark,
            note=whole(marked.note, 100, "备注"),
        )
        for uid, marked in sheet.marks.items()
    )


def _supersede(register: Register, pupils: list[Pupil]) -> None:
    """A child moved here for days its old class had marked: from now on this register speaks."""
    moved = [p.student_id for p in pupils if local(p.recorded_at).date() >= register.on]
    if not moved:
        return
    rows = Absence.objects.filter(student_id__in=moved, on=register.on).exclude(register=register)
    old = list(rows.select_related("student"))
    for absence in old:
        history.record(
            "registers.supersede",
            "student",
            absence.student.uid,
            path=register.path,
            by=register.taken_by,
            on=register.on,
            before={"register": absence.register_id, "mark": absence.mark, "note": absence.note},
            after={"register": register.pk},
        )
    if old:
        Absence.objects.filter(pk__in=[absence.pk for absence in old]).delete()


def _correct(
    standing: Register,
    school_class: SchoolClass,
    sheet: FilledRegister,
    by: User,
    at: datetime,
    place_rules: PlaceRules,
    pupils: list[Pupil],
) -> Register:
    """Replace the marks of a taken register; both versions and both times stay in the history."""
    if not sheet.reason.strip():
        raise Refused("已经提交过。要更正，请写一句原因。")
    hours = place_rules.policies.number("lock_hours", school_class.path, standing.on)
    if locked(standing, hours, at) and not may_unlock(by, school_class):
        raise Refused(f"提交已超过 {hours} 小时，已锁定。请教务处更正，写明原因。")
    before = _as_history(standing)
    expected, present = _counts(school_class, pupils, sheet, standing.on, place_rules.calendar)
    standing.absences.all().delete()
    _write_marks(standing, pupils, sheet)
    standing.expected, standing.present = expected, present
    standing.version += 1
    standing.client_key, standing.made_at, standing.made_by = sheet.client_key, at, by
    standing.save(
        update_fields=[
            "expected",
            "present",
            "version",
            "client_key",
            "made_at",
            "made_by",
        ]
    )
    list_pupils(standing, pupils)
    history.record(
        "registers.correct",
        "register",
        str(standing.pk),
        path=standing.path,
        by=by,
        on=standing.on,
        before=before,
        after=_as_history(standing),
        note=sheet.reason,
    )
    return standing


def locked(standing: Register, hours: int, at: datetime) -> bool:
    """Past the lock: only the school office corrects from here on."""
    return at > standing.received_at + timedelta(hours=hours)


def may_unlock(by: User, school_class: SchoolClass) -> bool:
    return by.reach.holds(*MAY[RegisterRight.CORRECT_LOCKED], over=school_class.path)


def _as_history(register: Register) -> dict:
    rows = register.absences.values_list("student__uid", "mark", "note")
    return {
        "version": register.version,
        "marks": {uid: [mark, note] for uid, mark, note in rows},
    }


def _follow_alerts(
    register: Register, pupils: list[Pupil], sheet: FilledRegister, by: User, late: bool,
    judged_on: date | None,
) -> None:  # fmt: skip
    """A late or corrected register moves alerts at once, where its day has been judged; so does a
    child whose whereabouts are lost."""
    lost = [uid for uid, marked in sheet.marks.items() if marked.mark is Mark.LOST]
    if not late and not lost:
        return
    if judged_on is not None and register.on <= judged_on:
        everyone = [pupil.student_id for pupil in pupils]
        alerts.recompute(everyone, register.path, by=by, on=judged_on)
    elif lost:
        missing = [pupil.student_id for pupil in pupils if pupil.uid in lost]
        alerts.recompute(missing, register.path, by=by, on=register.on)
