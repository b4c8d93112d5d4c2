"""Trusted phones: trusted, come in with, revoked. At most MOST of an account stand at a time."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from django.core.signing import BadSignature, Signer
from django.db import transaction

from accounts import history
from accounts.enums import PHONE_ROLES
from accounts.login.sessions import stop_sessions
from accounts.models import TrustedDevice, User
from regions.refusals import Refused

MOST = 2
TRUSTED_FOR = timedelta(days=30)
GRACE = timedelta(seconds=60)
NOT_YOURS = "只有班主任、代班教师和村干部的手机可以免输密码。"
OLD_SEEN = "旧的凭据又被使用，可能被人复制。"
GONE = "这部手机已经不在信任之列。"


@dataclass(frozen=True, slots=True)
class Trust:
    """A phone and what its browser is to keep: the ticket, "" to keep the one it has."""

    device: TrustedDevice
    ticket: str
    replaced: str = ""


def may_trust(user: User) -> bool:
    """Only those whose every seat is one of a class or a village."""
    roles = user.reach.roles
    return bool(roles) and roles <= PHONE_ROLES


@transaction.atomic
def trust(user: User, label: str, *, at: datetime) -> Trust:
    """Trust the phone in hand. Where MOST are trusted, the one not used for longest is revoked."""
    if not may_trust(user):
        raise Refused(NOT_YOURS)
    User.objects.select_for_update().get(pk=user.pk)
    standing = TrustedDevice.objects.filter(user=user).open_on(at.date()).order_by("-last_used_at")
    surplus = list(standing)[MOST - 1 :]
    for one in surplus:
        _revoke(one, by=user, at=at, note=f"同时信任不超过 {MOST} 部")
    secret = secrets.token_urlsafe(32)
    device = TrustedDevice.objects.create(
        user=user,
        secret_hash=_hashed(secret),
        label=label,
        created_at=at,
        expires_on=at.date() + TRUSTED_FOR,
        last_used_at=at,
    )
    _record("devices.trust", device, by=user, at=at)
    return Trust(device, _ticket(device, secret), surplus[0].label if surplus else "")


@transaction.atomic
def come_in(ticket: str, *, at: datetime) -> Trust | None:
    """Whose phone this is, and its next ticket; None: ask for the password.

    The ticket it was given last and, until that is shown, the one before are good; in the GRACE
    after a ticket was given, other tabs that show the one before are given none. A ticket older
    than that was copied: the phone is revoked and every session of the account ends.
    """
    device, secret = _read(ticket)
    if device is None or not _may_come_in(device, at):
        return None
    shown = _hashed(secret)
    if shown == device.next_hash:
        device.secret_hash, device.next_hash, device.next_at = shown, None, None
    elif shown != device.secret_hash:
        _revoke(device, by=None, at=at, note=OLD_SEEN)
        stop_sessions(device.user)
        return None
    device.last_used_at = at
    fresh = _next(device, at)
    device.save(update_fields=["secret_hash", "next_hash", "next_at", "last_used_at"])
    return Trust(device, fresh)


def _next(device: TrustedDevice, at: datetime) -> str:
    """The ticket for the next session, "" where another tab was given it a moment ago."""
    if device.next_at and at - device.next_at < GRACE:
        return ""
    secret = secrets.token_urlsafe(32)
    device.next_hash, device.next_at = _hashed(secret), at
    return _ticket(device, secret)


def _may_come_in(device: TrustedDevice, at: datetime) -> bool:
    standing = TrustedDevice.objects.filter(pk=device.pk).open_on(at.date()).exists()
    user = device.user
    return standing and user.is_active and not user.must_change_password and may_trust(user)


@transaction.atomic
def revoke(user: User, device_id: int, *, at: datetime) -> str:
    """Trust one of one's phones no more, and end every session of the account; its label."""
    User.objects.select_for_update().get(pk=user.pk)
    device = TrustedDevice.objects.filter(user=user, pk=device_id, revoked_at=None).first()
    if device is None:
        raise Refused(GONE)
    _revoke(device, by=user, at=at)
    stop_sessions(user)
    return device.label


@transaction.atomic
def leave(ticket: str, *, at: datetime) -> None:
    """The owner logs out on the phone: the next one asks for the password."""
    device, _ = _read(ticket)
    if device is not None and device.revoked_at is None:
        _revoke(device, by=device.user, at=at, note="在这部手机上退出登录")


def _revoke(device: TrustedDevice, *, by: User | None, at: datetime, note: str = "") -> None:
    device.revoked_at, device.revoked_by = at, by
    device.save(update_fields=["revoked_at", "revoked_by"])
    _record("devices.revoke", device, by=by, at=at, note=note)


def _record(
    verb: str, device: TrustedDevice, *, by: User | None, at: datetime, note: str = ""
) -> None:
    history.record(
        verb,
        "user",
        device.user.username,
        path="",
        by=by,
        on=at.date(),
        after={"device": device.label},
        note=note,
    )


def _ticket(device: TrustedDevice, secret: str) -> str:
    """Signed, so that nobody can have a phone revoked by showing tickets they made up."""
    return _signer().sign(f"{device.pk}.{secret}")


def _read(ticket: str) -> tuple[TrustedDevice | None, str]:
    """The phone of a ticket we gave, its owner's row and its own locked, and the secret."""
    try:
        number, secret = _signer().unsign(ticket).split(".")
    except (BadSignature, ValueError):
        return None, ""
    owner = TrustedDevice.objects.filter(pk=number).values("user")
    user = User.objects.select_for_update().filter(pk__in=owner).first()
    if user is None:
        return None, ""
    device = TrustedDevice.objects.select_for_update().get(pk=number)
    device.user = user
    return device, secret


def _signer() -> Signer:
    return Signer(salt="accounts.login.devices")


def _hashed(secret: str) -> str:
    return sha256(secret.encode()).hexdigest()
