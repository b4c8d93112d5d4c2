"""Bringing a child back: the rows, by record."""

from cases.models.approvals import ClosingWord, Skip
from cases.models.case import Case, CaseEvent, CaseReach
from cases.models.contacts import Contact
from cases.models.deadlines import Deadline
from cases.models.escalations import Rise
from cases.models.papers import NumberSeries, Paper, Service
from cases.models.plans import Plan, PlanTask

__all__ = [
    "Case", "CaseEvent", "CaseReach", "ClosingWord", "Contact", "Deadline", "NumberSeries",
    "Paper", "Plan", "PlanTask", "Rise", "Service", "Skip",
]  # fmt: skip
