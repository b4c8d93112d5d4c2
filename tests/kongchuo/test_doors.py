"""The doors for machines, one after another, as a county's script opens them."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from accounts.models import AccessLog, User
from students.models import Student
from tests import factories as make

pytestmark = pytest.mark.django_db
THURSDAY = "2026-11-19"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = date.fromisoformat(THURSDAY)


def door(name: str, *arguments: str, **options) -> dict:
    """Run a command; its one JSON object."""
    out = StringIO()
    call_command(name, *arguments, stdout=out, stderr=StringIO(), **options)
    return json.loads(out.getvalue())


def write(folder: Path, name: str, text: str) -> str:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return str(file)


def number(n: int) -> str:
    return make.id_number(990 + n, "20130415")


@pytest.fixture
def county(tmp_path, monkeypatch) -> Path:
    """The three administrators, places, calendar, unit users let in: the order a county goes in."""
    monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", "Lanping-2026")
    root = door("first_admin", "root1")
    assert (root["username"], root["role"]) == ("root1", "system_admin")
    assert door("first_admin", "sec1", role="security")["role"] == "security_admin"
    assert door("first_admin", "aud1", role="audit")["role"] == "audit_admin"
    places = write(
        tmp_path, "places.csv",
        "区划代码,名称,学校标识码,学校名称,办学类型\n539901,澜屏县,,,\n539901001,白水镇,,,\n"
        "539901001,,5399000001,白水中学,初级中学\n",
    )  # fmt: skip
    assert door("import_places", places, by="root1")["created"] == 3
    assert door("import_places", places, by="root1", apply=True)["applied"]
    rows = [{"scope": "539901", "from": "2026-09-01", "to": "2027-01-22", "kind": "term"}]
    calendar = write(tmp_path, "calendar.json", json.dumps(rows))
    assert door("import_calendar", calendar, by="root1")["days"] == 144
    users = write(
        tmp_path, "users.csv",
        "用户名,姓名,角色,单位代码,班级\njw1,周丽华,教务处,5399000001,\nju1,何志明,县教育局,539901,\n",
    )  # fmt: skip
    told = door("import_users", users, by="root1", apply=True)
    assert told["created"] == 2 and "password" not in json.dumps(told)
    told = door("activate_seats", unit="539901", by="sec1")
    assert told == {"activated": 2, "refused": 0, "left": 0}
    return tmp_path


def roster(folder: Path, *more: str) -> str:
    lines = [f"学生{n},{number(n)},G{number(n)},七(1)班" for n in range(5)]
    return write(folder, "roster.csv", "\n".join(["姓名,身份证号,学籍号,班级", *lines, *more]))


def test_from_a_roster_file_to_the_third_day_alert(county):
    answer = door("import_roster", roster(county), by="jw1", apply=True)
    counts = {"rows": 5, "created": 5, "updated": 0, "unchanged": 0, "missing": 0}
    assert counts.items() <= answer.items() and answer["rejected"] == []
    teachers = write(
        county, "t.csv", "用户名,姓名,角色,单位代码,班级\nbzr1,杨雪梅,班主任,5399000001,七(1)班\n"
    )
    door("import_users", teachers, by="root1", apply=True)
    assert door("activate_seats", unit="5399000001", by="sec1")["activated"] == 1
    days = [f"2026-11-{day}" for day in (16, 17, 18, 19)]
    taken = [f"5399000001,七(1)班,{day},,," for day in days]
    out = [f"5399000001,七(1)班,{day},G{number(2)},缺勤," for day in days[1:]]
    head = "学校标识码,班级,日期,学籍号,标记,说明"
    file = write(county, "registers.csv", "\n".join([head, *taken, *out]))
    result = door("import_registers", file, by="bzr1")
    assert (result["registers"], result["absences"], result["rejected"]) == (4, 3, [])
    assert door("run_job", "flag_absences", on=THURSDAY)["flagged"] == 1
    (alert,) = door("alerts", on=THURSDAY, by="jw1", purpose="核对")["alerts"]
    assert alert["xueji_no"] == f"G{number(2)}"
    assert (alert["unexplained"], alert["first"], alert["last"]) == (3, days[1], days[3])
    assert (alert["registers_missing"], alert["state"]) == (0, "open")
    assert [line["state"] for line in alert["proof"]["days"]] == ["seen"] + ["unexplained"] * 3
    assert AccessLog.objects.filter(kind="student", reason="核对").count() == 1
    assert door("check_rolls") == {"faults": []}


def test_without_a_purpose_no_number_is_printed(county):
    door("import_roster", roster(county), by="jw1", apply=True)
    told = door("alerts", on=THURSDAY, by="jw1")
    assert told == {"alerts": [], "cannot_judge": []}


def test_rejected_rows_stop_the_file_and_partial_gives_them_back(county):
    file = roster(county, "坏一,123,,七(1)班", "坏二,,,七(1)班")
    with pytest.raises(CommandError, match="退回"):
        door("import_roster", file, by="jw1", apply=True)
    assert not Student.objects.exists()
    back = str(county / "back.xlsx")
    answer = door(
        "import_roster", file, by="jw1", apply=True, accept_partial=True, rejected_out=back
    )
    assert answer["created"] == 5 and Path(back).stat().st_size > 0
    assert {"row", "column", "value", "message"} <= set(answer["rejected"][0])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("import_roster", ["nowhere.csv", "--by", "jw1"]),
        ("import_roster", ["FILE", "--by", "nobody"]),
        ("import_roster", ["FILE", "--by", "root1"]),
        ("import_places", ["FILE", "--by", "jw1"]),
        ("import_calendar", ["FILE", "--by", "jw1"]),
        ("first_admin", ["another"]),
        ("first_admin", ["another", "--role", "security"]),
        ("activate_seats", ["--unit", "539901", "--by", "root1"]),
        ("alerts", ["--on", "yesterday", "--by", "jw1"]),
    ],
)
def test_what_is_not_ones_own_to_do_is_refused_with_a_sentence(county, name, arguments):
    given = [roster(county) if one == "FILE" else one for one in arguments]
    with pytest.raises(CommandError, match="。"):
        call_command(name, *given, stdout=StringIO(), stderr=StringIO())
    assert not Student.objects.exists() and User.objects.count() == 5


def test_the_demo_gives_exactly_its_truth_twice_and_alerts_prints_the_same():
    demo = door("demo", pupils=300, seed=7)
    truth = demo["truth"]
    for _ in range(2):
        summary = door("run_job", "flag_absences", on=demo["today"])
        found = (summary["flagged"], summary["cannot_judge"])
        assert found == (len(truth["flagged"]), len(truth["cannot_judge"]))
    told = door("alerts", on=demo["today"], by=demo["users"]["bureau"])
    for key, wanted in (("alerts", "flagged"), ("cannot_judge", "cannot_judge")):
        assert sorted(one["uid"] for one in told[key]) == sorted(truth[wanted])
