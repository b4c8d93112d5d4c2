"""A plan written into the database, in bulk and in one transaction."""

from datetime import date, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction

from accounts.enums import ADMIN_ROLES, Role
from accounts.models import Seat, User
from attendance.enums import Mark
from attendance.models import Absence, Register
from attendance.rules.second_word import MARKED_FREELY
from demo.county.places import COUNTY, CountyPlaces, SchoolPlan
from demo.county.plan import ChildPlan, CountyPlan, EnrolmentPlan, GuardianPlan
from demo.county.registers import CUTOFF
from demo.load.closed_classes import load_closed_classes
from demo.load.rows import Unit, insert_units, seat_row
from regions.clock import at, now
from regions.enums import DayKind, Level, RowState
from regions.models import CalendarRow, Policy, Region, RegionCode, School, SchoolClass
from regions.rules.classnames import school_year
from students.enums import AbsenceKind, AbsenceState
from students.models import AuthorisedAbsence, Enrolment, Guardian, Student

PASSWORD = "Lanping-2026"  # noqa: S105 (the demo's, printed for everybody)
BATCH = 2000
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
SOURCE = "澜屏县教育体育局（演示）"
LONG_AGO = timedelta(days=29)  # a stand-in stands 60 days, today in the middle


def is_empty() -> bool:
    """Does nothing stand here that a demo could be mixed up with?"""
    return not any(model.objects.exists() for model in (Student, User, Region))


@transaction.atomic
def load_plan(plan: CountyPlan) -> "BulkLoad":
    """Write the county, its people and its registers; the rows by the keys of the plan."""
    load = BulkLoad(plan)
    load.write()
    return load


class BulkLoad:
    """Keeps the rows already written, by the keys the plan knows them under."""

    def __init__(self, plan: CountyPlan) -> None:
        self.plan = plan
        self.opening = at(plan.places.first, time(6, 0))
        self.year_began = date(school_year(plan.until), 9, 1)
        self.regions: dict[str, Region] = {}
        self.schools: dict[str, School] = {}
        self.classes: list[SchoolClass] = []
        self.users: dict[str, User] = {}
        self.admins: list[User] = []
        self.students: dict[str, Student] = {}
        self.offices = {
            unit: member.username
            for member in plan.staff
            for role, unit in member.seats
            if role == "office"
        }

    def write(self) -> None:
        self._regions(self.plan.places)
        self._schools(self.plan.places)
        self._classes(self.plan.places)
        self._days(self.plan.places)
        load_closed_classes(self.plan, self.classes, bureau=self._holder(Role.BUREAU))
        self._states_of_rows()
        self._staff()
        self._students()
        self._guardians()
        self._enrolments_and_statuses()
        self._leaves()
        self._registers()

    def _regions(self, places: CountyPlaces) -> None:
        for level in Level:
            regions = [region for region in places.regions if region.level is level]
            rows = insert_units(
                Region(name=region.name, level=level, parent=self.regions.get(region.parent))
                for region in regions
            )
            self.regions |= {region.code: row for region, row in zip(regions, rows, strict=True)}
        RegionCode.objects.bulk_create(
            RegionCode(region=row, code=code) for code, row in self.regions.items()
        )

    def _schools(self, places: CountyPlaces) -> None:
        rows = insert_units(self._school(school) for school in places.schools)
        self.schools = {row.code: row for row in rows}
        for school, row in zip(places.schools, rows, strict=True):
            row.led_by = self.schools.get(school.led_by)
        School.objects.bulk_update(rows, ["led_by"])

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

    def _classes(self, places: CountyPlaces) -> None:
        self.classes = insert_units(
            SchoolClass(
                school=self.schools[school_class.school.code],
                stage=school_class.stage,
                entry_year=school_class.entry_year,
                number=school_class.number,
                years=school_class.years,
            )
            for school_class in places.classes
        )

    def _days(self, places: CountyPlaces) -> None:
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
                entered_by=self._holder(Role.BUREAU),
            )
            for row in places.calendar.rows
        )
        Policy.objects.create(
            region=self.regions[COUNTY],
            key="cutoff",
            value=f"{CUTOFF:%H:%M}",
            since=self.year_began,
            source=SOURCE,
        )

    def _states_of_rows(self) -> None:
        """A closure entered by mistake and taken back, and one that a school asks for tomorrow."""
        told = self.plan.until
        school = max(self.schools.values(), key=lambda one: one.code)
        holder, opening = self._holder(Role.BUREAU), self.opening
        CalendarRow.objects.bulk_create([
            CalendarRow(
                path=school.path, scope=school.code, begins=told - WEEK, ends=told - WEEK,
                kind=DayKind.CLOSURE, reason="道路塌方", source="口头通知", entered_by=holder,
                entered_on=told - WEEK, state=RowState.ENDED, ended_by=holder, ended_at=opening,
                end_reason="录错了学校，已重录",
            ),
            CalendarRow(
                path=school.path, scope=school.code, begins=told + ONE_DAY, ends=told + ONE_DAY,
                kind=DayKind.CLOSURE, reason="供水管道抢修", entered_by=self.offices.get(school.code, holder),
                entered_on=told, state=RowState.PROPOSED, holds_day=True,
            ),
        ])  # fmt: skip

    def _holder(self, role: Role) -> str:
        """The account of the first who holds a role."""
        return next(
            member.username
            for member in self.plan.staff
            if any(held == role for held, _ in member.seats)
        )

    def _place(self, code: str | int) -> Unit:
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
        kinds = [self.plan.seats(kind).get("") for kind in ("system_admin", "security_admin")]
        self.admins = [self.users[username] for username in kinds if username]
        seats = [
            self._seat(member.username, Role(role), unit)
            for member in staff
            for role, unit in member.seats
        ]
        Seat.objects.bulk_create(seats)
        self._stand_in_for(seats)

    def _seat(self, username: str, role: Role, unit: str | int) -> Seat:
        """An active seat: an administrator's the first of its kind, the others by two people."""
        until = self.plan.until
        passing = role is Role.STAND_IN
        seat = seat_row(
            self.users[username],
            role,
            self._place(unit) if unit != "" else None,
            began=until - LONG_AGO if passing else self.year_began,
            until=until + LONG_AGO if passing else None,
        )
        if role not in ADMIN_ROLES and self.admins:
            seat.granted_by, seat.activated_by = self.admins
            seat.granted_at = seat.activated_at = self.opening
        return seat

    def _stand_in_for(self, seats: list[Seat]) -> None:
        """Whose class each 代班 holds meanwhile."""
        teachers = {seat.path: seat for seat in seats if seat.role == Role.TEACHER}
        standing_in = [seat for seat in seats if seat.role == Role.STAND_IN]
        for seat in standing_in:
            seat.stands_in_for = teachers.get(seat.path)
        Seat.objects.bulk_update(standing_in, ["stands_in_for"])

    def _students(self) -> None:
        rows = Student.objects.bulk_create(
            (self._student(child) for child in self.plan.children), batch_size=BATCH
        )
        self.students = {row.uid: row for row in rows}

    def _student(self, child: ChildPlan) -> Student:
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
            school_path=self.classes[child.enrolments[-1].class_key].path,
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
                self._guardian(child, guardian, order)
                for child in self.plan.children
                for order, guardian in enumerate(child.guardians, 1)
            ),
            batch_size=BATCH,
        )

    def _guardian(self, child: ChildPlan, guardian: GuardianPlan, order: int) -> Guardian:
        row = Guardian(
            student=self.students[child.uid],
            uid=guardian.uid,
            kind=guardian.kind,
            name=guardian.name,
            relation=guardian.relation,
            order=order,
        )
        row.phone = guardian.phone
        return row

    def _enrolments_and_statuses(self) -> None:
        seats: dict[int, int] = {}
        enrolments = []
        for child in self.plan.children:
            for enrolment in child.enrolments:
                seats[enrolment.class_key] = seats.get(enrolment.class_key, 0) + 1
                enrolments.append(self._enrolment(child, enrolment, seats[enrolment.class_key]))
        Enrolment.objects.bulk_create(enrolments, batch_size=BATCH)
        AuthorisedAbsence.objects.bulk_create(
            AuthorisedAbsence(
                student=self.students[child.uid],
                path=self.students[child.uid].school_path,
                kind=status.kind,
                first=status.began,
                last=status.until,
                state=AbsenceState.APPROVED,
                cause="家长申请，学校提出",
                proof=f"{AbsenceKind(status.kind).label}审批表",
                approver="县教育体育局",
                asked_by=self._office(child.enrolments[0].class_key),
                asked_at=at(status.began, time(7, 0)),
                first_by=self._office(child.enrolments[0].class_key),
                first_at=at(status.began, time(7, 0)),
                why_second=f"{AbsenceKind(status.kind).label}由县教育体育局批准",
                second_by=self.users[self._holder(Role.BUREAU)],
                second_at=at(status.began, time(9, 0)),
            )
            for child in self.plan.children
            for status in child.statuses
        )

    def _office(self, class_key: int) -> User:
        """Who decides at the school of a class."""
        return self.users[self.offices[self.plan.places.classes[class_key].school.code]]

    def _enrolment(self, child: ChildPlan, enrolment: EnrolmentPlan, seat_no: int) -> Enrolment:
        return Enrolment(
            student=self.students[child.uid],
            school_class=self.classes[enrolment.class_key],
            seat_no=seat_no,
            began=enrolment.began,
            how=enrolment.how,
            ended=enrolment.ended,
            how_ended=enrolment.how_ended,
            where_to=enrolment.where_to,
            recorded_at=enrolment.recorded_at,
            listed_from=enrolment.listed_from,
        )

    def _leaves(self) -> None:
        teachers = self.plan.seats("teacher")
        rows = []
        for child in self.plan.children:
            for leave in child.leaves:
                school_class = child.class_on(leave.first)
                decided = leave.state is not AbsenceState.ASKED
                days = (day for day in child.marks if leave.first <= day <= leave.last)
                marked = sum(child.marks[day] in (Mark.ABSENT, Mark.LOST) for day in days)
                second = leave.state is AbsenceState.APPROVED and marked > MARKED_FREELY
                rows.append(
                    AuthorisedAbsence(
                        student=self.students[child.uid],
                        kind=_leave_kind(leave.kind),
                        first=leave.first,
                        last=leave.last,
                        state=leave.state,
                        cause="家长来电请假",
                        proof="家长申请" if second else "",
                        after_mark=bool(decided and marked),
                        why_second=f"补假：涉及已登记未到 {marked} 天" if second else "",
                        second_by=self.users[self._holder(Role.BUREAU)] if second else None,
                        second_at=at(leave.last, time(9, 0)) if second else None,
                        asked_by=self.users[teachers[school_class]],
                        asked_at=at(leave.first, time(7, 30)),
                        first_by=self._office(school_class) if decided else None,
                        first_at=at(leave.first, time(7, 45)) if decided else None,
                        path=self.students[child.uid].school_path,
                    )
                )
        AuthorisedAbsence.objects.bulk_create(rows, batch_size=BATCH)

    def _registers(self) -> None:
        rows = Register.objects.bulk_create(
            (
                Register(
                    school_class=self.classes[register.class_key],
                    on=register.on,
                    path=self.classes[register.class_key].path,
                    state=register.state,
                    expected=register.expected,
                    present=register.present,
                    client_key=register.client_key,
                    taken_at=register.taken_at,
                    received_at=register.received_at,
                    made_at=register.received_at,
                    made_by=self.users[register.taken_by],
                    taken_by=self.users[register.taken_by],
                    stand_in=register.stand_in,
                    late=register.late,
                )
                for register in self.plan.registers.values()
            ),
            batch_size=BATCH,
        )
        by_class_and_day = dict(zip(self.plan.registers, rows, strict=True))
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
                for register in [by_class_and_day[child.class_on(day), day]]
            ),
            batch_size=BATCH,
        )


def _leave_kind(mark: Mark) -> AbsenceKind:
    return AbsenceKind.PERSONAL if mark is Mark.PERSONAL else AbsenceKind.SICK
