"""Brakes before a password is hashed: what counts against a try, and what came of it.

A try is written down as a wrong one before the password is looked at, and taken back when it was
right. So of a hundred that arrive together no more are hashed than the rule lets through.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import TypeVar

from django.db import models
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from accounts.login.rules import (
    FAMILIAR_FOR,
    HOLD,
    HOUR,
    PAIR_LIMIT,
    Brake,
    Count,
    Tries,
    Wait,
    wait_at_device,
    wait_for,
)
from accounts.models import CameIn, TrustedDevice, WrongTry
from accounts.source import neighbourhood
from regions.refusals import Refused

Found = TypeVar("Found")
KEPT_FOR = timedelta(days=1)
WORDS = {
    Brake.PAIR: "这个账号在这个网络上错了 5 次（也可能是旁边的人输错的），请 {minutes} 分钟后再试，"
    "或换一个网络。急用、忘记密码，请找安排你岗位的上级。",
    Brake.BUSY: "错的次数太多。请 30 秒后再试。",
    Brake.DEVICE: "这部手机一小时内错了 10 次。请 {minutes} 分钟后再试。",
}


class Braked(Refused):
    """Too many wrong tries: the sentence, and after how many seconds to ask again."""

    def __init__(self, wait: Wait) -> None:
        self.seconds = max(ceil(wait.left.total_seconds()), 1)
        super().__init__(WORDS[wait.brake].format(minutes=ceil(self.seconds / 60)))


@dataclass(frozen=True, slots=True)
class Door:
    """Where a password is tried: the account as it is counted, the source, the trusted phone."""

    account: str
    source: str
    device: TrustedDevice | None = None

    def wait(self, at: datetime, but: int = 0) -> Wait | None:
        """What holds a try back, the row `but` left out."""
        rows = WrongTry.objects.exclude(pk=but)
        if self.device:
            times = rows.filter(device=self.device, at__gt=at - HOUR).order_by("-at")
            return wait_at_device(list(times.values_list("at", flat=True)), at)
        return wait_for(self._tries(rows.filter(device=None), at), at)

    def _tries(self, rows: QuerySet[WrongTry], at: datetime) -> Tries:
        lately = rows.filter(at__gt=at - HOUR, at__lt=at + HOLD)  # no two clocks are quite alike
        pair = lately.filter(account=self.account, source=self.source).order_by("-at")
        here = CameIn.objects.filter(source=self.source, at__gt=at - FAMILIAR_FOR)
        strangers = lately.filter(source=self.source).exclude(account__in=here.values("account"))
        return Tries(
            pair=list(pair.values_list("at", flat=True)[:PAIR_LIMIT]),
            account=_count(lately.filter(account=self.account)),
            source=_count(strangers),
            familiar=here.filter(account=self.account).exists(),
        )

    def came_in(self, row: WrongTry, at: datetime) -> None:
        """The password was right: this try and those before it, here, count no more."""
        mine = WrongTry.objects.filter(account=self.account, device=self.device, pk__lte=row.pk)
        (mine if self.device else mine.filter(source=self.source)).delete()
        CameIn.objects.update_or_create(
            account=self.account, source=self.source, defaults={"at": at}
        )


def _count(rows: QuerySet[WrongTry]) -> Count:
    return Count(**rows.aggregate(tries=models.Count("pk"), newest=models.Max("at")))


def door(username: str, source: str, device: TrustedDevice | None = None) -> Door:
    """The door for a try."""
    return Door(_counted(username), neighbourhood(source), device)


def _counted(username: str) -> str:
    """An account as it is counted: as typed, in any case, whether it exists or not."""
    name = username.strip().lower()
    return salted_hmac("accounts.login.brakes", name, algorithm="sha256").hexdigest()


def release(username: str) -> None:
    """Forget the wrong tries of an account, wherever they came from."""
    WrongTry.objects.filter(account=_counted(username)).delete()


def tried(at_door: Door, check: Callable[[], Found | None], *, at: datetime) -> Found | None:
    """What `check` finds (hashing a password), None where it was wrong. Raises Braked, with nothing
    hashed, where it may not be tried now, and after the try that brought the lock."""
    if wait := at_door.wait(at):
        raise Braked(wait)
    row = WrongTry.objects.create(
        account=at_door.account, source=at_door.source, device=at_door.device, at=at
    )
    if wait := at_door.wait(at, but=row.pk):
        row.delete()
        raise Braked(wait)
    found = check()
    if found is not None:
        at_door.came_in(row, at)
    elif (wait := at_door.wait(at)) and wait.brake is not Brake.BUSY:
        raise Braked(wait)
    return found


def forget_old(*, at: datetime) -> None:
    """Wrong tries are kept a day, sources as long as they are familiar."""
    WrongTry.objects.filter(at__lt=at - KEPT_FOR).delete()
    CameIn.objects.filter(at__lt=at - FAMILIAR_FOR).delete()
