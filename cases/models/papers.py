"""Papers of a case, their numbers without gaps, and their service."""

from django.db import models
from django.db.models import Q

from accounts.enums import Precision
from accounts.models import User
from cases.enums import records
from cases.fuzzy_dates import FuzzyDate
from cases.models.case import Case
from regions.clock import now
from regions.columns import PathField, new_uid
from students.models import Guardian


class Paper(models.Model):
    """文书: issued by a body under a number; void keeps its number.

    `serial` is empty where the paper came with a number of its own (brought along at go-live).
    `text` holds the fields as issued: what was printed can be printed again.
    """

    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    case = models.ForeignKey(Case, models.PROTECT, related_name="papers")
    kind = models.CharField(max_length=16, choices=records.PaperKind.choices)
    state = models.CharField(
        max_length=8,
        choices=[(s.value, s.value) for s in records.PaperState],
        default=records.PaperState.ISSUED,
    )
    round = models.PositiveSmallIntegerField(default=0)
    body_path = PathField()
    body = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    serial = models.PositiveIntegerField(null=True, blank=True)
    number = models.CharField(max_length=60, blank=True)
    issued_from = models.DateField(null=True, blank=True)
    issued_to = models.DateField(null=True, blank=True)
    precision = models.CharField(
        max_length=10,
        choices=[(p.value, p.value) for p in Precision],
        default=Precision.DAY,
    )
    addressee = models.ForeignKey(Guardian, models.PROTECT, null=True, blank=True)
    addressee_name = models.CharField(max_length=60, blank=True)
    days = models.PositiveSmallIntegerField(null=True, blank=True)
    fine = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    basis = models.CharField(max_length=200, blank=True)
    text = models.JSONField(default=dict, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    entered_at = models.DateTimeField(default=now)
    void_reason = models.CharField(max_length=200, blank=True)
    voided_on = models.DateField(null=True, blank=True)
    voided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["body_path", "kind", "year", "serial"],
                condition=Q(serial__isnull=False),
                name="paper_number_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=records.PaperState.VOID)
                | (Q(voided_on__isnull=False) & ~Q(void_reason="")),
                name="void_paper_has_reason",
            ),
        ]
        indexes = [models.Index(fields=["case", "kind"], name="paper_case")]
        ordering = ["id"]

    @property
    def label(self) -> str:
        return records.PaperKind(self.kind).label

    @property
    def issued(self) -> FuzzyDate:
        return FuzzyDate(self.issued_from, self.issued_to, Precision(self.precision))

    @property
    def is_void(self) -> bool:
        return self.state == records.PaperState.VOID


class Service(models.Model):
    """送达: how, when and to whom a paper was served; it starts the clock on `effective_on`.

    `effective_on` is the day of service, 30 days later for 公告送达, unknown where the day is.
    """

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="services")
    mode = models.CharField(max_length=12, choices=records.ServiceMode.choices)
    served_from = models.DateField(null=True, blank=True)
    served_to = models.DateField(null=True, blank=True)
    precision = models.CharField(max_length=10, choices=[(p.value, p.value) for p in Precision])
    effective_on = models.DateField(null=True, blank=True)
    recipient = models.CharField(max_length=60, blank=True)
    relation = models.CharField(max_length=20, blank=True)
    place = models.CharField(max_length=100, blank=True)
    servers = models.CharField(max_length=60, blank=True)
    witness = models.CharField(max_length=60, blank=True)
    refusal = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True)
    entered_at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(mode=records.ServiceMode.LEFT) | ~Q(witness=""),
                name="left_service_has_witness",
            ),
        ]
        ordering = ["id"]

    @property
    def mode_label(self) -> str:
        return records.ServiceMode(self.mode).label

    @property
    def served(self) -> FuzzyDate:
        return FuzzyDate(self.served_from, self.served_to, Precision(self.precision))
