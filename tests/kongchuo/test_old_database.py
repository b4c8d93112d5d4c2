"""`make run` on what older versions left: the demo is built anew, anything else stays as it is."""

import importlib
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from kongchuo.schema import foreign

ROOT = Path(settings.BASE_DIR)
OLD = "INSERT INTO django_migrations(app, name, applied) VALUES ('cases', '0002_the_case', '2026-11-22')"
RENAMED = "ALTER TABLE reports_snapshot RENAME COLUMN county_path TO place_path"
ACCOUNT = (
    "INSERT INTO accounts_user(username, name, password, is_active, must_change_password, created_at)"
    " VALUES ('{}', '演示员', '', 1, 0, '2026-11-19 {}')"
)
PLACE = (
    "INSERT INTO regions_region(name, level, path) VALUES ('{0}', 1, '{0}');"
    "INSERT INTO regions_regioncode(region_id, code) SELECT id, '{0}' FROM regions_region WHERE name = '{0}'"
)
LATER = ACCOUNT.format("zhangsan", "09:00:00")
DEMO = [
    ACCOUNT.format("juzhang", "06:00:00"),
    ACCOUNT.format("laoshi", "06:02:00"),
    PLACE.format("539901"),
]


def environment(var: Path) -> dict[str, str]:
    keys = {"SECRET_KEY": "x" * 50, "KONGCHUO_FIELD_KEYS": "k1:" + "A" * 64}
    return os.environ | keys | {"DATABASE_URL": "", "KONGCHUO_VAR": str(var), "DEBUG": "1"}


@pytest.fixture(scope="module")
def migrated(tmp_path_factory) -> Path:
    """A database file that our migrations made."""
    var = tmp_path_factory.mktemp("migrated")
    command = [sys.executable, "manage.py", "migrate", "--no-input", "--verbosity", "0"]
    subprocess.run(command, cwd=ROOT, env=environment(var), check=True)
    return var / "kongchuo.sqlite3"


@pytest.fixture
def run(monkeypatch):
    """scripts/run.py as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))
    return importlib.import_module("run")


@pytest.fixture
def build(migrated, tmp_path, monkeypatch):
    """A var folder whose database had some statements done to it: (var, the database)."""

    def make(*statements: str, pupils: int | None = 0) -> tuple[Path, Path]:
        database = tmp_path / "kongchuo.sqlite3"
        shutil.copyfile(migrated, database)
        with closing(sqlite3.connect(database)) as connection:
            connection.executescript(";".join(statements))
        if pupils is not None:
            (tmp_path / "demo.json").write_text(json.dumps({"pupils": pupils}))
        (tmp_path / "field.keys").write_text("k1:kept")
        for name, value in environment(tmp_path).items():
            monkeypatch.setenv(name, value)
        return tmp_path, database

    return make


def contents(var: Path) -> dict[str, bytes]:
    names = ("kongchuo.sqlite3", "demo.json", "field.keys")
    return {name: (var / name).read_bytes() for name in names if (var / name).exists()}


@pytest.mark.sqlite
@pytest.mark.parametrize("change", [OLD, RENAMED], ids=["other names", "other tables"])
def test_an_older_demo_goes_aside_and_its_keys_stay(run, build, capsys, change):
    var, database = build(*DEMO, change)
    run.make_way(var, database)
    assert not database.exists() and not (var / "demo.json").exists()
    assert (var / "field.keys").read_text() == "k1:kept"
    (folder,) = (var / "old").iterdir()
    assert {file.name for file in folder.iterdir()} == {"kongchuo.sqlite3", "demo.json"}
    said = capsys.readouterr().err
    assert said.startswith("旧版演示数据，正在重建……") and said.count("\n") == 1


@pytest.mark.sqlite
def test_anything_else_is_refused_in_a_sentence_and_stays_as_it_is(run, build, capsys):
    var, database = build(*DEMO, LATER, OLD)
    before = contents(var)
    with pytest.raises(SystemExit):
        run.make_way(var, database)
    assert contents(var) == before and len(before) == 3
    assert not (var / "old").exists()
    said = capsys.readouterr().err
    assert "不能升级，没有改动它：请" in said and said.count("\n") == 1


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("statements", "pupils", "is_demo"),
    [
        (DEMO, 0, True),
        ([], None, True),
        ([*DEMO, LATER], 0, False),
        ([*DEMO, PLACE.format("530102")], 0, False),
        (DEMO, -1, False),
        (DEMO, None, False),
        (["DROP TABLE students_student"], 0, False),
    ],
    ids=[
        "demo",
        "nothing",
        "later account",
        "other county",
        "more children",
        "no answer",
        "broken",
    ],
)
def test_only_what_make_run_planted_counts_as_the_demo(run, build, statements, pupils, is_demo):
    assert run.is_demo(*build(*statements, pupils=pupils)) is is_demo


@pytest.mark.sqlite
def test_a_database_of_ours_is_left_alone(run, build, capsys):
    var, database = build(*DEMO)
    before = contents(var)
    run.make_way(var, database)
    assert contents(var) == before and not (var / "old").exists()
    assert capsys.readouterr().err == ""


@pytest.mark.sqlite
def test_a_fresh_folder_is_left_alone(run, tmp_path, monkeypatch):
    for name, value in environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    run.make_way(tmp_path, tmp_path / "kongchuo.sqlite3")
    assert not (tmp_path / "old").exists()


@pytest.mark.django_db
def test_what_our_migrations_made_is_ours_on_both_databases():
    assert foreign() == []


@pytest.mark.django_db
def test_a_name_we_do_not_know_is_foreign_but_not_one_of_a_package():
    recorder = MigrationRecorder(connection)
    recorder.record_applied("sessions", "0099_of_another_release")
    assert foreign() == []
    recorder.record_applied("cases", "0002_the_case")
    assert foreign() == ["cases.0002_the_case"]


@pytest.mark.django_db
def test_another_column_under_the_same_name_is_foreign():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE accounts_accesslog RENAME COLUMN reason TO purpose")
    assert foreign() == ["accounts_accesslog.purpose", "accounts_accesslog.reason"]
