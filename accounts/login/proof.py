"""The password of whoever is logged in, typed once more."""

from datetime import datetime

from accounts.login import brakes
from accounts.login.middleware import DEVICE
from accounts.models import TrustedDevice
from accounts.requests import Request
from accounts.source import source_of


def proves(request: Request, password: str, *, at: datetime) -> bool:
    """Is it theirs? Tried like a login; on a trusted phone by that phone's own count. Raises Braked."""
    user = request.user
    phone = TrustedDevice.objects.filter(user=user, pk=request.session.get(DEVICE, 0)).first()
    where = brakes.door(user.username, source_of(request), phone)
    return bool(brakes.tried(where, lambda: user.check_password(password) or None, at=at))
