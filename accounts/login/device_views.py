"""信任这部手机: offered after a login, listed and revoked on the account page."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST

from accounts.enums import PHONE_ROLES
from accounts.gate import open_to, with_password
from accounts.login import device_cookie, devices
from accounts.login.middleware import DEVICE
from accounts.login.user_agents import device_label
from accounts.models import TrustedDevice
from accounts.requests import Request
from accounts.unsent import page_of
from regions.clock import now
from regions.rules.values import number_of

OFFER = "offer_device"  # in a session: this phone may be trusted, and nobody has said yet


@open_to(*PHONE_ROLES)
@with_password("POST")
@require_POST
def trust(request: Request) -> HttpResponse:
    """信任这部手机 or 不用, wherever the question stood. Trust cannot prolong itself: a session that a
    phone began is asked for the password first."""
    request.session.pop(OFFER, None)
    response = redirect(page_of(request) or "home")
    if request.POST.get("choice") == "no":
        messages.success(request, "好的，这部手机每次登录都输密码。以后想免输，在“我的”里打开。")
        return response
    made = devices.trust(request.user, device_label(_agent(request)), at=now())
    request.session[DEVICE] = made.device.pk
    device_cookie.lay(response, made)
    words = "已信任这部手机，30 天内登录不用输密码。用完不要按“退出”；手机丢了，在“我的”里撤销。"
    if made.replaced:
        words += f"一个账号最多 {devices.MOST} 部，最久没用的一部（{made.replaced}）已撤销。"
    messages.success(request, words)
    return response


@open_to(*PHONE_ROLES)
@require_POST
def revoke(request: Request) -> HttpResponse:
    """Trust one phone no more; every other session of the account ends, this one stays."""
    wanted = number_of(request.POST.get("device", "")) or 0
    mine = TrustedDevice.objects.filter(user=request.user).open_on(now().date())
    device = get_object_or_404(mine, pk=wanted)
    label = devices.revoke(request.user, device.pk, at=now())
    update_session_auth_hash(request, request.user)
    messages.success(request, f"已撤销“{label}”。这个账号在别处的登录都已退出。")
    response = redirect("accounts:account")
    if request.session.get(DEVICE) == device.pk:
        device_cookie.drop(response)
    return response


def phones_page(request: Request, day: date) -> dict[str, Any]:
    """What the account page shows of trusted phones: None for who works at a desk."""
    if not devices.may_trust(request.user):
        return {"phones": None}
    standing = (
        TrustedDevice.objects.filter(user=request.user).open_on(day).order_by("-last_used_at")
    )
    here = request.session.get(DEVICE)
    return {
        "phones": [{"row": one, "here": one.pk == here} for one in standing],
        "here": any(one.pk == here for one in standing),
        "this": device_label(_agent(request)),
    }


def _agent(request: Request) -> str:
    return request.headers.get("User-Agent", "")
