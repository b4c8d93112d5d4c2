"""待启用任职: what waits for the security administrator, with the pupils each seat would open.

It stands here because it counts children for seats: accounts knows of no child.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from django.contrib import messages
from django.db.models import Count
from django.db.models.functions import Substr
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import CLASS_ROLES, Role, SeatState
from accounts.gate import open_to
from accounts.models import Seat, User
from accounts.reach import GOVERNMENT_LINE, SCHOOL_LINE_ALONE
from accounts.requests import Request
from accounts.seats.activating import Activated, activate, refuse_seat
from accounts.seats.waiting import Group, groups_for, numbered
from kongchuo.people.slip_views import without_password
from regions.clock import today
from regions.paths import TOWNSHIP
from regions.refusals import Refused
from students.models import Student

A_WEEK = timedelta(days=7)
NONE_CHOSEN = "没有选任职。请先勾选，再启用或退回。"
LONGEST_REASON = 200


@open_to(Role.SECURITY_ADMIN)
@require_http_methods(["GET", "POST"])
def waiting_seats(request: Request) -> HttpResponse:
    """What waits, by unit and role; those chosen are let in or turned away."""
    error, reason, ticked = "", "", None
    if request.method == "POST":
        try:
            messages.success(request, _judge(request))
            return redirect("people:waiting")
        except Refused as refusal:
            error, reason = str(refusal), request.POST.get("reason", "")
            ticked = set(_chosen(request))
    on = today()
    groups = groups_for(request.user, on, apart=request.GET.get("apart", ""))
    if ticked is not None:
        for group in groups:
            group.ticked = any(seat.pk in ticked for seat in group.seats)
    count_children(groups)
    page = {
        "groups": groups,
        "total": sum(len(group.seats) for group in groups),
        "own": [seat for group in groups for seat in group.seats
                if seat.user_id == group.submitter.pk],
        "given": given_below(on),
        "without": without_password(request.user, on),
        "error": error,
        "reason": reason,
    }  # fmt: skip
    return render(request, "accounts/waiting_seats.html", page, status=409 if error else 200)


def _chosen(request: Request) -> list[int]:
    return numbered(",".join(request.POST.getlist("seats")).split(","))


def _judge(request: Request) -> str:
    """Activate or refuse what was chosen; the sentence that says what was done. Raises Refused."""
    chosen = _chosen(request)
    if not chosen:
        raise Refused(NONE_CHOSEN)
    if request.POST.get("act") == "refuse":
        reason = request.POST.get("reason", "").strip()
        if len(reason) > LONGEST_REASON:
            raise Refused(f"退回原因最多 {LONGEST_REASON} 个字，现在 {len(reason)} 个字。")
        refused = refuse_seat(chosen, reason=reason, by=request.user, on=today())
        return f"已退回 {len(refused)} 份任职，都记入任职变动。"
    return _said(activate(chosen, by=request.user, on=today()))


def _said(answer: Activated) -> str:
    """What activating came to. Raises Refused where nothing was let in."""
    reasons = "".join(dict.fromkeys(why for _, why in answer.left))
    left = f"{len(answer.left)} 份没有启用：{reasons}" if answer.left else ""
    if not answer.seats:
        raise Refused(left)
    return f"已启用 {len(answer.seats)} 份任职，从现在起生效。{left}"


def badge(user: User) -> int:
    """How many seats wait."""
    return Seat.objects.waiting().count()


def count_children(groups: Iterable[Group]) -> None:
    """Fill in how many pupils the seats of each group would open, in two statements for all."""
    known = list(groups)
    by_class = _by_class() if any(one.role in SCHOOL_LINE_ALONE for one in known) else Counter()
    at_home = _at_home() if any(one.role in GOVERNMENT_LINE for one in known) else []
    for group in known:
        if group.role in CLASS_ROLES:
            group.children = sum(by_class[path] for path in {seat.path for seat in group.seats})
        elif group.role in SCHOOL_LINE_ALONE:
            paths = _schools_of(group)
            group.children = sum(n for path, n in by_class.items() if path.startswith(paths))
        elif group.role in GOVERNMENT_LINE:
            through_school = group.role is not Role.VILLAGE
            group.children = sum(
                n for school, *homes, n in at_home
                if any(home.startswith(group.path) for home in homes)
                or (through_school and school.startswith(group.path))
            )  # fmt: skip


def _by_class() -> Counter[str]:
    rows = Student.objects.exclude(school_path="").values_list("school_path")
    return Counter(dict(rows.annotate(n=Count("pk")).order_by()))


def _schools_of(group: Group) -> tuple[str, ...]:
    """The school, and for a 中心校 those it leads."""
    school = group.seats[0].school
    led = school.leads.all() if school and group.role is Role.CENTRAL else ()
    return (group.path, *(school.path for school in led))


def _at_home() -> list[tuple[str, str, str, int]]:
    """(township of the school, household, residence, pupils)."""
    rows = Student.objects.annotate(town=Substr("school_path", 1, TOWNSHIP))
    told = rows.values_list("town", "household_path", "residence_path")
    return list(told.annotate(n=Count("pk")).order_by())


def given_below(on: date) -> list[tuple[str, int]]:
    """(role, seats) that schools, townships and the bureau gave themselves in the last seven days."""
    given = Seat.objects.filter(
        state=SeatState.ACTIVE, activated_by=None, granted_by__isnull=False,
        granted_at__date__gt=on - A_WEEK, granted_at__date__lte=on,
    )  # fmt: skip
    counted = given.values_list("role").annotate(n=Count("pk")).order_by("role")
    return [(Role(role).label, n) for role, n in counted]
