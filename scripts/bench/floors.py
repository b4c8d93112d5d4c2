"""The floors: the least that honestly does the same work, measured in the same run."""

from datetime import date
from uuid import uuid4

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from accounts import history
from accounts.enums import EVERYONE
from accounts.gate import open_to
from attendance.models import Absence, Register
from regions.clock import now
from regions.models import SchoolClass


@open_to(*EVERYONE)
def page(request: HttpRequest) -> HttpResponse:
    """A page with session, login and one query."""
    return HttpResponse(f"<!doctype html><title>{SchoolClass.objects.first().number}</title>")


urlpatterns = [path("floor/", page), path("", include("kongchuo.urls"))]


@transaction.atomic
def save(school_class: SchoolClass, on: date, absent: list[int], by) -> None:
    """The least honest save: lock the class, one register, its exceptions, one history row."""
    SchoolClass.objects.select_for_update().get(pk=school_class.pk)
    register = Register.objects.create(
        school_class=school_class,
        on=on,
        path=school_class.path,
        state="taken",
        expected=45,
        present=45 - len(absent),
        client_key=uuid4(),
        taken_at=now(),
        made_by=by,
        taken_by=by,
    )
    Absence.objects.bulk_create(
        Absence(student_id=pk, on=on, register=register, path=school_class.path, mark="absent")
        for pk in absent
    )
    history.record("registers.submit", "class", str(school_class.pk), by=by, on=on)


FLAG = """
with days(d, n) as (values {days}),
out as (
  select a.student_id, a.mark, days.n, r.school_class_id
  from attendance_absence a join days on days.d = a."on"
  join attendance_register r on r.id = a.register_id
  where a.mark in ('absent', 'sick', 'personal', 'lost')
),
lately as (select student_id, max(school_class_id) as class_id from out where n > {recent} group by 1),
taken as (
  select r.school_class_id, days.n from attendance_register r join days on days.d = r."on"
  where r.state = 'taken'
),
seen as (
  select l.student_id, max(t.n) as n
  from lately l join taken t on t.school_class_id = l.class_id
  left join out o on o.student_id = l.student_id and o.n = t.n
  where o.n is null group by 1
)
select o.student_id, count(*) from out o join lately l on l.student_id = o.student_id
left join seen s on s.student_id = o.student_id
where o.n > coalesce(s.n, 0) and o.mark = 'absent'
group by 1 having count(*) >= 3
"""


def flag(days: list[date]) -> int:
    """The third-day question in raw SQL, over the children absent in the last three weeks."""
    cast = "date " if connection.vendor == "postgresql" else ""
    listed = ", ".join(f"({cast}'{day}', {n})" for n, day in enumerate(days, 1))
    with connection.cursor() as cursor:
        cursor.execute(FLAG.format(days=listed, recent=len(days) - 15))
        return len(cursor.fetchall())


ROLL_UP = """
create temporary table floor_cells as
select path, stage, count(*) as expected, sum(out) as out from (
  select c.path as p, c.stage, case when u.id is null then 0 else 1 end as out
  from students_enrolment e
  join regions_schoolclass c on c.id = e.school_class_id
  left join attendance_unseenrun u on u.student_id = e.student_id
  where e.ended is null
) children
cross join (values (18), (24), (31), (39)) as level(width)
cross join lateral (select substr(p, 1, width) as path) places
group by 1, 2
"""
ROLL_UP_SQLITE = """
create temporary table floor_cells as
select substr(p, 1, width) as path, stage, count(*) as expected, sum(out) as out from (
  select c.path as p, c.stage, case when u.id is null then 0 else 1 end as out
  from students_enrolment e
  join regions_schoolclass c on c.id = e.school_class_id
  left join attendance_unseenrun u on u.student_id = e.student_id
  where e.ended is null
) children
cross join (select 18 as width union all select 24 union all select 31 union all select 39)
group by 1, 2
"""


def roll_up() -> None:
    """Counts of every place at four levels, in raw SQL, into a table."""
    with connection.cursor() as cursor:
        cursor.execute("drop table if exists floor_cells")
        cursor.execute(ROLL_UP if connection.vendor == "postgresql" else ROLL_UP_SQLITE)
