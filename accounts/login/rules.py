"""Brakes on wrong passwords: dates and numbers in, a wait out. No Django, no clock.

Nobody elsewhere can lock out another; whoever shares the source can, for PAIR_LOCK at a time, but on
a phone it trusts. Wrong passwords from elsewhere never brake an account where it came in
within FAMILIAR_FOR, nor on a phone it trusts: there its own wrong tries count and no other's. And
where an account or a source is braked, one try in HOLD still gets through.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

PAIR_LIMIT, PAIR_LOCK = 5, timedelta(minutes=15)
HOUR = timedelta(hours=1)
ACCOUNT_LIMIT, SOURCE_LIMIT, DEVICE_LIMIT = 20, 200, 10
HOLD = timedelta(seconds=30)
FAMILIAR_FOR = timedelta(days=30)


class Brake(StrEnum):
    """Which count holds a try back."""

    PAIR = "pair"
    BUSY = "busy"
    DEVICE = "device"


@dataclass(frozen=True, slots=True)
class Wait:
    """Held back by `brake` for so long."""

    brake: Brake
    left: timedelta


@dataclass(frozen=True, slots=True)
class Count:
    """Wrong tries within the last hour: how many, and when the newest was."""

    tries: int = 0
    newest: datetime | None = None


@dataclass(frozen=True, slots=True)
class Tries:
    """What bears on a try: of this account from this source (newest first), of the account, of the
    source; `familiar`: the account came in from this source within FAMILIAR_FOR."""

    pair: Sequence[datetime] = ()
    account: Count = Count()
    source: Count = Count()
    familiar: bool = False


def wait_for(tries: Tries, at: datetime) -> Wait | None:
    """How long a try at `at` has to wait; None: it may be made."""
    if left := _locked(tries.pair, at):
        return Wait(Brake.PAIR, left)
    counted = [(tries.account, ACCOUNT_LIMIT), (tries.source, SOURCE_LIMIT)]
    waits = [_held(count, limit, at) for count, limit in counted]
    left = max(waits)
    return Wait(Brake.BUSY, left) if left and not tries.familiar else None


def wait_at_device(times: Sequence[datetime], at: datetime) -> Wait | None:
    """The same on a trusted phone, by its own wrong tries, newest first: DEVICE_LIMIT an hour."""
    recent = [one for one in times if one > at - HOUR]
    if len(recent) < DEVICE_LIMIT:
        return None
    return Wait(Brake.DEVICE, recent[DEVICE_LIMIT - 1] + HOUR - at)


def _locked(times: Sequence[datetime], at: datetime) -> timedelta:
    """What is left of the lock that PAIR_LIMIT tries within PAIR_LOCK bring, from the last of them."""
    if len(times) < PAIR_LIMIT or times[0] - times[PAIR_LIMIT - 1] >= PAIR_LOCK:
        return timedelta()
    return max(times[0] + PAIR_LOCK - at, timedelta())


def _held(count: Count, limit: int, at: datetime) -> timedelta:
    if count.tries < limit or count.newest is None:
        return timedelta()
    return max(count.newest + HOLD - at, timedelta())
