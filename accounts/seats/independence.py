"""Who is no second word to whom: an approver who holds the asker's account in hand."""

from datetime import date, timedelta

from django.db.models import Q

from accounts.models import Change, Seat, User

RESET_HOLDS = timedelta(days=30)
GIVES = ("seats.grant", "users.seat")
RESET = "users.reset_password"

GAVE = "{approver}办过{asker}的账号或任职，不能做{asker}的第二人，请另一位办理。"
HAS_RESET = "{approver}在 {day} 重置过{asker}的密码，30 天内不能做{asker}的第二人，请另一位办理。"
ONESELF = "不能由本人做第二人。"


def why_dependent(approver: User, asker: User, on: date) -> str:
    """Why `approver` is no second word to `asker` on a day; "" when the two are independent.

    Who gave an account or a seat of it, or reset its password within 30 days, could have acted as
    that person, or for its favour.
    """
    if approver.pk == asker.pk:
        return ONESELF
    names = {"approver": approver.name, "asker": asker.name}
    if gave(approver, asker):
        return GAVE.format(**names)
    reset = _resets(approver, asker).filter(happened_from__gt=on - RESET_HOLDS).last()
    return HAS_RESET.format(day=reset.happened_from, **names) if reset else ""


def gave(giver: User, holder: User) -> bool:
    """Did `giver` give the account, or a seat of it?"""
    given = Change.objects.filter(by=giver, kind="user", uid=holder.username, verb__in=GIVES)
    return given.exists() or Seat.objects.filter(user=holder, granted_by=giver).exists()


def _resets(by: User, of: User):
    return Change.objects.filter(by=by, kind="user", uid=of.username, verb=RESET)


def made_by(holder: User) -> list[User]:
    """Who gave the account, or a seat of it, and may still know its first password."""
    givers = Change.objects.filter(kind="user", uid=holder.username, verb__in=GIVES).values("by")
    seats = Seat.objects.filter(user=holder).exclude(granted_by=None).values("granted_by")
    found = User.objects.filter(Q(pk__in=givers) | Q(pk__in=seats)).exclude(pk=holder.pk)
    return [giver for giver in found if not password_from_another(holder, but=giver)]


def password_from_another(holder: User, but: User) -> bool:
    """Was the password of `holder` reset by another than `but`, after `but` gave the account?

    Until then whoever made the account may still know its first password.
    """
    changes = Change.objects.filter(kind="user", uid=holder.username)
    mine = changes.filter(by=but, verb__in=(*GIVES, RESET)).last()
    others = changes.filter(verb=RESET).exclude(by=but).last()
    return others is not None and (mine is None or others.pk > mine.pk)
