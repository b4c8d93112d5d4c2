"""Processes that press the same button at the same moment, on a database they share.

On PostgreSQL that is the test database; on SQLite a file, since the test database lives in the
memory of one process. Each racer makes itself ready, says so, and starts with all the others.
A gate may hold all of them at their first write until every one stands there: what was only
checked before is then as stale as it can ever be.
"""

import json
import os
import select
import shutil
import signal
import sqlite3
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

from tests.doors.faces import Answer
from tests.doors.guard import leave_parents_connection
from tests.doors.world import TODAY, watched

Act = Callable[[], Any]
HELD_FOR = 12  # seconds at most: a writer of SQLite waits 20
STILL = 8  # looks in a row at which a racer neither works nor is done


class Shared:
    """The database the racers share; `file` is None on a server."""

    def __init__(self, folder: Path, built: Path | None = None):
        self.folder = folder
        self.file: Path | None = None
        if connection.vendor != "sqlite":
            return
        self.file = folder / "shared.sqlite3"
        if built and built.exists():
            shutil.copy(built, self.file)
        else:
            with sqlite3.connect(self.file) as copy:
                connection.ensure_connection()
                connection.connection.backup(copy)
            copy.close()

    def keep(self, built: Path) -> None:
        """A copy of the file as it stands, for the next test to begin from."""
        if self.file:
            with sqlite3.connect(self.file) as source, sqlite3.connect(built) as copy:
                source.backup(copy)
            source.close()
            copy.close()

    def enter(self) -> None:
        """In a child: from now on the shared database is the database."""
        leave_parents_connection()
        settings.KONGCHUO_TODAY = TODAY
        settings.MEDIA_ROOT = self.folder / "media"
        settings.KONGCHUO_SEALED = self.folder / "sealed"
        if self.file:
            del connections[DEFAULT_DB_ALIAS]
            connections.settings[DEFAULT_DB_ALIAS]["NAME"] = str(self.file)

    @property
    def url(self) -> str:
        """The address for a command in a process of its own."""
        if self.file:
            return f"sqlite:///{self.file}"
        told = connection.settings_dict
        who = told["USER"] + (f":{told['PASSWORD']}" if told["PASSWORD"] else "")
        return f"postgres://{who}@{told['HOST']}:{told['PORT'] or 5432}/{told['NAME']}"

    @contextmanager
    def gate(self, racers: Sequence["Racer"]) -> Iterator[None]:
        """Nobody writes a row of the portal until each racer waits to, or is done."""
        if self.file:
            holder = sqlite3.connect(self.file, isolation_level=None)
            holder.execute("BEGIN IMMEDIATE")
            yield
            _until_still(racers)
            holder.rollback()
            holder.close()
        else:
            tables = ", ".join(connection.ops.quote_name(m._meta.db_table) for m in watched())
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {tables} IN SHARE ROW EXCLUSIVE MODE")
                yield
                _until_still(racers)


class Racer:
    """A child process: `prepare()` gives the act, the act gives what `json` can hold."""

    def __init__(self, shared: Shared, prepare: Callable[[], Act]):
        down, up = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(down[1])
            os.close(up[0])
            _child(shared, prepare, os.fdopen(down[0]), os.fdopen(up[1], "w"))
        os.close(down[0])
        os.close(up[1])
        self.to, self.back = os.fdopen(down[1], "w"), os.fdopen(up[0])

    def await_ready(self) -> None:
        assert self.back.readline() == "ready\n", "the racer was not ready: see its traceback"

    def go(self) -> None:
        self.to.write("go\n")
        self.to.flush()

    def answered(self) -> bool:
        return bool(select.select([self.back], [], [], 0)[0])

    def result(self) -> Any:
        line = self.back.readline()
        self.to.close()
        self.back.close()
        os.waitpid(self.pid, 0)
        assert line, "the racer ended without an answer: see its traceback"
        return json.loads(line)

    def work(self) -> tuple[str, int]:
        """Its state in the kernel's words, and how much it has worked."""
        told = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return told[0], int(told[11]) + int(told[12])


def _child(shared: Shared, prepare: Callable[[], Act], orders, answers) -> None:
    """Never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        shared.enter()
        act = prepare()
        answers.write("ready\n")
        answers.flush()
        if orders.readline():
            result = act()
            answers.write(
                json.dumps(asdict(result) if isinstance(result, Answer) else result) + "\n"
            )
            answers.flush()
        connections.close_all()
    except BaseException:
        traceback.print_exc()
    finally:
        sys.stderr.flush()
        os._exit(0)


def _until_still(racers: Sequence[Racer]) -> None:
    """Until each racer has answered or sleeps, or HELD_FOR is over."""
    ends, still = time.monotonic() + HELD_FOR, 0
    before: list = []
    while still < STILL and time.monotonic() < ends:
        time.sleep(0.06)
        now = [("S", -1) if racer.answered() else racer.work() for racer in racers]
        quiet = now == before and all(state in "SZ" for state, _ in now)
        still, before = still + 1 if quiet else 0, now


def in_child(shared: Shared, act: Act) -> Any:
    """What `act()` gives, done in the shared database by a process of its own."""
    racer = Racer(shared, lambda: act)
    racer.await_ready()
    racer.go()
    return racer.result()


def race(shared: Shared, prepares: Sequence[Callable[[], Act]], *, gated: bool) -> list[Answer]:
    """All at once; with `gated`, all held at their first write until each stands there."""
    racers = [Racer(shared, prepare) for prepare in prepares]
    for racer in racers:
        racer.await_ready()
    if gated:
        with shared.gate(racers):
            for racer in racers:
                racer.go()
    else:
        for racer in racers:
            racer.go()
    return [Answer(**racer.result()) for racer in racers]
