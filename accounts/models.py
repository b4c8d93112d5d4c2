"""Who acts, and what was done."""

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from accounts.enums import (
    LONGEST_STAND_IN,
    STANDING,
    Access,
    JobState,
    Line,
    PostLevel,
    Precision,
    Role,
    SeatState,
)
from accounts.login_models import CameIn as CameIn
from accounts.login_models import TrustedDevice as TrustedDevice
from accounts.login_models import WrongTry as WrongTry
from accounts.reach import Held, Reach
from regions.clock import now, today
from regions.columns import DaysAfter, PathField, attachment_path, new_uid
from regions.models import Region, School, SchoolClass


class User(AbstractBaseUser):
    """A person with an account. What they may see and do comes from their seats alone."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    password_at = models.DateTimeField(null=True, blank=True)
    sessions_from = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(default=now)

    objects = BaseUserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("username"), name="username_any_case")]

    def __str__(self) -> str:
        return self.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Sessions that began before `sessions_from` are over; told without a query of its own."""
        stamp = str(self.sessions_from.timestamp()) if self.sessions_from else ""
        return salted_hmac(
            "accounts.User.sessions", self.password + stamp, secret=secret, algorithm="sha256"
        ).hexdigest()

    def reach_on(self, on: date) -> Reach:
        """What this user's seats reach on a day; read once per request."""
        known = self.__dict__.setdefault("_reach", {})
        if on not in known:
            known[on] = Reach(tuple(self._held(on)))
        return known[on]

    @property
    def reach(self) -> Reach:
        return self.reach_on(today())

    def _held(self, on: date):
        seats = self.seats.on(on).select_related("region", "school", "school_class__school")
        for seat in seats:
            if seat.role not in set(Role):
                continue
            role = Role(seat.role)
            yield Held(role, seat.path, seat.unit_label(on))
            if role is Role.CENTRAL:
                for school in seat.school.leads.all():
                    yield Held(role, school.path, school.name)


class SeatQuerySet(models.QuerySet):
    def on(self, day: date):
        """Seats that reach on a day: active, begun and not over."""
        return self.filter(
            Q(until=None) | Q(until__gte=day), began__lte=day, state=SeatState.ACTIVE
        )

    def open(self, day: date):
        """Seats not over on a day: those that reach, those to come, those that wait."""
        return self.filter(Q(until=None) | Q(until__gte=day), state__in=STANDING)

    def waiting(self):
        """待启用: what a system administrator proposed and nobody has judged."""
        return self.filter(state=SeatState.PROPOSED)

    def active_within(self, began: date, until: date | None):
        """Active seats that share a day with the span, which may have no end."""
        found = self.filter(Q(until=None) | Q(until__gte=began), state=SeatState.ACTIVE)
        return found if until is None else found.filter(began__lte=until)

    def with_units(self):
        """With all that `unit_label` and the rule of granting read."""
        return self.select_related("user", "region", "school", "school_class__school")


class Seat(models.Model):
    """任职: a user acts for a unit in a role, from a day until a day. Several per user.

    Who gave it is `granted_by` (nobody: the first of their kind, made at the machine). What a
    system administrator proposed waits until another, the security administrator, activates it;
    what was given from above is active at once and has no `activated_by`. It ends by `until`, its
    last day; old seats stay. `replaces` is the seat it took the place of (换班), `stands_in_for`
    the 班主任's seat a 代班 is for.
    `post` is the key of the post the seat goes with (乡镇长, 校长), where it goes with one.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="seats")
    role = models.CharField(max_length=20, choices=Role.choices)
    region = models.ForeignKey(Region, models.PROTECT, null=True, blank=True)
    school = models.ForeignKey(School, models.PROTECT, null=True, blank=True)
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, null=True, blank=True)
    path = PathField(blank=True)
    post = models.CharField(max_length=20, blank=True)
    began = models.DateField()
    until = models.DateField(null=True, blank=True)
    state = models.CharField(
        max_length=10, choices=SeatState.choices, default=SeatState.PROPOSED.value
    )
    granted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    granted_at = models.DateTimeField(null=True, blank=True)
    activated_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    activated_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    end_reason = models.CharField(max_length=200, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    stands_in_for = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="stand_ins"
    )

    objects = SeatQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "path"],
                condition=Q(until=None, state__in=sorted(STANDING)),
                name="seat_once",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("began")), name="seat_dates"
            ),
            models.CheckConstraint(
                condition=Q(activated_by=None) | ~Q(activated_by=models.F("granted_by")),
                name="seat_activated_by_another",
            ),
            models.CheckConstraint(
                condition=Q(activated_by=None, activated_at=None)
                | Q(activated_by__isnull=False, activated_at__isnull=False),
                name="seat_activation_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state=SeatState.PROPOSED)
                | Q(activated_at=None, granted_by__isnull=False),
                name="proposed_seat_waits",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[SeatState.REFUSED, SeatState.REVOKED])
                | Q(ended_by__isnull=False),
                name="seat_turned_away_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(role=Role.STAND_IN)
                | Q(until__isnull=False, until__lt=DaysAfter("began", LONGEST_STAND_IN)),
                name="stand_in_at_most_60_days",
            ),
            models.CheckConstraint(
                condition=Q(stands_in_for=None) | Q(role=Role.STAND_IN),
                name="only_a_stand_in_stands_in",
            ),
        ]
        indexes = [
            models.Index(fields=["path"], name="seat_path"),
            models.Index(
                fields=["granted_by"], condition=Q(state=SeatState.PROPOSED), name="seat_waiting"
            ),
        ]

    @property
    def role_label(self) -> str:
        return Role(self.role).label

    def unit_label(self, on: date) -> str:
        """The unit as the bar shows it: 白水中学 七(3)班."""
        if self.school_class:
            return f"{self.school_class.school.name} {self.school_class.label(on)}"
        unit = self.school or self.region
        return unit.name if unit else ""

    @property
    def unit(self) -> Region | School | SchoolClass | None:
        return self.school_class or self.school or self.region


class Post(models.Model):
    """职务: a post of a county that answers for children: one of a set (六长), on a line and a level.

    Dated: a county adds, renames and ends its own. Seats and charges hold the `key`.
    """

    county = models.ForeignKey(Region, models.PROTECT, related_name="+")
    key = models.CharField(max_length=20)
    label = models.CharField(max_length=30)
    set = models.CharField(max_length=20, blank=True)
    line = models.CharField(max_length=10, choices=Line.choices)
    level = models.CharField(max_length=10, choices=PostLevel.choices)
    order = models.PositiveSmallIntegerField(default=1)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["county", "key"], condition=Q(until=None), name="one_post_of_a_key"
            ),
            models.UniqueConstraint(fields=["county", "key", "since"], name="post_once"),
            models.CheckConstraint(
                condition=Q(until=None) | Q(until__gte=models.F("since")), name="post_dates"
            ),
        ]
        ordering = ["line", "level", "order"]


class AccessLog(models.Model):
    """查看记录: who looked at what, and why. Subjects by kind and uid, no foreign key."""

    at = models.DateTimeField(default=now)
    user = models.ForeignKey(User, models.PROTECT, null=True)
    action = models.CharField(max_length=10, choices=[(a.value, a.value) for a in Access])
    kind = models.CharField(max_length=30)
    uid = models.CharField(max_length=40, blank=True)
    scope = models.CharField(max_length=400, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    source = models.CharField(max_length=45, blank=True)
    request_id = models.CharField(max_length=36, blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "uid", "at"], name="access_subject")]


class Change(models.Model):
    """经过: one thing that happened, when it happened and when it was entered. Append-only."""

    entered_at = models.DateTimeField(default=now)
    happened_from = models.DateField(null=True, blank=True)
    happened_to = models.DateField(null=True, blank=True)
    precision = models.CharField(
        max_length=10, choices=[(p.value, p.value) for p in Precision], default=Precision.DAY
    )
    by = models.ForeignKey(User, models.PROTECT, null=True)
    verb = models.CharField(max_length=40)
    kind = models.CharField(max_length=30)
    uid = models.CharField(max_length=40)
    path = PathField(blank=True)
    before = models.JSONField(default=dict, blank=True)
    after = models.JSONField(default=dict, blank=True)
    note = models.CharField(max_length=400, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "uid", "entered_at"], name="change_subject"),
            models.Index(fields=["path", "verb", "entered_at"], name="change_place"),
        ]
        ordering = ["id"]


class Attachment(models.Model):
    """A file laid beside a record: proof, scan, photo. Stored under a random name."""

    kind = models.CharField(max_length=30)
    uid = models.CharField(max_length=40)
    name = models.CharField(max_length=120)
    media_type = models.CharField(max_length=60)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    file = models.FileField(upload_to=attachment_path)
    added_by = models.ForeignKey(User, models.PROTECT)
    added_at = models.DateTimeField(default=now)
    path = PathField(blank=True)

    class Meta:
        indexes = [models.Index(fields=["kind", "uid"], name="attachment_subject")]


class ImportBatch(models.Model):
    """An uploaded file on its way in: previewed first, applied once, by who uploaded it.

    The file lies sealed outside the database (`file_door.storing`) until it is applied or a day old.
    `sha256` is that of the open file, `digest` that of the plan its uploader saw last.
    """

    uid = models.CharField(max_length=16, unique=True, default=new_uid)
    door = models.CharField(max_length=20)
    filename = models.CharField(max_length=120)
    size = models.PositiveIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    options = models.JSONField(default=dict)
    digest = models.CharField(max_length=64, blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    applied_at = models.DateTimeField(null=True, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(default=dict)


class NumberSeries(models.Model):
    """文号: the last number a body gave for a kind of paper in a year; the row is the lock."""

    body_path = PathField()
    kind = models.CharField(max_length=16)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body_path", "kind", "year"], name="series_once"),
        ]


class FileClaim(models.Model):
    """The right to apply one content at one door for one scope, taken before it is applied.

    `times` counts how often it was: the same content may be applied again when that has something to
    do again.
    """

    door = models.CharField(max_length=20)
    scope = models.CharField(max_length=200, blank=True)
    digest = models.CharField(max_length=64)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=now)
    times = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "scope", "digest"], name="file_claimed_once"),
        ]


class DoorLock(models.Model):
    """One row for each file door of a county: who applies a file holds it, the next one waits."""

    door = models.CharField(max_length=20)
    scope = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["door", "scope"], name="door_lock_once"),
        ]


class JobRun(models.Model):
    """A job of a region for a day: claimed once, its token checked before every write."""

    name = models.CharField(max_length=40)
    path = PathField()
    on = models.DateField()
    state = models.CharField(max_length=8, choices=[(s.value, s.value) for s in JobState])
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    token = models.CharField(max_length=32)
    heartbeat = models.DateTimeField()
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    summary = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "path", "on"], name="job_run_once"),
        ]
