"""Twice is once: of two confirmations, two clerks, two commands, one applies, at once or later."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from django.test import Client
from django.urls import reverse

from accounts.models import User
from students.models import AuthorisedAbsence, Student
from tests.doors import planted, world
from tests.doors.books import text_csv
from tests.doors.faces import DOORS, Answer, Command, File, Preview, browser
from tests.doors.fuzzing import on_disk
from tests.doors.guard import undone
from tests.doors.racing import Shared, in_child, race
from tests.doors.seeds import honest

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = [name for name, door in DOORS.items() if door.page]
ROOT = Path(settings.BASE_DIR)
GATES = pytest.mark.parametrize("gated", [False, True], ids=["at-once", "at-the-gate"])


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """Where the county lies once it was built for the first test."""
    return tmp_path_factory.mktemp("built") / "county.sqlite3"


@pytest.fixture
def shared(tmp_path, built):
    warm()
    shared = Shared(tmp_path, built)
    if not (shared.file and built.exists()):
        in_child(shared, lambda: world.county() and None)
        shared.keep(built)
    return shared


@cache
def warm() -> None:
    """Once in this process: what a first request loads, so that no racer has to."""
    with undone():
        here = world.county()
        client = browser(here.people["office"])
        DOORS["roster"].page.confirm(client, DOORS["roster"].page.upload(client, honest("roster")))


def counts() -> dict[str, int]:
    return {table: rows for table, (rows, _) in world.standing().items()}


def command(name: str, folder: Path, who: str = "", file: File | None = None):
    """What readies a racer to bring the honest file (or another) by command."""
    door = DOORS[name]
    by = User.objects.get(username=who or USERNAMES[door.role])
    path = on_disk(folder, file or honest(name))
    return lambda: door.command.run(path, by, apply=True)


USERNAMES = {"admin": "root1", "bureau": "ju1", "office": "jw1"}


ONCE: dict[tuple, dict[str, int]] = {}


def once(shared: Shared, name: str, file: File | None = None) -> dict[str, int]:
    """The rows of each table when the file came in exactly once; undone again."""
    if (name, file) in ONCE:
        return ONCE[name, file]

    def act() -> dict[str, int]:
        with transaction.atomic():
            answer = command(name, shared.folder, file=file)()
            assert answer.applied, answer
            found = counts()
            transaction.set_rollback(True)
        return found

    ONCE[name, file] = in_child(shared, act)
    return ONCE[name, file]


def upload(shared: Shared, name: str, who: str, file: File | None = None) -> dict:
    """The preview of the file as this user's browser has it, with the cookies to go on."""

    def act() -> dict:
        client = browser(User.objects.get(username=who))
        preview = DOORS[name].page.upload(client, file or honest(name))
        assert preview.offers, preview.answer
        cookies = {key: morsel.value for key, morsel in client.cookies.items()}
        return {"address": preview.address, "fields": preview.fields, "cookies": cookies}

    return in_child(shared, act)


def press(name: str, sent: dict):
    """What readies a racer to confirm a preview."""

    def ready():
        client = browser_with(sent["cookies"])
        preview = racing_preview(sent)
        return lambda: DOORS[name].page.confirm(client, preview)

    return ready


def browser_with(cookies: dict):
    client = Client()
    for key, value in cookies.items():
        client.cookies[key] = value
    return client


def racing_preview(sent: dict):
    return Preview(Answer(200, ""), sent["address"], sent["fields"])


def judge(answers: list[Answer], before: dict, after: dict) -> list[str]:
    """What is wrong with how several were served where one was to be."""
    faults = [f"fell over: {answer.crash[-1200:]}" for answer in answers if answer.crash]
    faults += [f"HTTP {answer.status}" for answer in answers if answer.status in (404, 403)]
    if (applied := sum(answer.applied for answer in answers)) != 1:
        faults.append(f"{applied} of {len(answers)} applied")
    faults += [
        f"neither applied nor said 已导入: {answer.status} {answer.text[-300:]}"
        for answer in answers
        if not answer.applied and not answer.already and not answer.crash
    ]
    differs = {
        table: (before[table], after[table]) for table in after if after[table] != before[table]
    }
    return faults + ([f"rows (once, now): {differs}"] if differs else [])


def later(shared: Shared, prepare, answers: list[Answer]) -> list[str]:
    """A second later, the same again: it must say 已导入."""
    answer = race(shared, [prepare], gated=False)[0]
    answers.append(answer)
    return (
        []
        if answer.already
        else [f"a second later: {answer.status} {answer.text[-300:]}{answer.crash[-900:]}"]
    )


def tried(
    shared: Shared, name: str, prepares: list, *, gated: bool, file: File | None = None
) -> list[str]:
    """Race, and once more a second later; all faults."""
    wanted = once(shared, name, file)
    answers = race(shared, prepares, gated=gated)
    late = later(shared, prepares[-1], answers)
    return judge(answers, wanted, in_child(shared, counts)) + late


@GATES
@pytest.mark.parametrize("name", PAGES)
def test_two_confirmations_of_one_preview(shared, name, gated):
    sent = upload(shared, name, USERNAMES[DOORS[name].role])
    assert tried(shared, name, [press(name, sent)] * 2, gated=gated) == []


@GATES
@pytest.mark.parametrize("name", ["roster", "statuses"])
def test_two_clerks_with_the_same_file(shared, name, gated):
    sent = [upload(shared, name, who) for who in ("jw1", "jw2")]
    assert tried(shared, name, [press(name, one) for one in sent], gated=gated) == []


def three_hundred() -> File:
    """Children without any number in a class that stands: nothing but the door keeps them single."""
    head = ["姓名", "出生日期", "身份证件类型", "班级", "监护人姓名", "监护人身份证件号"]
    rows = [
        [f"试{n}", "2013-05-04", "其他", world.CLASS, f"父{n}", world.id_number(n, "19850607")]
        for n in range(300)
    ]
    return File("三百.csv", text_csv([head, *rows]))


@GATES
def test_three_hundred_children_do_not_become_six_hundred(shared, gated):
    file = three_hundred()
    sent = upload(shared, "roster", "jw1", file)
    assert tried(shared, "roster", [press("roster", sent)] * 2, gated=gated, file=file) == []


@GATES
def test_two_offices_with_the_same_calendar(shared, gated):
    """The bureau and the system administrator hold seats of different places."""
    sent = [upload(shared, "calendar", who) for who in ("ju1", "root1")]
    assert tried(shared, "calendar", [press("calendar", one) for one in sent], gated=gated) == []


@GATES
@pytest.mark.parametrize("name", DOORS)
def test_two_commands(shared, name, gated):
    prepares = [lambda: command(name, shared.folder)] * 2
    assert tried(shared, name, prepares, gated=gated) == []


def test_a_page_and_a_command(shared):
    sent = upload(shared, "roster", "jw1")
    prepares = [press("roster", sent), lambda: command("roster", shared.folder)]
    assert tried(shared, "roster", prepares, gated=True) == []


def test_two_scripts_of_the_night(shared):
    """Two processes as cron starts them: one JSON object each, one import."""
    wanted = once(shared, "roster")
    path = on_disk(shared.folder, honest("roster"))
    call = [sys.executable, "manage.py", "import_roster", str(path), "--by", "jw1", "--apply"]
    keys = {"SECRET_KEY": settings.SECRET_KEY, "KONGCHUO_FIELD_KEYS": settings.KONGCHUO_FIELD_KEYS}
    env = os.environ | keys | {
        "DATABASE_URL": shared.url, "KONGCHUO_TODAY": str(world.TODAY), "KONGCHUO_VAR": str(shared.folder),
        "DEBUG": "1",
    }  # fmt: skip
    scripts = [
        subprocess.Popen(
            call, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    answers = []
    for script in scripts:
        out, err = script.communicate(timeout=120)
        told = json.loads(out) if out.strip().startswith("{") else {}
        crash = err if "Traceback" in err else ""
        answers.append(Answer(script.returncode, out + err, bool(told.get("applied")), crash, told))
    assert judge(answers, wanted, in_child(shared, counts)) == []


def test_control_a_door_that_looks_and_then_writes_doubles(shared):
    """With the protection off the same harness sees both apply, and twice the rows."""
    door = Command(planted.Unprotected(), applies=True)
    path = on_disk(shared.folder, honest("roster"))

    def ready(who: str):
        return lambda: lambda: door.run(path, who)

    before = in_child(shared, counts)
    answers = race(shared, [ready("jw1"), ready("jw2")], gated=True)
    faults = judge(answers, before | {"regions.LegalBasis": planted.ROWS}, in_child(shared, counts))
    assert faults == [
        "2 of 2 applied", f"rows (once, now): {{'regions.LegalBasis': ({planted.ROWS}, {2 * planted.ROWS})}}"
    ]  # fmt: skip


def test_control_one_after_the_other_even_that_door_applies_once(shared):
    door = Command(planted.Unprotected(), applies=True)
    path = on_disk(shared.folder, honest("roster"))
    before = in_child(shared, counts)
    first = race(shared, [lambda: lambda: door.run(path, "jw1")], gated=False)
    second = race(shared, [lambda: lambda: door.run(path, "jw2")], gated=False)
    wanted = before | {"regions.LegalBasis": planted.ROWS}
    assert judge(first + second, wanted, in_child(shared, counts)) == []


def tap_leave():
    """What readies a racer to ask for the same leave as the others."""
    client = browser(User.objects.get(username="bzr1"))
    address = reverse("attendance:ask_leave", args=[Student.objects.earliest("pk").uid])
    filled = {
        "kind": "sick",
        "first": "2026-11-23",
        "last": "2026-11-24",
        "reason": "发烧，母亲来电",
    }

    def tap() -> Answer:
        told = client.post(address, filled)
        return Answer(told.status_code, told.content.decode())

    return tap


@GATES
def test_two_taps_ask_for_leave_once(shared, gated):
    """O11: a double tap is one request, and both taps are served."""
    answers = race(shared, [tap_leave] * 2, gated=gated)
    assert [answer.status for answer in answers] == [302, 302]
    assert in_child(shared, lambda: AuthorisedAbsence.objects.count()) == 1
