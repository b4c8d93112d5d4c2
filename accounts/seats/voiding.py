"""A first password that another gave ends when somebody else gives the account a seat."""

from accounts.login.sessions import end_sessions
from accounts.models import User
from accounts.seats.independence import set_by

VOIDED = "原来的初始密码是{setter}发的，已作废，请另发密码条"


def void_first_password(user: User, *, by: User) -> str:
    """Make a first password that another than `by` set, and nobody changed, unusable; sessions end.

    What to say of it; "" where nothing was voided. Else who made an account ahead of its holder
    could come in as that person. A slip, or a reset, gives the next one.
    """
    setter = set_by(user)
    if setter is None or setter == by:
        return ""
    user.set_unusable_password()
    user.save(update_fields=["password"])
    end_sessions(user, by=by)
    return VOIDED.format(setter=setter.name)
