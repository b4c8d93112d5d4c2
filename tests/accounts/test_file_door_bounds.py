"""What the frame takes and what it does not: sizes, depths, memory, time, consoles, sealed uploads."""

import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from accounts.door_command import DoorCommand
from accounts.enums import Role
from accounts.file_door import bounds, storing
from accounts.file_door.bounds import MAX_BYTES
from accounts.models import ImportBatch
from accounts.places.calendars import import_calendar, import_policies
from accounts.places.import_places import import_places
from accounts.seats.import_users import import_users
from regions.clock import now
from regions.refusals import Refused
from tests import factories as make
from tests.access_page import upload
from tests.accounts.books import xlsx

ROOT = Path(__file__).resolve().parents[2]
MEBIBYTE = 2**20


@pytest.fixture
def root(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.region("539901")
    return make.user(Role.SYSTEM_ADMIN, name="管理员")


def calendar(**more) -> list[dict]:
    day = "2026-11-05"
    return [{"scope": "539901", "from": day, "to": day, "kind": "closure"} | more]


@pytest.mark.django_db
class TestJson:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
    def test_any_encoding(self, root, encoding):
        text = json.dumps(calendar(reason="泥石流"), ensure_ascii=False, indent=1)
        assert import_calendar(text.encode(encoding), by=root, on=make.THURSDAY)["rows"] == 1

    @pytest.mark.parametrize("take", [import_calendar, import_policies])
    @pytest.mark.parametrize(
        "content",
        [
            b"[" * 100_000, b"[" * 100_000 + b"]" * 100_000, b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
            b"[" + b"9" * 5_000 + b"]", b"[NaN]", b"\xff\xfe\x00\xd8", b"[" + b" " * 3 * MEBIBYTE + b"]",
            b"[" + b"{}," * 5_001 + b"{}]",
        ],
    )  # fmt: skip
    def test_deep_huge_and_odd_is_a_sentence(self, root, take, content):
        with pytest.raises(Refused, match="文件"):
            take(content, by=root, on=make.THURSDAY)

    @pytest.mark.parametrize("key", ["scope", "from", "to", "kind", "reason"])
    def test_every_value_has_its_bound(self, root, key):
        with pytest.raises(Refused, match=f"第 1 条 {key} 最多"):
            import_calendar(
                json.dumps(calendar(**{key: "长" * 5_000})).encode(), by=root, on=make.THURSDAY
            )

    def test_a_list_in_place_of_a_value_is_refused(self, root):
        with pytest.raises(Refused, match="第 1 条"):
            import_calendar(json.dumps(calendar(scope=[[[]]])).encode(), by=root, on=make.THURSDAY)

    def test_unseen_characters_are_dropped(self, root):
        import_calendar(
            json.dumps(calendar(reason="泥\x00石\u200b流\ud800")).encode(),
            by=root,
            on=make.THURSDAY,
        )
        with pytest.raises(Refused, match="原来的说明是“泥石流”"):
            import_calendar(json.dumps(calendar(reason="大雪")).encode(), by=root, on=make.THURSDAY)


@pytest.mark.django_db
class TestPlacesAndUsers:
    HEAD = "区划代码,名称,学校标识码,学校名称,办学类型\n"

    @pytest.mark.parametrize(
        ("line", "cell", "longest"),
        [
            (f"539901001,{'长' * 61},,,", "B2", 60),
            (f"539901,,5399010001,{'长' * 81},小学", "D2", 80),
            (f"{'5' * 40},名,,,", "A2", 12),
        ],
    )
    def test_a_name_of_a_place(self, root, line, cell, longest):
        outcome = import_places(
            (self.HEAD + line).encode(), "a.csv", by=root, on=make.THURSDAY, apply=False
        )
        ((rejected),) = outcome.rejected
        assert rejected.cell == cell and f"最多 {longest} 个字" in rejected.message

    def test_a_name_of_a_person(self, root):
        head = "用户名,姓名,角色,单位代码,班级\n"
        line = f"new1,{'长' * 41},县教育局,539901,"
        outcome = import_users(
            (head + line).encode(), "a.csv", by=root, on=make.THURSDAY, apply=False
        )
        assert outcome.rejected[0].message == "姓名最多 40 个字，现在 41 个字。请改短。"
        clean = head + "new1,魏\u200b岩_x0000_板,县教育局,539901,"
        outcome = import_users(clean.encode(), "a.csv", by=root, on=make.THURSDAY, apply=True)
        assert outcome.applied

    def test_twice_is_once_at_these_doors_too(self, root):
        content = (self.HEAD + "539901001,白水镇,,,").encode()
        first = import_places(content, "a.csv", by=root, on=make.THURSDAY, apply=True)
        again = import_places(content, "a.csv", by=root, on=make.THURSDAY, apply=True)
        assert first.applied and not again.applied and "已由管理员导入" in again.already
        entries = json.dumps(calendar()).encode()
        assert import_calendar(entries, by=root, on=make.THURSDAY)["rows"] == 1
        assert "没有重复导入" in import_calendar(entries, by=root, on=make.THURSDAY)["already"]


READ = """
import sys
from accounts.file_door.reading import read_book
from regions.refusals import Refused
try:
    print(sum(len(table.rows) for table in read_book(open(sys.argv[1], 'rb').read(), sys.argv[1]).tables))
except Refused as why:
    print(why)
print([line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])
"""


def measured(path: Path) -> tuple[str, int]:
    """Read a file in a process of its own: what it printed, and the MiB it took at most."""
    done = subprocess.run(
        [sys.executable, "-c", READ, str(path)], cwd=ROOT, capture_output=True, text=True,
        timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said, kibibytes = done.stdout.strip().splitlines()
    return said, int(kibibytes) // 1024


def with_sheet(body: str) -> bytes:
    """A workbook whose one sheet holds these rows."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}"><sheetData>{body}</sheetData></worksheet>'.encode()
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(xlsx({"a": [["姓名"]]}))) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, sheet if "sheet1" in name else old.read(name))
    return out.getvalue()


def cells(n: int) -> str:
    return "<row>" + "".join(f"<c><v>{n * 60 + k}</v></c>" for k in range(60)) + "</row>"


HEAVY = {
    "far.xlsx": lambda: with_sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    ),
    "numbers.xlsx": lambda: with_sheet("".join(map(cells, range(40_000)))),
    "texts.csv": lambda: "".join(
        f"某某{n},张三{n},{'字' * 40}{n}\n" for n in range(160_000)
    ).encode(),
    "astral.csv": lambda: ("😀" + "a" * 60 + ",\n").encode() * 440_000,
    "one_line.csv": lambda: b"x" * (MAX_BYTES - 1),
    "quotes.csv": lambda: b'"' * (MAX_BYTES - 1),
    "breaks.csv": lambda: b"\n" * (MAX_BYTES - 2) + b"x\n",
}


@pytest.mark.parametrize("name", sorted(HEAVY))
def test_nothing_within_the_upload_limit_takes_more_than_200_mebibytes_to_read(tmp_path, name):
    """Beside what the portal itself takes (some 80); the child is held to its limit by the system."""
    path = tmp_path / name
    path.write_bytes(HEAVY[name]())
    assert path.stat().st_size <= MAX_BYTES
    said, mebibytes = measured(path)
    assert mebibytes <= 210, said
    assert bounds.CHILD_MEMORY <= 300 * MEBIBYTE


@pytest.mark.django_db
def test_a_file_in_which_nearly_nothing_is_right_is_one_refusal(root):
    content = ("区划代码,名称\n" + "x,y\n" * 20_100).encode()
    with pytest.raises(Refused, match=r"退回已超过 20000 处.*第一处在 A2：区划代码应为"):
        import_places(content, "a.csv", by=root, on=make.THURSDAY, apply=False)


@pytest.mark.django_db
class TestSealedUploads:
    CONTENT = "用户名,姓名,角色,单位代码,班级\nnew1,魏岩板,县教育局,539901,\n"

    def keep(self, root, content: str = "") -> ImportBatch:
        return storing.keep([(content or self.CONTENT).encode()], "用户.csv", "users", by=root)

    def test_a_file_lies_sealed_and_opens_as_it_came(self, root, settings):
        batch = self.keep(root)
        lying = (Path(settings.KONGCHUO_SEALED) / batch.uid).read_bytes()
        assert "魏岩板".encode() not in lying and lying.count(b"new1") == 0
        assert storing.content_of(batch) == self.CONTENT.encode()

    def test_a_file_of_many_pieces(self, root):
        content = os.urandom(3 * MEBIBYTE + 7)
        batch = storing.keep([content[:5], content[5:]], "a.xlsx", "users", by=root)
        assert storing.content_of(batch) == content

    def test_a_changed_or_swapped_file_does_not_open(self, root, settings):
        one, other = self.keep(root), self.keep(root, self.CONTENT + "x")
        folder = Path(settings.KONGCHUO_SEALED)
        mine = folder / one.uid
        mine.write_bytes((folder / other.uid).read_bytes())
        with pytest.raises(Refused, match="打不开了"):
            storing.content_of(one)
        mine.unlink()
        with pytest.raises(Refused, match="24 小时"):
            storing.content_of(one)

    def test_after_a_day_it_is_gone(self, root, settings):
        batch, fresh = self.keep(root), self.keep(root)
        ImportBatch.objects.filter(pk=batch.pk).update(at=now() - timedelta(hours=24, minutes=1))
        assert storing.forget_old() == 1
        assert [file.name for file in Path(settings.KONGCHUO_SEALED).iterdir()] == [fresh.uid]
        page = self.client(root).get(reverse("accounts:bring_check", args=["users", batch.uid]))
        assert "已超过 24 小时" in page.content.decode()

    def test_what_belongs_to_no_upload_is_removed(self, root, settings):
        self.keep(root)
        (Path(settings.KONGCHUO_SEALED) / "left-behind").write_bytes(b"x")
        storing.forget_old()
        assert len(list(Path(settings.KONGCHUO_SEALED).iterdir())) == 1

    def test_when_applied_it_is_gone(self, root, settings, django_capture_on_commit_callbacks):
        batch, client = self.keep(root), self.client(root)
        client.get(reverse("accounts:bring_check", args=["users", batch.uid]))
        with django_capture_on_commit_callbacks(execute=True):
            client.post(reverse("accounts:bring_apply", args=["users", batch.uid]))
        assert not list(Path(settings.KONGCHUO_SEALED).iterdir())
        again = client.post(reverse("accounts:bring_apply", args=["users", batch.uid]))
        assert again.status_code == 200 and "没有重复导入" in again.content.decode()

    def test_a_file_over_the_limit_leaves_nothing(self, root, settings):
        answer = self.client(root).post(
            reverse("accounts:bring", args=["users"]), {"file": upload("x" * (MAX_BYTES + 1))}
        )
        assert answer.status_code == 400 and "文件超过 30 MB" in answer.content.decode()
        assert not ImportBatch.objects.exists()
        assert not list(Path(settings.KONGCHUO_SEALED).glob("*"))

    def test_it_is_refused_while_it_is_written_whatever_was_announced(self, root, settings):
        pieces = (b"x" * MEBIBYTE for _ in range(31))
        with pytest.raises(Refused, match="30 MB"):
            storing.keep(pieces, "a.csv", "users", by=root)
        assert not ImportBatch.objects.exists()
        assert not list(Path(settings.KONGCHUO_SEALED).iterdir())

    def client(self, user) -> Client:
        client = Client()
        client.force_login(user)
        return client


class Console(io.TextIOWrapper):
    """A console of an encoding."""

    def __init__(self, encoding: str) -> None:
        self.raw_bytes = io.BytesIO()
        super().__init__(self.raw_bytes, encoding=encoding, write_through=True)

    def read_back(self) -> bytes:
        return self.raw_bytes.getvalue()


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
def test_no_console_stops_an_answer(encoding):
    out, err = Console(encoding), Console(encoding)

    class Answers(DoorCommand):
        def handle(self, **options):
            self.stderr.write("姓名𪚥·")
            self.say({"name": "䶮𪚥·吐尔逊"})

    call_command(Answers(stdout=out, stderr=err))
    assert json.loads(out.read_back().decode(encoding)) == {"name": "䶮𪚥·吐尔逊"}


@pytest.mark.django_db
def test_rejected_rows_that_cannot_be_written_come_after_the_answer(root, tmp_path):
    file = tmp_path / "places.csv"
    file.write_text("区划代码,名称\n539901001,白水镇\n5399,\n", encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="其余的行已经导入"):
        call_command("import_places", str(file), by=root.username, apply=True, accept_partial=True,
                     rejected_out=str(tmp_path / "no" / "r.xlsx"), stdout=out)  # fmt: skip
    assert json.loads(out.getvalue())["applied"]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "command",
    ["import_places", "import_users", "import_calendar", "import_policies", "import_roster",
     "import_statuses", "import_registers", "import_cases", "import_cohorts"],
)  # fmt: skip
def test_a_command_asks_the_size_before_it_reads(root, tmp_path, command):
    file = tmp_path / "large.csv"
    with file.open("wb") as big:
        big.truncate(200 * MAX_BYTES)
    with pytest.raises(CommandError, match="超过 30 MB"):
        call_command(command, str(file), by=root.username, stdout=io.StringIO())


@pytest.mark.django_db
def test_of_what_has_no_size_no_more_is_read_than_is_taken(root):
    with pytest.raises(CommandError, match="超过 30 MB"):
        call_command("import_calendar", "/dev/zero", by=root.username, stdout=io.StringIO())


@pytest.mark.django_db
def test_a_row_with_two_faults_is_one_row_everywhere(root, tmp_path):
    file = tmp_path / "places.csv"
    text = f"区划代码,名称\n{'5' * 13},{'长' * 61}\nx,名\n"
    file.write_text(text, encoding="utf-8")
    out = io.StringIO()
    with pytest.raises(CommandError, match="有 2 行退回，什么都没有导入。"):
        call_command("import_places", str(file), by=root.username, apply=True, stdout=out)
    told = json.loads(out.getvalue())
    assert told["rejected_rows"] == 2 and len(told["rejected"]) == 3


@pytest.mark.django_db
def test_equal_rows_of_two_sheets_and_the_rows_of_a_merged_cell_are_counted_each(root):
    head = ["区划代码", "名称"]
    sheets = {"甲": [head, ["x", "a"]], "乙": [head, ["x", "a"]]}
    assert look_at(xlsx(sheets), root).rejected_rows == 2
    rows = [head, ["539901001", "白水镇"], ["539901002", None], ["539901003", None]]
    told = look_at(xlsx({"甲": rows}, merged=["B2:B4"]), root)
    assert (told.rejected_rows, len(told.rejected)) == (3, 1)


def look_at(content: bytes, root):
    return import_places(content, "a.xlsx", by=root, on=make.THURSDAY, apply=False)
