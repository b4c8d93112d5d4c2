"""Exports: who, when and why on every sheet; a row per child; nothing a spreadsheet would run."""

import hashlib
import json
from io import BytesIO, StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Access
from accounts.models import AccessLog
from regions.refusals import Refused
from reports.ledgers.exports import export_ledger
from reports.ledgers.ledgers import LEDGERS
from tests.reports.snapshot_county import ON, Watched, watched

pytestmark = pytest.mark.django_db
PURPOSE = "报送市教育体育局十一月月报"


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def world() -> Watched:
    return watched()


def exported() -> list[AccessLog]:
    return list(AccessLog.objects.filter(action=Access.EXPORT))


def sheets_of(content: bytes) -> list:
    return load_workbook(BytesIO(content)).worksheets


def download(world, query: str = "student_status=suspected,dropout", purpose: str = PURPOSE):
    client = Client()
    client.force_login(world.base.bureau)
    return client.post(f"{reverse('reports:export')}?{query}", {"purpose": purpose})


def test_every_sheet_says_who_when_and_why(world):
    made = export_ledger(LEDGERS["cases"], ON, by=world.base.bureau, purpose=PURPOSE)
    (sheet,) = sheets_of(made.content)
    mark = sheet["A1"].value
    for part in ("何志明", world.base.bureau.username, "2026-11-", PURPOSE, "已遮盖"):
        assert part in mark
    assert PURPOSE in sheet.oddHeader.center.text
    assert PURPOSE in sheet.oddFooter.center.text
    assert [cell.value for cell in sheet[2]] == LEDGERS["cases"].header
    assert sheet.max_row == 2 + made.rows == 5


def test_each_child_of_an_export_leaves_a_row_with_the_purpose(world):
    export_ledger(LEDGERS["cases"], ON, by=world.base.officer, purpose=PURPOSE)
    logs = exported()
    assert {log.uid for log in logs} == {world.dropout.student.uid, world.suspected.student.uid}
    assert {(log.kind, log.reason, log.user) for log in logs} == {
        ("student", PURPOSE, world.base.officer)
    }


def test_a_list_is_exported_as_it_stands_and_logged(world):
    answer = download(world)
    (sheet,) = sheets_of(answer.content)
    names = {row[1] for row in sheet.iter_rows(min_row=3, values_only=True)}
    assert len(exported()) == sheet.max_row - 2 == 3
    assert world.next_child.name in names
    assert "539901201305060011" not in str(list(sheet.values))


@pytest.mark.parametrize("purpose", ["", "  ", "看看", " 看 看 "])
def test_an_export_without_a_purpose_is_no_export(world, purpose):
    answer = download(world, purpose=purpose)
    assert answer.status_code == 409
    assert exported() == []
    with pytest.raises(Refused, match="请写明导出事由"):
        export_ledger(LEDGERS["cases"], ON, by=world.base.bureau, purpose=purpose[:3])
    assert exported() == []


def test_an_export_whose_log_fails_hands_out_nothing(world, monkeypatch):
    """The rows and the file stand together: the second child's row cannot be written."""
    whole = AccessLog.objects.create
    written = []

    def second_fails(**fields):
        written.append(fields)
        if len(written) == 2:
            raise OSError("disk full")
        return whole(**fields)

    monkeypatch.setattr(AccessLog.objects, "create", second_fails)
    with pytest.raises(OSError, match="disk full"):
        export_ledger(LEDGERS["cases"], ON, by=world.base.bureau, purpose=PURPOSE)
    assert exported() == []


def test_a_name_that_looks_like_a_formula_stays_text(world):
    student = world.suspected.student
    student.name = "=1+1"
    student.save(update_fields=["name"])
    made = export_ledger(LEDGERS["suspected"], ON, by=world.base.officer, purpose=PURPOSE)
    (sheet,) = sheets_of(made.content)
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "'=1+1" in [cell.value for cell in cells]


def run(*args: str) -> dict:
    out = StringIO()
    call_command("export_ledger", *args, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("name", ["suspected", "疑似辍学花名册"])
def test_the_command_writes_the_file_and_says_its_sum(world, tmp_path, name):
    file = tmp_path / "out.xlsx"
    by = world.base.bureau.username
    said = run(name, f"--on={ON}", f"--by={by}", f"--purpose={PURPOSE}", f"--out={file}")
    assert said == {
        "rows": 2, "sheet": "疑似辍学花名册",
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
    }  # fmt: skip
    assert load_workbook(file).sheetnames == ["疑似辍学花名册"]
    assert len(exported()) == 2


def test_the_command_checks_the_rights_of_whom_it_runs_for(world, tmp_path):
    file = tmp_path / "out.xlsx"
    by = world.base.cadre.username
    with pytest.raises(CommandError, match="台账由学校"):
        run("cases", f"--on={ON}", f"--by={by}", f"--purpose={PURPOSE}", f"--out={file}")
    assert not file.exists()


def test_the_command_refuses_a_day_it_cannot_read(world, tmp_path):
    with pytest.raises(CommandError, match="2026-11-19"):
        run("cases", "--on=昨天", "--by=x", f"--purpose={PURPOSE}", f"--out={tmp_path / 'x'}")
