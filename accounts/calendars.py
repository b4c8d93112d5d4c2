"""The calendar and the policies from a file: who decided which days, entered once, never guessed."""

import re
from dataclasses import dataclass, field
from datetime import date

from accounts import history
from accounts.file_door.door import Door, bring
from accounts.file_door.headings import Column
from accounts.file_door.json_entries import read_entries
from accounts.file_door.outcome import FilePlan, Outcome
from accounts.file_door.rows import Row, RowSet
from accounts.models import User
from accounts.rights import AdminRight, require
from regions.clock import now
from regions.days import as_rule, policies_of
from regions.enums import DayKind, Stage
from regions.models import CalendarChange, CalendarRow, Policy, RegionCode, School
from regions.paths import SEGMENT, common
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.calendar import CalendarRule, each_day, tie
from regions.rules.policies import THRESHOLDS, Policies, Setting, Threshold, comparable, too_loose
from regions.rules.values import BadValue, read_day

SCOPE = re.compile(r"(?P<place>\d{2}|\d{4}|\d{6}|\d{9}|\d{10}|\d{12})(?P<narrow>(/.{1,60})?)")
REQUIRED = ("scope", "from", "to", "kind")
CALENDAR_COLUMNS = {
    one.name: one
    for one in [
        Column("scope", longest=80), Column("from", longest=30), Column("to", longest=30),
        Column("kind", longest=12), Column("reason", longest=200),
    ]
}  # fmt: skip
POLICY_COLUMNS = {
    one.name: one
    for one in [
        Column("scope", longest=12), Column("key", longest=30), Column("value", longest=10),
        Column("from", longest=30), Column("source", longest=120),
    ]
}  # fmt: skip
FIRST_FAULTS = 5


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
        return [(row.region_id, row.key, row.since, row.value) for row in self.policies]


def import_calendar(content: bytes, *, by: User, on: date, filename: str = "calendar.json") -> dict:
    """Enter a JSON list of {scope, from, to, kind, reason}; all of it or, with a sentence, nothing.

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
    standing = list(CalendarRow.objects.all())
    rules = [as_rule(row) for row in standing]
    keys = {_key(row): row.reason for row in standing}
    for entry in plan.outcome.sound(rows):
        row = _calendar_row(entry, by, on)
        if row is None or _is_beyond(entry, AdminRight.CALENDAR, by, row.path):
            plan.outcome.reject(entry.faults)
            continue
        rule = as_rule(row)
        if rule in rules:
            plan.outcome.unchanged += 1
        elif clash := _clash(row, rule, rules, keys):
            entry.fault("scope", clash)
            plan.outcome.reject(entry.faults)
        else:
            rules.append(rule)
            keys[_key(row)] = row.reason
            plan.rows.append(row)
            plan.days += sum(1 for _ in each_day(row.begins, row.ends))
    plan.outcome.created = len(plan.rows)
    return plan


def _key(row: CalendarRow) -> tuple:
    return row.scope, row.begins, row.ends, row.kind


def _clash(
    row: CalendarRow, rule: CalendarRule, rules: list[CalendarRule], keys: dict[tuple, str]
) -> str:
    """Why this row cannot stand beside those that do; "" when it can."""
    if _key(row) in keys:
        return f"与已有的一条冲突：范围、日期和类别都一样，原来的说明是“{keys[_key(row)]}”。"
    if other := tie(rule, rules):
        return f"与已有的一条冲突：{_told(other)}。同一处、同一范围只能有一条。"
    return ""


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


def _calendar_row(entry: Row, by: User, on: date) -> CalendarRow | None:
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
        entered_by=by.username,
    )
    try:
        _read_scope(row)
    except BadValue as wrong:
        return entry.fault("scope", str(wrong))
    return row


def _read_scope(row: CalendarRow) -> None:
    """Set the place and the narrowing of the row's scope. Raises BadValue."""
    found = SCOPE.fullmatch(row.scope)
    if not found:
        raise BadValue("的 scope 应是区划代码或学校标识码，可加 /primary 等范围。")
    row.path = _path(found["place"])
    for part in filter(None, found["narrow"].split("/")):
        key, _, value = part.partition(":")
        if key in set(Stage):
            row.stage = key
        elif key == "grade" and re.fullmatch(r"[1-9](,[1-9]){0,8}", value):
            row.grades = value
        elif key == "boarders" and not value:
            row.boarders = True
        elif key == "community" and value and len(value) <= 40:
            row.community = value.removesuffix("族")
        else:
            raise BadValue(
                f"的范围“{part}”不认识，可写 primary、junior、grade:1,2、boarders、community:民族名。"
            )


def _path(code: str) -> str:
    if len(code) == 10:
        school = School.objects.filter(code=code).first()
        if school:
            return school.path
        raise BadValue(f"：没有学校标识码为 {code} 的学校。")
    region = RegionCode.objects.filter(code=code).select_related("region").first()
    if region:
        return region.region.path
    raise BadValue(f"：没有代码为 {code} 的区划。")


def _told(rule: CalendarRule) -> str:
    label = DayKind(rule.kind).label
    return f"{rule.begins:%Y-%m-%d} 至 {rule.ends:%Y-%m-%d} {label}"


def apply_calendar(plan: CalendarPlan, *, by: User, on: date) -> None:
    """Write the rows; days that may have been judged already are told to attendance."""
    CalendarRow.objects.bulk_create(plan.rows)
    CalendarChange.objects.bulk_create(
        CalendarChange(row=row, path=row.path, begins=row.begins, at=now())
        for row in plan.rows
        if row.begins <= on
    )
    history.record(
        "calendar.import",
        "calendar",
        "",
        path=common(row.path for row in plan.rows),
        by=by,
        on=on,
        after={"rows": len(plan.rows)},
    )


def plan_policies(rows: RowSet, *, by: User, on: date) -> PolicyPlan:
    """The thresholds the entries set; an entry looser than what holds above it is rejected.

    An entry holds for those behind it: a province's line may stand in the file of its county.
    """
    plan = PolicyPlan(Outcome.of(rows))
    set_here: list[Setting] = []
    for entry in plan.outcome.sound(rows):
        policy = _policy(entry, by, set_here, on)
        plan.outcome.reject(entry.faults)
        if policy is None or entry.faults:
            continue
        standing = Policy.objects.filter(
            region=policy.region, key=policy.key, since=policy.since
        ).first()
        _count_policy(plan, policy, standing)
        set_here.append(
            Setting(policy.key, policy.value, policy.region.path, policy.since, policy.source)
        )
    return plan


def _count_policy(plan: PolicyPlan, policy: Policy, standing: Policy | None) -> None:
    plan.policies.append(policy)
    if standing is None:
        plan.outcome.created += 1
    elif (standing.value, standing.source) == (policy.value, policy.source):
        plan.outcome.unchanged += 1
    else:
        plan.outcome.updated += 1


def _check_value(threshold: Threshold, value: str) -> None:
    """Raises ValueError unless it is what this threshold counts: a choice, clock, percent or whole."""
    if threshold.choices:
        fits = value in threshold.choices
    elif ":" in threshold.default:
        fits = re.fullmatch(r"\d\d:\d\d", value) is not None and comparable(value) >= 0
    elif threshold.unit == "%":
        fits = 0 < float(value) <= 100
    else:
        fits = int(value) > 0
    if not fits:
        raise ValueError


def _policy(entry: Row, by: User, set_here: list[Setting], on: date) -> Policy | None:
    """The entry as a row; None, with a fault kept."""
    key, value = entry.text("key"), entry.text("value")
    if key not in THRESHOLDS:
        return entry.fault("key", f"的 key 不认识，可填：{'、'.join(THRESHOLDS)}。")
    if not entry.text("source"):
        return entry.fault("source", "没有依据（source）：请写文号和条款。")
    try:
        _check_value(THRESHOLDS[key], value)
    except ValueError:
        return entry.fault("value", "的值看不懂。")
    since = _day(entry, "from")
    if since is None:
        return None if entry.faults else entry.fault("from", "缺少 from。")
    if refusal := believable.why_not(DateKind.POLICY, since, on=on):
        return entry.fault("from", f"：{refusal}")
    codes = RegionCode.objects.filter(code=entry.text("scope")).select_related("region")
    code = codes.first()
    if code is None:
        return entry.fault("scope", "：没有这个区划代码。")
    path = code.region.path
    if _is_beyond(entry, AdminRight.POLICY, by, path):
        return None
    if wrong := _too_loose(Setting(key, value, path, since, ""), set_here):
        return entry.fault("value", wrong)
    return Policy(
        region=code.region, key=key, since=since, value=value, source=entry.text("source")
    )


def _too_loose(wanted: Setting, set_here: list[Setting]) -> str:
    """Why the threshold may not stand here; "" when it may."""
    standing = policies_of(wanted.path)
    known = Policies((*standing.settings, *set_here))
    above = known.setting(wanted.key, wanted.path[:-SEGMENT], wanted.since)
    if not too_loose(wanted, above):
        return ""
    label = THRESHOLDS[wanted.key].label
    return f"：{label}不能比上级的 {above.value} 更宽（{above.source}）。"


def apply_policies(plan: PolicyPlan, *, by: User, on: date) -> None:
    """Write the thresholds, each over the one of its place and day."""
    for policy in plan.policies:
        Policy.objects.update_or_create(
            region=policy.region,
            key=policy.key,
            since=policy.since,
            defaults={"value": policy.value, "source": policy.source},
        )
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
