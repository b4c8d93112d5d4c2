"""任职 acted out: two people propose and activate; one seat ended, some still wait."""

from datetime import date, timedelta

from django.contrib.auth.hashers import make_password

from accounts.enums import Role
from accounts.models import Seat, User
from accounts.seats.activating import activate, refuse_seat
from accounts.seats.ending import end
from accounts.seats.granting import Term, grant
from cases.contacts.named_people import Named, name_people
from cases.enums.records import PostKey
from demo.county.people import USERNAMES
from demo.county.places import COUNTY
from demo.county.plan import CountyPlan
from demo.load.bulk_load import PASSWORD
from demo.load.rows import nearest_holder
from regions.clock import pinned
from regions.models import RegionCode, School
from students.models import Enrolment

LAST_WEEK, YESTERDAY = timedelta(days=7), timedelta(days=1)
# Invented people, each with what becomes of the seat: waits, was let in, was turned away, is over.
CLERK, OFFICER, INSPECTOR, STRANGER, LEFT = (
    ("xinzhi", "何建军"), ("zhuangan", "李建国"), ("dudao2", "字国英"), ("weizhi", "杨文军"),
    ("lizhi", "张海波"),
)  # fmt: skip


def act_out_seats(plan: CountyPlan) -> None:
    """On the day the demo stands still: a file's seats wait, some were judged, one has ended."""
    root, security, bureau = (
        User.objects.get(username=USERNAMES[role])
        for role in ("system_admin", "security_admin", "bureau")
    )
    county = RegionCode.objects.get(code=COUNTY).region
    school = School.objects.get(code=plan.places.schools[0].code)
    on, before = plan.until, plan.until - LAST_WEEK
    with pinned(before):
        _propose(INSPECTOR, Role.INSPECTOR, county, root, before)
        _propose(STRANGER, Role.COUNTY_OFFICE, county, root, before)
        left = grant(LEFT[0], Term(Role.OFFICE, school, before), name=LEFT[1], by=bureau, on=before)
    with pinned(on - YESTERDAY):
        _judge(security, on - YESTERDAY)
        end(left.seat.pk, last=on - YESTERDAY, reason="调往外县", by=bureau, on=on - YESTERDAY)
    _leave_a_class(School.objects.get(code=plan.places.schools[4].code), on)
    with pinned(on):
        _propose(CLERK, Role.BUREAU, county, root, on)
        _propose(OFFICER, Role.OFFICE, school, root, on)
        _propose((root.username, ""), Role.BUREAU, county, root, on)
    names = [name for name, _ in (CLERK, OFFICER, INSPECTOR, STRANGER, LEFT)]
    User.objects.filter(username__in=names).update(
        password=make_password(PASSWORD), must_change_password=False
    )


def _leave_a_class(school: School, on: date) -> None:
    """The teacher of the last class left three days ago: the class is vacant, and three children are
    still in the leaver's charge."""
    seat = Seat.objects.filter(role=Role.TEACHER, school_class__school=school).order_by("pk").last()
    office = nearest_holder(Role.OFFICE, school.path)
    before, last = on - LAST_WEEK, on - 3 * YESTERDAY
    if seat is None or seat.school_class is None:
        return
    spells = Enrolment.objects.on(before).filter(school_class=seat.school_class).order_by("pk")[:3]
    with pinned(before):
        for spell in spells.select_related("student"):
            named = {PostKey.TEACHER: Named(seat.user.name, school.name)}
            name_people(spell.student.uid, named, by=office, on=before)
    with pinned(last):
        end(seat.pk, last=last, reason="调动", by=office, on=last)


def _propose(who: tuple[str, str], role: Role, unit, by: User, on: date) -> None:
    grant(who[0], Term(role, unit, on), name=who[1], by=by, on=on)


def _judge(security: User, on: date) -> None:
    """One is let in, one turned away."""
    waiting = Seat.objects.waiting()
    refuse_seat(
        waiting.filter(user__username=STRANGER[0]).values_list("pk", flat=True),
        reason="专班没有这个人", by=security, on=on,
    )  # fmt: skip
    activate(waiting.values_list("pk", flat=True), by=security, on=on)
