"""班主任与岗位, 岗位: who holds which seat, what is vacant, and each seat's own page."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from accounts import access
from accounts.enums import CLASS_ROLES, Access, Role, SeatState
from accounts.gate import open_to
from accounts.models import Seat, User
from accounts.requests import Request
from accounts.saving import attempt
from accounts.seats import accounts, ending, granting
from accounts.seats.account_states import held_by, seat_state, states_of
from accounts.seats.granting import Term
from accounts.seats.keeping import Keeper, turn_to
from accounts.seats.permissions import effect, open_seats
from accounts.seats.rules.granting import Effect
from accounts.seats.swapping import partner_of, swap
from kongchuo.people import forms, roster
from kongchuo.people.handover import hand_over, shown_to, successors
from kongchuo.people.home import home_of
from kongchuo.people.roster import READERS, Unit
from kongchuo.people.slip_views import slip, slip_given_before, without_password
from regions.clock import today
from regions.days import place_rules_of
from regions.models import Region, School, SchoolClass
from regions.paths import inside
from regions.rules.day_words import day_in_words

LEFT_BEHIND = (SeatState.ACTIVE, SeatState.REVOKED)
# They end seats and look after accounts; they fill none from here.
ACCOUNT_KEEPERS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN)
NO_PASSWORD = "这个账号没有可用的密码，请另发密码条或重置密码。"  # noqa: S105
ROLES_AT: dict[type, tuple[Role, ...]] = {
    SchoolClass: (Role.TEACHER, Role.STAND_IN),
    School: (Role.OFFICE, Role.PRINCIPAL, Role.CENTRAL),
    Region: (Role.VILLAGE, Role.TOWNSHIP, Role.LEADER),
}


@open_to(*READERS)
def index(request: Request) -> HttpResponse:
    """What a person gives seats for: vacancies first, then what ends, then what leavers left open."""
    user, on = request.user, today()
    place_rules = request.place_rules = place_rules_of(user.reach.seats[0].path)
    sections = roster.sections_of(user, on, place_rules)
    paths = [line.unit.path for section in sections for line in section.lines]
    left = roster.leavers(Seat.objects.filter(path__in=paths, state__in=LEFT_BEHIND), on)
    page = {
        "sections": sections,
        "leavers": [one for one in left if _may(user, one.seat)],
        "ended": [one for one in roster.ended_lately(paths, on) if _may(user, one)],
        "shared": roster.shared_accounts(user, on),
        "title": home_of(user).title,
        "without": without_password(user, on),
    }
    return render(request, "people/index.html", page)


def _may(user: User, seat: Seat) -> bool:
    return effect(user, Role(seat.role), seat.unit) is Effect.AT_ONCE


@open_to(*READERS)
@require_http_methods(["GET", "POST"])
def appoint(request: Request, path: str) -> HttpResponse:
    """Give a seat at a unit: to an account that stands, or to a new one with its first password."""
    user, on, unit = request.user, today(), _unit(path)
    roles = [role for role in ROLES_AT[type(unit)] if effect(user, role, unit) is Effect.AT_ONCE]
    if not roles:
        raise Http404
    initial = {"began": on, "role": request.GET.get("role", roles[0].value)}
    form = forms.AppointForm(request.POST or None, roles=roles, initial=initial)
    if form.is_valid():
        given = attempt(form, lambda: _granted(form.cleaned_data, unit, user, on))
        if given.result and given.result.password:
            return slip(request, given.result.seat, given.result.password)
        if given.result:
            messages.success(request, _appointed(given.result.seat, on))
            return redirect("people:index")
        if before := slip_given_before(user, unit.path, form.cleaned_data, on):
            return slip(request, before)
    page = {
        "form": form,
        "unit": _label(unit, on),
        "accounts": _accounts_near(unit, on),
        "home": home_of(user),
    }
    return render(request, "people/appoint.html", page, status=409 if form.errors else 200)


def _granted(told: dict[str, Any], unit: Unit, by: User, on: date) -> granting.Granted:
    replaced = None
    if told["role"] is Role.STAND_IN:
        teachers = Seat.objects.on(on).filter(path=unit.path, role=Role.TEACHER)
        replaced = teachers.first()
    term = Term(told["role"], unit, told["began"], told["until"], stands_in_for=replaced)
    return granting.grant(told["username"], term, name=told["name"], by=by, on=on)


def _appointed(seat: Seat, on: date) -> str:
    said = f"已安排{seat.user.name}任{seat.role_label}，{day_in_words(seat.began, on)}起。"
    return said if seat.user.has_usable_password() else said + NO_PASSWORD


def _unit(path: str) -> Unit:
    for model in (SchoolClass, School, Region):
        if found := model.objects.filter(path=path).first():
            return found
    raise Http404


def _label(unit: Unit, on: date) -> str:
    if isinstance(unit, SchoolClass):
        return f"{unit.school.name} {unit.label(on)}"
    return unit.name


def _accounts_near(unit: Unit, on: date) -> list[tuple[str, str]]:
    """(username, name) of who acts at the unit, or in its school: they can be chosen from a list."""
    around = unit.path.split("C", 1)[0]
    seats = (
        Seat.objects.filter(inside("path", around))
        if "S" in around
        else Seat.objects.filter(path=unit.path)
    )
    people = User.objects.filter(pk__in=seats.values("user"), is_active=True)
    return list(people.order_by("name").values_list("username", "name"))


@open_to(*READERS, *ACCOUNT_KEEPERS)
def seat(request: Request, pk: int) -> HttpResponse:
    """One seat: its days, what stands open, and all that can be done with it."""
    return _render_seat(request, _reached(request.user, pk))


def _reached(user: User, pk: int) -> Seat:
    """A seat that the user may give, or whose account it looks after; any for the security
    administrator, who keeps the accounts."""
    found = get_object_or_404(Seat.objects.with_units(), pk=pk)
    if effect(user, Role(found.role), found.unit) or user.reach.holds(Role.SECURITY_ADMIN):
        return found
    if Keeper(user).why_not_look_after(found.user, open_seats(found.user, today())):
        raise Http404
    return found


@dataclass(frozen=True, slots=True)
class SeatAct:
    """One thing done with a seat or its account: its form, the verb, the sentence when it is done."""

    title: str
    form: Callable[..., Form]
    verb: Callable[[Seat, dict[str, Any], User, date], Any]
    done: Callable[[Seat, Any], str]


def _end(of: Seat, told: dict[str, Any], by: User, on: date) -> Seat:
    return ending.end(of.pk, last=told["last"], reason=told["reason"], by=by, on=on)


def _move(of: Seat, told: dict[str, Any], by: User, on: date) -> Seat:
    return granting.move(of.pk, told["to"], first=told["first"], by=by, on=on)


def _swap(of: Seat, told: dict[str, Any], by: User, on: date) -> list[Seat]:
    return swap(of.pk, told["other"], first=told["first"], by=by, on=on)


def _starts(seat: Seat) -> str:
    """张海波12月7日起任白水中学 八(2)班班主任"""
    return (
        f"{seat.user.name}{seat.began:%-m月%-d日}起任{seat.unit_label(seat.began)}{seat.role_label}"
    )


ACTS: dict[str, SeatAct] = {
    "end": SeatAct("离任", forms.EndForm, _end, lambda of, _: f"{of.user.name}的任职已办离任。"),
    "move": SeatAct("换班", forms.MoveForm, _move, lambda of, new: f"{_starts(new)}。"),
    "swap": SeatAct(
        "两人对换", forms.SwapForm, _swap, lambda of, new: f"{'，'.join(map(_starts, new))}。"
    ),
    "hand": SeatAct(
        "办结交接",
        forms.HandOverForm,
        lambda of, told, by, on: hand_over(of.pk, to=told["to"], by=by, on=on),
        lambda of, moved: f"已交接：{'、'.join(one.said for one in moved)}。",
    ),
    "rename": SeatAct(
        "改名",
        forms.RenameForm,
        lambda of, told, by, on: accounts.rename(of.user.username, told["name"], by=by, on=on),
        lambda of, user: f"姓名已改为{user.name}。",
    ),
    "stop": SeatAct(
        "停用账号",
        forms.StopForm,
        lambda of, told, by, on: accounts.stop(
            of.user.username, reason=told["reason"], by=by, on=on
        ),
        lambda of, _: f"{of.user.name}的账号已停用，不能登录。",
    ),
    "reopen": SeatAct(
        "恢复账号",
        forms.PlainForm,
        lambda of, told, by, on: accounts.reopen(of.user.username, by=by, on=on),
        lambda of, _: f"{of.user.name}的账号已恢复，可以登录。",
    ),
    "unlock": SeatAct(
        "解锁",
        forms.PlainForm,
        lambda of, told, by, on: accounts.unlock(of.user.username, by=by, on=on),
        lambda of, _: f"{of.user.name}的登录锁定已解除。",
    ),
}


@open_to(*READERS, *ACCOUNT_KEEPERS)
@require_POST
def act(request: Request, pk: int, name: str) -> HttpResponse:
    """Do one thing with a seat; a refusal stands on its form, and what was typed stays."""
    if name not in ACTS:
        raise Http404
    of, on, what = _reached(request.user, pk), today(), ACTS[name]
    form = _form(name, of, on, request.POST)
    if form.is_valid():
        if name == "move" and (other := partner_of(of, **form.cleaned_data)):
            return _preview_swap(request, of, other, form.cleaned_data["first"])
        done = attempt(form, lambda: what.verb(of, form.cleaned_data, request.user, on))
        if done.saved:
            messages.success(request, what.done(of, done.result))
            return redirect(home_of(request.user).name)
    return _render_seat(request, of, {"move" if name == "swap" else name: form}, status=409)


def _preview_swap(request: Request, of: Seat, other: Seat, first: date) -> HttpResponse:
    """The class wanted has its 班主任: what it is if the two change places, before it is done."""
    page = {
        "seat": of,
        "other": other,
        "first": first,
        "last": first - timedelta(days=1),
        "unit_of": lambda seat: seat.unit_label(first),
    }
    return render(request, "people/swap.html", page)


@open_to(*READERS, *ACCOUNT_KEEPERS)
@require_http_methods(["GET", "POST"])
def reset(request: Request, pk: int) -> HttpResponse:
    """A new first password, shown once on a slip to be handed over. Whoever comes back to its
    address, or sends the form twice, is told so and finds the password as it was."""
    of, on = _reached(request.user, pk), today()
    form = forms.ResetForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return slip(request, of)
    told = {"by": request.user, "on": on, "seen": form.cleaned_data["seen"]}
    done = attempt(form, lambda: accounts.reset_password(of.user.username, **told))
    if isinstance(done.refusal, accounts.ShownBefore):
        return slip(request, of)
    if not done.saved:
        return _render_seat(request, of, {"reset": form}, status=409)
    return slip(request, of, done.result or "")


def _form(name: str, of: Seat, on: date, given: Any = None) -> Form:
    make = ACTS[name].form
    if name in ("move", "swap"):
        return make(given, classes=_other_classes(of, on), initial={"first": on})
    if name == "hand":
        return make(given, people=successors(of, on))
    return make(given, initial={"last": on - timedelta(days=1)} if name == "end" else None)


def _other_classes(of: Seat, on: date) -> list[tuple[str, str]]:
    if of.school_class is None:
        return []
    classes = SchoolClass.objects.filter(school=of.school_class.school).running(on)
    ordered = sorted(classes.exclude(pk=of.school_class_id), key=lambda c: (c.grade(on), c.number))
    seats = Seat.objects.on(on).filter(role=of.role, school_class__in=ordered)
    there = dict(seats.values_list("school_class_id", "user__name"))
    return [
        (str(one.pk), one.label(on) + (f"（{there[one.pk]}）" if one.pk in there else ""))
        for one in ordered
    ]


def _render_seat(
    request: Request, of: Seat, bound: dict[str, Form] | None = None, status: int = 200
) -> HttpResponse:
    """The page of a seat with the forms that fit it now; those of `bound` as they came back."""
    user, on = request.user, today()
    waits = of.state == SeatState.PROPOSED
    over = not waits and (of.state != SeatState.ACTIVE or bool(of.until and of.until < on))
    left_seat = of.state == SeatState.REVOKED or bool(of.until and of.until <= on)
    left = shown_to(user, of, on)
    keeper, standing = Keeper(user), open_seats(of.user, on)
    gives = effect(user, Role(of.role), of.unit) is not None
    looks_after = not keeper.why_not_look_after(of.user, standing)
    reads_all = user.reach.holds(*ACCOUNT_KEEPERS) or keeper.is_above(of.user, standing)
    may_reset = not keeper.why_not_reset(of.user, standing)
    fits = {
        "end": gives and not over,
        "move": gives and not over and not waits and of.role in CLASS_ROLES,
        "hand": gives and bool(left) and left_seat,
        "rename": looks_after,
        "stop": looks_after and of.user.is_active,
        "reopen": looks_after and not of.user.is_active,
        "unlock": of.user.is_active and (looks_after or user.reach.holds(Role.SECURITY_ADMIN)),
    }
    forms_now = {name: _form(name, of, on) for name, fit in fits.items() if fit} | (bound or {})
    if any(one.children for one in left):
        access.log(Access.LIST, "open_things", by=user, scope=f"待移交：{of.user.username}",
                   request=request)  # fmt: skip
    page = {
        "seat": of,
        "unit": of.unit_label(on),
        "over": seat_state(of, on) if over else "",
        "waits": waits,
        "left": left,
        "forms": forms_now,
        "titles": {name: what.title for name, what in ACTS.items()},
        "may_reset": may_reset,
        "turn_to": "" if looks_after and may_reset else turn_to(of.user, standing),
        "states": states_of(of.user, on),
        "gift": accounts.gift_to(of.user).label,
        "seen": accounts.stamp_of(of.user),
        "held": [one for one in held_by(of.user, on) if reads_all or _may(user, one.seat)],
        "home": home_of(user),
    }
    return render(request, "people/seat.html", page, status=status)
