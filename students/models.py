"""Children and rolls."""

from datetime import date

from django.db import models
from django.db.models import F, Q

from accounts.models import User
from accounts.protected import index, seal, unseal
from accounts.reach import Reach
from regions.clock import now, today
from regions.columns import PathField, new_uid
from regions.models import Region, SchoolClass
from regions.paths import inside, inside_any
from students import enums
from students.querysets import EnrolmentQuerySet, StudentQuerySet
from students.rules import identity
from students.trait_changes import TraitChange  # noqa: F401 (one of our models)


class Student(models.Model):
    """A child of school age, on a roll or never. Found by `uid`, the portal's own number."""

    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    name = models.CharField(max_length=60)
    initials = models.CharField(max_length=20, blank=True)
    sex = models.CharField(max_length=1, choices=enums.Sex.choices, blank=True)
    birth_on = models.DateField(null=True, blank=True)
    ethnicity = models.CharField(max_length=2, blank=True)
    nationality = models.CharField(max_length=3, default="CHN")
    id_doc_type = models.CharField(max_length=1, default="1")
    id_no_sealed = models.CharField(max_length=200, blank=True)
    id_no_index = models.CharField(max_length=64, blank=True)
    xueji_no_sealed = models.CharField(max_length=200, blank=True)
    xueji_no_index = models.CharField(max_length=64, blank=True)
    boarder = models.BooleanField(default=False)
    left_behind = models.CharField(max_length=1, blank=True)
    school_path = PathField(blank=True)
    household_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+"
    )
    household_path = PathField(blank=True)
    household_address = models.CharField(max_length=120, blank=True)
    residence_region = models.ForeignKey(
        Region, models.PROTECT, null=True, blank=True, related_name="+"
    )
    residence_path = PathField(blank=True)
    residence_address = models.CharField(max_length=120, blank=True)
    traits = models.JSONField(default=dict, blank=True)
    case_since = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=now)

    objects = StudentQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["school_path"], name="student_school"),
            models.Index(fields=["household_path"], name="student_household"),
            models.Index(fields=["residence_path"], name="student_residence"),
            models.Index(
                fields=["id_no_index"], name="student_id_no", condition=~Q(id_no_index="")
            ),
            models.Index(
                fields=["xueji_no_index"], name="student_xueji", condition=~Q(xueji_no_index="")
            ),
        ]

    def __str__(self) -> str:
        return self.uid

    @property
    def id_no(self) -> str:
        """公民身份号码 or other document number, in clear. Shown only by a reveal."""
        return unseal(self.id_no_sealed, "student", "id_no", self.uid)

    @id_no.setter
    def id_no(self, value: str) -> None:
        self.id_no_sealed = seal(value, "student", "id_no", self.uid)
        self.id_no_index = index(value)

    @property
    def xueji_no(self) -> str:
        """学籍号 in clear: a G-number contains the ID number, so it is protected alike."""
        return unseal(self.xueji_no_sealed, "student", "xueji_no", self.uid)

    @xueji_no.setter
    def xueji_no(self, value: str) -> None:
        self.xueji_no_sealed = seal(value, "student", "xueji_no", self.uid)
        self.xueji_no_index = index(value)

    @property
    def id_no_masked(self) -> str:
        return identity.mask_id(self.id_no)

    @property
    def xueji_no_masked(self) -> str:
        return identity.mask_id(self.xueji_no)

    @property
    def sex_label(self) -> str:
        return enums.Sex(self.sex).label if self.sex else ""

    def age(self, on: date | None = None) -> int | None:
        """Full years on a day."""
        day = on or today()
        if not self.birth_on:
            return None
        had_birthday = (day.month, day.day) >= (self.birth_on.month, self.birth_on.day)
        return day.year - self.birth_on.year - (not had_birthday)


class ReachedBySchool(models.QuerySet):
    """Rows that carry a school path and a child's home paths."""

    def at(self, path: str):
        return self.filter(inside("path", path))

    def reached_by(self, reach: Reach):
        return self.filter(
            inside_any("path", reach.school_paths)
            | models.Exists(
                Student.objects.filter(pk=models.OuterRef("student_id")).filter(
                    inside_any("household_path", reach.home_paths)
                    | inside_any("residence_path", reach.home_paths)
                )
            )
        )

    def visible_to(self, user: User):
        return self.reached_by(user.reach)


class Guardian(models.Model):
    """监护人 or 受委托照护人 of a child."""

    student = models.ForeignKey(Student, models.CASCADE, related_name="guardians")
    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    kind = models.CharField(
        max_length=8, choices=enums.GuardianKind.choices, default=enums.GuardianKind.PARENT
    )
    name = models.CharField(max_length=60)
    relation = models.CharField(max_length=20, blank=True)
    order = models.PositiveSmallIntegerField(default=1)
    phone_sealed = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    id_no_sealed = models.CharField(max_length=200, blank=True)
    id_no_index = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["student", "order"], name="guardian_order"),
        ]
        ordering = ["order"]

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed, "guardian", "phone", self.uid)

    @phone.setter
    def phone(self, value: str) -> None:
        self.phone_sealed = seal(value, "guardian", "phone", self.uid)
        self.phone_index = index(value)

    @property
    def id_no(self) -> str:
        return unseal(self.id_no_sealed, "guardian", "id_no", self.uid)

    @id_no.setter
    def id_no(self, value: str) -> None:
        self.id_no_sealed = seal(value, "guardian", "id_no", self.uid)
        self.id_no_index = index(value)

    @property
    def phone_masked(self) -> str:
        return identity.mask_phone(self.phone)


class Enrolment(models.Model):
    """A spell on a class's roll, from `began` until the day before `ended`.

    `recorded_at` is when the portal learned of it; `listed_from` the first day whose register was
    made knowing the child. A register taken earlier says nothing about this child.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="enrolments")
    school_class = models.ForeignKey(SchoolClass, models.PROTECT, related_name="enrolments")
    seat_no = models.PositiveSmallIntegerField(null=True, blank=True)
    began = models.DateField()
    how = models.CharField(max_length=14, choices=enums.Began.choices)
    ended = models.DateField(null=True, blank=True)
    how_ended = models.CharField(max_length=14, choices=enums.Ended.choices, blank=True)
    where_to = models.CharField(max_length=120, blank=True)
    recorded_at = models.DateTimeField(default=now)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True)
    listed_from = models.DateField(null=True, blank=True)

    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("student", condition=Q(ended=None), name="one_open_spell"),
            models.UniqueConstraint(fields=["student", "began"], name="spell_began_once"),
            models.CheckConstraint(
                condition=Q(ended=None) | Q(ended__gte=F("began")), name="spell_dates"
            ),
        ]
        indexes = [models.Index(fields=["school_class", "began"], name="spell_class")]


APPROVED, FIRST = Q(state=enums.AbsenceState.APPROVED), Q(first_by__isnull=False)


class AbsenceQuerySet(ReachedBySchool):
    def leaves(self):
        """病假, 事假 and other leave that a class teacher asks for."""
        return self.filter(kind__in=enums.LEAVES)

    def statuses(self):
        """休学, 送教上门, 借读, 长期请假, 依规不在校."""
        return self.filter(kind__in=enums.STATUSES)

    def approved(self):
        """Those with every word they need: what the rates count."""
        return self.filter(APPROVED)

    def explaining(self):
        """Those that explain their days: approved, or lawful by the township's word alone."""
        return self.filter(APPROVED | Q(state=enums.AbsenceState.PASSED, by_township=True))

    def standing(self):
        """Those that hold their days: asked for, agreed to or approved."""
        return self.filter(state__in=enums.HOLDING)

    def on(self, day: date):
        """Those that include a day, on its weekday if they name some, no proof of theirs overdue."""
        its_weekday = Q(weekdays="") | Q(weekdays__contains=str(day.isoweekday()))
        return self.filter(its_weekday, ~Q(proof_due_on__lt=day), first__lte=day, last__gte=day)


class AuthorisedAbsence(models.Model):
    """有手续不在校: leave, a status or a lawful exit from a day until a day, both included.

    Asked for by `asked_by`, agreed to by the school (`first_by`) and, where `why_second` says so, by
    the bureau or a 中心校 (`second_by`, `by_central`); `answer`: the last no, in words. `approver`: who
    did on paper, as the file `batch` says. `weekdays`: ISO digits ("24") where only those are meant.
    `sensitive`: its proof is read by those who act on the child. `after_mark`: 补假. `by_township`:
    lawful by it alone (义务教育法 11). `proof_due_on`: explains until then; `proof_by`, `proof_at`: who
    brought that proof in time, until who approved has seen it. Written by
    `attendance.authorised_absences`.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="authorised")
    path = PathField(blank=True)
    kind = models.CharField(max_length=16, choices=enums.AbsenceKind.choices)
    first = models.DateField()
    last = models.DateField()
    weekdays = models.CharField(max_length=7, blank=True)
    cause_kind = models.CharField(max_length=12, blank=True, choices=enums.AbsenceCause.choices)
    cause = models.CharField(max_length=200, blank=True)
    proof = models.CharField(max_length=200, blank=True)
    proof_due_on = models.DateField(null=True, blank=True)
    proof_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    proof_at = models.DateTimeField(null=True, blank=True)
    approver = models.CharField(max_length=80, blank=True)
    sensitive = models.BooleanField(default=False)
    state = models.CharField(max_length=9, choices=enums.AbsenceState.choices)
    asked_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    asked_at = models.DateTimeField(default=now)
    first_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    first_at = models.DateTimeField(null=True, blank=True)
    after_mark = models.BooleanField(default=False)
    by_township = models.BooleanField(default=False)
    why_second = models.CharField(max_length=200, blank=True)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    second_at = models.DateTimeField(null=True, blank=True)
    by_central = models.BooleanField(default=False)
    sampled_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    sampled_at = models.DateTimeField(null=True, blank=True)
    sample_result = models.CharField(max_length=5, blank=True, choices=enums.SampleResult.choices)
    sample = models.CharField(max_length=200, blank=True)
    answer = models.CharField(max_length=200, blank=True)
    batch = models.CharField(max_length=16, blank=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["student", "kind", "first"],
                condition=Q(kind__in=enums.STATUSES, state=enums.AbsenceState.APPROVED),
                name="status_once",
            ),
            models.CheckConstraint(condition=Q(last__gte=F("first")), name="absence_dates"),
            models.CheckConstraint(condition=~APPROVED | FIRST, name="approved_absence_has_first"),
            models.CheckConstraint(
                condition=~APPROVED | Q(why_second="") | Q(second_by__isnull=False),
                name="approved_absence_has_second",
            ),
            models.CheckConstraint(
                condition=Q(second_by=None) | (FIRST & ~Q(second_by=F("first_by"))),
                name="second_word_by_another",
            ),
            models.CheckConstraint(
                condition=Q(by_central=False)
                | Q(kind=enums.AbsenceKind.SICK, second_by__isnull=False),
                name="central_word_on_sick_leave",
            ),
            models.CheckConstraint(
                condition=Q(proof_at=None) | Q(proof_by__isnull=False, proof_due_on=None),
                name="brought_proof_has_bringer",
            ),
        ]
        indexes = [
            models.Index(fields=["student", "last"], name="authorised_student"),
            models.Index(fields=["path", "state"], name="authorised_path"),
        ]


class Finding(models.Model):
    """发现: something that may become a case. Whoever finds writes one; cases opens from it.

    What it was found from, an alert for one, names its finding; `note` says what nothing else holds.
    """

    student = models.ForeignKey(Student, models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=16, choices=[(k.value, k.value) for k in enums.FindingKind])
    on = models.DateField()
    note = models.CharField(max_length=200, blank=True)
    state = models.CharField(
        max_length=10,
        choices=[(s.value, s.value) for s in enums.FindingState],
        default=enums.FindingState.OPEN,
    )
    by = models.ForeignKey(User, models.PROTECT, null=True)
    at = models.DateTimeField(default=now)


class Charge(models.Model):
    """包保: who, in a post, answers for a child or for a place, from a day until a day.

    `post` is the key of a post of the county; whoever has no account (驻村队员) stands by name.
    """

    post = models.CharField(max_length=20)
    student = models.ForeignKey(Student, models.PROTECT, null=True, related_name="charges")
    over_path = PathField(blank=True)
    uid = models.CharField(max_length=10, unique=True, default=new_uid)
    user = models.ForeignKey(User, models.PROTECT, null=True, related_name="charges")
    name = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=80, blank=True)
    phone_sealed = models.CharField(max_length=200, blank=True)
    phone_index = models.CharField(max_length=64, blank=True)
    began = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=120, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(student__isnull=False, over_path="")
                | (Q(student=None) & ~Q(over_path="")),
                name="charge_over_child_or_place",
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False) | ~Q(name=""), name="charge_names_somebody"
            ),
            models.UniqueConstraint(
                fields=["student", "post"], condition=Q(until=None), name="one_charge_per_child"
            ),
            models.UniqueConstraint(
                fields=["over_path", "post"],
                condition=Q(until=None) & ~Q(over_path=""),
                name="one_charge_per_place",
            ),
        ]

    @property
    def phone(self) -> str:
        return unseal(self.phone_sealed, "charge", "phone", self.uid)

    @phone.setter
    def phone(self, value: str) -> None:
        self.phone_sealed = seal(value, "charge", "phone", self.uid)
        self.phone_index = index(value)

    @property
    def phone_masked(self) -> str:
        return identity.mask_phone(self.phone)
