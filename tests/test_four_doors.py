"""Statuses, registers, cases and cohorts keep the promises of the file frame, each at its own door."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import QuerySet

from accounts.enums import Role
from accounts.file_door import claims
from accounts.file_door.door import STALE, sign_of
from accounts.models import Change
from attendance.models import Register
from regions.refusals import Refused
from tests import factories as make
from tests.cases.case_county import ON, County
from tests.four_kinds import (
    CASE,
    COHORT,
    KINDS,
    REGISTER,
    STATUS,
    Kind,
    a_county,
    apply,
    book,
    csv,
    look,
)  # fmt: skip

pytestmark = pytest.mark.django_db
each_door = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.door.name)


def doors_but(other: Kind) -> pytest.MarkDecorator:
    kinds = [kind for kind in KINDS if kind is not other]
    return pytest.mark.parametrize("kind", kinds, ids=lambda kind: kind.door.name)


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def here():
    return a_county()


# ── twice is once ────────────────────────────────────────────────────────────────────────────────


@each_door
def test_the_same_file_again_says_who_brought_it_and_writes_nothing(here, kind):
    content = csv(kind, kind.row(here), kind.second(here))
    assert apply(kind, content, here.bureau).applied
    before = kind.writes.objects.count(), Change.objects.count()
    again = apply(kind, content, here.county_office if kind is not REGISTER else here.office)
    assert not again.applied and again.idle
    assert again.already.endswith("已由何志明导入，没有重复导入。")
    assert (kind.writes.objects.count(), Change.objects.count()) == before


@doors_but(CASE)  # a case is never taken back
def test_the_same_file_is_taken_again_once_what_it_wrote_is_gone(here, kind):
    """The control: the claim keeps no file out that has something to do."""
    content = csv(kind, kind.row(here))
    apply(kind, content, here.bureau)
    if kind.writes is Register:
        Register.objects.get().absences.all().delete()
        Register.objects.all().delete()
    kind.writes.objects.all().delete()
    again = apply(kind, content, here.bureau)
    assert again.applied and kind.writes.objects.count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@each_door
def test_two_clerks_at_once_bring_it_once(kind):
    here = a_county()
    outcomes = race(kind, here)
    assert [outcome.applied for outcome in outcomes].count(True) == 1
    assert [bool(outcome.already) for outcome in outcomes].count(True) == len(outcomes) - 1
    assert kind.writes.objects.count() == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_the_control_without_lock_and_claim_brings_a_file_more_than_once(monkeypatch):
    monkeypatch.setattr(claims, "hold", lambda door, scopes: None)
    monkeypatch.setattr(claims, "claim", lambda *told, **more: True)
    monkeypatch.setattr(QuerySet, "select_for_update", lambda self, **how: self)
    here = a_county()
    outcomes = race(COHORT, here)
    assert [outcome.applied for outcome in outcomes].count(True) > 1


def race(kind: Kind, here: County, clerks: int = 4) -> list:
    """Clerks of one county bring the same file at the same moment; what each is told."""
    content = csv(kind, kind.row(here), kind.second(here))
    users = [make.user(Role.BUREAU, here.region, name=f"职员{n}") for n in range(clerks)]
    barrier = Barrier(clerks)

    def one(by):
        barrier.wait()
        try:
            return apply(kind, content, by)
        finally:
            connection.close()

    with ThreadPoolExecutor(clerks) as pool:
        return list(pool.map(one, users))


# ── text is clean and bounded ────────────────────────────────────────────────────────────────────


@each_door
def test_a_value_longer_than_its_field_is_refused_with_row_cell_and_limit(here, kind):
    row = kind.row(here)
    row[kind.at(kind.text)] = "长" * (kind.longest + 1)
    for outcome in (
        look(kind, csv(kind, row), here.bureau).outcome,
        apply(kind, csv(kind, row), here.bureau),
    ):
        (fault,) = outcome.rejected
        assert (fault.row, fault.cell) == (2, f"{'ABCDEF'[kind.at(kind.text)]}2")
        assert fault.message.startswith(f"{kind.text}最多 {kind.longest} 个字，现在 ")
    assert not kind.writes.objects.exists()
    row[kind.at(kind.text)] = "长" * kind.longest
    assert apply(kind, csv(kind, row), here.bureau).applied


@each_door
def test_unseen_characters_are_dropped(here, kind):
    row = kind.row(here)
    said = row[kind.at(kind.text)]
    row[kind.at(kind.text)] = f"\u202e{said[:1]}\u200b\x07{said[1:]}_x0000_\u2066"
    assert apply(kind, csv(kind, row), here.bureau).applied
    assert apply(kind, csv(kind, kind.row(here)), here.bureau).idle


@each_door
def test_a_cell_of_32000_characters_is_a_sentence(here, kind):
    for heading in kind.header:
        row = kind.row(here)
        row[kind.at(heading)] = "2026-11-1 " * 3_200
        (fault, *_) = look(kind, csv(kind, row), here.bureau).outcome.rejected
        assert "最多" in fault.message and len(fault.value) < 100


# ── nothing vanishes ─────────────────────────────────────────────────────────────────────────────


@each_door
def test_every_sheet_is_read_and_a_sheet_of_notes_is_passed_over(here, kind):
    content = book(
        ("填写说明", [["一行一人。"]]),
        ("甲", [kind.header, kind.row(here)]),
        ("乙", [["云澜县上报表"], kind.header, kind.second(here), ["填表人：李雯"]]),
    )
    outcome = apply(kind, content, here.bureau, "文件.xlsx")
    assert (outcome.applied, outcome.rows, outcome.created) == (True, 2, 2)
    assert outcome.passed_over == 1


@each_door
def test_a_sheet_of_data_without_headings_refuses_the_file_by_name(here, kind):
    content = book(("甲", [kind.header, kind.row(here)]), ("乙", [kind.second(here)]))
    with pytest.raises(Refused, match="工作表“乙”没有找到表头"):
        apply(kind, content, here.bureau, "文件.xlsx")


@each_door
def test_an_error_of_a_formula_is_refused_at_its_cell(here, kind):
    row = kind.row(here)
    row[kind.at(kind.text)] = "#N/A"
    (fault,) = look(kind, csv(kind, row), here.bureau).outcome.rejected
    assert fault.cell == f"{'ABCDEF'[kind.at(kind.text)]}2" and "出错的公式" in fault.message


def test_one_class_and_day_merged_over_its_children_is_filled_down(here):
    kind = REGISTER
    first, second = kind.row(here), kind.second(here)
    second[:3] = [None, None, None]
    content = book(("甲", [kind.header, first, second]), merge="B2:B3")
    unmerged = look(kind, content, here.bureau, "文件.xlsx").outcome
    assert {fault.column for fault in unmerged.rejected} == {"日期"}
    second[0], second[2] = first[0], first[2]
    content = book(("甲", [kind.header, first, second]), merge="B2:B3")
    assert apply(kind, content, here.bureau, "文件.xlsx").applied
    assert Register.objects.get().absences.count() == 2


# ── a refusal points at its row, and preview equals apply ────────────────────────────────────────


@doors_but(COHORT)  # names no child
def test_a_number_is_repeated_in_no_message_also_when_its_cell_was_a_number(here, kind):
    header = ["证件号" if name == "学籍号" else name for name in kind.header]
    for number in (539901201308010011, "539901201308010011"):
        row = kind.row(here)
        row[kind.at("学籍号")] = number
        outcome = look(kind, book(("甲", [header, row])), here.bureau, "文件.xlsx").outcome
        (fault,) = outcome.rejected
        told = str(fault.as_json())
        assert "5399012013" not in told and fault.column == "证件号"
        assert ("Excel" in fault.message) is isinstance(number, int)


@each_door
def test_preview_and_apply_reject_the_same(here, kind):
    bad = kind.row(here)
    bad[0] = "不存在"
    content = csv(kind, kind.second(here), bad)
    seen = look(kind, content, here.bureau).outcome
    done = apply(kind, content, here.bureau)
    assert seen.rejected == done.rejected != [] and not done.applied
    assert {fault.row for fault in done.rejected} == {3}
    assert not kind.writes.objects.exists()
    assert apply(kind, content, here.bureau, partial=True).applied
    assert kind.writes.objects.count() == 1


@each_door
def test_what_changed_after_the_preview_is_told_before_anything_is_written(here, kind):
    content = csv(kind, kind.row(here), kind.second(here))
    seen = sign_of(look(kind, content, here.bureau))
    assert sign_of(look(kind, content, here.bureau)) == seen
    apply(kind, csv(kind, kind.row(here)), here.bureau)
    before = kind.writes.objects.count()
    with pytest.raises(Refused, match=STALE):
        apply(kind, content, here.bureau, seen=seen)
    assert kind.writes.objects.count() == before


@pytest.mark.parametrize(
    ("command", "kind"),
    [("import_statuses", STATUS), ("import_cases", CASE), ("import_cohorts", COHORT)],
)
def test_a_command_previews_and_applies(here, tmp_path, capsys, command, kind):
    file = tmp_path / "文件.csv"
    file.write_bytes(csv(kind, kind.row(here)))
    call_command(command, str(file), "--by", here.bureau.username)
    assert not kind.writes.objects.exists()
    call_command(command, str(file), "--by", here.bureau.username, "--apply")
    assert kind.writes.objects.count() == 1
    call_command(command, str(file), "--by", here.bureau.username, "--apply")
    out, err = capsys.readouterr()
    assert "没有重复导入" in err and '"applied": false' in out.splitlines()[-1]
