"""Who is no second word to whom: an approver who holds the asker's account in hand, or is held."""

from datetime import date, timedelta

from django.db.models import Q

from accounts.enums import SeatState
from accounts.models import Change, Seat, User

RESET_HOLDS = timedelta(days=30)
LONGEST_CHAIN = 8
GIVES = ("seats.grant", "users.seat")
RESET = "users.reset_password"

GAVE = "{approver}办过{asker}的账号或任职，不能做{asker}的第二人，请另一位办理。"
GAVE_ABOVE = (
    "{asker}的任职由{approver}安排的人办理，{approver}不能做{asker}的第二人，请另一位办理。"
)
HAS_RESET = "{approver}在 {day} 重置过{asker}的密码，30 天内不能做{asker}的第二人，请另一位办理。"
KNOWS = "{asker}还在用{approver}发的初始密码，{approver}不能做{asker}的第二人，请另一位办理。"
KNOWN = "{approver}还在用{setter}发的初始密码，不能做{asker}的第二人，请先改密码，或请另一位办理。"
ONESELF = "不能由本人做第二人。"


def why_dependent(approver: User, asker: User, on: date) -> str:
    """Why `approver` is no second word to `asker` on a day; "" when the two are independent.

    Who gave an account or a seat of it, or to who gave it, or reset its password within 30 days,
    could have acted as that person, or for its favour; so could, either way, who set a first
    password that was never changed since.
    """
    if approver.pk == asker.pk:
        return ONESELF
    names = {"approver": approver.name, "asker": asker.name}
    if _gave_itself(approver, asker):
        return GAVE.format(**names)
    above = givers_above(asker)
    if approver.pk in above:
        return GAVE_ABOVE.format(**names)
    reset = _resets(approver, asker).filter(happened_from__gt=on - RESET_HOLDS).last()
    if reset:
        return HAS_RESET.format(day=reset.happened_from, **names)
    if set_by(asker) == approver:
        return KNOWS.format(**names)
    setter = set_by(approver)
    if setter and (setter.pk in {asker.pk, *above} or _gave_itself(setter, asker)):
        return KNOWN.format(setter=setter.name, **names)
    return ""


def gave(giver: User, holder: User) -> bool:
    """Did `giver` give the account, or a seat of it, or one of who gave it?"""
    return _gave_itself(giver, holder) or giver.pk in givers_above(holder)


def _gave_itself(giver: User, holder: User) -> bool:
    given = Change.objects.filter(by=giver, kind="user", uid=holder.username, verb__in=GIVES)
    return given.exists() or Seat.objects.filter(user=holder, granted_by=giver).exists()


def givers_above(holder: User) -> set[int]:
    """Who gave its seats, who gave theirs, and so on up (keys); one statement a level.

    Seats that were never let in are no link: else who proposes a seat for another could make that
    person dependent on anybody.
    """
    let_in = Seat.objects.exclude(state__in=[SeatState.PROPOSED, SeatState.REFUSED])
    found: set[int] = set()
    level = {holder.pk}
    for _ in range(LONGEST_CHAIN):
        seats = let_in.filter(user__in=level).exclude(granted_by=None)
        level = set(seats.values_list("granted_by", flat=True).distinct()) - found
        if not level:
            break
        found |= level
    return found - {holder.pk}


def set_by(holder: User) -> User | None:
    """Who set the first password the account still has; None once its holder changed it."""
    if not holder.must_change_password or not holder.has_usable_password():
        return None
    changes = Change.objects.filter(kind="user", uid=holder.username).select_related("by")
    last = changes.filter(verb=RESET).last() or changes.filter(verb__in=GIVES).first()
    return last.by if last else None


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
