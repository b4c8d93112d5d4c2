"""A child process that runs one case after another within bounds, and tells how each went.

The child builds its world once inside a transaction that is never committed; each case is rolled
back to a savepoint. What a case needs beyond the world is measured: seconds of processor time and
the peak of memory. A case that kills the child is told by the signal, and the next one gets a new
child.
"""

import ctypes
import gc
import json
import os
import resource
import select
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction

MIB = 2**20
HARD_MEMORY = 1024 * MIB  # beyond it the child gets no more
HARD_SECONDS = 40  # of processor time in one case; then the kernel ends the child
PATIENCE = 240  # seconds a case may take by the clock on a machine that does much else
YARDSTICK = 0.027  # seconds of `stride_of_work` on the machine that the bounds were set for


class Meter:
    """The most that one call took: seconds of processor time, MiB beyond what stood before.

    The seconds are those of the machine the bounds were set for, told by a fixed piece of work before
    and after: one that is slower, now or always, has as many. So a bound holds on any machine.
    A process that the call starts counts whole, by its own peak: what the kernel keeps of ended
    processes also holds what they inherited before they ran their own program.
    """

    def __init__(self) -> None:
        self.seconds = self.mib = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        stride = stride_of_work()
        before, began = _settled(), _seconds()
        try:
            with _watched_children() as largest:
                yield
            took = _seconds() - began
        finally:
            gc.unfreeze()
        slower = (stride + stride_of_work()) / 2 / YARDSTICK
        self.seconds = max(self.seconds, took / slower)
        self.mib = max(self.mib, (_peak() - before + max(largest)) / MIB)


@contextmanager
def _watched_children() -> Iterator[list[int]]:
    """The peaks of the processes started meanwhile, looked at every 5 ms; [0] where there is none."""
    peaks, over = [0], threading.Event()

    def watch() -> None:
        while not over.wait(0.005):
            peaks[0] = max(peaks[0], *map(_peak_of, _children()), 0)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield peaks
    finally:
        over.set()
        watcher.join()


def _children() -> list[str]:
    """The processes this one has started, whichever of its threads did."""
    told = []
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            told += (task / "children").read_text().split()
    return told


def _peak_of(pid: str) -> int:
    """The peak of a process that runs a program of its own; 0 before that and after its end."""
    with suppress(OSError, StopIteration):
        process = Path("/proc") / pid
        if (process / "cmdline").read_bytes() != Path("/proc/self/cmdline").read_bytes():
            return _status("VmHWM", process)
    return 0


def _settled() -> int:
    """Give back what was freed, forget the old peak; the bytes that stand now.

    What stands is out of the collector's sight until `gc.unfreeze`: after thousands of tests it would
    take longer to look through than the call itself.
    """
    gc.collect()
    gc.freeze()
    ctypes.CDLL(None).malloc_trim(0)
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:  # an older peak is kept: what is measured is then too much, never too little
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return _status("VmRSS")


def _seconds() -> float:
    """Processor time of this process and of those it waited for."""
    return sum(os.times()[:4])


def stride_of_work() -> float:
    """Processor seconds of a fixed piece of work much like a door's, the faster of two: how fast this
    machine is now."""
    return min(_stride() for _ in range(2))


def _stride() -> float:
    began = time.process_time()
    rows = [[f"{row}-{column}" for column in range(40)] for row in range(2_000)]
    for row in json.loads(json.dumps(rows)):
        dict(enumerate(text.strip() for text in row if isinstance(text, str)))
    return time.process_time() - began


def _peak() -> int:
    return _status("VmHWM")


def _status(name: str, process: Path = Path("/proc/self")) -> int:
    lines = (process / "status").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{name}:"))


class Guard:
    """`build()` makes the world, `run(world, case)` answers with a dict; both run in the child."""

    def __init__(self, build: Callable[[], Any], run: Callable[[Any, dict], dict]):
        self.build, self.run = build, run
        self.pid = 0

    def ask(self, case: dict) -> dict:
        """The child's answer, or {"died": why}."""
        if not self.pid:
            self._begin()
        self.to.write(json.dumps(case) + "\n")
        self.to.flush()
        ready, _, _ = select.select([self.back], [], [], PATIENCE)
        line = self.back.readline() if ready else ""
        return json.loads(line) if line else {"died": self.end()}

    def end(self) -> str:
        """End the child; how it ended."""
        if not self.pid:
            return ""
        os.kill(self.pid, signal.SIGKILL) if self._lives() else None
        _, status = os.waitpid(self.pid, 0)
        self.to.close()
        self.back.close()
        self.pid = 0
        number = os.waitstatus_to_exitcode(status)
        return f"signal {signal.Signals(-number).name}" if number < 0 else f"exit {number}"

    def _lives(self) -> bool:
        """Still at work? A child that ended waits to be asked how."""
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def _begin(self) -> None:
        down, up = os.pipe(), os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self.pid = os.fork()
        if not self.pid:
            leave_parents_connection()
            os.close(down[1])
            os.close(up[0])
            self._serve(os.fdopen(down[0]), os.fdopen(up[1], "w"))
        os.close(down[0])
        os.close(up[1])
        self.to, self.back = os.fdopen(down[1], "w"), os.fdopen(up[0])

    def _serve(self, cases, answers) -> None:
        """The child: never returns."""
        try:
            with undone():
                world = self.build()
                for line in cases:
                    with undone():
                        _bound()
                        answer = self.run(world, json.loads(line))
                    answers.write(json.dumps(answer) + "\n")
                    answers.flush()
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(0)


def leave_parents_connection() -> None:
    """In a child: forget the parent's line to a server, without a word on it. A database in memory
    was copied with the process and is the child's own."""
    if not (connection.vendor == "sqlite" and connection.is_in_memory_db()):
        del connections[DEFAULT_DB_ALIAS]


def _bound() -> None:
    """What the case may still take before the kernel ends it."""
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (_status("VmSize") + HARD_MEMORY, hard))
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(time.process_time()) + HARD_SECONDS, hard))


@contextmanager
def undone() -> Iterator[None]:
    """A transaction, or a savepoint of one, that is always rolled back."""
    block = transaction.atomic()
    block._from_testcase = True  # as in TestCase: a durable block inside is right
    with block:
        yield
        transaction.set_rollback(True)
