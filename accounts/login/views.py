"""Log in and out, the account page, passwords; accounts and trails for the administrators."""

from django.contrib import messages
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_POST

from accounts import unsent
from accounts.enums import EVERYONE, PHONE_ROLES
from accounts.gate import begin_session, open_to, open_to_all
from accounts.login import passwords
from accounts.login.forms import LoginForm, PasswordForm
from accounts.requests import Request
from regions.clock import today
from regions.refusals import Refused

WRONG = "账号或密码不对。连续错 5 次，这台设备上的这个账号锁定 15 分钟。"
LOCKED = "错的次数太多，已锁定 15 分钟。忘记密码请找教务处或县教育体育局。"
PHONE_SESSION = "登录 12 小时内有效，手机放着不动不会退出。用完请退出。"
DESK_SESSION = "30 分钟不用会自动退出，登录最长 12 小时。"


@open_to_all
@require_http_methods(["GET", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect("home")
    form, error = LoginForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        user = authenticate(request, **form.cleaned_data)
        if user is not None:
            login(request, user)
            begin_session(request, user.reach.roles)
            return redirect(_next(request))
        error = LOCKED if getattr(request, "axes_locked_out", False) else WRONG
    elif request.method == "POST":
        error = "请输入账号和密码。"
    page = {
        "form": form,
        "error": error,
        "next": request.GET.get("next", ""),
        "unsent": unsent.holds(request),
    }
    return render(request, "accounts/login.html", page, status=401 if error else 200)


def locked_out(request: HttpRequest, response: HttpResponse, credentials=None) -> HttpResponse:
    """The page of the login view stays: axes would put a line of English in its place."""
    return response


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts={request.get_host()})
    return wanted if wanted and safe else "home"


@open_to_all
@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    """For everybody, a user without a seat among them."""
    logout(request)
    return redirect("accounts:login")


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
    phone = request.user.reach.roles <= PHONE_ROLES
    words = PHONE_SESSION if phone else DESK_SESSION
    return render(request, "accounts/account.html", {"seats": seats, "session_words": words})


@open_to(*EVERYONE)
@require_http_methods(["GET", "POST"])
def password(request: Request) -> HttpResponse:
    first = request.user.must_change_password
    form = PasswordForm(request.POST or None)
    if form.is_valid():
        try:
            passwords.change_password(
                request.user,
                old=form.cleaned_data["old"],
                new=form.cleaned_data["new1"],
                on=today(),
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            update_session_auth_hash(request, request.user)
            if first:
                return redirect("home")
            messages.success(request, "密码已修改。")
            return redirect("accounts:account")
    page = {"form": form, "first": first, "rule": form.rule}
    return render(request, "accounts/password.html", page)


password.before_password = True
