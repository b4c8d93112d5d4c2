"""What logging in keeps: the phones accounts trust, wrong passwords, where accounts came in."""

from datetime import date, time, timedelta

from django.conf import settings
from django.db import models

from regions.clock import at, now


class TrustedDeviceQuerySet(models.QuerySet):
    def open_on(self, day: date):
        """Those that stand for the password on a day: not revoked, not over, used lately."""
        used = at(day - TrustedDevice.IDLE, time.min)
        return self.filter(revoked_at=None, expires_on__gte=day, last_used_at__gte=used)


class TrustedDevice(models.Model):
    """信任的手机: begins sessions of its owner without the password, until `expires_on`.

    The browser holds a secret, this row its hash. Each use gives the browser the next secret;
    that takes the place of the other when it is first shown, so an answer lost on the way costs
    nothing.
    """

    IDLE = timedelta(days=14)

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="trusted_devices"
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    next_hash = models.CharField(max_length=64, unique=True, null=True, blank=True)
    next_at = models.DateTimeField(null=True, blank=True)
    label = models.CharField(max_length=30)
    created_at = models.DateTimeField(default=now)
    expires_on = models.DateField()
    last_used_at = models.DateTimeField(default=now)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", null=True, blank=True
    )

    objects = TrustedDeviceQuerySet.as_manager()


class WrongTry(models.Model):
    """A wrong password, kept a day: for which account (a hash, whether there is one or not), from
    which source, at which trusted device. Never the password."""

    account = models.CharField(max_length=64)
    source = models.CharField(max_length=45, blank=True)
    device = models.ForeignKey(TrustedDevice, models.CASCADE, null=True, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        indexes = [
            models.Index(fields=["account", "at"], name="wrong_try_account"),
            models.Index(fields=["source", "at"], name="wrong_try_source"),
        ]


class CameIn(models.Model):
    """An account came in with its password from this source, the last time then."""

    account = models.CharField(max_length=64)
    source = models.CharField(max_length=45, blank=True)
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "source"], name="came_in_once"),
        ]
