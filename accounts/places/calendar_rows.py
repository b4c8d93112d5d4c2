"""Calendar rows by hand: entered, ended, asked for and decided. A row never changes and never goes.

Each verb tells attendance (CalendarChange) from which day on its judgement may be another.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from accounts import history
from accounts.models import User
from accounts.places.calendar_scopes import places_of, read_scope
from accounts.places.held_days import pending_closures, refuse_further, would_hold
from accounts.places.standing_rows import refuse_clash
from accounts.rights import AdminRight, may, require
from accounts.seats.independence import why_dependent
from regions.clock import now
from regions.days import as_rule
from regions.enums import DayKind, Level, RowState
from regions.models import CalendarChange, CalendarRow, Region, School
from regions.paths import COUNTY, inside
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.calendar import grades_of
from regions.rules.calendar_gaps import why_not_settle
from regions.rules.closures import LONGEST_SUSPENSION, days_in
from regions.rules.lengths import reason_of, whole
from regions.rules.national import national_rows
from regions.rules.values import BadValue

ONE_DAY = timedelta(days=1)
OWN_SCHOOL = "中心校本校的停课由县教育体育局核定。"
DECIDED_ALREADY = "这一处停课已经有人核定，请刷新页面。"


@dataclass(frozen=True, slots=True)
class Draft:
    """A row as a form has it. `scope` is written as in a file: 539901/junior/grade:9."""

    scope: str
    kind: DayKind
    begins: date
    ends: date
    reason: str = ""
    source: str = ""


def drafted(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """The unsaved row of a draft; Refused where its place or its days cannot be believed."""
    if draft.ends < draft.begins:
        raise Refused("结束日期早于开始日期。")
    if refusal := believable.why_not_row(draft.kind, draft.begins, draft.ends, on=on):
        raise Refused(refusal)
    row = CalendarRow(
        scope=draft.scope, kind=draft.kind, begins=draft.begins, ends=draft.ends,
        reason=draft.reason, source=draft.source, entered_by=by.username, entered_on=on,
    )  # fmt: skip
    try:
        read_scope(row, places_of([draft.scope]))
    except BadValue as wrong:
        raise Refused(f"范围{wrong}".replace("范围：", "").replace("范围的", "")) from None
    if not grades_of(as_rule(row)):
        raise Refused("这个学段没有这些年级。")
    return row


@transaction.atomic
def add_row(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """Enter a row that speaks at once: the bureau's, or a class suspended by its 中心校 for at most
    five days on a health authority's opinion. Refused without a source, or where it contradicts."""
    row = drafted(draft, by=by, on=on)
    require(_right_to_add(row), by, over=row.path)
    _lock_place(row.path)
    checked_row(draft, by=by, on=on)
    row.save()
    tell_attendance(row, since=row.begins, on=on)
    _record("calendar.add", row, by=by, on=on)
    return row


def checked_row(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """The unsaved row that `add_row` would enter, for its preview; Refused where that would be."""
    row = drafted(draft, by=by, on=on)
    require(_right_to_add(row), by, over=row.path)
    _refuse_suspension(row, by, on)
    if not row.source:
        raise Refused("请写依据：文号，或卫生健康部门的意见。")
    refuse_clash(row)
    return row


def _right_to_add(row: CalendarRow) -> AdminRight:
    suspended = row.kind == DayKind.CLOSURE and "C" in row.path
    if not suspended:
        return AdminRight.CALENDAR
    if days_in(row.begins, row.ends) > LONGEST_SUSPENSION:
        raise Refused(f"一个班最多停课 {LONGEST_SUSPENSION} 天，更久请到期再办。")
    return AdminRight.SUSPEND_CLASS


def _refuse_suspension(row: CalendarRow, by: User, on: date) -> None:
    """A 中心校 suspends a whole class of a school it leads from today on, five days in a row at most;
    what is past, longer or its own school's the bureau decides."""
    if (
        row.kind != DayKind.CLOSURE
        or "C" not in row.path
        or may(AdminRight.CALENDAR, by, over=row.path)
    ):
        return
    if row.begins < on:
        raise Refused("过去的日子停课由县教育体育局核定。")
    if row.grades or row.boarders or row.community:
        raise Refused("班级停课是全班停课，不能只停一部分学生。")
    if _is_own(row, by):
        raise Refused(OWN_SCHOOL)
    near = timedelta(days=LONGEST_SUSPENSION)
    others = CalendarRow.objects.active().filter(
        path=row.path,
        kind=DayKind.CLOSURE,
        begins__lte=row.ends + near,
        ends__gte=row.begins - near,
    )
    days = days_in(row.begins, row.ends) + sum(days_in(one.begins, one.ends) for one in others)
    if days > LONGEST_SUSPENSION:
        raise Refused(f"一个班连续停课最多 {LONGEST_SUSPENSION} 天，更久由县教育体育局核定。")


def _is_own(row: CalendarRow, by: User, own: Collection[str] | None = None) -> bool:
    """Is the row about the school `by` itself sits at, not one it leads? `own`: as already read."""
    return any(row.path.startswith(path) for path in (own_places(by) if own is None else own))


def own_places(by: User) -> list[str]:
    """The schools `by` itself sits at."""
    return list(by.seats.filter(school__isnull=False).values_list("path", flat=True))


@transaction.atomic
def ask_closure(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """A school asks to close, or a class teacher for the class alone. One day, today or tomorrow, is
    停课待核 from now on; a longer or a past closure, and one that was answered with no before,
    changes nothing until it is approved. Refused while as many days wait as may."""
    row = wanted_closure(draft, by=by, on=on)
    _lock_place(row.path)
    checked_closure(draft, by=by, on=on)
    row.state = RowState.PROPOSED
    row.holds_day = would_hold(row, on=on)
    row.save()
    if row.holds_day:
        tell_attendance(row, since=row.begins, on=on)
    _record("calendar.ask", row, by=by, on=on)
    return row


def checked_closure(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """The unsaved row that `ask_closure` would enter, for its preview; Refused where that would be."""
    row = wanted_closure(draft, by=by, on=on)
    refuse_clash(row)
    if pending_closures(row.path, row.begins, row.ends):
        raise Refused("这几天已经申请过停课，正等核定。")
    refuse_further(row, on=on)
    return row


def wanted_closure(draft: Draft, *, by: User, on: date) -> CalendarRow:
    """The unsaved row of a closure that is asked for; Refused where they may not ask for it."""
    row = drafted(draft, by=by, on=on)
    require(_right_to_ask(row), by, over=row.path)
    if row.kind != DayKind.CLOSURE:
        raise Refused("学校只能申请停课；放假、调休和学期由县教育体育局录入。")
    if row.stage or row.grades or row.boarders or row.community:
        raise Refused("停课按全校或整班申请，不能只停一部分学生。")
    if not row.reason:
        raise Refused("请写停课的原因。")
    return row


def _right_to_ask(row: CalendarRow) -> AdminRight:
    return AdminRight.ASK_CLASS_CLOSURE if "C" in row.path else AdminRight.ASK_CLOSURE


@transaction.atomic
def decide_closure(pk: int, *, agreed: bool, words: str, by: User, on: date) -> CalendarRow:
    """中心校 or the bureau approves what a school asked for, or does not. Both versions stay."""
    row = locked(pk)
    if row.state != RowState.PROPOSED:
        raise Refused(DECIDED_ALREADY)
    refuse_decider(row, by)
    asker = User.objects.filter(username=row.entered_by).first()
    if asker and (refusal := why_dependent(by, asker, on)):
        raise Refused(refusal)
    words = whole(words, 200, "意见") if agreed else reason_of(words, "不同意停课的原因")
    if agreed:
        _lock_place(row.path)
        refuse_clash(row)
    row.state = RowState.ACTIVE if agreed else RowState.REFUSED
    row.decided_by, row.decided_at, row.decision = by.username, now(), words
    row.save(update_fields=["state", "decided_by", "decided_at", "decision"])
    if agreed or row.holds_day:
        tell_attendance(row, since=row.begins, on=on)
    _record("calendar.approve" if agreed else "calendar.refuse", row, by=by, on=on, note=words)
    return row


def refuse_decider(row: CalendarRow, by: User, own: Collection[str] | None = None) -> None:
    """Nobody decides what they asked for; a 中心校 decides for the schools it leads, not for itself."""
    require(AdminRight.DECIDE_CLOSURE, by, over=row.path)
    if row.entered_by == by.username:
        raise Refused("自己申请的停课不能自己核定。")
    if not may(AdminRight.CALENDAR, by, over=row.path) and _is_own(row, by, own):
        raise Refused(OWN_SCHOOL)


@transaction.atomic
def end_row(
    pk: int, *, last: date | None = None, reason: str, by: User, on: date
) -> CalendarRow | None:
    """撤销 a row as if it had never been (`last` None), or let it end on an earlier `last` day.

    The row stays as ended; what is left of a shortened one is a row of its own, which is returned.
    A school, or the teacher of the class, takes back what was asked for and nobody decided; all else
    is the bureau's, and a closure of its schools also the 中心校's.
    """
    row = locked(pk)
    refuse_end(row, last=last, reason=reason, by=by)
    spoke = row.state == RowState.ACTIVE or row.holds_day
    rest = _rest_of(row, last, by, on) if last else None
    row.state = RowState.ENDED
    row.ended_by, row.ended_at, row.end_reason = by.username, now(), reason.strip()
    row.save(update_fields=["state", "ended_by", "ended_at", "end_reason"])
    if rest:
        rest.save()
    if spoke:
        tell_attendance(row, since=last + ONE_DAY if last else row.begins, on=on)
    _record("calendar.end", row, by=by, on=on, note=reason)
    return rest


def refuse_end(row: CalendarRow, *, last: date | None, reason: str, by: User) -> None:
    """Refused where `end_row` would be; a preview asks it too."""
    if row.state not in (RowState.ACTIVE, RowState.PROPOSED):
        raise Refused("这一条已经撤销或没有生效，请刷新页面。")
    require(right_to_end(row), by, over=row.path)
    reason_of(reason, "为什么撤销或提前结束")
    if last is None:
        return
    if row.state == RowState.PROPOSED:
        raise Refused("还没有核定的停课只能撤回，不能提前结束。")
    if row.begins == row.ends:
        raise Refused("只有一天的不能提前结束，只能撤销。")
    if not row.begins <= last < row.ends:
        raise Refused(f"提前结束的日期应在 {row.begins} 至 {row.ends - ONE_DAY} 之间。")


def right_to_end(row: CalendarRow) -> AdminRight:
    """What it takes to take the row back."""
    if row.state == RowState.PROPOSED:
        return _right_to_ask(row)
    of_a_school = row.kind == DayKind.CLOSURE and "S" in row.path
    return AdminRight.DECIDE_CLOSURE if of_a_school else AdminRight.CALENDAR


def _rest_of(row: CalendarRow, last: date, by: User, on: date) -> CalendarRow:
    """What is left of a row that ends earlier: the same words until `last`."""
    kept = ("path", "scope", "begins", "kind", "reason", "stage", "grades", "boarders",
            "community", "source", "decided_by", "decided_at", "decision")  # fmt: skip
    same = {name: getattr(row, name) for name in kept}
    return CalendarRow(ends=last, entered_by=by.username, entered_on=on, replaces=row, **same)


def tell_attendance(row: CalendarRow, *, since: date, on: date) -> None:
    """Days from `since` may have been judged by another calendar: each county judges them anew."""
    if since > on:
        return
    paths = [row.path]
    if len(row.path) < COUNTY:
        below = (
            Region.objects.filter(inside("path", row.path)) if row.path else Region.objects.all()
        )
        paths = list(below.filter(level=Level.COUNTY).values_list("path", flat=True))
    CalendarChange.objects.bulk_create(
        CalendarChange(row=row, path=path, begins=since, at=now()) for path in paths
    )


def locked(pk: int) -> CalendarRow:
    """The row, locked. Refused when there is none."""
    row = CalendarRow.objects.select_for_update().filter(pk=pk).first()
    if row is None:
        raise Refused("没有这一条校历，请刷新页面。")
    return row


def _lock_place(path: str) -> None:
    """Two people who enter rows of one place wait for each other, so that both ask the rule."""
    school = path.split("C", 1)[0]
    model = School if "S" in path else Region
    list(model.objects.select_for_update(of=("self",)).filter(path=school))


def _record(verb: str, row: CalendarRow, *, by: User, on: date, note: str = "") -> None:
    said = {
        "kind": row.kind, "from": row.begins.isoformat(), "to": row.ends.isoformat(),
        "scope": row.scope, "state": row.state, "source": row.source,
    }  # fmt: skip
    history.record(
        verb, "calendar_row", str(row.pk), path=row.path, by=by, on=on, after=said, note=note
    )


@transaction.atomic
def settle_year(year: int, county: Region, *, source: str, by: User, on: date) -> CalendarRow:
    """核定 a calendar year for a county: from now on its days are decided. Refused while the national
    days with their notice or a term are missing, or two rows contradict."""
    require(AdminRight.CALENDAR, by, over=county.path)
    if abs(year - on.year) > 1:
        raise Refused("只能核定去年、今年和明年的校历。")
    active = CalendarRow.objects.active().around(county.path)
    known = [as_rule(row) for row in active if len(row.path) <= COUNTY]
    told = active.filter(kind=DayKind.HOLIDAY).exclude(source="")
    days = [*told.values_list("begins", flat=True)]
    if refusal := why_not_settle([*national_rows(), *known], days, year):
        raise Refused(refusal)
    code = county.codes.get(ended=None).code
    draft = Draft(code, DayKind.YEAR, date(year, 1, 1), date(year, 12, 31), "本年已定", source)
    return add_row(draft, by=by, on=on)


def may_decide(row: CalendarRow, by: User, own: Collection[str] | None = None) -> bool:
    """Would `decide_closure` let them? `own`: their `own_places`, where many rows are asked about."""
    try:
        refuse_decider(row, by, own)
    except Refused:
        return False
    return True
