"""Argon2id sized for a morning: 1,500 teachers log in at 07:30 on two cores."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class SmallArgon2PasswordHasher(Argon2PasswordHasher):
    """m = 19 MiB, t = 2, p = 1: OWASP's second choice, a tenth of Django's default."""

    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
