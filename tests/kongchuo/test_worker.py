"""A real Celery worker in a process of its own takes a job from the broker and does it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from celery import Celery
from django.conf import settings
from django.db import connection

from accounts.enums import JobState
from accounts.models import JobRun
from kongchuo.jobs import FLAG
from tests import factories as make

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 60

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]


def database_url() -> str:
    """The test database, as another process names it."""
    at = connection.settings_dict
    login = at["USER"] + (f":{at['PASSWORD']}" if at["PASSWORD"] else "")
    return f"postgres://{login}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


@contextmanager
def worker(var: Path, queue: str, **more: str) -> Iterator[None]:
    environment = os.environ | {
        "DATABASE_URL": database_url(),
        "DEBUG": "1",
        "KONGCHUO_VAR": str(var),
        "KONGCHUO_FIELD_KEYS": settings.KONGCHUO_FIELD_KEYS,
        "KONGCHUO_TODAY": make.THURSDAY.isoformat(),
        **more,
    }
    command = [sys.executable, "-m", "celery", "-A", "kongchuo", "worker", "--pool", "solo"]
    command += ["-Q", queue, "--without-gossip", "--without-mingle", "--loglevel", "warning"]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def send(app: Celery, queue: str) -> None:
    path = make.region("539901").path
    app.send_task(
        "kongchuo.tasks.run_job", args=[FLAG, path, make.THURSDAY.isoformat()], queue=queue
    )


def is_done_in_time() -> bool:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        if JobRun.objects.filter(name=FLAG, state=JobState.DONE).exists():
            return True
        time.sleep(0.2)
    return False


@pytest.fixture
def county():
    make.term()
    make.pupils(make.school_class(make.school()), 2)


@pytest.mark.redis
def test_a_job_sent_through_redis_is_done(county, redis_url, tmp_path):
    queue = f"test-{uuid4().hex}"
    with worker(tmp_path, queue, REDIS_URL=redis_url):
        send(Celery(broker=redis_url), queue)
        assert is_done_in_time()


def test_a_job_sent_through_files_is_done(county, tmp_path):
    """What an installation without Redis uses."""
    folder = str(tmp_path / "queue" / "messages")
    control = str(tmp_path / "queue" / "control")
    with worker(tmp_path, "files", REDIS_URL=""):
        app = Celery(broker="filesystem://")
        app.conf.broker_transport_options = {
            "data_folder_in": folder,
            "data_folder_out": folder,
            "control_folder": control,
        }
        Path(folder).mkdir(parents=True, exist_ok=True)
        Path(control).mkdir(parents=True, exist_ok=True)
        send(app, "files")
        assert is_done_in_time()
