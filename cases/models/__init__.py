"""Bringing a child back: the rows, by record."""

from cases.models.case import Case, CaseEvent, CaseReach
from cases.models.contacts import Contact
from cases.models.deadlines import ClosingWord, Deadline, Plan, PlanTask, Rise, Skip
from cases.models.papers import NumberSeries, Paper, Service

__all__ = [
    "Case", "CaseEvent", "CaseReach", "ClosingWord", "Contact", "Deadline", "NumberSeries",
    "Paper", "Plan", "PlanTask", "Rise", "Service", "Skip",
]  # fmt: skip
