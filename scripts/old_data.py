"""A database that other migrations made: the demo is moved aside, anything else is left as it is.

Before the first release the migrations are written anew from time to time, one per app; there is no
way from an older database to them.
"""

import json
import sqlite3
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

COUNTY = "539901"  # the demo's, invented: no county bears this code
PLANTING_HOURS = 1  # the demo makes all its accounts at once
BELONGS = ("migrated", "demo.json", "media")  # what goes aside with the database; keys stay


def rows(database: Path, query: str) -> list[tuple] | None:
    """The answer to a query; None where the file or the table is not there, or is no database."""
    if not database.is_file():
        return None
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        try:
            return connection.execute(query).fetchall()
        except sqlite3.DatabaseError:
            return None


def is_demo(var: Path, database: Path) -> bool:
    """Is there nothing here but what `make run` plants? No for anything that cannot be read.

    No place stands outside the demo's county, no more children than its answer (kept beside the
    database) says, no account that came later than the others; or nothing was planted yet at all.
    """
    places = rows(database, "SELECT DISTINCT code FROM regions_regioncode")
    children = rows(database, "SELECT count(*) FROM students_student")
    accounts = rows(
        database,
        "SELECT count(*), (julianday(max(created_at)) - julianday(min(created_at))) * 24"
        " FROM accounts_user WHERE username <> 'system'",
    )
    if places is None or children is None or accounts is None:
        return False
    how_many, hours = accounts[0]
    if not places and not children[0][0] and not how_many:
        return True
    in_county = all(code.startswith(COUNTY) or COUNTY.startswith(code) for (code,) in places)
    at_once = how_many > 0 and hours <= PLANTING_HOURS
    return in_county and at_once and children[0][0] <= planted(var)


def planted(var: Path) -> int:
    """How many children the demo made here, as its own answer says; -1 where there is none."""
    try:
        return int(json.loads((var / "demo.json").read_text(encoding="utf-8"))["pupils"])
    except (OSError, ValueError, KeyError, TypeError):
        return -1


def put_aside(var: Path, database: Path) -> Path:
    """Move the database and what belongs to it into a folder of its own under var/old/.

    Its journal is written home first and goes before it: a new database must never meet an old one.
    """
    with suppress(sqlite3.DatabaseError), closing(sqlite3.connect(database)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    folder = var / "old" / f"{datetime.now():%Y-%m-%dT%H%M%S.%f}"  # noqa: DTZ005 (a name, no day)
    folder.mkdir(parents=True)
    journals = [database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")]
    for path in [*journals, database, *(var / name for name in BELONGS)]:
        if path.exists():
            path.rename(folder / path.name)
    return folder
