"""The calendar and the policies from a file: who decided which days, entered once, never guessed."""

import json
import re
from datetime import date

from django.db import transaction

from accounts import history
from accounts.models import User
from accounts.rights import AdminRight, require
from regions.calendar import CalendarRule, each_day, tie
from regions.clock import now
from regions.days import as_rule, policies_of
from regions.enums import DayKind, Stage
from regions.models import CalendarChange, CalendarRow, Policy, RegionCode, School
from regions.paths import common
from regions.policies import THRESHOLDS, Setting, Threshold, comparable, too_loose
from regions.refusals import Refused

SCOPE = re.compile(r"(?P<place>\d{2}|\d{4}|\d{6}|\d{9}|\d{10}|\d{12})(?P<narrow>(/.+)?)")
KEYS = ("scope", "from", "to", "kind")


@transaction.atomic
def import_calendar(content: bytes, *, by: User, on: date) -> dict:
    """Enter a JSON list of {scope, from, to, kind, reason}; all of it or, with a sentence, nothing.

    Rows that stand already are left. Returns {"days": days entered, "rows", "unchanged"}.
    """
    require(AdminRight.CALENDAR, by)
    entries = _entries(content)
    standing = list(CalendarRow.objects.all())
    rules = [as_rule(row) for row in standing]
    made: list[CalendarRow] = []
    days = 0
    for number, entry in enumerate(entries, 1):
        row = _row(entry, number, by)
        require(AdminRight.CALENDAR, by, over=row.path)
        rule = as_rule(row)
        if rule in rules:
            continue
        if other := tie(rule, rules):
            raise Refused(
                f"第 {number} 条与已有的一条冲突：{_told(other)}。同一处、同一范围只能有一条。"
            )
        rules.append(rule)
        made.append(row)
        days += sum(1 for _ in each_day(row.begins, row.ends))
    CalendarRow.objects.bulk_create(made)
    _note_late(made, on)
    history.record(
        "calendar.import", "calendar", "", path=common(row.path for row in made), by=by, on=on,
        after={"rows": len(made)},
    )  # fmt: skip
    return {"days": days, "rows": len(made), "unchanged": len(entries) - len(made)}


def _entries(content: bytes) -> list[dict]:
    try:
        entries = json.loads(content.decode("utf-8-sig"))
    except ValueError as wrong:
        raise Refused(
            "校历文件不是 JSON。应是一个列表，每条有 scope、from、to、kind、reason。"
        ) from wrong
    if not isinstance(entries, list) or not all(isinstance(one, dict) for one in entries):
        raise Refused("校历文件应是一个列表，每条有 scope、from、to、kind、reason。")
    return entries


def _row(entry: dict, number: int, by: User) -> CalendarRow:
    missing = [key for key in KEYS if not entry.get(key)]
    if missing:
        raise Refused(f"第 {number} 条缺少 {'、'.join(missing)}。")
    try:
        begins, ends = (date.fromisoformat(str(entry[key])) for key in ("from", "to"))
    except ValueError:
        raise Refused(f"第 {number} 条的日期看不懂，请写成 2026-09-01。") from None
    if ends < begins:
        raise Refused(f"第 {number} 条的结束日期早于开始日期。")
    if entry["kind"] not in set(DayKind):
        kinds = "、".join(f"{kind}（{kind.label}）" for kind in DayKind)
        raise Refused(f"第 {number} 条的 kind 不认识，可填：{kinds}。")
    row = CalendarRow(
        scope=str(entry["scope"]), begins=begins, ends=ends, kind=entry["kind"],
        reason=str(entry.get("reason") or "")[:200], entered_by=by.username,
    )  # fmt: skip
    _read_scope(row, number)
    return row


def _read_scope(row: CalendarRow, number: int) -> None:
    found = SCOPE.fullmatch(row.scope.strip())
    if not found:
        raise Refused(f"第 {number} 条的 scope 应是区划代码或学校标识码，可加 /primary 等范围。")
    row.path = _path(found["place"], number)
    for part in filter(None, found["narrow"].split("/")):
        key, _, value = part.partition(":")
        if key in set(Stage):
            row.stage = key
        elif key == "grade" and re.fullmatch(r"[1-9](,[1-9])*", value):
            row.grades = value
        elif key == "boarders" and not value:
            row.boarders = True
        elif key == "community" and value:
            row.community = value.removesuffix("族")
        else:
            raise Refused(
                f"第 {number} 条的范围“{part}”不认识，可写 primary、junior、grade:1,2、boarders、"
                "community:民族名。"
            )


def _path(code: str, number: int) -> str:
    if len(code) == 10:
        school = School.objects.filter(code=code).first()
        if school:
            return school.path
        raise Refused(f"第 {number} 条：没有学校标识码为 {code} 的学校。")
    region = RegionCode.objects.filter(code=code).select_related("region").first()
    if region:
        return region.region.path
    raise Refused(f"第 {number} 条：没有代码为 {code} 的区划。")


def _told(rule: CalendarRule) -> str:
    label = DayKind(rule.kind).label
    return f"{rule.begins:%Y-%m-%d} 至 {rule.ends:%Y-%m-%d} {label}"


def _note_late(rows: list[CalendarRow], on: date) -> None:
    """Days that may have been judged already: attendance judges them again."""
    CalendarChange.objects.bulk_create(
        CalendarChange(row=row, path=row.path, begins=row.begins, at=now())
        for row in rows
        if row.begins <= on
    )


@transaction.atomic
def import_policies(content: bytes, *, by: User, on: date) -> dict:
    """Enter a JSON list of {scope, key, value, from, to, source}: dated thresholds with their source.

    A place may be stricter than what holds above it, never looser. Returns {"rows": entered}.
    """
    require(AdminRight.POLICY, by)
    entries = _entries(content)
    paths = [_enter_policy(entry, number, by) for number, entry in enumerate(entries, 1)]
    history.record(
        "policy.import", "policy", "", path=common(paths), by=by, on=on,
        after={"rows": len(entries)},
    )  # fmt: skip
    return {"rows": len(entries)}


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


def _enter_policy(entry: dict, number: int, by: User) -> str:
    """Enter one threshold; the path of the place it holds for."""
    key, value = str(entry.get("key", "")), str(entry.get("value", ""))
    if key not in THRESHOLDS:
        raise Refused(f"第 {number} 条的 key 不认识，可填：{'、'.join(THRESHOLDS)}。")
    if not entry.get("source"):
        raise Refused(f"第 {number} 条没有依据（source）：请写文号和条款。")
    try:
        _check_value(THRESHOLDS[key], value)
        since = date.fromisoformat(str(entry.get("from", "")))
    except ValueError:
        raise Refused(f"第 {number} 条的值或起始日期看不懂。") from None
    code = RegionCode.objects.filter(code=str(entry.get("scope", ""))).select_related("region")
    region = code.first()
    if region is None:
        raise Refused(f"第 {number} 条：没有这个区划代码。")
    path = region.region.path
    require(AdminRight.POLICY, by, over=path)
    above = policies_of(path).setting(key, path[:-6], since)
    if too_loose(Setting(key, value, path, since, ""), above):
        label = THRESHOLDS[key].label
        raise Refused(f"第 {number} 条：{label}不能比上级的 {above.value} 更宽（{above.source}）。")
    Policy.objects.update_or_create(
        region=region.region, key=key, since=since,
        defaults={"value": value, "source": str(entry["source"])[:120]},
    )  # fmt: skip
    return path
