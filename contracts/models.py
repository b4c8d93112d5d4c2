"""责任书: who answers for what this year, from the county down to the village and the school."""

from django.db import models
from django.db.models import Q

from accounts.models import User
from contracts import enums, rights
from regions.clock import now
from regions.columns import PathField, new_uid
from regions.paths import inside


class ContractChoice(models.Model):
    """What a county chose: both are off until a document of the county says otherwise (基层减负)."""

    county_path = PathField()
    per_teacher = models.BooleanField(default=False)
    veto = models.BooleanField(default=False)
    source = models.CharField(max_length=120, blank=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["county_path"], name="contract_choice_once"),
            models.CheckConstraint(
                condition=Q(per_teacher=False, veto=False) | ~Q(source=""),
                name="contract_choice_source",
            ),
        ]


class ContractTemplate(models.Model):
    """A county's own wording of a link for a year; where there is none, the portal's stands."""

    county_path = PathField()
    year = models.PositiveSmallIntegerField()
    link = models.CharField(max_length=20, choices=enums.Link.choices)
    title = models.CharField(max_length=80)
    clauses = models.TextField()
    support = models.TextField(blank=True)
    targets = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county_path", "year", "link"], name="contract_template_once"
            ),
        ]


class ContractQuerySet(models.QuerySet):
    def visible_to(self, user: User):
        """Contracts whose lower side lies in the user's seats, as far as `rights.SEES` says."""
        chosen = Q(pk__in=[])
        for held in user.reach.seats:
            links = list(rights.SEES.get(held.role, ()))
            if links and held.path:
                chosen |= inside("lower_path", held.path) & Q(link__in=links)
        return self.filter(chosen)

    def standing(self):
        return self.exclude(state=enums.ContractState.SUPERSEDED)

    def of_year(self, year: int):
        return self.filter(year=year)


class Contract(models.Model):
    """One 责任书 of a school year between two units. Its text is frozen when it is issued.

    At most one stands for a unit and link; a change of hands closes it and issues a fresh copy.
    """

    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    year = models.PositiveSmallIntegerField()
    link = models.CharField(max_length=20, choices=enums.Link.choices)
    line = models.CharField(max_length=12, choices=enums.Line.choices)
    upper_path = PathField()
    upper_name = models.CharField(max_length=120)
    lower_path = PathField()
    lower_name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="children"
    )
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    state = models.CharField(
        max_length=12,
        choices=enums.ContractState.choices,
        default=enums.ContractState.DRAFT,
    )
    title = models.CharField(max_length=80)
    text = models.TextField(blank=True)
    targets = models.JSONField(default=list)
    veto = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    issued_on = models.DateField(null=True, blank=True)
    issued_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    signed_on = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    made_at = models.DateTimeField(default=now)

    objects = ContractQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["year", "link", "lower_path"],
                condition=~Q(state=enums.ContractState.SUPERSEDED),
                name="contract_one_standing",
            ),
            models.CheckConstraint(
                condition=Q(state=enums.ContractState.DRAFT)
                | (Q(issued_on__isnull=False, due_on__isnull=False) & ~Q(text="")),
                name="contract_issued_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=enums.ContractState.SIGNED) | Q(signed_on__isnull=False),
                name="contract_signed_dated",
            ),
        ]
        indexes = [models.Index(fields=["year", "lower_path"], name="contract_year_lower")]
        ordering = ["link", "lower_path", "pk"]


class Signature(models.Model):
    """签署: who signed for a side, from which seat, when. The name and post are as on that day."""

    contract = models.ForeignKey(Contract, models.PROTECT, related_name="signatures")
    side = models.CharField(max_length=5, choices=enums.Side.choices)
    user = models.ForeignKey(User, models.PROTECT)
    name = models.CharField(max_length=40)
    post = models.CharField(max_length=140)
    seat_path = PathField()
    on = models.DateField()
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "side"], name="signature_once"),
        ]
        ordering = ["pk"]
