"""The gate: every page says who may open it, and what says nothing opens to nobody."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, Protocol, cast
from urllib.parse import urlencode

from django.contrib.auth import logout
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts import drafts, unsent
from accounts.enums import PHONE_ROLES, Role
from accounts.models import User
from accounts.requests import Request
from regions.clock import now

ABSOLUTE = timedelta(hours=12)
IDLE = timedelta(minutes=30)
TOUCH_EVERY = timedelta(minutes=1)
BY_DEVICE = "by_device"  # in a session: a trusted phone began it, no password was typed
NO_RIGHT = "你的账号没有这项权限。需要时请联系系统管理员。"


View = Callable[..., HttpResponseBase]


class Page(Protocol):
    """A view that says who may open it: these roles, or None for a page that needs no login.

    `before_password`: it opens also before the first password was changed. `with_password`: the
    methods for which a session that a trusted phone began is asked for the password.
    """

    open_to: frozenset[Role] | None
    before_password: bool
    with_password: frozenset[str]

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase: ...


def open_to(*roles: Role) -> Callable[[View], Page]:
    """Declare which roles may open a page. Reach still decides what they find on it.

    Behind the gate a request is a `Request`: its user is logged in.
    """

    def declare(view: View) -> Page:
        @wraps(view)
        def opened(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return view(request, *args, **kwargs)

        page = cast(Page, opened)
        page.open_to = frozenset(roles)
        return page

    return declare


def open_to_all(view: View) -> Page:
    """Declare a page that needs no login: log in, health."""
    page = cast(Page, view)
    page.open_to = None
    return page


def with_password(*methods: str) -> Callable[[View], View]:
    """Declare that what a page shows in full or hands out as a file wants the password typed.

    A session begun by a trusted phone is asked for it, once; stands below `open_to`.
    """

    def declare(view: View) -> View:
        cast(Page, view).with_password = frozenset(methods)
        return view

    return declare


def require(
    user: User, roles: Iterable[Role], over: str | None = None, why: str = NO_RIGHT
) -> None:
    """403 with a sentence for who reaches a page, or the place `over`, but may not act there."""
    if not user.reach.holds(*roles, over=over):
        raise PermissionDenied(why)


class SessionRulesMiddleware:
    """Session ends: 12 h absolute for all; idle 30 min, but not on teachers' and villages' phones."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        if request.session.get("began") and self._is_over(request):
            expired, carried = request.user.pk, drafts.carried(request)
            logout(request)
            request.session.update(carried)
            if expired:
                unsent.keep(request, expired)
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    def _is_over(self, request: HttpRequest) -> bool:
        instant = now()
        if instant - _instant(request.session["began"]) > ABSOLUTE:
            return True
        if request.session.get("phone"):
            return False
        touched = _instant(request.session["touched"])
        if instant - touched > IDLE:
            return True
        if instant - touched > TOUCH_EVERY:
            request.session["touched"] = instant.isoformat()
        return False


def _instant(kept: str) -> datetime:
    return datetime.fromisoformat(kept)


def begin_session(request: HttpRequest, roles: frozenset[Role]) -> None:
    """Start the clocks of a session; one that only acts on a phone has no idle limit."""
    instant = now().isoformat()
    request.session["began"] = request.session["touched"] = instant
    request.session["phone"] = on_phone_only(roles)


def on_phone_only(roles: frozenset[Role]) -> bool:
    """Is every seat one that works on a phone: of a class, or of a village?"""
    return bool(roles) and roles <= PHONE_ROLES


class GateMiddleware:
    """Closed by default: login first, then the first password changed, then the page's roles, then
    the password where only a trusted phone spoke for the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest):
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs):
        roles: frozenset[Role] | None = getattr(view, "open_to", frozenset())
        if roles is None:
            return None
        if not request.user.is_authenticated:
            return self._to_login(request)
        if request.user.must_change_password and not getattr(view, "before_password", False):
            return redirect("accounts:password")
        if not request.user.reach.roles & roles:
            raise PermissionDenied(NO_RIGHT)
        asked: frozenset[str] = getattr(view, "with_password", frozenset())
        if request.method in asked and request.session.get(BY_DEVICE):
            return self._to_password(request)
        return None

    def _to_login(self, request: HttpRequest) -> HttpResponse:
        htmx = cast(Request, request).htmx
        page = htmx.current_url_abs_path if htmx else unsent.page_of(request)
        return _led_to(request, "accounts:login", page if page != "/" else "")

    def _to_password(self, request: HttpRequest) -> HttpResponse:
        """What was typed is kept meanwhile, and stands in its form when they come back."""
        page = unsent.keep(request, cast(User, request.user).pk) or unsent.page_of(request)
        return _led_to(request, "accounts:confirm", page)


def _led_to(request: HttpRequest, name: str, page: str | None) -> HttpResponse:
    """To a page that asks for a password and leads back to `page`; the whole page, also from a part."""
    address = reverse(name)
    if page:
        address += f"?{urlencode({'next': page}, safe='/')}"
    if cast(Request, request).htmx:
        response = HttpResponse(status=204)
        response["HX-Redirect"] = address
        return response
    return redirect(address)
