"""What a place has decided: its calendar and its policies, loaded in one statement."""

from dataclasses import dataclass

from django.db.models import BooleanField, CharField, Value

from regions.enums import DayKind, RowState, Stage
from regions.models import CalendarRow, Policy
from regions.paths import ancestors
from regions.rules.calendar import Calendar, CalendarRule
from regions.rules.national import national_rows
from regions.rules.policies import Policies, Setting

COLUMNS = (
    "what", "place", "begins", "ends", "kind", "reason",
    "value", "grades", "boarders", "community", "state",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """The calendar and the thresholds that can speak for anyone at a place."""

    calendar: Calendar
    policies: Policies


def place_rules_of(path: str) -> PlaceRules:
    """All calendar and policy rows that speak at, above and below `path`, national days included."""
    calendar_rows, asked, settings = list(national_rows()), [], []
    for row in _calendar_columns(path).union(_policy_columns(path), all=True):
        record = dict(zip(COLUMNS, row, strict=True))
        if record["what"] == "policy":
            settings.append(_setting(record))
        elif record["state"] == RowState.PROPOSED:
            asked.append(_calendar_row(record))
        else:
            calendar_rows.append(_calendar_row(record))
    return PlaceRules(Calendar(calendar_rows, asked), Policies(tuple(settings)))


def policies_of(path: str) -> Policies:
    """The dated thresholds in force at or above `path`."""
    return place_rules_of(path).policies


def as_rule(row: CalendarRow) -> CalendarRule:
    """A calendar row as the rule reads it."""
    values = [getattr(row, name) for name in ("path", "begins", "ends", "kind", "reason")]
    narrow = [row.stage, row.grades, row.boarders, row.community, row.state]
    return _calendar_row(dict(zip(COLUMNS, ["calendar", *values, *narrow], strict=True)))


def text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _calendar_columns(path: str):
    return (
        CalendarRow.objects.heard()
        .around(path)
        .order_by()
        .annotate(what=text("calendar"))
        .values_list(
            "what",
            "path",
            "begins",
            "ends",
            "kind",
            "reason",
            "stage",
            "grades",
            "boarders",
            "community",
            "state",
        )
    )


def _policy_columns(path: str):
    return (
        Policy.objects.active()
        .filter(region__path__in=ancestors(path))
        .annotate(
            what=text("policy"),
            none=text(""),
            empty=text(""),
            no=Value(False, output_field=BooleanField()),
        )
        .values_list(
            "what",
            "region__path",
            "since",
            "until",
            "key",
            "source",
            "value",
            "none",
            "no",
            "empty",
            "none",
        )
    )


def _setting(record: dict) -> Setting:
    return Setting(
        record["kind"],
        record["value"],
        record["place"],
        record["begins"],
        record["reason"],
        record["ends"],
    )


def _calendar_row(record: dict) -> CalendarRule:
    return CalendarRule(
        path=record["place"],
        begins=record["begins"],
        ends=record["ends"],
        kind=DayKind(record["kind"]),
        reason=record["reason"],
        stage=Stage(record["value"]) if record["value"] else None,
        grades=frozenset(int(grade) for grade in record["grades"].split(",") if grade),
        boarders=bool(record["boarders"]),
        community=record["community"],
    )
