"""A small world for tests: each maker takes what the test is about and shows every default."""

from datetime import date, timedelta
from functools import cache
from uuid import uuid4

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Seat, User
from attendance.authorised_absences.requests import approve
from attendance.enums import Mark, ProposalState
from attendance.models import ProposedMark
from attendance.proposed_marks.deciding import confirm
from attendance.registers import FilledRegister, Marked, submit
from demo.county import people
from demo.county.places import entry_year
from demo.load.rows import insert_units, seat_row
from regions.clock import now, today
from regions.days import PlaceRules, place_rules_of
from regions.enums import CODE_LENGTHS, DayKind, SchoolKind, Stage
from regions.models import CalendarRow, Region, RegionCode, School, SchoolClass
from regions.rules.classnames import school_year
from students.enums import AbsenceKind, AbsenceState, Began
from students.models import AuthorisedAbsence, Enrolment, Student

PASSWORD = "Xuexiao-2026"
THURSDAY = date(2026, 11, 19)
TERM = (date(2026, 9, 1), date(2027, 1, 22))
NAMES = "岩香 玉叫 李小勇 陈思雨 普文昌 娜妥 扎体 鲍艾保 张晓燕 刀玉兰 李扎戈 魏岩板 杨雨欣".split()


def region(code: str = "539901", name: str = "") -> Region:
    """A region by its code, with every region above it; the same one when it stands already."""
    standing = RegionCode.objects.filter(code=code).select_related("region").first()
    if standing:
        return standing.region
    shorter = [length for length in CODE_LENGTHS if length < len(code)]
    parent = region(code[: max(shorter)]) if shorter else None
    level = int(CODE_LENGTHS[len(code)])
    (made,) = insert_units([Region(name=name or f"地区{code}", level=level, parent=parent)])
    RegionCode.objects.create(region=made, code=code)
    return made


def school(
    code: str = "5399010001",
    *,
    region_code: str = "539901001",
    kind: SchoolKind = SchoolKind.JUNIOR,
    primary: int = 0,
    junior: int = 3,
    led_by: School | None = None,
    name: str = "",
) -> School:
    row = School(
        code=code,
        name=name or f"学校{code[-4:]}",
        kind=kind,
        region=region(region_code),
        primary_years=primary,
        junior_years=junior,
        led_by=led_by,
    )
    return insert_units([row])[0]


def school_class(at: School, grade: int = 7, number: int = 1, on: date = THURSDAY) -> SchoolClass:
    """The class of a grade as it is called on a day."""
    stage = Stage.JUNIOR if grade > at.primary_years else Stage.PRIMARY
    years = at.stages[stage]
    entered = entry_year(stage, grade, years, school_year(on))
    row = SchoolClass(school=at, stage=stage, entry_year=entered, number=number, years=years)
    return insert_units([row])[0]


def term(
    code: str = "539901", begins: date = TERM[0], ends: date = TERM[1], **narrow
) -> CalendarRow:
    return calendar_row(DayKind.TERM, begins, ends, place=region(code), scope=code, **narrow)


def calendar_row(
    kind: DayKind, begins: date, ends: date | None = None, *, place, scope: str = "", **narrow
) -> CalendarRow:
    return CalendarRow.objects.create(
        path=place.path,
        scope=scope or f"{place.pk}{sorted(narrow.items())}",
        begins=begins,
        ends=ends or begins,
        kind=kind,
        entered_by="测试",
        **narrow,
    )


def id_number(serial: int, born: str = "20130506", area: str = "539901") -> str:
    """An invented number that passes its check; `serial` has three digits."""
    return people.id_number(born, f"{serial:03d}", area)


def pupil(
    of: SchoolClass,
    name: str = "岩香",
    *,
    began: date = date(2026, 9, 1),
    listed_from: date | None = None,
    **fields,
) -> Student:
    made = Student(name=name, school_path=of.path, **fields)
    id_no, xueji_no = fields.pop("id_no", ""), fields.pop("xueji_no", "")
    if id_no:
        made.id_no = id_no
    if xueji_no:
        made.xueji_no = xueji_no
    made.save()
    Enrolment.objects.create(
        student=made,
        school_class=of,
        began=began,
        how=Began.ENTERED,
        seat_no=of.enrolments.count() + 1,
        listed_from=listed_from,
    )
    return made


def pupils(of: SchoolClass, count: int = 5, **fields) -> list[Student]:
    return [
        pupil(of, NAMES[n % len(NAMES)] + ("" if n < len(NAMES) else str(n)), **fields)
        for n in range(count)
    ]


@cache
def hashed() -> str:
    """PASSWORD as the portal stores it; hashed once, since the hash is slow on purpose."""
    return make_password(PASSWORD)


def user(role: Role | None = None, unit=None, *, name: str = "杨雪梅", username: str = "") -> User:
    """An account that needs no new password, with one seat where a role is given."""
    made = User.objects.create(
        username=username or f"u{uuid4().hex[:10]}",
        name=name,
        password=hashed(),
        must_change_password=False,
    )
    if role:
        seat(made, role, unit)
    return made


def newcomer(role: Role, unit=None, *, name: str = "王建华") -> User:
    """An account as a file brings it: no password, its seat active already."""
    made = User(username=f"u{uuid4().hex[:10]}", name=name)
    made.set_unusable_password()
    made.save()
    seat(made, role, unit)
    return made


def seat(of: User, role: Role, unit=None, began: date = date(2020, 1, 1), until=None) -> Seat:
    """An active seat. That of a stand-in has its 60 days around today."""
    if role is Role.STAND_IN and until is None:
        began = max(began, today() - timedelta(days=30))
        until = began + timedelta(days=59)
    made = seat_row(of, role, unit, began=began, until=until)
    made.save()
    return made


def status(
    of: Student, kind: AbsenceKind, first: date, last: date, *, by: User | None = None
) -> AuthorisedAbsence:
    """An approved 学籍状态 over days, both included."""
    by = by or user()
    return AuthorisedAbsence.objects.create(
        student=of, path=of.school_path, kind=kind, first=first, last=last, proof="证明",
        state=AbsenceState.APPROVED, asked_by=by, first_by=by,
    )  # fmt: skip


def second_words(on: date = THURSDAY, by: User | None = None) -> User:
    """The bureau approves all that waits for it in the county 539901; who did it."""
    by = by or user(Role.BUREAU, region("539901"), name="段文彬")
    for waiting in AuthorisedAbsence.objects.filter(state=AbsenceState.PASSED).order_by("pk"):
        approve(waiting.pk, by=by, on=on)
    return by


def confirm_marks(on: date = THURSDAY) -> None:
    """The bureau confirms every mark over an alert of the county 539901 that waits."""
    by = user(Role.BUREAU, region("539901"), name="段文彬")
    for waiting in ProposedMark.objects.filter(state=ProposalState.ASKED).order_by("pk"):
        ProposedMark.objects.filter(pk=waiting.pk).update(by_county=True)
        confirm(waiting.pk, words="已问班主任和家长，当天在校", by=by, on=on, at=now())


def take(of: SchoolClass, on: date, by: User, *, reason: str = "", version: int = 0, **marks):
    """Take or correct a register: `take(c, day, teacher, **{child.uid: Mark.ABSENT})`."""
    sheet = FilledRegister(
        marks={uid: Marked(Mark(mark)) for uid, mark in marks.items()},
        reason=reason,
        version=version,
        client_key=uuid4(),
    )
    return submit(of.pk, on, sheet, by=by, at=now())


def weekdays(last: date, count: int) -> list[date]:
    """The `count` Mondays to Fridays that end on `last`."""
    days: list[date] = []
    day = last
    while len(days) < count:
        if day.isoweekday() <= 5:
            days.insert(0, day)
        day -= timedelta(days=1)
    return days


def place_rules(code: str = "539901") -> PlaceRules:
    return place_rules_of(region(code).path)
