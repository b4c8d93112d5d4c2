"""What the register page shows, gathered in five statements whatever the size of the class."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import uuid4

from django.db.models import OuterRef, QuerySet, Subquery
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from attendance.enums import Mark, ProposalState
from attendance.models import ProposedMark, Register
from attendance.no_class import Held, deciders_of, held_on, is_held, why_no_further
from attendance.records import track_of
from attendance.registers import Marked, locked, may_unlock
from attendance.rights import MAY, RegisterRight
from regions.clock import at as instant
from regions.clock import local
from regions.days import PlaceRules
from regions.models import SchoolClass
from regions.refusals import NoCalendar
from regions.rules.calendar import Calendar
from regions.rules.day_words import day_in_words, dense_day
from students.enums import AWAY, LEAVES, AbsenceKind
from students.models import AuthorisedAbsence, Enrolment
from students.traits import BOARDER, ETHNICITY, as_it_was, before_since

LEAVE_MARKS: dict[str, Mark] = {
    AbsenceKind.SICK: Mark.SICK,
    AbsenceKind.TREATMENT: Mark.SICK,
}
AHEAD_DAYS = 14


@dataclass
class PupilRow:
    uid: str
    name: str
    seat_no: int | None
    boarder: bool
    ethnicity: str
    initials: str
    url: str
    mark: str = ""
    note: str = ""
    watch: int = 0
    watch_text: str = ""
    leave_text: str = ""
    pending: str = ""

    @property
    def seat(self) -> str:
        return f"{self.seat_no}号" if self.seat_no else ""

    @property
    def lives(self) -> str:
        return "住校" if self.boarder else "走读"


@dataclass
class WeekDay:
    day: date
    state: str
    text: str = ""
    late: bool = False
    counts: str = ""
    url: str | None = None


@dataclass
class RegisterPage:
    """The register of a class on a day as its page and form show it."""

    class_label: str
    school: str
    day: date
    is_today: bool
    cutoff: str
    threshold: int
    version: int
    client_key: str
    may_correct: bool
    alert_when: str = ""  # when a child whose days are full by this sheet is alerted
    locked: bool = False
    register: Register | None = None
    pupils: list[PupilRow] = field(default_factory=list)
    away: list[dict] = field(default_factory=list)
    week: list[WeekDay] = field(default_factory=list)
    classes: list[dict] = field(default_factory=list)
    held: Held | None = None
    no_further: str = ""  # why 今天不上课 cannot be asked
    no_class: str = ""
    reason: str = ""
    taker: str = ""
    deciders: str = ""
    error: str = ""
    prev_url: str | None = None
    next_url: str | None = None
    back_url: str | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """A register of the week with its marks, from one statement."""

    register: Register
    taker: str
    marks: dict[str, Marked]


def register_page(
    school_class: SchoolClass, on: date, place_rules: PlaceRules, by: User, *, at: datetime
) -> RegisterPage:
    """Gather the page as it is shown at an instant. The class has its school loaded."""
    policies, path = place_rules.policies, school_class.path
    week, today = _week(school_class, on), local(at).date()
    standing = week.get(on)
    hours = policies.number("lock_hours", path, on)
    is_locked = bool(standing and locked(standing.register, hours, at))
    page = RegisterPage(
        class_label=school_class.label(on),
        school=school_class.school.name,
        day=on,
        is_today=on == today,
        cutoff=f"{policies.clock('cutoff', path, on):%H:%M}",
        threshold=policies.number("flag_days", path, on),
        version=standing.register.version if standing else 0,
        client_key=str(uuid4()),
        locked=is_locked,
        may_correct=by.reach.holds(*MAY[RegisterRight.TAKE], over=path)
        and (not is_locked or may_unlock(by, school_class)),
        alert_when=_alert_when(on, policies.clock("cutoff", path, on), at),
        register=standing.register if standing else None,
        taker=standing.taker if standing else "",
        back_url=_back(by, school_class, on),
    )
    _fill_pupils(page, school_class, standing, place_rules.calendar)
    page.week = _week_rows(school_class, on, week, place_rules.calendar, today)
    page.prev_url, page.next_url = _neighbours(school_class, on, place_rules.calendar, today)
    page.held = held_on(school_class, on, place_rules.calendar, by)
    page.no_further = why_no_further(school_class, on, place_rules.calendar, today=today)
    page.deciders = deciders_of(school_class)
    page.classes = _other_classes(by, school_class, on)
    return page


def _back(by: User, school_class: SchoolClass, on: date) -> str | None:
    """The school's day, for those who have that page."""
    staff = by.reach.holds(Role.OFFICE, Role.PRINCIPAL, over=school_class.path)
    return url_of_school(school_class.school.code, on) if staff else None


def url_of(class_id: int, on: date) -> str:
    return reverse("attendance:register", args=[class_id, on.isoformat()])


def url_of_school(code: str, on: date) -> str:
    return reverse("attendance:school", args=[code, on.isoformat()])


def _week(school_class: SchoolClass, on: date) -> dict[date, Taken]:
    """The registers of the week around `on`, with their marks."""
    monday = on - timedelta(days=on.isoweekday() - 1)
    rows = Register.objects.filter(
        school_class=school_class, on__range=(monday, monday + timedelta(days=6))
    ).values_list(
        "pk",
        "on",
        "state",
        "expected",
        "present",
        "version",
        "taken_at",
        "received_at",
        "stand_in",
        "late",
        "taken_by__name",
        "absences__student__uid",
        "absences__mark",
        "absences__note",
    )
    found: dict[date, Taken] = {}
    for row in rows:
        pk, day, state, expected, present, version, taken, received = row[:8]
        stand_in, late, name, uid, mark, note = row[8:]
        if day not in found:
            register = Register(
                pk=pk,
                on=day,
                state=state,
                expected=expected,
                present=present,
                version=version,
                taken_at=taken,
                received_at=received,
                stand_in=stand_in,
                late=late,
            )
            found[day] = Taken(register, name, {})
        if uid:
            found[day].marks[uid] = Marked(Mark(mark), note)
    return found


def _fill_pupils(
    page: RegisterPage, school_class: SchoolClass, standing: Taken | None, calendar: Calendar
) -> None:
    spells = (
        Enrolment.objects.on(page.day)
        .filter(school_class=school_class)
        .select_related("student__run")
        .annotate(
            boarded=before_since(BOARDER, page.day),
            community=before_since(ETHNICITY, page.day),
            proposed=Subquery(_proposed(page.day)),
        )
        .order_by("seat_no", "pk")
    )
    reasons = _reasons(school_class, page.day)
    off: dict[str, str] = {}
    for spell in spells:
        student = spell.student
        kind, until = reasons.get(student.pk, ("", page.day))
        if kind in AWAY:
            label = f"{AbsenceKind(kind).label}，到 {day_in_words(until, page.day)}"
            page.away.append({"name": student.name, "text": label})
            continue
        then = as_it_was(student, spell.boarded, spell.community)
        if not _has_school(school_class, then, page.day, calendar):
            off[student.uid] = student.name
        row = PupilRow(
            uid=student.uid,
            name=student.name,
            seat_no=spell.seat_no,
            boarder=then.boarder,
            ethnicity=then.ethnicity,
            initials=student.initials,
            url=reverse("cases:child", args=[student.uid]),
        )
        _watch(row, getattr(student, "run", None), page)
        if kind:
            row.leave_text = f"{_leave_label(kind)}，到 {day_in_words(until, page.day)}"
            row.mark = LEAVE_MARKS.get(kind, Mark.PERSONAL).value
        if standing:
            marked = standing.marks.get(student.uid)
            row.mark, row.note = (marked.mark, marked.note) if marked else ("", "")
        if spell.proposed is not None:
            _show_proposed(row, spell.proposed)
        page.pupils.append(row)
    if off and len(off) < len(page.pupils):
        page.pupils = [row for row in page.pupils if row.uid not in off or row.mark]
        page.away += [{"name": name, "text": "这一天不上课"} for name in off.values()]


def _proposed(on: date) -> QuerySet:
    """What was entered for the child of a spell and waits for a second person; "" is 到校."""
    waiting = ProposedMark.objects.filter(
        student=OuterRef("student"), on=on, state=ProposalState.ASKED
    )
    return waiting.values("wanted")[:1]


def _show_proposed(row: PupilRow, wanted: str) -> None:
    """Where nothing stands yet the form keeps what was entered; otherwise what stands."""
    row.pending = f"“{Mark(wanted).label if wanted else '到校'}”待确认，确认前不算"
    if row.mark == Mark.PENDING:
        row.mark = wanted


def _has_school(school_class: SchoolClass, student, on: date, calendar: Calendar) -> bool:
    """Is the day a school day of this child's own calendar? Undecided counts as yes: the page says."""
    try:
        return calendar.is_school_day(track_of(school_class, student), on)
    except NoCalendar:
        return True


def _leave_label(kind: str) -> str:
    return f"已批{AbsenceKind(kind).label}"


def _watch(row: PupilRow, run, page: RegisterPage) -> None:
    """已缺 2 天 before the tap, and what one more mark sets off."""
    if run is None or run.unexplained == 0 or run.as_of > page.day:
        return
    before = run.unexplained - (run.last == page.day)
    if before < 1:
        return
    row.watch = before
    since, this_day = day_in_words(run.first, page.day), "今天" if page.is_today else "这天"
    if before + 1 >= page.threshold:
        row.watch_text = (
            f"{since}起已有 {before} 个教学日未到。"
            f"{this_day}再记未到，就满 {before + 1} 天，{page.alert_when}预警学校。"
        )
    else:
        row.watch_text = f"{since}起已有 {before} 个教学日未到。"


def _alert_when(on: date, cutoff: time, at: datetime) -> str:
    """A sheet of a day whose hour of checking has come is judged as it arrives, or within minutes."""
    return "提交后几分钟内" if at >= instant(on, cutoff) else f"{cutoff:%H:%M} 考勤截止后核对时"


def _reasons(school_class: SchoolClass, on: date) -> dict[int, tuple[str, date]]:
    """Approved leave and lawful times away that cover the day, in one statement; away comes first."""
    covering = AuthorisedAbsence.objects.explaining().on(on)
    rows = covering.filter(student__enrolments__school_class=school_class).order_by("pk")
    found: dict[int, tuple[str, date]] = {}
    for student, kind, last in rows.values_list("student_id", "kind", "last"):
        if student not in found or _weight(kind) < _weight(found[student][0]):
            found[student] = (kind, last)
    return found


def _weight(kind: str) -> int:
    """Which of several reasons a row shows: away, then a leave, then long leave."""
    return 0 if kind in AWAY else 1 if kind in LEAVES else 2


def _week_rows(
    school_class: SchoolClass, on: date, week: dict[date, Taken], calendar: Calendar, today: date
) -> list[WeekDay]:
    monday = on - timedelta(days=on.isoweekday() - 1)
    rows = []
    for ahead in range(7):
        day = monday + timedelta(days=ahead)
        taken = week.get(day)
        if taken is None and (day > today or not _school_day(school_class, day, calendar)):
            continue
        held = is_held(school_class, day, calendar)
        rows.append(_week_day(school_class, day, taken, held=held))
    return rows


def _week_day(
    school_class: SchoolClass, day: date, taken: Taken | None, *, held: bool
) -> WeekDay:  # fmt: skip
    url = url_of(school_class.pk, day)
    if held:
        return WeekDay(day, "held", "停课待核", url=url)
    if taken is None:
        return WeekDay(day, "missing", "未提交", url=url)
    register = taken.register
    arrived: datetime = local(register.received_at)
    shown = f"{arrived:%H:%M}" if arrived.date() == day else dense_day(arrived.date(), day)
    counts = f"{register.present} / {register.expected}"
    return WeekDay(day, "taken", shown, register.late, counts, url)


def _school_day(school_class: SchoolClass, day: date, calendar: Calendar) -> bool:
    try:
        return any(
            calendar.is_school_day(school_class.track(boarder), day) for boarder in (False, True)
        )
    except NoCalendar:
        return False


def _neighbours(
    school_class: SchoolClass, on: date, calendar: Calendar, today: date
) -> tuple[str | None, str | None]:
    """The school days before and after, within a fortnight and not past today."""
    found: list[str | None] = []
    for step in (-1, 1):
        day = on
        for _ in range(AHEAD_DAYS):
            day += timedelta(days=step)
            if day > today or _school_day(school_class, day, calendar):
                break
        usable = day <= today and _school_day(school_class, day, calendar)
        found.append(url_of(school_class.pk, day) if usable else None)
    return found[0], found[1]


def _other_classes(by: User, school_class: SchoolClass, on: date) -> list[dict]:
    """A teacher's other classes; no statement for whoever holds one."""
    paths = [p for p in by.reach.paths(Role.TEACHER, Role.STAND_IN) if p != school_class.path]
    if not paths:
        return []
    classes = SchoolClass.objects.filter(path__in=paths).select_related("school")
    states = dict(
        Register.objects.filter(school_class__in=classes, on=on).values_list(
            "school_class_id", "state"
        )
    )
    return [
        {
            "label": one.label(on),
            "url": url_of(one.pk, on),
            "state": states.get(one.pk, "missing"),
        }
        for one in classes
    ]
