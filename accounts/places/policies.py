"""A policy by hand: a threshold of a county, never looser than what holds above it, and its end."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet

from accounts import history
from accounts.models import User
from accounts.places.calendars import replace_policy
from accounts.rights import AdminRight, require
from regions.clock import now
from regions.days import policies_of
from regions.models import Policy, Region
from regions.paths import SEGMENT
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.lengths import reason_of
from regions.rules.policies import THRESHOLDS, Setting, too_loose

NOTHING_TO_END = "本县没有在那天以后还执行的这一条，不用结束。"


@dataclass(frozen=True, slots=True)
class ChangedPolicy:
    """A value of the threshold `key` for `region` from a day on, or until another, with its 文号."""

    region: Region
    key: str
    value: str
    since: date
    source: str
    until: date | None = None

    @property
    def setting(self) -> Setting:
        return Setting(self.key, self.value, self.region.path, self.since, self.source, self.until)


@dataclass(frozen=True, slots=True)
class EndedPolicy:
    """The threshold `key` of `region` holds until `last`; from then on what stands above it does."""

    region: Region
    key: str
    last: date
    source: str


@transaction.atomic
def set_policy(wanted: ChangedPolicy, *, by: User, on: date) -> Policy:
    """Let the value hold from its day; one entered for that day before ends and is kept."""
    region = Region.objects.select_for_update().get(pk=wanted.region.pk)
    refuse_policy(wanted, by=by, on=on)
    policy = Policy(
        region=region, key=wanted.key, value=wanted.value, since=wanted.since,
        until=wanted.until, source=wanted.source,
    )  # fmt: skip
    replace_policy(policy, by=by)
    _record("policy.set", wanted.setting, by=by, on=on)
    return policy


def refuse_policy(wanted: ChangedPolicy, *, by: User, on: date) -> None:
    """Refused where `set_policy` would be; a preview asks it too."""
    require(AdminRight.POLICY, by, over=wanted.region.path)
    threshold = THRESHOLDS[wanted.key]
    if not wanted.source:
        raise Refused("请写文号和条款。")
    if not threshold.takes(wanted.value):
        raise Refused(f"{threshold.label}{threshold.wanted}。")
    _refuse_day(wanted.since, on)
    if wanted.until is not None:
        _refuse_day(wanted.until, on)
        if wanted.until < wanted.since:
            raise Refused("到期日早于开始的那天。")
    path = wanted.region.path
    above = policies_of(path).setting(wanted.key, path[:-SEGMENT], wanted.since)
    if too_loose(wanted.setting, above):
        raise Refused(f"{threshold.label}不能比上级的 {above.value} 更宽（{above.source}）。")


def _refuse_day(day: date, on: date) -> None:
    if refusal := believable.why_not(DateKind.POLICY, day, on=on):
        raise Refused(refusal)


@transaction.atomic
def end_policy(wanted: EndedPolicy, *, by: User, on: date) -> list[Policy]:
    """Let the county's own rows of a threshold hold no longer than `last`. A row never changes: each
    ends and is kept, and one of the same words until `last` stands in its place, where any is left.
    """
    region = Region.objects.select_for_update().get(pk=wanted.region.pk)
    refuse_policy_end(wanted, by=by, on=on)
    ended = list(holding_after(wanted))
    Policy.objects.filter(pk__in=[row.pk for row in ended]).update(
        ended_at=now(), ended_by=by.username
    )
    rest = [
        Policy(
            region=region, key=row.key, value=row.value, since=row.since, until=wanted.last,
            source=row.source, entered_by=by.username, replaces=row,
        )
        for row in ended
    ]  # fmt: skip
    Policy.objects.bulk_create(rest)
    for row in rest:
        said = Setting(row.key, row.value, region.path, row.since, wanted.source, wanted.last)
        _record("policy.end", said, by=by, on=on)
    return rest


def refuse_policy_end(wanted: EndedPolicy, *, by: User, on: date) -> None:
    """Refused where `end_policy` would be; a preview asks it too."""
    require(AdminRight.POLICY, by, over=wanted.region.path)
    if not wanted.source:
        raise Refused("请写文号和条款。")
    _refuse_day(wanted.last, on)
    if not holding_after(wanted).exists():
        raise Refused(NOTHING_TO_END)


def holding_after(wanted: EndedPolicy) -> QuerySet[Policy]:
    """The county's own rows that hold on the last day and would hold beyond it; a row that begins
    later is another decision."""
    own = Policy.objects.active().filter(region=wanted.region, key=wanted.key)
    beyond = Q(until=None) | Q(until__gt=wanted.last)
    return own.filter(beyond, since__lte=wanted.last).order_by("since")


@transaction.atomic
def withdraw_policy(pk: int, *, reason: str, by: User, on: date) -> Policy | None:
    """撤销 a value that was entered wrongly, as if it had never been: what it replaced stands again, as
    a row of the same words, which is returned; without one, what holds above."""
    row = Policy.objects.select_related("region", "replaces").get(pk=pk)
    Region.objects.select_for_update().get(pk=row.region_id)
    row.refresh_from_db(fields=["ended_at"])
    told = refuse_withdrawal(row, reason=reason, by=by)
    row.ended_at, row.ended_by, row.end_reason = now(), by.username, told
    row.save(update_fields=["ended_at", "ended_by", "end_reason"])
    again = comes_back(row)
    if again:
        again.entered_by = by.username
        again.save()
    _record("policy.withdraw", said_by(row), by=by, on=on, note=told)
    return again


def refuse_withdrawal(row: Policy, *, reason: str, by: User) -> str:
    """The reason as it is kept; Refused where `withdraw_policy` would be, a preview asks it too."""
    require(AdminRight.POLICY, by, over=row.region.path)
    if row.ended_at:
        raise Refused("这一条已经撤销，或者已被后来录入的代替，请刷新页面。")
    return reason_of(reason, "撤销的原因")


def comes_back(row: Policy) -> Policy | None:
    """The unsaved row that stands again once this one is withdrawn: the words of what it replaced."""
    before = row.replaces
    if before is None:
        return None
    return Policy(
        region=row.region, key=row.key, value=before.value, since=before.since, until=before.until,
        source=before.source, replaces=before.replaces,
    )  # fmt: skip


def said_by(row: Policy) -> Setting:
    """A row as the rule reads it."""
    return Setting(row.key, row.value, row.region.path, row.since, row.source, row.until)


def _record(verb: str, said: Setting, *, by: User, on: date, note: str = "") -> None:
    after = {"value": said.value, "since": said.since.isoformat(), "source": said.source}
    if said.until:
        after["until"] = said.until.isoformat()
    history.record(verb, "policy", said.key, path=said.path, by=by, on=on, after=after, note=note)
