"""The land, its schools and its calendar."""

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from regions import enums
from regions.columns import PathField
from regions.paths import ancestors, inside, inside_any
from regions.rules import calendar, classnames, policies


class Region(models.Model):
    """A place from province to village (区划). Its codes come and go, its path stays."""

    name = models.CharField(max_length=60)
    level = models.PositiveSmallIntegerField(choices=enums.Level.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="parts")
    path = PathField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("path", name="region_path_unique", condition=~Q(path="")),
        ]
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name


class RegionCode(models.Model):
    """A code a region bears or bore, with its dates; a merged region's old code leads to its heir."""

    region = models.ForeignKey(Region, models.CASCADE, related_name="codes")
    code = models.CharField(max_length=12)
    began = models.DateField(null=True, blank=True)
    ended = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("code", name="region_code_once"),
            models.UniqueConstraint(
                "region", name="region_one_current_code", condition=Q(ended=None)
            ),
        ]


class School(models.Model):
    """A school, found by its ten-digit 学校标识码. Years per stage give 六三 and 五四."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=20, choices=enums.SchoolKind.choices)
    region = models.ForeignKey(Region, models.PROTECT, related_name="schools")
    path = PathField(blank=True)
    primary_years = models.PositiveSmallIntegerField(default=0)
    junior_years = models.PositiveSmallIntegerField(default=0)
    led_by = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="leads")
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    closed_on = models.DateField(null=True, blank=True)
    alerts_from = models.DateField(null=True, blank=True)
    registers_from = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("path", name="school_path_unique", condition=~Q(path="")),
            models.CheckConstraint(
                condition=Q(primary_years__lte=6, junior_years__lte=4),
                name="school_stage_lengths",
            ),
        ]
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    @property
    def counts_from(self) -> date | None:
        """The first day that counts towards alerts: set at go-live, else the first register."""
        return self.alerts_from or self.registers_from

    @property
    def stages(self) -> dict[enums.Stage, int]:
        """Years of each stage this school teaches; an absent stage is not taught."""
        years = {
            enums.Stage.PRIMARY: self.primary_years,
            enums.Stage.JUNIOR: self.junior_years,
        }
        return {stage: length for stage, length in years.items() if length}


class SchoolClassQuerySet(models.QuerySet):
    def at(self, *paths: str):
        return self.filter(inside_any("path", paths))

    def running(self, on: date):
        """Classes that have not left their school by `on`."""
        return self.filter(
            entry_year__lte=classnames.school_year(on),
            entry_year__gt=classnames.school_year(on) - F("years"),
        )


class SchoolClass(models.Model):
    """A class: school, stage, the year it entered the stage, and its number. Holds no pupils."""

    school = models.ForeignKey(School, models.PROTECT, related_name="classes")
    stage = models.CharField(max_length=8, choices=enums.Stage.choices)
    entry_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    years = models.PositiveSmallIntegerField()
    path = PathField(blank=True)

    objects = SchoolClassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["school", "stage", "entry_year", "number"], name="class_once"
            ),
            models.CheckConstraint(condition=Q(years__gte=1, years__lte=6), name="class_years"),
        ]
        indexes = [models.Index(fields=["path"], name="class_path")]
        ordering = ["stage", "-entry_year", "number"]

    def __str__(self) -> str:
        from_stage = enums.Stage(self.stage).label
        return f"{from_stage}{self.entry_year}级({self.number})班"

    @property
    def first_grade(self) -> int:
        return 1 if self.stage == enums.Stage.PRIMARY else 10 - self.years

    def grade(self, on: date) -> int:
        return self.first_grade + classnames.school_year(on) - self.entry_year

    def is_running(self, on: date) -> bool:
        """Has the class entered its school by `on`, and not left it?"""
        return 0 <= classnames.school_year(on) - self.entry_year < self.years

    def label(self, on: date) -> str:
        """七(3)班 as the class is called on that day; by its entry where it is in no grade then."""
        year = classnames.school_year(on) - self.entry_year
        if self.is_running(on):
            return classnames.class_label(self.grade(on), self.number)
        when = "已毕业" if year >= self.years else "还没入学"
        return f"{enums.Stage(self.stage).label}{self.entry_year}级{self.number}班（{when}）"

    def track(self, boarder: bool = False, community: str = "") -> calendar.Track:
        return calendar.Track(
            path=self.path,
            stage=enums.Stage(self.stage),
            entry_year=self.entry_year,
            first_grade=self.first_grade,
            boarder=boarder,
            community=community,
            years=self.years,
        )


class CalendarRowQuerySet(models.QuerySet):
    def active(self):
        """The rows that decide a day."""
        return self.filter(state=enums.RowState.ACTIVE)

    def proposed(self):
        """What a school asked for and nobody has decided."""
        return self.filter(state=enums.RowState.PROPOSED)

    def heard(self):
        """All that a calendar is made of: the active rows, and the closures whose day waits."""
        return self.active() | self.proposed().filter(holds_day=True)

    def around(self, path: str):
        """The rows that can speak for anyone at `path`: at it, below it, above it."""
        above = [*ancestors(path), path, path.split("C", 1)[0]]
        return self.filter(inside("path", path) | Q(path__in=above))


class CalendarRow(models.Model):
    """校历: one row a county, township or school entered; the national ones stand in a data file.

    A row ends or is refused, it never changes and never goes; one that is shortened ends, and what
    is left of it `replaces` it. `holds_day`: while it is proposed its day is 停课待核.
    `entered_by` is a username, here and in the other rows of this app: accounts stand to its right.
    """

    path = PathField()
    scope = models.CharField(max_length=80)
    begins = models.DateField()
    ends = models.DateField()
    kind = models.CharField(max_length=12, choices=enums.DayKind.choices)
    reason = models.CharField(max_length=200, blank=True)
    stage = models.CharField(max_length=8, blank=True)
    grades = models.CharField(max_length=30, blank=True)
    boarders = models.BooleanField(default=False)
    community = models.CharField(max_length=40, blank=True)
    source = models.CharField(max_length=120, blank=True)
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.CharField(max_length=40)
    entered_on = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=8, choices=enums.RowState.choices, default=enums.RowState.ACTIVE
    )
    holds_day = models.BooleanField(default=False)
    decided_by = models.CharField(max_length=40, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=200, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = CalendarRowQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "begins", "ends", "kind"],
                name="calendar_row_once",
                condition=Q(state__in=["active", "proposed"]),
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("begins")), name="calendar_row_dates"),
            models.CheckConstraint(
                condition=Q(holds_day=False) | Q(begins=F("ends"), kind="closure"),
                name="calendar_row_holds_one_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | (~Q(ended_by="") & Q(ended_at__isnull=False)),
                name="calendar_row_ender",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(decided_by="") & Q(decided_at__isnull=False)),
                name="calendar_row_refuser",
            ),
        ]
        ordering = ["begins", "path"]


class CalendarChange(models.Model):
    """A calendar row that came, ended or was decided after its days may have been judged;
    attendance reads it. A row of a province has one for each of its counties."""

    row = models.ForeignKey(CalendarRow, models.CASCADE, related_name="changes")
    path = PathField()
    begins = models.DateField()
    at = models.DateTimeField()
    followed_at = models.DateTimeField(null=True, blank=True)


class PolicyQuerySet(models.QuerySet):
    def active(self):
        """The rows that speak, each for its days."""
        return self.filter(ended_at=None)


class Policy(models.Model):
    """政策: a dated threshold of a place with its source (文号 and article).

    A row is never changed: it ends and is kept. One entered anew for its day, or that ends it earlier,
    `replaces` it; withdrawn (`end_reason`), it is as if it had never been.
    """

    region = models.ForeignKey(Region, models.PROTECT, related_name="policies")
    key = models.CharField(
        max_length=30, choices=[(row.key, row.label) for row in policies.THRESHOLDS.values()]
    )
    value = models.CharField(max_length=10)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120)
    entered_at = models.DateTimeField(db_default=Now())
    entered_by = models.CharField(max_length=40, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=40, blank=True)
    end_reason = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = PolicyQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["region", "key", "since"], name="policy_once", condition=Q(ended_at=None)
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None) | ~Q(ended_by=""), name="policy_ender"
            ),
        ]


class LegalBasis(models.Model):
    """法律依据: a clause a paper may cite. National law gives no fine (义务教育法 58): a fine needs
    a row of the place that allows one and names the competent body.

    `verified_by` is the unit and name of who checked it against the gazette, as typed: often nobody
    with an account. `entered_by` is the username of who registered it.
    """

    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    title = models.CharField(max_length=100)
    issuer = models.CharField(max_length=60)
    article = models.CharField(max_length=30)
    text = models.CharField(max_length=600)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    allows_fine = models.BooleanField(default=False)
    competent = models.CharField(max_length=60, blank=True)
    fine_min = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    fine_max = models.DecimalField(max_digits=8, decimal_places=2, null=True, blank=True)
    verified_by = models.CharField(max_length=60)
    entered_by = models.CharField(max_length=40, blank=True)
    entered_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["title", "article", "valid_from"], name="legal_basis_once"
            ),
            models.CheckConstraint(
                condition=Q(allows_fine=False)
                | (~Q(competent="") & Q(fine_max__isnull=False, region__isnull=False)),
                name="fine_names_its_body",
            ),
        ]
