"""What another value of a threshold would do, or its end: who would newly alert, before it is done."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from attendance.alerts import last_judged
from attendance.flagging import candidates_of
from attendance.records import assess
from attendance.school_year.effects import alert_lines, compare
from regions.days import PlaceRules
from regions.rules.day_words import whole_day
from regions.rules.policies import Policies, Setting

# The thresholds that the rule of unseen days asks for.
OF_ALERTS = frozenset({"flag_days", "teacher_leave_days"})
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class PolicyEffect:
    """Who would come into an alert, and out of one, by the attendance of the last day judged, were
    the change in force on it. `judged` None: the threshold moves no alert. `coming`: it is in force
    from a later day on, whose attendance nobody knows."""

    judged: date | None = None
    opened: int = 0
    closed: int = 0
    coming: bool = False
    afterwards: tuple[str, str] = ("", "")  # what holds once a row has ended or is withdrawn

    @property
    def moves_alerts(self) -> bool:
        """Does anybody come into an alert, or out of one?"""
        return bool(self.opened or self.closed)

    @property
    def lines(self) -> list[tuple[str, str]]:
        said = [self.afterwards] if self.afterwards[0] else []
        if self.judged is None:
            return [*said, ("未到预警", "这一条不影响")]
        said += alert_lines(self.opened, self.closed)
        if self.coming:
            said.append((f"按 {self.judged} 的考勤算；还没有到执行的日子", "到时以当天为准"))
        return said


def effect_of_value(setting: Setting, rules: PlaceRules, *, on: date) -> PolicyEffect:
    """What the value would do at its place."""
    judged = last_judged(setting.path) or on
    coming = setting.since > judged
    settings = [row for row in rules.policies.settings if not _same_place(row, setting)]
    # Of two rows of one day the first speaks: a coming one as if it were in force already.
    held = replace(setting, since=judged) if coming else setting
    told = _effect((held, *settings), setting, rules, judged, coming)
    if setting.until is None:
        return told
    return replace(told, afterwards=_afterwards(Policies((setting, *settings)), setting))


def _afterwards(policies: Policies, setting: Setting) -> tuple[str, str]:
    """What holds from the day after `setting.until`."""
    last = setting.until or setting.since
    return "到期以后", _holds(policies, setting, last + ONE_DAY)


def _holds(policies: Policies, setting: Setting, day: date) -> str:
    holds = policies.setting(setting.key, setting.path, day)
    return f"{whole_day(day)}起 {holds.value}（{holds.source}）"


def effect_of_withdrawal(
    setting: Setting, again: Setting | None, rules: PlaceRules, *, on: date
) -> PolicyEffect:
    """What it would do that the value had never been, and what it replaced stands `again`."""
    kept = [row for row in rules.policies.settings if not _same_place(row, setting)]
    then = (*kept, again) if again else tuple(kept)
    judged = last_judged(setting.path) or on
    told = _effect(then, setting, rules, judged, coming=False)
    day = max(setting.since, on)
    return replace(told, afterwards=("撤销以后", _holds(Policies(then), setting, day)))


def effect_of_end(setting: Setting, rules: PlaceRules, *, on: date) -> PolicyEffect:
    """What it would do that the own rows of the place hold until `setting.until` and no longer."""
    last = setting.until or on
    judged = last_judged(setting.path) or on
    coming = last >= judged
    cut = judged - ONE_DAY if coming else last
    settings = tuple(_cut(row, setting, last, cut) for row in rules.policies.settings)
    then = Policies(tuple(_cut(row, setting, last, last) for row in rules.policies.settings))
    told = _effect(settings, setting, rules, judged, coming)
    return replace(told, afterwards=_afterwards(then, replace(setting, until=last)))


def _cut(row: Setting, ended: Setting, last: date, cut: date) -> Setting:
    own = (row.key, row.path) == (ended.key, ended.path) and row.since <= last
    return replace(row, until=cut) if own and (row.until is None or row.until > cut) else row


def _effect(
    settings: Iterable[Setting], changed: Setting, rules: PlaceRules, judged: date, coming: bool
) -> PolicyEffect:
    if changed.key not in OF_ALERTS:
        return PolicyEffect()
    ids = candidates_of(changed.path, judged, rules)
    after = replace(rules, policies=Policies(tuple(settings)))
    opened, closed = compare(assess(ids, judged, rules), assess(ids, judged, after))
    return PolicyEffect(judged, opened, closed, coming)


def _same_place(row: Setting, other: Setting) -> bool:
    return (row.key, row.path, row.since) == (other.key, other.path, other.since)
