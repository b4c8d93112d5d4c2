"""The faults the file door was rebuilt for, which no report of theirs names."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models
from django.urls import reverse

from cases.models import CaseEvent, Contact
from regions.models import CalendarRow
from students.models import Student
from tests.cases.case_county import case_of
from tests.cases.case_county import county as county_of_a_case
from tests.doors import books, hostile, world
from tests.doors.conftest import refused_at
from tests.doors.faces import DOORS, File, browser, seen
from tests.doors.fuzzing import ID_NUMBER, on_disk
from tests.doors.racing import Shared, in_child
from tests.doors.seeds import ENTRIES, TABLES
from tests.doors.world import CLASS, COUNTY, id_number

ROSTER = ["姓名", "性别", "出生日期", "身份证件号", "班级"]


def pupils(first: int, count: int, of: str = CLASS) -> list:
    """Rows of ROSTER; numbers are even apart, so that the sex of each number is 男."""
    return [
        [f"试{n}", "男", "2013-05-04", id_number(2 * n + 101), of]
        for n in range(first, first + count)
    ]


class TestYears:
    @pytest.mark.parametrize(
        ("begins", "ends"),
        [
            ("2206-12-01", "2206-12-02"),
            ("2026-12-01", "2206-12-02"),
            ("0026-12-01", "0026-12-02"),
            ("2026-12-01", "2027-06-30"),
        ],
    )
    def test_a_closure_nobody_means(self, doors, begins, ends):
        rows = CalendarRow.objects.count()
        entry = {"scope": COUNTY, "from": begins, "to": ends, "kind": "closure", "reason": "大雪"}
        file = File("c.json", books.text_json([entry]))
        answer = doors.bring("calendar", file)
        assert not answer.applied and CalendarRow.objects.count() == rows, answer.text
        assert "2027-06-30" in (begins, ends) or "请核对年份" in answer.text, answer.text
        preview = doors.upload("calendar", file)
        if preview.offers:
            assert not doors.confirm("calendar", preview).applied
        assert CalendarRow.objects.count() == rows

    @pytest.mark.parametrize("since", ["0026-09-01", "2206-09-01", "1949-10-01"])
    def test_a_policy_from_a_year_nobody_means(self, doors, since):
        entry = ENTRIES["policies"][0] | {"from": since}
        answer = doors.bring("policies", File("p.json", books.text_json([entry])))
        assert not answer.applied and "请核对年份" in answer.text, answer.text

    @pytest.mark.parametrize("on", ["2020-03-02", "0026-11-19", "2206-11-19"])
    def test_a_contact_of_long_ago(self, settings, db, on):
        settings.KONGCHUO_TODAY = world.TODAY
        here = county_of_a_case()
        case_of(here.student)
        client = browser(here.cadre)
        filled = {
            "way": "visit",
            "when": "other",
            "on": on,
            "met": "nobody",
            "note": "门锁着",
            "client_key": "6f9619ff-8b86-d011-b42d-00cf4fc964ff",
        }
        answer = client.post(reverse("cases:contact", args=[here.student.uid]), filled)
        assert not Contact.objects.exists()
        assert answer.status_code < 500 and "请核对年份" in seen(answer.content.decode())

    @pytest.mark.parametrize("on", ["0026-11-12", "1926-11-12", "2015-11-12"])
    def test_a_criticism_in_the_year_26(self, settings, db, on):
        settings.KONGCHUO_TODAY = world.TODAY
        here = county_of_a_case()
        case = case_of(here.student)
        filled = {
            "happened_0": on,
            "happened_1": "day",
            "note": "对父亲讲了义务教育法",
            "version": case.version,
        }
        before = CaseEvent.objects.count()
        answer = browser(here.officer).post(reverse("cases:criticise", args=[case.uid]), filled)
        assert CaseEvent.objects.count() == before
        assert answer.status_code < 500 and "请核对年份" in seen(answer.content.decode())

    @pytest.mark.parametrize(
        ("door", "heading", "value"),
        [
            ("cases", "建档日期", "1026-09-21"), ("cases", "离校日期", "0026-09"), ("cases", "责令送达日期", "2206-11-12"),
            ("cohorts", "截至日期", "2206-08-31"), ("registers", "日期", "2206-11-18"), ("registers", "日期", "2020-11-18"),
            ("roster", "入班日期", "1926-09-01"), ("roster", "入班日期", "0026-09-01"), ("statuses", "开始日期", "2062-09-10"),
        ],
    )  # fmt: skip
    def test_the_year_of_every_column(self, doors, door, heading, value):
        rows = [list(row) for row in TABLES[door]]
        rows[1][rows[0].index(heading)] = value
        refused_at(doors.bring(door, rows), 2, heading, "")


class TestNothingVanishes:
    def sheets(self, *more) -> File:
        three = [
            (f"七({n + 1})班", [ROSTER, *pupils(3 * n, 3, f"七({n + 1})班")]) for n in range(3)
        ]
        return File("r.xlsx", books.workbook([*more, *three]))

    def test_a_sheet_a_class(self, doors):
        answer = doors.bring("roster", self.sheets())
        if answer.applied:
            assert (
                answer.json["created"] == 9
                and Student.objects.filter(name__startswith="试").count() == 9
            )
        else:
            assert "七(2)班" in answer.text and "七(3)班" in answer.text

    def test_notes_on_how_to_fill_in_stand_in_front(self, doors):
        notes = ("填写说明", [["填写说明"], ["一、姓名按户口簿填写。"], ["二、班级写成七(1)班。"]])
        answer = doors.bring("roster", self.sheets(notes))
        assert answer.applied and answer.json["created"] == 9, answer.text

    @pytest.mark.parametrize("door", TABLES)
    def test_notes_in_front_at_every_door(self, doors, door):
        notes = ("填写说明", [["填写说明"], ["请按样例填写，不要改动表头。"]])
        file = File("r.xlsx", books.workbook([notes, ("数据", TABLES[door])]))
        assert doors.bring(door, file).applied

    @pytest.mark.parametrize("door", TABLES)
    def test_a_second_sheet_at_every_door(self, doors, door):
        rows = TABLES[door]
        whole = doors.bring(door, rows) if DOORS[door].command.applies else doors.look(door, rows)
        half = len(rows) // 2 + 1
        sheets = [("一", rows[:half]), ("二", [rows[0], *rows[half:]])]
        file = File("r.xlsx", books.workbook(sheets))
        if DOORS[door].command.applies:
            assert doors.bring(door, file).json.get("unchanged", 0) or whole.applied
            return
        answer = doors.look(door, file)
        assert answer.counts == whole.counts or "二" in answer.text, answer.text

    @pytest.mark.parametrize("error", ["#N/A", "#REF!", "#VALUE!"])
    @pytest.mark.parametrize(
        ("door", "heading"),
        [
            ("roster", "监护人姓名"),
            ("places", "学校名称"),
            ("cohorts", "来源"),
            ("statuses", "证明"),
            ("users", "姓名"),
        ],
    )
    def test_an_error_of_a_formula_is_no_value(self, doors, door, heading, error):
        rows = [list(row) for row in TABLES[door]]
        number = len(rows) - 1
        rows[number][rows[0].index(heading)] = error
        answer = doors.look(door, File("r.xlsx", books.xlsx(rows)))
        assert (number + 1, heading) in answer.cells(), answer.text

    def test_headings_again_and_lines_of_signatures(self, doors):
        rows = [
            ["白水中学花名册"], ROSTER, *pupils(0, 2), ["白水中学花名册"], ROSTER, *pupils(2, 1),
            ["合计", 3], ["填表人：", "", "审核人："], ["填表日期：2026年9月1日"],
        ]  # fmt: skip
        answer = doors.bring("roster", rows)
        assert answer.applied, answer.text
        assert (answer.json["rows"], answer.json["created"]) == (3, 3)
        assert answer.json["passed_over"] >= 5, answer.text


class TestBounds:
    @pytest.mark.parametrize("run", hostile.RUNS, ids=[repr(run[:8]) for run in hostile.RUNS])
    def test_a_cell_of_32_000_characters_costs_nothing(self, doors, run):
        rows = [list(row) for row in TABLES["roster"]]
        for place, heading in enumerate(rows[0]):
            if heading in ("出生日期", "身份证件号", "学籍号", "班级", "入班日期", "监护人电话"):
                rows[2][place] = run
        rows[0].append(run)
        began = time.process_time()
        answer = doors.look(
            "roster", File("r.xlsx", books.raw_sheet([], books.sheet_xml(books.raw_rows(rows))))
        )
        assert time.process_time() - began < 1.0
        assert not answer.applied

    @pytest.mark.parametrize("door", ["registers", "cases"])
    @pytest.mark.parametrize("run", hostile.RUNS[:4] + hostile.RUNS[-3:])
    def test_nor_in_a_day(self, doors, door, run):
        rows = [list(row) for row in TABLES[door]]
        rows[1][rows[0].index("日期" if door == "registers" else "离校日期")] = run
        began = time.process_time()
        assert not doors.bring(door, rows).applied
        assert time.process_time() - began < 1.0

    @pytest.mark.parametrize("door", ENTRIES)
    @pytest.mark.parametrize(
        "deep",
        ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 50_000 + "1" + "}" * 50_000],
    )
    def test_deep_json_is_a_sentence(self, doors, door, deep):
        answer = doors.bring(door, File("c.json", deep.encode()))
        assert answer.status and "。" in answer.text

    @pytest.mark.parametrize("door", ENTRIES)
    @pytest.mark.parametrize("number", ["9" * 5_000, "1e999", "NaN", "-Infinity"])
    def test_huge_numbers_are_a_sentence(self, doors, door, number):
        text = json.dumps([ENTRIES[door][0] | {"from": "X"}]).replace('"X"', number)
        answer = doors.bring(door, File("c.json", text.encode()))
        assert answer.status and "。" in answer.text

    LONG = 3_000

    @pytest.mark.parametrize(
        ("door", "heading"),
        [
            ("places", "名称"), ("places", "学校名称"), ("users", "姓名"), ("users", "用户名"), ("statuses", "证明"),
            ("statuses", "审批人"), ("registers", "说明"), ("cases", "备注"), ("cases", "责令文号"), ("cohorts", "来源"),
            ("roster", "监护人姓名"), ("roster", "姓名"),
        ],
    )  # fmt: skip
    def test_a_text_longer_than_its_field_at_every_door(self, doors, door, heading):
        rows = [list(row) for row in TABLES[door]]
        number = next(n for n, row in enumerate(rows[1:], 1) if row[rows[0].index(heading)])
        rows[number][rows[0].index(heading)] = "长" * self.LONG
        answer = doors.bring(door, rows)
        refused_at(answer, number + 1, heading, "")
        assert heading == "用户名" or any("最多" in one["message"] for one in answer.rejected), (
            answer.text
        )

    @pytest.mark.parametrize(
        ("door", "key"), [("calendar", "reason"), ("policies", "source"), ("calendar", "scope")]
    )
    def test_and_in_an_entry(self, doors, door, key):
        entry = ENTRIES[door][0] | {key: "长" * self.LONG}
        answer = doors.bring(door, File("c.json", books.text_json([entry])))
        assert answer.status and not answer.applied, answer.text


class TestEncodings:
    @pytest.mark.parametrize("door", ENTRIES)
    @pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig", "utf-8"])
    def test_json_as_the_programs_of_the_trade_save_it(self, doors, door, encoding):
        answer = doors.bring(door, File("c.json", books.text_json(ENTRIES[door], encoding)))
        assert answer.applied, answer.text

    @pytest.mark.parametrize("kind", [books.xls, books.ods])
    def test_xls_and_ods_by_page(self, doors, kind):
        preview = doors.upload("roster", File(f"r.{kind.__name__}", kind([ROSTER, *pupils(0, 3)])))
        assert preview.offers, preview.answer.text
        assert doors.confirm("roster", preview).applied
        assert Student.objects.filter(name__startswith="试").count() == 3


class TestSecrets:
    @pytest.mark.parametrize(
        "number",
        [539901201305040018.0, 539901201305040018, "539901201305040013", "539901 20130504 0013"],
    )
    def test_a_message_shows_no_identity_number(self, doors, number):
        rows = [ROSTER, ["试甲", "男", "2013-05-04", number, CLASS]]
        file = File("r.xlsx", books.xlsx(rows))
        answer = doors.look("roster", file)
        assert answer.rejected, answer.text
        shown = answer.text + doors.upload("roster", file).answer.text
        digits = shown.replace(" ", "")
        assert not ID_NUMBER.search(digits) and "53990120130504" not in digits, shown

    @pytest.mark.parametrize("door", ["statuses", "registers", "cases"])
    def test_nor_at_the_doors_that_name_a_child(self, doors, door):
        rows = [list(row) for row in TABLES[door]]
        place = rows[0].index("学籍号")
        rows[0][place] = "身份证件号"
        for row in rows[1:]:
            row[place] = 539901201305040018.0
        answer = doors.bring(door, File("r.xlsx", books.xlsx(rows)))
        assert answer.rejected and "53990120130504" not in answer.text, answer.text

    def test_what_waits_for_its_confirmation_cannot_be_read(self, doors, settings):
        """Neither a file of the portal nor a column of its tables holds a name of the upload."""
        rows = [ROSTER, ["试玉密封", "男", "2013-05-04", id_number(81), CLASS]]
        preview = doors.upload("roster", File("r.csv", books.text_csv(rows)))
        assert preview.offers
        clear = "试玉密封".encode()
        folders = {Path(settings.MEDIA_ROOT).parent, doors.folder}
        files = [
            file
            for folder in folders
            for file in folder.rglob("*")
            if file.is_file() and file.suffix != ".csv"
        ]
        assert not [file for file in files if clear in file.read_bytes()]
        binary = [
            (m, f.attname)
            for m in apps.get_models()
            for f in m._meta.concrete_fields
            if isinstance(f, models.BinaryField)
        ]
        kept = [
            bytes(value)
            for m, name in binary
            for value in m._base_manager.values_list(name, flat=True)
            if value
        ]
        assert not [value for value in kept if clear in value or len(value) > 40]


@pytest.mark.django_db(transaction=True)
class TestConsole:
    def run(self, tmp_path, encoding: str, file: File):
        shared = Shared(tmp_path)
        in_child(shared, lambda: world.county() and None)
        path = on_disk(tmp_path, file)
        keys = {
            "SECRET_KEY": settings.SECRET_KEY,
            "KONGCHUO_FIELD_KEYS": settings.KONGCHUO_FIELD_KEYS,
        }
        env = os.environ | keys | {
            "DATABASE_URL": shared.url, "KONGCHUO_TODAY": str(world.TODAY), "KONGCHUO_VAR": str(tmp_path), "DEBUG": "1",
            "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0",
        }  # fmt: skip
        call = [sys.executable, "manage.py", "import_roster", str(path), "--by", "jw1", "--apply"]
        done = subprocess.run(
            call, cwd=settings.BASE_DIR, env=env, capture_output=True, timeout=120, check=False
        )
        names = in_child(
            shared,
            lambda: list(
                Student.objects.filter(name__startswith="试").values_list("name", flat=True)
            ),
        )
        return done, names

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_a_console_that_cannot_say_a_name_does_not_undo_the_work(self, tmp_path, encoding):
        """A name beyond GBK comes in, its warning is printed somehow, the exit says what was done."""
        row = ["试𠮷😀", "女", "2013-05-04", id_number(81), CLASS]
        done, names = self.run(
            tmp_path, encoding, File("r.csv", books.text_csv([[*ROSTER, "座右铭𠮷"], [*row, "x"]]))
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode(encoding, "replace")[-900:]
        assert (done.returncode, len(names)) in {(0, 1), (1, 0)}
        if done.returncode == 0:
            assert json.loads(done.stdout.decode(encoding))["applied"]
