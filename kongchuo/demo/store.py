"""A plan written into the database, in bulk and in one transaction."""

from datetime import date, time

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.models import Seat, User
from attendance.enums import LeaveKind, LeaveState, Mark
from attendance.models import Absence, Leave, Register
from kongchuo.demo.days import CUTOFF, class_seats
from kongchuo.demo.land import COUNTY, Land, SchoolPlan
from kongchuo.demo.plan import Child, Plan, Spell
from regions.classnames import school_year
from regions.clock import at, now
from regions.enums import Level
from regions.models import CalendarRow, Policy, Region, RegionCode, School, SchoolClass
from regions.paths import class_segment, region_segment, school_segment
from students.enums import Status
from students.models import Enrolment, Guardian, StatusSpell, Student

PASSWORD = "Lanping-2026"  # noqa: S105 (the demo's, printed for everybody)
BATCH = 2000
SOURCE = "澜屏县教育体育局（演示）"
EMPTY_ON = (Student, User, Region)


def is_empty() -> bool:
    """Does nothing stand here that a demo could be mixed up with?"""
    return not any(model.objects.exists() for model in EMPTY_ON)


@transaction.atomic
def store(plan: Plan) -> None:
    """Write the county, its people and its registers."""
    Writer(plan).write()


class Writer:
    """Keeps the rows already written, by the keys the plan knows them under."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.opening = at(plan.land.first, time(6, 0))
        self.year_began = date(school_year(plan.until), 9, 1)
        self.regions: dict[str, Region] = {}
        self.schools: dict[str, School] = {}
        self.classes: list[SchoolClass] = []
        self.users: dict[str, User] = {}
        self.students: dict[str, Student] = {}

    def write(self) -> None:
        self._regions(self.plan.land)
        self._schools(self.plan.land)
        self._classes(self.plan.land)
        self._days(self.plan.land)
        self._staff()
        self._students()
        self._guardians()
        self._rolls_and_statuses()
        self._leaves()
        self._registers()

    def _regions(self, land: Land) -> None:
        for level in Level:
            places = [place for place in land.places if place.level is level]
            rows = Region.objects.bulk_create(
                Region(name=p.name, level=level, parent=self.regions.get(p.parent)) for p in places
            )
            for place, row in zip(places, rows, strict=True):
                row.path = (row.parent.path if row.parent else "") + region_segment(row.pk)
                self.regions[place.code] = row
            Region.objects.bulk_update(rows, ["path"])
        RegionCode.objects.bulk_create(
            RegionCode(region=row, code=code) for code, row in self.regions.items()
        )

    def _schools(self, land: Land) -> None:
        rows = School.objects.bulk_create(self._school(school) for school in land.schools)
        self.schools = {row.code: row for row in rows}
        for school, row in zip(land.schools, rows, strict=True):
            row.path = row.region.path + school_segment(row.pk)
            row.led_by = self.schools.get(school.led_by)
        School.objects.bulk_update(rows, ["path", "led_by"])

    def _school(self, school: SchoolPlan) -> School:
        return School(
            code=school.code,
            name=school.name,
            kind=school.kind,
            region=self.regions[school.place],
            primary_years=school.primary_years,
            junior_years=school.junior_years,
            alerts_from=school.alerts_from,
            registers_from=self.plan.registers_from.get(school.code),
        )

    def _classes(self, land: Land) -> None:
        rows = SchoolClass.objects.bulk_create(
            SchoolClass(
                school=self.schools[klass.school.code],
                stage=klass.stage,
                entry_year=klass.entry_year,
                number=klass.number,
                years=klass.years,
            )
            for klass in land.classes
        )
        for row in rows:
            row.path = row.school.path + class_segment(row.pk)
        SchoolClass.objects.bulk_update(rows, ["path"])
        self.classes = rows

    def _days(self, land: Land) -> None:
        CalendarRow.objects.bulk_create(
            CalendarRow(
                path=self._place(row.code).path,
                scope=row.scope,
                begins=row.begins,
                ends=row.ends,
                kind=row.kind,
                reason=row.reason,
                grades=",".join(map(str, row.grades)),
                boarders=row.boarders,
                entered_by=SOURCE,
            )
            for row in land.almanac.rows
        )
        Policy.objects.create(
            region=self.regions[COUNTY],
            key="cutoff",
            value=f"{CUTOFF:%H:%M}",
            since=self.year_began,
            source=SOURCE,
        )

    def _place(self, code: str | int) -> Region | School | SchoolClass:
        if isinstance(code, int):
            return self.classes[code]
        return self.schools[code] if code in self.schools else self.regions[code]

    def _staff(self) -> None:
        password = make_password(PASSWORD)
        staff = self.plan.staff
        rows = User.objects.bulk_create(
            User(
                username=member.username,
                name=member.name,
                password=password,
                must_change_password=False,
                password_at=now(),
                created_at=self.opening,
            )
            for member in staff
        )
        self.users = {row.username: row for row in rows}
        Seat.objects.bulk_create(
            self._seat(member.username, role, unit)
            for member in staff
            for role, unit in member.seats
        )

    def _seat(self, username: str, role: str, unit: str | int) -> Seat:
        place = self._place(unit) if unit != "" else None
        return Seat(
            user=self.users[username],
            role=role,
            region=place if isinstance(place, Region) else None,
            school=place if isinstance(place, School) else None,
            school_class=place if isinstance(place, SchoolClass) else None,
            path=place.path if place else "",
            began=self.year_began,
        )

    def _students(self) -> None:
        rows = Student.objects.bulk_create(
            (self._student(child) for child in self.plan.children), batch_size=BATCH
        )
        self.students = {row.uid: row for row in rows}

    def _student(self, child: Child) -> Student:
        household, residence = (
            self.regions.get(code) for code in (child.household, child.residence)
        )
        student = Student(
            uid=child.uid,
            name=child.name,
            initials=child.initials,
            sex=child.sex,
            birth_on=child.birth_on,
            ethnicity=child.ethnicity,
            boarder=child.boarder,
            left_behind=child.left_behind,
            school_path=self.classes[child.spells[-1].klass].path,
            household_region=household,
            household_path=household.path if household else "",
            residence_region=residence,
            residence_path=residence.path if residence else "",
            created_at=self.opening,
        )
        student.id_no, student.xueji_no = child.id_no, child.xueji_no
        return student

    def _guardians(self) -> None:
        Guardian.objects.bulk_create(
            (
                self._guardian(child, order)
                for child in self.plan.children
                for order in range(len(child.carers))
            ),
            batch_size=BATCH,
        )

    def _guardian(self, child: Child, order: int) -> Guardian:
        carer = child.carers[order]
        guardian = Guardian(
            student=self.students[child.uid],
            uid=carer.uid,
            kind=carer.kind,
            name=carer.name,
            relation=carer.relation,
            order=order + 1,
        )
        guardian.phone = carer.phone
        return guardian

    def _rolls_and_statuses(self) -> None:
        seats: dict[int, int] = {}
        spells = []
        for child in self.plan.children:
            for spell in child.spells:
                seats[spell.klass] = seats.get(spell.klass, 0) + 1
                spells.append(self._spell(child, spell, seats[spell.klass]))
        Enrolment.objects.bulk_create(spells, batch_size=BATCH)
        StatusSpell.objects.bulk_create(
            StatusSpell(
                student=self.students[child.uid],
                kind=away.kind,
                began=away.began,
                until=away.until,
                proof=f"{Status(away.kind).label}审批表",
                approved_by="教务处",
                recorded_at=at(away.began, time(7, 0)),
            )
            for child in self.plan.children
            for away in child.away
        )

    def _spell(self, child: Child, spell: Spell, seat_no: int) -> Enrolment:
        return Enrolment(
            student=self.students[child.uid],
            school_class=self.classes[spell.klass],
            seat_no=seat_no,
            began=spell.began,
            how=spell.how,
            ended=spell.ended,
            how_ended=spell.how_ended,
            where_to=spell.where_to,
            recorded_at=spell.recorded_at,
            listed_from=spell.listed_from,
        )

    def _leaves(self) -> None:
        teachers = class_seats(self.plan, "teacher")
        offices = {
            unit: member.username
            for member in self.plan.staff
            for role, unit in member.seats
            if role == "office"
        }
        rows = []
        for child in self.plan.children:
            for request in child.requests:
                klass = child.class_on(request.first)
                school = self.plan.land.classes[klass].school.code
                decided = request.state is not LeaveState.PENDING
                rows.append(
                    Leave(
                        student=self.students[child.uid],
                        kind=_leave_kind(request.kind).value,
                        first=request.first,
                        last=request.last,
                        state=request.state,
                        reason="家长来电",
                        requested_by=self.users[teachers[klass]],
                        requested_at=at(request.first, time(7, 30)),
                        decided_by=self.users[offices[school]] if decided else None,
                        decided_at=at(request.first, time(7, 45)) if decided else None,
                        path=self.students[child.uid].school_path,
                    )
                )
        Leave.objects.bulk_create(rows, batch_size=BATCH)

    def _registers(self) -> None:
        rolls = list(self.plan.rolls.values())
        rows = Register.objects.bulk_create(
            (
                Register(
                    school_class=self.classes[roll.klass],
                    on=roll.on,
                    path=self.classes[roll.klass].path,
                    state=roll.state,
                    expected=roll.expected,
                    present=roll.present,
                    reason=roll.reason,
                    client_key=roll.client_key,
                    taken_at=roll.taken_at,
                    received_at=roll.received_at,
                    made_at=roll.received_at,
                    made_by=self.users[roll.taken_by],
                    taken_by=self.users[roll.taken_by],
                    stand_in=roll.stand_in,
                    late=roll.late,
                )
                for roll in rolls
            ),
            batch_size=BATCH,
        )
        registers = {(roll.klass, roll.on): row for roll, row in zip(rolls, rows, strict=True)}
        Absence.objects.bulk_create(
            (
                Absence(
                    student=self.students[child.uid],
                    on=day,
                    register=register,
                    path=register.path,
                    mark=mark,
                )
                for child in self.plan.children
                for day, mark in child.marks.items()
                for register in [registers[child.class_on(day), day]]
            ),
            batch_size=BATCH,
        )


def _leave_kind(mark: Mark) -> LeaveKind:
    return LeaveKind.PERSONAL if mark is Mark.PERSONAL else LeaveKind.SICK
