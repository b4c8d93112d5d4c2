"""The sessions and trusted phones of an account, ended from elsewhere."""

from accounts.models import TrustedDevice, User
from regions.clock import now


def end_sessions(user: User, *, by: User | None = None) -> None:
    """Whoever is logged in as `user` is asked for the password at the next page, on every device."""
    stop_sessions(user)
    forget_devices(user, by=by)


def stop_sessions(user: User) -> None:
    """All sessions are over; a phone that is trusted begins another by itself."""
    user.sessions_from = now()
    user.save(update_fields=["sessions_from"])


def forget_devices(user: User, *, by: User | None) -> None:
    """No phone is trusted any more; who is logged in stays so."""
    trusted = TrustedDevice.objects.filter(user=user, revoked_at=None)
    trusted.update(revoked_at=now(), revoked_by=by)
