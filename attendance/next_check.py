"""When the attendance of a county is checked, and so when an alert comes: in words with their hour.

The job runs each day from the county's cut-off on; what changes a day it has judged is judged at once,
or by its next pass within minutes (docs/jobs.md).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from attendance.alerts import beyond_decisions, last_judged
from attendance.enums import AlertState, Verdict
from attendance.models import AbsenceAlert
from attendance.records import AbsenceAssessment
from regions.clock import at as instant
from regions.clock import local
from regions.rules.day_words import day_in_words
from regions.rules.policies import Policies

SOON = "几分钟内"


@dataclass(frozen=True, slots=True)
class NextCheck:
    """The check of a day at a place. `done`: the job has judged today; `over`: its hour has come."""

    today: date
    cutoff: str
    over: bool
    done: bool

    @property
    def when(self) -> str:
        """When that which is known now will have been checked."""
        return SOON if self.over or self.done else f"今天 {self.cutoff} 考勤截止后"

    @property
    def said(self) -> str:
        """今天的考勤…: for a page that lists alerts, or none."""
        if self.done:
            return "今天的考勤已经核对过；补报、更正的当即再核对。"
        if self.over:
            return "今天的考勤还没有核对完，核对完才有今天的预警。"
        return f"今天的考勤还没有核对：{self.cutoff} 截止后自动核对，满天数的那时预警。"

    def on(self, first: date) -> str:
        """When a change in force from `first` is checked for the first time."""
        if first <= self.today:
            return self.when
        return f"{day_in_words(first, self.today)} {self.cutoff} 考勤截止后"


def next_check(path: str, policies: Policies, *, at: datetime) -> NextCheck:
    """The check of the day of `at` in the county of `path`; one statement."""
    today = local(at).date()
    cutoff = policies.clock("cutoff", path, today)
    judged = last_judged(path)
    done = judged is not None and judged >= today
    return NextCheck(today, f"{cutoff:%H:%M}", at >= instant(today, cutoff), done)


def yet_to_alert(assessment: AbsenceAssessment, alerts: Iterable[AbsenceAlert]) -> bool:
    """Will the next check raise an alert for this child, where none stands open?"""
    known = list(alerts)
    if any(alert.state == AlertState.OPEN for alert in known):
        return False
    return beyond_decisions(assessment, known).verdict is Verdict.ALERT
