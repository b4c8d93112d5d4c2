"""The demo county of a dump: built anew on SQLite in a folder that goes afterwards.

Keys, clock and chance are fixed, and the numbers drawn by chance are renamed after the rows that bear
them, so that two builds are the same and a row more or less does not rename the others.
"""

import json
import logging
import os
import re
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from io import StringIO
from pathlib import Path
from random import Random

from tests.net import clock

ROOT = Path(__file__).resolve().parent.parent.parent
MOMENT = datetime(2026, 11, 19, 11, 30)  # noqa: DTZ001 (in Shanghai, whatever the machine's zone)
SEED, PUPILS = 539901, 900
JOBS = ("flag_absences", "observe", "escalate", "supersede_changed", "roll_up")
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
NUMBER = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{10}(?![0-9A-Z])")


class County:
    """What was built: the day, the accounts by role, the answers of the commands that built it."""

    def __init__(self) -> None:
        self.day = MOMENT.date().isoformat()
        self.accounts: dict[str, str] = {}
        self.answers: dict[str, str] = {}


@contextmanager
def built(pupils: int = PUPILS) -> Iterator[County]:
    """The county with its alerts and numbers, as `make run` leaves it after the night's jobs."""
    with tempfile.TemporaryDirectory(prefix="kongchuo-net-") as var:
        _set_up(Path(var))
        county, drawn = County(), []
        with _fixed_chance(drawn):
            clock.stop(MOMENT, ROOT, ticking=True)
            _build(county, pupils)
        clock.stop(MOMENT, ROOT)
        new_names = _rename_numbers("".join(drawn))
        for name, answer in county.answers.items():
            county.answers[name] = _renamed(answer, new_names)
        yield county
        from django.db import connections

        connections.close_all()


def answer_of(*command: str, **options) -> str:
    """What a management command prints; a refusal is an answer too."""
    from django.core.management import call_command

    printed = StringIO()
    try:
        call_command(*command, stdout=printed, stderr=StringIO(), **options)
    except Exception as refusal:  # what went wrong is what the dump has to show
        return f"{printed.getvalue()}{type(refusal).__name__}: {refusal}\n"
    return printed.getvalue()


def _set_up(var: Path) -> None:
    os.environ |= {
        "DATABASE_URL": "",
        "REDIS_URL": "",
        "DEBUG": "1",
        "LOG_LEVEL": "CRITICAL",
        "KONGCHUO_VAR": str(var),
        "KONGCHUO_TODAY": MOMENT.date().isoformat(),
        "SECRET_KEY": "net-" * 16,
        "KONGCHUO_FIELD_KEYS": "k1:" + "bmV0" * 16,
        "DJANGO_SETTINGS_MODULE": "kongchuo.settings",
        "TZ": "Asia/Shanghai",
    }
    time.tzset()
    import django

    django.setup()
    from django.conf import settings
    from django.urls import get_resolver

    # After the set-up: pages without Django's own notes for developers, and no log of queries.
    settings.DEBUG, settings.WHITENOISE_AUTOREFRESH = False, True
    settings.ALLOWED_HOSTS = ["testserver"]
    logging.disable()
    assert get_resolver().url_patterns  # loads every view, so that the clock reaches them


def _build(county: County, pupils: int) -> None:
    answer_of("migrate", verbosity=0)
    made = answer_of("demo", seed=SEED, pupils=pupils, until=county.day)
    try:
        county.accounts = json.loads(made)["users"]
    except ValueError:
        raise SystemExit(f"The demo county was not built: {made}") from None
    county.answers["demo"] = made
    for job in JOBS:
        county.answers[f"run_job {job}"] = answer_of("run_job", job, on=county.day)


@contextmanager
def _fixed_chance(drawn: list[str]) -> Iterator[None]:
    """`secrets` from a seed; the characters that `choice` gives are kept in `drawn`."""
    dice = Random(SEED)

    def choice(letters):
        letter = dice.choice(letters)
        drawn.append(str(letter))
        return letter

    fixed: dict[str, Callable] = {
        "choice": choice,
        "token_hex": lambda size=32: dice.randbytes(size).hex(),
    }
    before = {name: getattr(secrets, name) for name in fixed}
    for name, function in fixed.items():
        setattr(secrets, name, function)
    try:
        yield
    finally:
        for name, function in before.items():
            setattr(secrets, name, function)


def _rename_numbers(drawn: str) -> dict[str, str]:
    """Name the portal numbers drawn by chance after table and row; old to new, also in the texts.

    Tables count in the order in which they first drew, so that another name of a table changes nothing.
    """
    from django.db import connection

    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        columns = {
            table: [column.name for column in _columns(connection, cursor, table)]
            for table in tables
        }
        found = []
        for table in tables:
            if {"id", "uid"} <= set(columns[table]):
                cursor.execute(f'SELECT id, uid FROM "{table}"')
                rows = [(drawn.find(uid), pk, uid) for pk, uid in cursor.fetchall() if uid]
                if own := [row for row in rows if row[0] >= 0 and len(row[2]) == 10]:
                    found.append((min(own)[0], table, own))
        new_names: dict[str, str] = {}
        for order, (_, _, rows) in enumerate(sorted(found)):
            for _, pk, uid in rows:
                new_names.setdefault(uid, _number(order, pk))
        for table in tables:
            _rewrite(cursor, table, columns[table], new_names)
    return new_names


def _columns(connection, cursor, table: str) -> list:
    return connection.introspection.get_table_description(cursor, table)


def _number(order: int, pk: int) -> str:
    digits = ""
    for _ in range(6):
        pk, rest = divmod(pk, len(LETTERS))
        digits = LETTERS[rest] + digits
    return f"NET{LETTERS[order]}{digits}"


def _renamed(text: str, new_names: dict[str, str]) -> str:
    return NUMBER.sub(lambda match: new_names.get(match[0], match[0]), text)


def _rewrite(cursor, table: str, columns: list[str], new_names: dict[str, str]) -> None:
    listed = ", ".join(f'"{column}"' for column in columns)
    cursor.execute(f'SELECT rowid, {listed} FROM "{table}"')
    for rowid, *values in cursor.fetchall():
        for column, value in zip(columns, values, strict=True):
            if isinstance(value, str) and (text := _renamed(value, new_names)) != value:
                cursor.execute(
                    f'UPDATE "{table}" SET "{column}" = %s WHERE rowid = %s', [text, rowid]
                )
