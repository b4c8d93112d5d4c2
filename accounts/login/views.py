"""Log in and out, the account page, the password changed or typed once more."""

from datetime import date

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import unsent
from accounts.enums import EVERYONE
from accounts.gate import BY_DEVICE, begin_session, on_phone_only, open_to, open_to_all
from accounts.login import brakes, device_cookie, devices, passwords
from accounts.login.brakes import Braked
from accounts.login.device_views import OFFER, phones_page
from accounts.login.forms import ConfirmForm, LoginForm, PasswordForm
from accounts.login.proof import proves
from accounts.login.user_agents import is_phone
from accounts.models import User
from accounts.requests import Request
from accounts.source import source_of
from regions.clock import now, today
from regions.refusals import Refused
from regions.rules.day_words import day_in_words

WRONG = "账号或密码不对。同一网络上错 5 次，这个账号在这个网络上锁定 15 分钟。"
FIRST_OVER = (
    "初始密码已过期（有效至 {until}），不能登录。请找安排你岗位的上级另发：教师找本校教务处，"
    "学校找县教育体育局，村找乡镇，乡镇找县专班，县级岗位找安全管理员。"
)
CHANGED = "密码已修改。"
CHANGED_ON_PHONE = "密码已修改。信任的手机下次登录要输新密码。"
PHONE_SESSION = "登录 12 小时内有效，手机放着不动不会退出。用完请退出。"
DESK_SESSION = "30 分钟不用会自动退出，登录最长 12 小时。"


@open_to_all
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form, braked = LoginForm(_typed(request)), None
    if form.is_valid():
        try:
            if user := _entering(request, **form.cleaned_data):
                return _enter(request, user)
            form.add_error(None, WRONG)
        except Braked as refusal:
            form.add_error(None, str(refusal))
            braked = refusal
        except FirstPasswordOver as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form,
        "error": _error(form),
        "next": request.GET.get("next", ""),
        "unsent": unsent.holds(request),
    }
    return _asking(request, "accounts/login.html", page, braked)


def _typed(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where that is nothing at all."""
    return request.POST if request.method == "POST" else None


class FirstPasswordOver(Refused):
    """The password was right, and is a first one that nobody used in time."""


def _entering(request: HttpRequest, username: str, password: str) -> User | None:
    """Whose account and password these are. Raises Braked before any is hashed.

    A first password that is over counts as a wrong one, so it opens no brake; only who knows it is
    told so (FirstPasswordOver).
    """
    where = brakes.door(username, source_of(request))
    over: list[date] = []

    def check() -> User | None:
        user = authenticate(request, username=username, password=password)
        until = passwords.first_password_until(user) if user else None
        if until is None or until >= today():
            return user
        over.append(until)
        return None

    found = brakes.tried(where, check, at=now())
    if over:
        raise FirstPasswordOver(FIRST_OVER.format(until=day_in_words(over[0], today())))
    return found


def _enter(request: HttpRequest, user: User) -> HttpResponse:
    """Their session; the ticket of a phone, which may be another's, has had its day."""
    login(request, user)
    begin_session(request, user.reach.roles)
    if on_phone_only(user.reach.roles) and is_phone(request.headers.get("User-Agent", "")):
        request.session[OFFER] = True
    response = redirect(_next(request))
    if device_cookie.ticket_of(request):
        device_cookie.drop(response)
    return response


def _error(form: LoginForm) -> str:
    missing = any(form.errors.get(field) for field in form.fields)
    return "请输入账号和密码。" if missing else "".join(map(str, form.non_field_errors()))


def _asking(request: HttpRequest, template: str, page: dict, braked: Braked | None) -> HttpResponse:
    """A page that asks for a password: 401 where it was wrong, 429 where it may not be tried yet."""
    if braked is None:
        return render(request, template, page, status=401 if page["form"].errors else 200)
    response = render(request, template, page, status=429)
    response["Retry-After"] = str(braked.seconds)
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and safe else "home"


@open_to_all
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """For everybody, a user without a seat among them; the phone in hand is trusted no more."""
    logout(request)
    response = redirect("accounts:login")
    if ticket := device_cookie.ticket_of(request):
        devices.leave(ticket, at=now())
        device_cookie.drop(response)
    return response


log_out.before_password = True


@open_to(*EVERYONE)
def account(request: Request) -> HttpResponse:
    day = today()
    seats = [
        {
            "role": seat.role_label,
            "unit": seat.unit_label(day),
            "began": seat.began,
            "until": seat.until,
        }
        for seat in request.user.seats.on(day).select_related(
            "region", "school", "school_class__school"
        )
    ]
    phone = on_phone_only(request.user.reach.roles)
    page = {"seats": seats, "session_words": PHONE_SESSION if phone else DESK_SESSION}
    return render(request, "accounts/account.html", page | phones_page(request, day))


@open_to(*EVERYONE)
@require_http_methods(["GET", "POST"])
def confirm(request: Request) -> HttpResponse:
    """The password, for a session that a trusted phone began; then back to what it was asked for."""
    form, braked = ConfirmForm(_typed(request)), None
    if form.is_valid():
        try:
            if proves(request, form.cleaned_data["password"], at=now()):
                request.session.pop(BY_DEVICE, None)
                request.session.cycle_key()
                messages.success(request, "密码已核对，请接着办。")
                return redirect(_next(request))
            form.add_error("password", "密码不对。")
        except Braked as refusal:
            form.add_error("password", str(refusal))
            braked = refusal
    page = {"form": form, "next": request.POST.get("next", request.GET.get("next", ""))}
    return _asking(request, "accounts/confirm.html", page, braked)


@open_to(*EVERYONE)
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    first = request.user.must_change_password
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            _change(request, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            update_session_auth_hash(request, request.user)
            if first:
                return redirect("home")
            phone = on_phone_only(request.user.reach.roles)
            messages.success(request, CHANGED_ON_PHONE if phone else CHANGED)
            return redirect("accounts:account")
    page = {"form": form, "first": first, "rule": form.rule}
    return render(request, "accounts/password.html", page)


def _change(request: Request, form: PasswordForm) -> None:
    """Raises Refused, Braked where the old password was guessed at too often."""
    old, new = form.cleaned_data["old"], form.cleaned_data["new1"]
    if not proves(request, old, at=now()):
        raise Refused(passwords.OLD_WRONG)
    passwords.change_password(request.user, old=old, new=new, on=today())
    request.session.pop(BY_DEVICE, None)


password.before_password = True
