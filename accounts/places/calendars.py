"""The calendar and the policies from a file: who decided which days, entered once, never guessed."""

from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.file_door.door import Door, bring
from accounts.file_door.headings import Column
from accounts.file_door.json_entries import read_entries
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.rows import Row, RowSet
from accounts.models import User
from accounts.places.calendar_rows import tell_attendance
from accounts.places.calendar_scopes import places_of, read_scope
from accounts.places.standing_rows import Standing
from accounts.rights import AdminRight, require
from regions.clock import now
from regions.days import as_rule
from regions.enums import DayKind
from regions.models import CalendarRow, Policy, Region, RegionCode
from regions.paths import SEGMENT, common
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.policies import THRESHOLDS, Policies, Setting, UnreadablePolicy, too_loose
from regions.rules.values import BadValue, read_day

REQUIRED = ("scope", "from", "to", "kind")
CALENDAR_COLUMNS = {
    one.name: one
    for one in [
        Column("scope", longest=80), Column("from", longest=30), Column("to", longest=30),
        Column("kind", longest=12), Column("reason", longest=200),
        Column("source", longest=120),
    ]
}  # fmt: skip
POLICY_COLUMNS = {
    one.name: one
    for one in [
        Column("scope", longest=12), Column("key", longest=30), Column("value", longest=10),
        Column("from", longest=30), Column("to", longest=30), Column("source", longest=120),
    ]
}  # fmt: skip
FIRST_FAULTS = 5
TWICE = "与第 {number} 条重复：同一处、同一天（{since}）的“{label}”只能写一条。"


@dataclass
class CalendarPlan(FilePlan):
    """The rows that do not stand yet, and how many days they speak of."""

    rows: list[CalendarRow] = field(default_factory=list)
    days: int = 0

    def told(self) -> object:
        return [(row.scope, row.begins, row.ends, row.kind, row.reason) for row in self.rows]


@dataclass
class PolicyPlan(FilePlan):
    """The dated thresholds of the file, each ready to be written."""

    policies: list[Policy] = field(default_factory=list)

    def told(self) -> object:
        return [(row.region_id, row.key, row.since, row.until, row.value) for row in self.policies]


def import_calendar(content: bytes, *, by: User, on: date, filename: str = "calendar.json") -> dict:
    """Enter a JSON list of {scope, from, to, kind, reason, source}; all of it or, with a sentence, nothing.

    Rows that stand already are left. Returns {"days": days entered, "rows", "unchanged"}, and
    "already" where the file was entered before.
    """
    plan = bring(CALENDAR, content, filename, by=by, on=on).plan
    refuse_rejected(plan.outcome)
    told = {"days": plan.days, "rows": len(plan.rows), "unchanged": plan.outcome.unchanged}
    return told | ({"already": plan.outcome.already} if plan.outcome.already else {})


def import_policies(content: bytes, *, by: User, on: date, filename: str = "policies.json") -> dict:
    """Enter a JSON list of {scope, key, value, from, to, source}: dated thresholds with their source.

    A place may be stricter than what holds above it, never looser. Returns {"rows": entered}.
    """
    outcome = bring(POLICIES, content, filename, by=by, on=on).plan.outcome
    refuse_rejected(outcome)
    return {"rows": outcome.rows} | ({"already": outcome.already} if outcome.already else {})


def refuse_rejected(outcome: Outcome) -> None:
    """A JSON file has no rows to give back: its faults are told in one refusal."""
    if outcome.rejected:
        raise Refused("".join(fault.message for fault in outcome.rejected[:FIRST_FAULTS]))


def plan_calendar(rows: RowSet, *, by: User, on: date) -> CalendarPlan:
    """The rows of the calendar that the entries add; entries that contradict a row are rejected."""
    plan = CalendarPlan(Outcome.of(rows))
    places = places_of(entry.text("scope") for entry in rows.rows)
    standing = Standing.load()
    for entry in plan.outcome.sound(rows):
        row = _calendar_row(entry, by, on, places)
        if row is None or _is_beyond(entry, AdminRight.CALENDAR, by, row.path):
            plan.outcome.reject(entry.faults)
        elif as_rule(row) in standing.rules:
            plan.outcome.unchanged += 1
        elif clash := standing.clash(row):
            entry.fault("scope", clash)
            plan.outcome.reject(entry.faults)
        else:
            standing.add(row, f"第 {entry.number} 条")
            plan.rows.append(row)
            plan.days += (row.ends - row.begins).days + 1
    plan.outcome.created = len(plan.rows)
    return plan


def _is_beyond(entry: Row, act: AdminRight, by: User, path: str) -> bool:
    """Keeps a fault when the place is not theirs."""
    try:
        require(act, by, over=path)
    except Refused as refusal:
        entry.fault("scope", f"：{refusal}")
        return True
    return False


def _day(entry: Row, key: str) -> date | None:
    """The day an entry has under `key`; None, with a fault kept."""
    return entry.take(key, read_day, what=f"的日期 {key} ")


def _calendar_row(entry: Row, by: User, on: date, places: dict[str, str]) -> CalendarRow | None:
    """The entry as a row; None, with faults kept."""
    missing = [key for key in REQUIRED if not entry.text(key)]
    if missing:
        entry.fault(missing[0], f"缺少 {'、'.join(missing)}。")
        return None
    begins, ends = (_day(entry, key) for key in ("from", "to"))
    if begins is None or ends is None:
        return None
    if ends < begins:
        return entry.fault("to", "的结束日期早于开始日期。")
    if entry.text("kind") not in set(DayKind):
        kinds = "、".join(f"{kind}（{kind.label}）" for kind in DayKind)
        return entry.fault("kind", f"的 kind 不认识，可填：{kinds}。")
    kind = DayKind(entry.text("kind"))
    if refusal := believable.why_not_row(kind, begins, ends, on=on):
        return entry.fault("to", f"：{refusal}")
    row = CalendarRow(
        scope=entry.text("scope"),
        begins=begins,
        ends=ends,
        kind=entry.text("kind"),
        reason=entry.text("reason"),
        source=entry.text("source"),
        entered_by=by.username,
        entered_on=on,
    )
    try:
        read_scope(row, places)
    except BadValue as wrong:
        return entry.fault("scope", str(wrong))
    return row


def apply_calendar(plan: CalendarPlan, *, by: User, on: date) -> None:
    """Write the rows; days that may have been judged already are told to attendance."""
    CalendarRow.objects.bulk_create(plan.rows)
    for row in plan.rows:
        tell_attendance(row, since=row.begins, on=on)
    history.record(
        "calendar.import",
        "calendar",
        "",
        path=common(row.path for row in plan.rows),
        by=by,
        on=on,
        after={"rows": len(plan.rows)},
    )


@dataclass
class _Decided:
    """What is decided already: in the table, and by the entries of the file that came before."""

    rows: dict[tuple[int, str, date], Policy]
    settings: list[Setting]
    entries: dict[tuple[int, str, date], int] = field(default_factory=dict)

    @classmethod
    def load(cls) -> "_Decided":
        rows = list(Policy.objects.active().select_related("region"))
        return cls({_day_of(row): row for row in rows}, [_setting(row) for row in rows])

    def add(self, policy: Policy, number: int) -> None:
        self.entries[_day_of(policy)] = number
        standing = self.rows.get(_day_of(policy))
        if standing:
            self.settings.remove(_setting(standing))
        self.settings.append(_setting(policy))


def _day_of(policy: Policy) -> tuple[int, str, date]:
    """The place, the threshold and the day: one row stands for each."""
    return policy.region.pk, policy.key, policy.since


def _setting(row: Policy) -> Setting:
    return Setting(row.key, row.value, row.region.path, row.since, row.source, row.until)


def plan_policies(rows: RowSet, *, by: User, on: date) -> PolicyPlan:
    """The thresholds the entries set; an entry looser than what holds above it is rejected.

    An entry holds for those behind it: a province's line may stand in the file of its county.
    """
    plan = PolicyPlan(Outcome.of(rows))
    decided = _Decided.load()
    codes = {entry.text("scope") for entry in rows.rows}
    found = RegionCode.objects.filter(code__in=codes).select_related("region")
    regions = {code.code: code.region for code in found}
    for entry in plan.outcome.sound(rows):
        policy = _policy(entry, by, regions, decided, on)
        plan.outcome.reject(entry.faults)
        if policy is None or entry.faults:
            continue
        _count_policy(plan, policy, decided.rows.get(_day_of(policy)))
        decided.add(policy, entry.number)
    return plan


def _count_policy(plan: PolicyPlan, policy: Policy, standing: Policy | None) -> None:
    plan.policies.append(policy)
    if standing is None:
        plan.outcome.created += 1
    elif _words(standing) == _words(policy):
        plan.outcome.unchanged += 1
    else:
        plan.outcome.updated += 1


def _words(policy: Policy) -> tuple:
    return policy.value, policy.source, policy.until


def _policy(
    entry: Row, by: User, regions: dict[str, Region], decided: _Decided, on: date
) -> Policy | None:
    """The entry as a row; None, with a fault kept."""
    key, value = entry.text("key"), entry.text("value")
    if key not in THRESHOLDS:
        return entry.fault("key", f"的 key 不认识，可填：{'、'.join(THRESHOLDS)}。")
    if not entry.text("source"):
        return entry.fault("source", "没有依据（source）：请写文号和条款。")
    threshold = THRESHOLDS[key]
    if not threshold.takes(value):
        wanted = f"{threshold.label}（{key}）{threshold.wanted}"
        return entry.fault("value", f"的值看不懂或超出范围：{wanted}。")
    since = _day(entry, "from")
    if since is None:
        return None if entry.faults else entry.fault("from", "缺少 from。")
    until = _day(entry, "to")
    for column, day in (("from", since), ("to", until)):
        if day and (refusal := believable.why_not(DateKind.POLICY, day, on=on)):
            return entry.fault(column, f"：{refusal}")
    if until and until < since:
        return entry.fault("to", "的结束日期早于开始日期。")
    region = regions.get(entry.text("scope"))
    if region is None:
        return entry.fault("scope", "：没有这个区划代码。")
    if _is_beyond(entry, AdminRight.POLICY, by, region.path):
        return None
    policy = Policy(
        region=region, key=key, since=since, until=until, value=value, source=entry.text("source")
    )
    if first := decided.entries.get(_day_of(policy)):
        return entry.fault("key", TWICE.format(number=first, label=threshold.label, since=since))
    if wrong := _too_loose(_setting(policy), decided):
        return entry.fault("value", wrong)
    return policy


def _too_loose(wanted: Setting, decided: _Decided) -> str:
    """Why the threshold may not stand here; "" when it may."""
    known = Policies(tuple(decided.settings))
    above = known.setting(wanted.key, wanted.path[:-SEGMENT], wanted.since)
    try:
        loose = too_loose(wanted, above)
    except UnreadablePolicy as unreadable:
        return f"：要与上级比较，而上级的{unreadable}"
    if not loose:
        return ""
    label = THRESHOLDS[wanted.key].label
    return f"：{label}不能比上级的 {above.value} 更宽（{above.source}）。"


def replace_policy(policy: Policy, *, by: User) -> None:
    """Let this threshold stand; nothing happens where one of the same words does."""
    standing = Policy.objects.active().filter(
        region=policy.region, key=policy.key, since=policy.since
    )
    same = standing.filter(value=policy.value, source=policy.source, until=policy.until)
    if same.exists():
        return
    policy.replaces = standing.first()
    standing.update(ended_at=now(), ended_by=by.username)
    policy.entered_by = by.username
    policy.save()


def apply_policies(plan: PolicyPlan, *, by: User, on: date) -> None:
    """Write the thresholds; one that stands for the same place and day ends and is kept."""
    for policy in plan.policies:
        replace_policy(policy, by=by)
    history.record(
        "policy.import",
        "policy",
        "",
        path=common(policy.region.path for policy in plan.policies),
        by=by,
        on=on,
        after={"rows": len(plan.policies)},
    )


CALENDAR = Door(
    name="calendar", title="校历", plan=plan_calendar, apply=apply_calendar,
    read=lambda content, filename: read_entries(content, "校历", CALENDAR_COLUMNS),
    require=lambda by: require(AdminRight.CALENDAR, by), scopes=lambda by: [""],
)  # fmt: skip
POLICIES = Door(
    name="policies", title="政策", plan=plan_policies, apply=apply_policies,
    read=lambda content, filename: read_entries(content, "政策", POLICY_COLUMNS),
    require=lambda by: require(AdminRight.POLICY, by), scopes=lambda by: [""],
)  # fmt: skip
