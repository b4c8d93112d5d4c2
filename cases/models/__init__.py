"""Bringing a child back: the rows, by record."""

from cases.models.approvals import ClosingOpinion, Skip
from cases.models.case import Case, CaseAccess, CaseEvent
from cases.models.contacts import Contact
from cases.models.deadlines import Deadline
from cases.models.escalations import Escalation
from cases.models.papers import Paper, Service
from cases.models.plans import Plan, PlanTask

__all__ = [
    "Case",
    "CaseAccess",
    "CaseEvent",
    "ClosingOpinion",
    "Contact",
    "Deadline",
    "Escalation",
    "Paper",
    "Plan",
    "PlanTask",
    "Service",
    "Skip",
]  # fmt: skip
