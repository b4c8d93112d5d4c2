"""The sessions of an account, ended from elsewhere."""

from accounts.models import User
from regions.clock import now


def end_sessions(user: User) -> None:
    """Whoever is logged in as `user` is asked for the password at the next page."""
    user.sessions_from = now()
    user.save(update_fields=["sessions_from"])
