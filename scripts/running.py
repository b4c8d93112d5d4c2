"""The two processes of `make run` and how they end: the web server and the Celery worker."""

import ctypes
import http.client
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

PR_SET_PDEATHSIG = 1  # linux/prctl.h
GRACE = 10.0  # seconds from a friendly signal to a hard one


def end_with_parent() -> None:
    """On Linux: end when the process that started this one is gone, however it went."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Portal:
    """Web server and worker as a context: both run inside it, nothing of them is left after it.

    Each has a process group of its own, so that Ctrl-C reaches them once, from here, and so that a
    stubborn one can be ended with all it started.
    """

    def __init__(self, root: Path, var: Path, port: int) -> None:
        self.root, self.port, self.log = root, port, var / "log"
        self.address = f"http://127.0.0.1:{port}"
        self.commands = {
            "web": (
                *("gunicorn", "kongchuo.wsgi", "--bind", f"127.0.0.1:{port}"),
                *("--workers", "2", "--threads", "4", "--graceful-timeout", "5"),
                *("--no-control-socket", "--log-level", "warning"),
            ),
            "worker": (
                *("celery", "-A", "kongchuo", "worker", "-B", "-c", "1"),
                *("-s", str(var / "beat" / "schedule"), "--loglevel", "warning"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ),
        }
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        end_with_parent()
        for name, command in self.commands.items():
            file = self.log / f"{name}.log"
            with suppress(FileNotFoundError):
                file.replace(file.with_suffix(".log.1"))
            with file.open("wb") as out:
                self.running[name] = subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=self.root,
                    stdin=subprocess.DEVNULL,
                    stdout=out,
                    stderr=subprocess.STDOUT,
                    process_group=0,
                    preexec_fn=end_with_parent,
                )
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ask both to end, wait, then end what is left; a second Ctrl-C does not cut this short."""
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for process in self.running.values():
            process.terminate()
        deadline = time.monotonic() + GRACE
        for process in self.running.values():
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def ended(self) -> list[str]:
        """The names of those that ended by themselves."""
        return [name for name, process in self.running.items() if process.poll() is not None]

    def is_ready(self) -> bool:
        """One request to /readyz."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_until_ready(self, *, seconds: float) -> bool:
        """True once /readyz answers; False when one of the two ended or the time is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.ended():
            if self.is_ready():
                return True
            time.sleep(0.1)
        return False

    def wait(self) -> None:
        """Return only when one of the two has ended."""
        while not self.ended():
            time.sleep(0.5)

    def why_not(self) -> str:
        """The last lines of the log concerned, and a sentence that says where to read on."""
        name = next(iter(self.ended()), "web")
        file = self.log / f"{name}.log"
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
        label = {"web": "网页服务", "worker": "后台任务"}[name]
        return "\n".join([*lines, f"{label}没有正常运行：原因见上，完整日志在 {file}。"])
