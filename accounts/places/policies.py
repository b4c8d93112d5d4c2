"""A policy by hand: another value of a threshold for a county, never looser than what holds above."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from accounts import history
from accounts.models import User
from accounts.places.calendars import replace_policy
from accounts.rights import AdminRight, require
from regions.days import policies_of
from regions.models import Policy, Region
from regions.paths import SEGMENT
from regions.refusals import Refused
from regions.rules import believable
from regions.rules.believable import DateKind
from regions.rules.policies import THRESHOLDS, Setting, too_loose


@dataclass(frozen=True, slots=True)
class ChangedPolicy:
    """A value of the threshold `key` for `region` from a day on, with its 文号."""

    region: Region
    key: str
    value: str
    since: date
    source: str

    @property
    def setting(self) -> Setting:
        return Setting(self.key, self.value, self.region.path, self.since, self.source)


@transaction.atomic
def set_policy(wanted: ChangedPolicy, *, by: User, on: date) -> Policy:
    """Let the value hold from its day; one entered for that day before ends and is kept."""
    region = Region.objects.select_for_update().get(pk=wanted.region.pk)
    require(AdminRight.POLICY, by, over=region.path)
    threshold = THRESHOLDS[wanted.key]
    if not wanted.source:
        raise Refused("请写文号和条款。")
    if not threshold.takes(wanted.value):
        raise Refused(f"{threshold.label}{threshold.wanted}。")
    if refusal := believable.why_not(DateKind.POLICY, wanted.since, on=on):
        raise Refused(refusal)
    above = policies_of(region.path).setting(wanted.key, region.path[:-SEGMENT], wanted.since)
    if too_loose(wanted.setting, above):
        raise Refused(f"{threshold.label}不能比上级的 {above.value} 更宽（{above.source}）。")
    policy = Policy(
        region=region, key=wanted.key, value=wanted.value, since=wanted.since, source=wanted.source
    )
    replace_policy(policy, by=by)
    history.record(
        "policy.set", "policy", wanted.key, path=region.path, by=by, on=on,
        after={"value": wanted.value, "since": wanted.since.isoformat(), "source": wanted.source},
    )  # fmt: skip
    return policy
