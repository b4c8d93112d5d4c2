"""How an account and its seats stand, in words: one list for every page that tells it."""

from dataclasses import dataclass
from datetime import date

from accounts.enums import SeatState
from accounts.login.passwords import first_password_until
from accounts.models import Seat, User
from regions.rules.day_words import day_in_words

Said = tuple[str, str]  # the tone of a tag and its words
IN_USE: Said = ("ok", "在用")


def states_of(user: User, on: date) -> list[Said]:
    """What is to be said of an account on a day: (tone, words), `IN_USE` where nothing keeps it back."""
    said: list[Said] = []
    if not user.is_active:
        said.append(("bad", "账号已停用"))
    if not user.has_usable_password():
        return [*said, ("warn", "还没有密码")]
    until = first_password_until(user)
    if not user.last_login:
        said.append(("warn", "未登录过"))
    elif until:
        said.append(("warn", "没换初始密码"))
    if until:
        said.append(_of_first_password(until, on))
    return said or [IN_USE]


def _of_first_password(until: date, on: date) -> Said:
    if until < on:
        return "bad", "初始密码已过期"
    return "plain", f"初始密码有效至 {day_in_words(until, on)}"


@dataclass(frozen=True, slots=True)
class Told:
    """A seat of an account with what is to be said of it: "" for one that reaches."""

    seat: Seat
    state: str


def held_by(user: User, on: date) -> list[Told]:
    """All seats an account ever had, the latest first."""
    seats = user.seats.with_units().order_by("-began", "-pk")
    return [Told(seat, seat_state(seat, on)) for seat in seats]


def seat_state(seat: Seat, on: date) -> str:
    """What keeps a seat from reaching on a day: 待启用, 已退回, 已撤销, 已离任, 还没到任; "" for nothing."""
    if seat.state != SeatState.ACTIVE:
        return SeatState(seat.state).label
    if seat.until is not None and seat.until < on:
        return "已离任"
    return "还没到任" if seat.began > on else ""
