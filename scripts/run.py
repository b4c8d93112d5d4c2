"""Start the portal on this machine for a look: `make run` calls this with the Python of .venv.

Migrates and plants the demo county where they are missing, then runs the web server and one Celery
worker with its beat until Ctrl-C. Everything it makes lies in var/. Each thing that stops it is one
sentence on standard error and exit code 1.
"""

import base64
import fcntl
import hashlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path
from typing import IO, NoReturn

import environ

from old_data import is_demo, put_aside, rows
from running import Portal

ROOT = Path(__file__).resolve().parent.parent
APPS = ("regions", "accounts", "students", "attendance", "cases", "contracts", "reports")


def stop(sentence: str) -> NoReturn:
    """End with one sentence that says what to do."""
    print(sentence, file=sys.stderr)
    raise SystemExit(1)


def read_settings() -> tuple[Path, int]:
    """Take .env into the environment as the settings do; return the var folder and the port."""
    if (ROOT / ".env").is_file():
        environ.Env.read_env(ROOT / ".env")
    os.environ["DEBUG"] = os.environ.get("DEBUG") or "1"
    var = ROOT / (os.environ.get("KONGCHUO_VAR") or "var")
    os.environ["KONGCHUO_VAR"] = str(var)
    port = os.environ.get("KONGCHUO_PORT") or "8000"
    if not port.isdecimal() or not 0 < int(port) < 65536:
        stop(f"KONGCHUO_PORT 应为 1 到 65535 的数字，现在是“{port}”：请改正或去掉它。")
    return var, int(port)


def own(var: Path) -> IO[str]:
    """Hold the var folder for this process alone; the lock goes with the process."""
    try:
        (var / "log").mkdir(parents=True, exist_ok=True)
        lock = (var / "run.lock").open("w")
    except OSError as error:
        stop(f"无法写入目录 {var}（{error.strerror}）：请检查它的权限和磁盘空间，再运行 make run。")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        stop("本目录已经有一个 make run 在运行：请直接使用它，或在它的窗口按 Ctrl-C 后再运行。")
    return lock


def check_port(port: int) -> None:
    with closing(socket.socket()) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            stop(
                f"端口 {port} 已被占用：请先停掉占用它的程序，"
                f"或用 KONGCHUO_PORT={port + 1} make run 换一个端口。"
            )


def holds_tables() -> bool:
    """Whether the database of DATABASE_URL has been set up before; asked with throw-away keys."""
    code = (
        "import django; django.setup(); from django.db import connection as c;"
        "raise SystemExit(3 if c.introspection.table_names() else 0)"
    )
    throw_away = {"SECRET_KEY": new_secret(), "KONGCHUO_FIELD_KEYS": new_field_key()}
    env = os.environ | throw_away | {"DJANGO_SETTINGS_MODULE": "kongchuo.settings"}
    answer = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True)
    if answer.returncode not in (0, 3):
        stop("连不上 DATABASE_URL 所指的数据库：请检查地址、用户名、密码，并确认数据库已建好。")
    return answer.returncode == 3


def new_secret() -> str:
    return secrets.token_urlsafe(60)


def new_field_key() -> str:
    """`key id:base64 of 48 bytes`: 16 for SM4, 32 for the look-up index."""
    return "k1:" + base64.b64encode(secrets.token_bytes(48)).decode()


def ready_keys(var: Path, database: Path | None) -> None:
    """Write the two key files on the very first start; never beside data they cannot open."""
    makers = {
        "SECRET_KEY": (var / "secret.key", new_secret),
        "KONGCHUO_FIELD_KEYS": (var / "field.keys", new_field_key),
    }
    missing = [
        (file, make)
        for name, (file, make) in makers.items()
        if not os.environ.get(name) and not file.is_file()
    ]
    if not missing:
        return
    if database.is_file() if database else holds_tables():
        names = "、".join(f"{file.parent.name}/{file.name}" for file, _ in missing)
        aside = f"请从备份恢复；若只是试用，把 {var.name}/ 改名后再运行 make run，会另建演示数据。"
        if not database:
            aside = "请从备份恢复这些文件，或在 .env 里填写原来的密钥。"
        stop(f"数据库还在，密钥文件 {names} 却不见了：{aside}")
    for file, make in missing:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(make() + "\n")


def migration_state(database: Path | None) -> str:
    """Changes when a migration, a pinned package, or the database's own list of them does."""
    state = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for app in APPS:
        for file in sorted((ROOT / app / "migrations").glob("*.py")):
            state.update(f"{app}/{file.name}".encode() + file.read_bytes())
    if database:
        applied = rows(database, "SELECT app, name FROM django_migrations ORDER BY 1, 2")
        state.update(repr((str(database), applied or [])).encode())
    else:
        state.update(os.environ["DATABASE_URL"].encode())
    return state.hexdigest()


def manage(*arguments: str, out: IO[str] | None = None) -> int:
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(command, cwd=ROOT, stdout=out or sys.stderr).returncode


def made_by_others() -> bool:
    """Did other migrations than ours make the database?"""
    command = [sys.executable, "manage.py", "check_history"]
    answer = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    if answer.returncode:
        stop("读不了数据库：请按上面的提示处理后再运行 make run。")
    return bool(json.loads(answer.stdout)["foreign"])


def make_way(var: Path, database: Path | None) -> None:
    """Put an older demo aside, to be built anew; stop before an older database of any other kind."""
    if not made_by_others():
        return
    if database is None:
        stop(
            "DATABASE_URL 所指的数据库是旧版本建立的，不能升级到这个版本，没有改动它："
            "请换一个空数据库，或用原来的版本打开它。"
        )
    if not is_demo(var, database):
        stop(
            f"{database} 是旧版本建立的，里面有演示以外的数据，不能升级，没有改动它："
            f"请用原来的版本打开，或把 {var.name}/ 改名后再运行 make run。"
        )
    folder = put_aside(var, database)
    print(f"旧版演示数据，正在重建……（旧的移到了 {folder}）", file=sys.stderr)


def migrate(var: Path, database: Path | None) -> None:
    stamp = var / "migrated"
    if stamp.is_file() and stamp.read_text() == migration_state(database):
        return
    make_way(var, database)
    print("正在准备数据库……", file=sys.stderr)
    if manage("migrate", "--no-input", "--verbosity", "0"):
        stop("数据库升级没有成功：请按上面的提示处理后再运行 make run。")
    stamp.write_text(migration_state(database))


def plant_demo(var: Path, database: Path) -> None:
    """Build the demo county where nobody has an account yet; what it prints is kept as a file.

    A start that was stopped in between goes on where it stood: demo.json is written last.
    """
    fresh = var / "demo.json.new"
    if not rows(database, "SELECT 1 FROM accounts_user WHERE username <> 'system' LIMIT 1"):
        print("正在生成演示县的数据，约需一两分钟……", file=sys.stderr)
        with fresh.open("w", encoding="utf-8") as out:
            if manage("demo", out=out):
                stop("演示数据没有生成：请按上面的提示处理后再运行 make run。")
    if (var / "demo.json").exists() or not fresh.exists():
        return
    today = json.loads(fresh.read_text(encoding="utf-8"))["today"]
    if manage("run_job", "flag_absences", "--on", today, out=sys.stderr):
        stop("演示县的预警没有算出来：请按上面的提示处理后再运行 make run。")
    fresh.replace(var / "demo.json")


def read_demo(var: Path) -> dict:
    """What the demo printed; empty where there is no demo, which needs no pinned day either."""
    with suppress(FileNotFoundError):
        return json.loads((var / "demo.json").read_text(encoding="utf-8"))
    return {}


def show(address: str, demo: dict) -> None:
    sys.path.insert(0, str(ROOT))
    from accounts.enums import Role

    labels = {role: role.label for role in Role}
    print(f"\n控辍保学平台已启动：{address}\n")
    if users := demo.get("users"):
        print(f"演示账号（密码都是 {demo['password']}）：")
        for role, username in users.items():
            name = labels.get(role, role)
            print(f"  {name}{'　' * (9 - len(name))}{username}")
    elif "DATABASE_URL" in os.environ:
        print("还没有账号时，请运行 .venv/bin/python manage.py first_admin 用户名")
    print("\n日志在 var/log/，按 Ctrl-C 停止。", flush=True)


def main() -> None:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    os.umask(0o077)  # var/ holds children's data and the keys to it
    var, port = read_settings()
    lock = own(var)
    check_port(port)
    if not os.environ.get("DATABASE_URL"):
        os.environ.pop("DATABASE_URL", None)
    database = None if "DATABASE_URL" in os.environ else var / "kongchuo.sqlite3"
    ready_keys(var, database)
    migrate(var, database)
    demo = {}
    if database:
        plant_demo(var, database)
        demo = read_demo(var)
        os.environ["KONGCHUO_TODAY"] = os.environ.get("KONGCHUO_TODAY") or demo.get("today", "")
    shutil.rmtree(var / "queue", ignore_errors=True)
    for folder in ("queue", "beat"):
        (var / folder).mkdir(exist_ok=True)
    with lock, Portal(ROOT, var, port) as portal:
        if not portal.wait_until_ready(seconds=60):
            stop(portal.why_not())
        show(portal.address, demo)
        portal.wait()
        stop(portal.why_not())


if __name__ == "__main__":
    os.chdir(ROOT)
    try:
        main()
    except KeyboardInterrupt:
        print("\n已停止。", file=sys.stderr)
