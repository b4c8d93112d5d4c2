"""Every test on SQLite, then on PostgreSQL where it is found, then spoilt files: `make test`.

Redis and Chromium join where they are found. What could not run is named with its reason at the
end; with CI=true it is a failure. With COVERAGE=1 the SQLite pass tells its coverage.
Arguments go to pytest.
"""

import base64
import hashlib
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from covered import Covered, measured_into

ROOT = Path(__file__).resolve().parent.parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# They fork: in processes where nothing else ran.
FUZZ = ["tests/doors/test_fuzz.py", "tests/doors/test_controls.py"]
FUZZ_FILES = "300"
NOTHING_RAN = 5  # pytest: no test was collected, which a choice of files may well mean


@dataclass
class Found:
    """Services for the tests: an address, or empty with the reason in `missing`."""

    postgres: str = ""
    redis: str = ""
    chromium: str = ""
    missing: list[str] = field(default_factory=list)


def why_no_postgres(url: str) -> str:
    """Empty when test databases can be made there, else the reason."""
    try:
        server = urlsplit(url)._replace(path="/postgres", query="").geturl()
        with psycopg.connect(server, connect_timeout=3) as connection:
            may = "SELECT rolsuper OR rolcreatedb FROM pg_roles WHERE rolname = current_user"
            row = connection.execute(may).fetchone()
            return "" if row and row[0] else "这个用户不能建立数据库（需要 CREATEDB）"
    except psycopg.Error as error:
        return " ".join(str(error).split())[:200]


def find_postgres() -> tuple[str, str]:
    """(address, reason): the one of DATABASE_URL, else a local server that trusts us."""
    given = os.environ.get("DATABASE_URL", "")
    if given.startswith("postgres"):
        reason = why_no_postgres(given)
        return ("", f"DATABASE_URL：{reason}") if reason else (given, "")
    # A database per checkout: two of them may test side by side.
    name = "kongchuo_" + hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]
    reason = ""
    for user in ("root", "postgres"):
        url = f"postgres://{user}@127.0.0.1:5432/{name}"
        if not (reason := why_no_postgres(url)):
            return url, ""
    return "", f"没有设置 DATABASE_URL，127.0.0.1:5432 也用不了：{reason}"


def find_redis() -> tuple[str, str]:
    """(address, reason) of a server that answers PING."""
    given = os.environ.get("REDIS_URL", "")
    url = given or "redis://127.0.0.1:6379/0"
    address = urlsplit(url)
    try:
        with socket.create_connection((address.hostname, address.port or 6379), timeout=3) as line:
            line.sendall(b"PING\r\n")
            if line.recv(64)[:1] in (b"+", b"-"):  # "-NOAUTH" is a Redis too
                return url, ""
            return "", f"{address.hostname} 上应答的不是 Redis"
    except OSError as error:
        where = "REDIS_URL" if given else "没有设置 REDIS_URL，127.0.0.1:6379"
        return "", f"{where}：{error.strerror or error}"


def find() -> Found:
    found = Found()
    found.postgres, no_postgres = find_postgres()
    found.redis, no_redis = find_redis()
    places = ("/usr/bin/chromium", *map(shutil.which, BROWSERS))
    found.chromium = next((place for place in places if place and Path(place).exists()), "")
    no_chromium = "" if found.chromium else "没有找到 chromium（Debian：apt install chromium）"
    named = {"PostgreSQL": no_postgres, "Redis": no_redis, "浏览器": no_chromium}
    found.missing = [f"{name}：{reason}" for name, reason in named.items() if reason]
    return found


def environment(found: Found, var: str, database: str) -> dict[str, str]:
    """What the tests see: keys and a var folder of their own, and no .env of this machine."""
    keys = base64.b64encode(secrets.token_bytes(48)).decode()
    return os.environ | {
        "DATABASE_URL": database,
        "REDIS_URL": "",
        "DEBUG": "1",
        "SECRET_KEY": secrets.token_urlsafe(48),
        "KONGCHUO_FIELD_KEYS": f"test:{keys}",
        "KONGCHUO_TODAY": "",
        "KONGCHUO_VAR": var,
        "KONGCHUO_TEST_POSTGRES": "1" if found.postgres else "0",
        "KONGCHUO_TEST_REDIS": found.redis,
        "KONGCHUO_TEST_CHROMIUM": found.chromium,
        "PYTHONUNBUFFERED": "1",
    }


def run(
    title: str, marks: str, env: dict[str, str], arguments: list[str], *, measured: bool = False
) -> tuple[bool, str]:
    """One pass, shown as it goes: (no failure, pytest's closing line). `measured` by coverage.py."""
    print(f"\n== {title} ==", flush=True)
    measure = ["-m", "coverage", "run"] if measured else []
    command = [sys.executable, *measure, "-m", "pytest", "-n", "2", "--dist", "worksteal"]
    command += ["-m", marks] if marks else []
    with subprocess.Popen(
        [*command, *arguments], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True
    ) as tests:
        closing = ""
        for line in tests.stdout or ():
            print(line, end="", flush=True)
            closing = line.strip() or closing
    passed = tests.returncode == 0 or (tests.returncode == NOTHING_RAN and bool(arguments))
    return passed, closing


def main(arguments: list[str]) -> int:
    found = find()
    results = []
    required = os.environ.get("CI") == "true"
    measured = os.environ.get("COVERAGE") == "1"
    covered = None
    with tempfile.TemporaryDirectory(prefix="kongchuo-test-") as var:
        sqlite = f"sqlite:///{var}/kongchuo.sqlite3"
        marks = "not postgres" if found.postgres else ""
        env = environment(found, var, sqlite) | measured_into(var)
        results.append(("SQLite", *run("SQLite", marks, env, arguments, measured=measured)))
        if measured:
            covered = Covered.of(var)
        if found.postgres:
            env = environment(found, var, found.postgres)
            marks = "not browser and not sqlite and not once"
            results.append(("PostgreSQL", *run("PostgreSQL", marks, env, arguments)))
        if not arguments:
            env = environment(found, var, found.postgres or sqlite)
            env["KONGCHUO_FUZZ_FILES"] = FUZZ_FILES
            results.append(("坏文件", *run("坏文件", "", env, FUZZ)))
    skipped = any(" skipped" in closing for _, _, closing in results)
    print()
    for reason in found.missing:
        print(f"跳过 {reason}")
    for name, passed, closing in results:
        print(f"{name}{'' if passed else '（没有通过）'}: {closing}")
    if covered:
        covered.show()
    if required and (found.missing or skipped):
        print("CI=true 时不允许跳过测试：请装好上面缺少的服务再运行 .ci/run。", file=sys.stderr)
        return 1
    return 0 if all(passed for _, passed, _ in results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
