"""What columns are made of, and all that a migration may name of our code (with regions.clock.now).

Migrations name these by their full address and are never edited once released: so nothing here is
moved, renamed or given another meaning. What no longer serves stays, with a sentence saying so.
"""

import secrets

from django.db import models

UID_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def new_uid() -> str:
    """A number of the portal: ten characters nobody can count up from, none mistaken for another."""
    return "".join(secrets.choice(UID_LETTERS) for _ in range(10))


def attachment_path(attachment: models.Model, filename: str) -> str:
    """Where a file laid beside a record is stored: under a random name."""
    return f"attachments/{secrets.token_hex(2)}/{secrets.token_hex(16)}"


class PathField(models.CharField):
    """A path column, compared byte by byte (collation C) on PostgreSQL; SQLite does so by itself."""

    def __init__(self, **kwargs):
        kwargs["max_length"] = 64
        super().__init__(**kwargs)

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def db_parameters(self, connection):
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


class DaysAfter(models.Func):
    """`DaysAfter("began", 60)`: the day so many days after a day of the row, for a constraint.

    SQLite keeps a day as text and asks no function of ours within a constraint.
    """

    arity = 2
    output_field = models.DateField()

    def __init__(self, day, days, **extra):
        super().__init__(day, models.Value(days), **extra)

    def as_postgresql(self, compiler, connection, **context):
        day, days = self._parts(compiler, connection)
        return f"({day} + {days})", ()

    def as_sqlite(self, compiler, connection, **context):
        day, days = self._parts(compiler, connection)
        return f"date({day}, '+{days} days')", ()

    def _parts(self, compiler, connection):
        day, _ = compiler.compile(self.source_expressions[0])
        return day, int(self.source_expressions[1].value)
