"""Two counties with a canary in every place, for tests of who reaches what.

A spot is a class with a child in it, and all that hangs on the child.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

from django.core.files.base import ContentFile

from accounts.enums import REFERRAL_ROLES, Role
from accounts.file_door import storing
from accounts.models import Attachment, ImportBatch, User
from attendance.authorised_absences.requests import PROOF as LEAVE_PROOF
from attendance.enums import AlertState, Ground, Mark, RegisterState
from attendance.handling import PROOF
from attendance.models import Absence, AbsenceAlert, MarkDispute, ProposedMark, Register
from cases.models import Case, Contact, Paper, PlanTask
from contracts.models import Contract
from regions.clock import now
from regions.enums import DayKind, RowState
from regions.models import CalendarRow, Region, School, SchoolClass
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Guardian, Student
from tests import factories as make

TODAY = make.THURSDAY
FIRST_OUT = TODAY - timedelta(days=2)
TERM_BEGINS = date(2026, 11, 2)  # a short term: a crawl follows every day of it
COUNTIES = ("539901", "539902")


@dataclass
class Spot:
    """A class, its child and what hangs on the child; the village is the child's home."""

    school_class: SchoolClass
    child: Student
    id_no: str
    xueji_no: str
    phone: str
    village: Region
    serial: int
    alert: AbsenceAlert | None = None
    leave: AuthorisedAbsence | None = None
    leave_file: Attachment | None = None
    proof: Attachment | None = None
    contact: Contact | None = None
    case: Case | None = None
    evidence: Attachment | None = None
    paper: Paper | None = None
    mother: Guardian | None = None
    paper_scan: Attachment | None = None
    task: PlanTask | None = None
    contract: Contract | None = None
    draft: Contract | None = None
    closure: CalendarRow | None = None
    mark: ProposedMark | None = None
    dispute: MarkDispute | None = None
    scan: Attachment | None = None
    people: dict[Role, User] = field(default_factory=dict)

    @property
    def school(self) -> School:
        return self.school_class.school

    @property
    def township(self) -> Region:
        return self.village.parent

    @property
    def county(self) -> Region:
        return self.township.parent


@dataclass
class World:
    """`here`; `class_by`: the next class, whose child lives in the next village; `school_by`: the
    next school, in the next township; `far`: the other county."""

    here: Spot
    class_by: Spot
    school_by: Spot
    far: Spot

    @property
    def spots(self) -> list[Spot]:
        return [self.here, self.class_by, self.school_by, self.far]

    def next_to(self, role: Role) -> Spot:
        """The spot in the unit beside the one this role has `here`; for a body that cases are
        referred to, one whose case was not."""
        if role in {Role.TEACHER, Role.STAND_IN, Role.VILLAGE} | REFERRAL_ROLES:
            return self.class_by
        if role in (Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL, Role.TOWNSHIP):
            return self.school_by
        return self.far


def spot(of: SchoolClass, name: str, serial: int, village_code: str) -> Spot:
    village, id_no = make.region(village_code), make.id_number(serial)
    xueji_no, phone = "G" + id_no, f"138123{serial:05d}"
    child = make.pupil(
        of,
        name,
        id_no=id_no,
        xueji_no=xueji_no,
        sex="1",
        birth_on=date(2013, 5, 6),
        household_region=village,
        household_path=village.path,
        residence_region=village,
        residence_path=village.path,
    )
    guardian = Guardian(student=child, name=f"{name}之父", relation="父亲")
    guardian.phone = phone
    guardian.id_no = make.id_number(serial + 500, born="19850607")
    guardian.save()
    return Spot(of, child, id_no, xueji_no, phone, village, serial)


def two_counties() -> World:
    """The land, its calendar, four children: nothing has happened to them yet."""
    for county in COUNTIES:
        make.term(county, begins=TERM_BEGINS)
    near = make.school("5399010001", region_code="539901001", name="白水中学")
    next_one = make.school("5399010002", region_code="539901002", name="青山中学")
    far = make.school("5399020001", region_code="539902001", name="远方中学")
    return World(
        here=spot(make.school_class(near), "岩香", 11, "539901001001"),
        class_by=spot(make.school_class(near, number=2), "玉叫", 23, "539901001002"),
        school_by=spot(make.school_class(next_one), "娜妥", 37, "539901002001"),
        far=spot(make.school_class(far), "扎体", 41, "539902001001"),
    )


def hang_alerts(world: World, asked_by: User) -> None:
    """An open alert with a file of proof, and a leave that waits, on each child, as rows."""
    for one in world.spots:
        one.alert = AbsenceAlert.objects.create(
            student=one.child,
            path=one.school_class.path,
            state=AlertState.OPEN,
            opened_on=TODAY,
            as_of=TODAY,
            first=FIRST_OUT,
            last=TODAY,
            unexplained=3,
            grounds=[Ground.UNEXPLAINED],
            proof={"policy": "县规则", "threshold": 3, "days": []},
        )
        hang_proof(one, asked_by)
        hang_mark(one, asked_by)
        hang_dispute(one, asked_by)
    hang_closures(world)
    hang_leaves(world, asked_by)


def hang_mark(one: Spot, asked_by: User) -> None:
    """到校 of the first day of the term, entered afterwards: it waits for the bureau."""
    of = one.school_class
    register = Register.objects.create(
        school_class=of, on=TERM_BEGINS, path=of.path, state=RegisterState.TAKEN.value, expected=1,
        present=0, client_key=uuid4(), taken_at=now(), made_by=asked_by, taken_by=asked_by,
    )  # fmt: skip
    cell = {"student": one.child, "on": TERM_BEGINS, "register": register, "path": of.path}
    Absence.objects.create(mark=Mark.PENDING, **cell)
    one.mark = ProposedMark.objects.create(
        was=Mark.PENDING, by_county=True, asked_by=asked_by, **cell
    )


def hang_dispute(one: Spot, taken_by: User) -> None:
    """A guardian says that 到校 of the term's second day is wrong: it waits for the school."""
    of, on = one.school_class, TERM_BEGINS + timedelta(days=1)
    register = Register.objects.create(
        school_class=of, on=on, path=of.path, state=RegisterState.TAKEN.value, expected=1,
        present=1, client_key=uuid4(), taken_at=now(), made_by=taken_by, taken_by=taken_by,
    )  # fmt: skip
    one.dispute = MarkDispute.objects.create(
        student=one.child, on=on, register=register, path=of.path, asker="岩温（父亲）",
        words="这一天孩子病在家里", asked_on=TODAY, due_on=TODAY + timedelta(days=15),
        recorded_by=taken_by,
    )  # fmt: skip


def hang_closures(world: World) -> None:
    """A closure of each class, asked for and not decided, next week."""
    for one in world.spots:
        one.closure = make.calendar_row(
            DayKind.CLOSURE, TODAY + timedelta(days=7), place=one.school_class,
            state=RowState.PROPOSED, scope=f"closure{one.serial}",
        )  # fmt: skip


def hang_proof(one: Spot, added_by: User) -> None:
    """A photo beside the alert of a spot."""
    one.proof = photo_of(PROOF, one.alert.pk, one.alert.path, added_by)


def photo_of(kind: str, pk: int, path: str, added_by: User) -> Attachment:
    return Attachment.objects.create(
        kind=kind,
        uid=str(pk),
        path=path,
        name="证明.jpg",
        media_type="image/jpeg",
        size=4,
        sha256="0" * 64,
        file=ContentFile(b"\xff\xd8\xff\xe0", name="proof"),
        added_by=added_by,
    )


def hang_leaves(world: World, asked_by: User) -> None:
    """A leave that waits for the school, with a photo of proof, on each child."""
    for one in world.spots:
        one.leave = AuthorisedAbsence.objects.create(
            student=one.child,
            path=one.school_class.path,
            kind=AbsenceKind.SICK,
            first=TODAY,
            last=TODAY,
            state=AbsenceState.ASKED,
            asked_by=asked_by,
        )
        one.leave_file = photo_of(LEAVE_PROOF, one.leave.pk, one.leave.path, asked_by)


def unit_in(role: Role, at: Spot) -> Region | School | SchoolClass | None:
    """The unit a person of this role has at a spot."""
    units = {
        Role.TEACHER: at.school_class,
        Role.STAND_IN: at.school_class,
        Role.OFFICE: at.school,
        Role.PRINCIPAL: at.school,
        Role.CENTRAL: at.school,
        Role.VILLAGE: at.village,
        Role.TOWNSHIP: at.township,
    }
    without = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.SYSTEM}
    return None if role in without else units.get(role, at.county)


def person(role: Role, at: Spot, **fields) -> User:
    return make.user(role, unit_in(role, at), **fields)


def batch(door: str, by: User, content: str, filename: str = "file.csv") -> ImportBatch:
    return storing.keep([content.encode()], filename, door, by=by, school="")
