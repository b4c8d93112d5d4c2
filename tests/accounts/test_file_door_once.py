"""Twice is once: two confirmations, clerks or commands; together, or one second apart."""

import io
import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.file_door import claims, door
from accounts.models import Change, FileClaim, ImportBatch
from regions.models import SchoolClass
from students.models import Enrolment, Student
from students.roster import ROSTER
from students.rules.identity import check_digit
from tests import factories as make
from tests.access_page import upload

PUPILS = 12
HEAD = "姓名,身份证件类型,身份证件号,出生日期,班级,监护人姓名,监护人身份证件号\n"


@pytest.fixture
def office(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    return make.user(Role.OFFICE, make.school(), name="周丽华")


def number(n: int, birth: str = "20130415") -> str:
    first = f"539901{birth}{100 + n}"
    return first + check_digit(first)


def roster(count: int = PUPILS) -> str:
    """Children of two classes that do not stand yet; every third has no number of its own."""
    rows = [
        f"学生{n},{'其他,' if n % 3 == 0 else '居民身份证,' + number(n)},2013-04-15,"
        f"七({1 + n % 2})班,家长{n},{number(n, '19800101')}"
        for n in range(count)
    ]
    return HEAD + "\n".join(rows) + "\n"


def counted() -> tuple[int, int, int]:
    return Student.objects.count(), Enrolment.objects.open().count(), SchoolClass.objects.count()


ONCE = (PUPILS, PUPILS, 2)


def sent(user, text: str) -> tuple[Client, str]:
    """The file uploaded and looked at, by a client of its own; the address that confirms it."""
    client = Client()
    client.force_login(user)
    check = client.post(reverse("students:roster"), {"file": upload(text)})["Location"]
    assert "新增" in client.get(check).content.decode()
    return client, f"{check}apply/"


def together(*acts) -> tuple[list, tuple[int, int, int]]:
    """Each act in a thread of its own, all begun at the same moment; the answers, and what stands
    then. On SQLite the threads work on a file, as an installation does: the tests' database in
    memory does not wait for a lock."""
    barrier = Barrier(len(acts))

    def begin(act, waits: bool = True):
        if waits:
            barrier.wait()
        try:
            return act()
        finally:
            connection.close()

    with on_a_file(), ThreadPoolExecutor(len(acts)) as pool:
        answers = list(pool.map(begin, acts))
        return answers, pool.submit(begin, counted, False).result()


@contextmanager
def on_a_file():
    """New connections open a copy of the tests' SQLite in a file; PostgreSQL is left as it is."""
    if connection.vendor != "sqlite":
        yield
        return
    with TemporaryDirectory() as folder:
        file = Path(folder) / "copy.sqlite3"
        with sqlite3.connect(file) as copy:
            connection.connection.backup(copy)
        chosen = connection.settings_dict
        before = chosen["NAME"]
        chosen["NAME"] = str(file)
        try:
            yield
        finally:
            chosen["NAME"] = before


@pytest.mark.django_db
class TestOneAfterTheOther:
    def test_a_second_press_answers_that_it_is_done(self, office):
        client, confirm = sent(office, roster())
        first, second = client.post(confirm), client.post(confirm)
        assert "已导入" in first.content.decode() and first.status_code == 200
        assert second.status_code == 200
        assert "这份文件 2026年11月19日" in second.content.decode()
        assert "已由周丽华导入，没有重复导入。" in second.content.decode()
        assert counted() == ONCE

    def test_the_check_page_of_what_is_done_says_so(self, office):
        client, confirm = sent(office, roster())
        client.post(confirm)
        assert "没有重复导入" in client.get(confirm.removesuffix("apply/")).content.decode()

    def test_a_second_clerk_with_the_same_file_is_told_who_did_it(self, office):
        other = make.user(Role.OFFICE, make_school_of(office))
        one, other_one = sent(office, roster()), sent(other, roster())
        assert one[0].post(one[1]).status_code == 200
        answer = other_one[0].post(other_one[1])
        assert answer.status_code == 200 and "已由周丽华导入" in answer.content.decode()
        assert counted() == ONCE
        assert Change.objects.filter(verb="roster.import").count() == 1

    def test_a_second_command_says_so_and_is_no_failure(self, office, tmp_path):
        first, second = command(office, tmp_path), command(office, tmp_path)
        assert first["applied"] and first["created"] == PUPILS and "already" not in first
        assert not second["applied"] and second["created"] == 0
        assert "已由周丽华导入，没有重复导入。" in second["already"]
        assert counted() == ONCE

    def test_the_same_file_again_has_nothing_to_do_until_something_changed(self, office, tmp_path):
        command(office, tmp_path)
        Student.objects.filter(name="学生1").update(name="别名")
        again = command(office, tmp_path)
        assert again["applied"] and again["updated"] == 1 and counted() == ONCE
        assert FileClaim.objects.get().times == 2

    def test_what_was_rejected_comes_in_when_the_reason_is_gone(self, office, tmp_path):
        text = roster() + f"别校,居民身份证,{number(90)},2013-04-15,八(1)班,家长,{number(91)}\n"
        file = tmp_path / "r.csv"
        file.write_text(text.replace("八(1)班", "十(1)班"), encoding="utf-8")
        assert not run(office, file, check=False)["applied"]
        assert counted() == (0, 0, 0) and not FileClaim.objects.exists()


def make_school_of(user):
    return user.seats.get().school


def run(office, file: Path, *, check: bool = True) -> dict:
    out = io.StringIO()
    try:
        call_command("import_roster", str(file), by=office.username, apply=True, stdout=out,
                     stderr=io.StringIO())  # fmt: skip
    except Exception:
        if check:
            raise
    return json.loads(out.getvalue())


def command(office, folder: Path) -> dict:
    file = folder / "roster.csv"
    file.write_text(roster(), encoding="utf-8")
    return run(office, file)


@pytest.mark.django_db(transaction=True)
class TestTogether:
    """On both databases: SQLite waits at the transaction, PostgreSQL at the lock of the door."""

    def test_two_presses_of_one_preview(self, office):
        client, confirm = sent(office, roster())
        answers, standing = together(*[lambda: again(client).post(confirm)] * 2)
        assert [answer.status_code for answer in answers] == [200, 200]
        told = sorted("没有重复导入" in answer.content.decode() for answer in answers)
        assert told == [False, True] and standing == ONCE
        assert not any(Path(sealed()).iterdir()), "the file is forgotten when it is applied"

    def test_two_clerks(self, office):
        other = make.user(Role.OFFICE, make_school_of(office))
        both = [sent(user, roster()) for user in (office, other)]
        answers, standing = together(*[lambda pair=pair: pair[0].post(pair[1]) for pair in both])
        told = sorted("没有重复导入" in answer.content.decode() for answer in answers)
        assert [answer.status_code for answer in answers] == [200, 200]
        assert told == [False, True] and standing == ONCE

    def test_two_commands(self, office, tmp_path):
        answers, standing = together(*[lambda: command(office, tmp_path)] * 2)
        assert sorted(answer["applied"] for answer in answers) == [False, True]
        assert sum("已由" in answer.get("already", "") for answer in answers) == 1
        assert standing == ONCE

    @pytest.mark.postgres
    def test_the_claim_alone_is_enough(self, office, tmp_path, monkeypatch):
        monkeypatch.setattr(claims, "hold", lambda door, scopes: None)
        answers, standing = together(*[lambda: command(office, tmp_path)] * 2)
        assert sorted(answer["applied"] for answer in answers) == [False, True]
        assert standing == ONCE

    def test_the_control_without_lock_and_claim_brings_children_in_twice(self, office, monkeypatch):
        """Both planned before either wrote: the fault this door is there for."""
        monkeypatch.setattr(claims, "hold", lambda door, scopes: None)
        monkeypatch.setattr(claims, "claim", lambda *args, **kwargs: True)
        if connection.vendor == "sqlite":
            bare = SimpleNamespace(atomic=nullcontext, on_commit=lambda act: act())
            monkeypatch.setattr(door, "transaction", bare)
        for n in (1, 2):
            make.school_class(make_school_of(office), number=n)
        both = Barrier(2)

        def planned_together(*args, **kwargs):
            made = ROSTER.plan(*args, **kwargs)
            both.wait()
            return made

        unprotected = replace(ROSTER, plan=planned_together)
        content = roster().encode()

        def bring():
            return door.bring(unprotected, content, "r.csv", by=office, on=make.THURSDAY)

        _, standing = together(bring, bring)
        assert standing == (2 * PUPILS, 2 * PUPILS, 2)


def again(client: Client) -> Client:
    """Another window of the same person."""
    other = Client()
    other.cookies = client.cookies
    return other


def sealed() -> str:
    return settings.KONGCHUO_SEALED


@pytest.mark.django_db
def test_nothing_of_an_upload_is_in_the_database(office):
    sent(office, roster())
    batch = ImportBatch.objects.get()
    assert number(1) not in str(ImportBatch.objects.values().get())
    assert batch.size == len(roster().encode())
