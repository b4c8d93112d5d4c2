"""Registers from a file, and the published sample of attendance (Ed-Fi) flagged to the pupil."""

import csv
import json
from collections import defaultdict
from datetime import date, time, timedelta
from pathlib import Path

import pytest

from accounts.enums import Role
from accounts.places.calendars import import_calendar
from attendance.flagging import flag_absences
from attendance.models import Absence, AbsenceAlert, Register
from attendance.register_files import import_registers
from regions.clock import at
from regions.models import CalendarRow
from regions.refusals import Refused
from regions.rules.calendar import each_day
from tests import factories as make

pytestmark = pytest.mark.django_db
NOON = at(make.THURSDAY, time(12))
HEADER = "学校标识码,班级,日期,学籍号,标记,说明"
CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"
SAMPLE = CASES / "attendance_edfi.csv"


def number(n: int) -> str:
    return f"L53990120130415{n:04}"


def file(*rows: str) -> bytes:
    return "\n".join([HEADER, *rows]).encode()


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    children = [make.pupil(of, f"学生{n}", xueji_no=number(n)) for n in range(3)]
    return of, children, make.user(Role.OFFICE, of.school)


def bring(world, *rows: str, **options):
    of, _, office = world
    return import_registers(
        file(*(row.replace("S,", f"{of.school.code},") for row in rows)), "考勤.csv", by=office, at=NOON,
        **options,
    )  # fmt: skip


def test_marks_and_a_taken_day(world):
    result = bring(
        world, "S,七(1)班,2026-11-18,,,", f"S,七(1)班,2026/11/19,{number(1)},旷课,没请假"
    )
    assert (result.registers, result.absences, result.rejected) == (2, 1, [])
    absence = Absence.objects.get()
    assert (absence.mark, absence.note, absence.on) == ("absent", "没请假", make.THURSDAY)


def test_no_class(world):
    row = "S,七(1)班,2026-11-19,,停课,大雪"
    result = bring(world, row, "S,七(1)班,2026-11-18,,,")
    assert (result.registers, result.closures, result.rejected) == (1, 1, [])
    asked = CalendarRow.objects.proposed().get()
    assert (asked.path, asked.begins, asked.reason) == (world[0].path, make.THURSDAY, "大雪")
    assert Register.objects.get().on == date(2026, 11, 18)
    assert bring(world, row, "S,七(1)班,2026-11-17,,,").unchanged == 1


def test_no_class_brought_for_a_past_day_changes_nothing_until_it_is_approved(world):
    of, (one, *_), office = world
    day = date(2026, 11, 18)
    make.take(of, day, office, **{one.uid: "absent"})
    bring(world, "S,七(1)班,2026-11-18,,不上课,下雨")
    assert not CalendarRow.objects.proposed().get().holds_day
    assert Absence.objects.get().on == day and Register.objects.get().version == 1


def test_the_bureau_closes_no_class_by_a_file_of_registers(world):
    of, _, _ = world
    bureau = make.user(Role.BUREAU, make.region("539901"))
    row = f"{of.school.code},七(1)班,2026-11-19,,停课,大雪"
    result = import_registers(file(row), "考勤.csv", by=bureau, at=NOON)
    assert "班级停课由本班班主任" in result.rejected[0].message
    assert not CalendarRow.objects.proposed().exists()


def test_present_corrects_an_earlier_mark(world):
    bring(world, f"S,七(1)班,2026-11-19,{number(1)},未到,")
    result = bring(world, f"S,七(1)班,2026-11-19,{number(1)},到校,补记")
    assert result.registers == 1 and not Absence.objects.exists()
    assert Register.objects.get().version == 2


def test_the_same_file_again_changes_nothing(world):
    row = f"S,七(1)班,2026-11-19,{number(1)},未到,"
    bring(world, row)
    assert bring(world, row).unchanged == 1 and Register.objects.get().version == 1


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        ("S,七(1)班,2026-11-20,,,", "日期", "还没有到"),
        ("S,七(1)班,2026-11-15,,,", "日期", "不上课"),
        ("S,七(9)班,2026-11-19,,,", "班级", "没有这个班"),
        ("5399019999,七(1)班,2026-11-19,,,", "学校标识码", "管辖范围"),
        ("S,七(1)班,昨天,,,", "日期", "看不懂"),
        (f"S,七(1)班,2026-11-19,{number(9)},未到,", "学籍号", "找不到"),
        (f"S,七(1)班,2026-11-19,{number(1)},睡觉,", "标记", "不认识"),
        ("S,七(1)班,2026-11-19,,未到,", "学籍号", "要填学籍号"),
    ],
)
def test_one_bad_row_stops_the_file_and_says_why(world, row, column, says):
    result = bring(world, "S,七(1)班,2026-11-18,,,", row)
    assert [one.column for one in result.rejected] == [column]
    assert says in result.rejected[0].message
    assert not result.applied and not Register.objects.exists()


def test_partial_brings_the_good_days(world):
    result = bring(world, "S,七(1)班,2026-11-18,,,", "S,七(1)班,2026-11-15,,,", partial=True)
    assert result.applied and Register.objects.get().on == date(2026, 11, 18)


def test_a_village_brings_no_registers(world):
    of, _, _ = world
    village = make.user(Role.VILLAGE, make.region("539901001001"))
    with pytest.raises(Refused):
        import_registers(
            file(f"{of.school.code},七(1)班,2026-11-18,,,"), "a.csv", by=village, at=NOON
        )


# Two pupils of the published sample, by day of the week of their term, for whoever lacks the file.
SMALL = {
    "1": [(date(2021, 9, 28), "absent"), (date(2021, 9, 29), "absent"), (date(2021, 9, 30), "absent")],
    "2": [(date(2021, 9, 28), "absent"), (date(2021, 9, 30), "absent"), (date(2021, 10, 1), "absent")],
    "3": [(date(2021, 9, 3), "absent"), (date(2021, 9, 7), "absent"), (date(2021, 9, 8), "late")],
}  # fmt: skip
TERM_2021 = (date(2021, 8, 23), date(2021, 12, 17))
OFF_2021 = ["2021-09-06", "2021-11-24", "2021-11-25", "2021-11-26"]
WORDS = {"absent_unexcused": "旷课", "absent_excused": "事假", "late": "迟到", "absent": "旷课"}


def calendar_2021(school, by) -> None:
    rows = [
        {"scope": school.code, "from": "2021-08-23", "to": "2021-12-17", "kind": "term"},
        {"scope": "539901", "from": "2021-01-01", "to": "2021-12-31", "kind": "year"},
        *({"scope": school.code, "from": d, "to": d, "kind": "holiday"} for d in OFF_2021),
    ]
    import_calendar(json.dumps(rows).encode(), by=by, on=TERM_2021[1])


def flagged_of(pupils: dict[str, list[tuple[date, str]]], settings) -> set[str]:
    """Put a term of exceptions through the door, a register a day, and flag every day."""
    settings.KONGCHUO_TODAY = TERM_2021[1]
    school = make.school()
    of = make.school_class(school, on=TERM_2021[1])
    office = make.user(Role.OFFICE, school)
    bureau = make.user(Role.BUREAU, make.region("539901"))
    calendar_2021(school, bureau)
    for n, name in enumerate(sorted(pupils)):
        make.pupil(of, name, xueji_no=number(n), began=TERM_2021[0])
    numbers = {name: number(n) for n, name in enumerate(sorted(pupils))}
    days = [d for d in each_day(*TERM_2021) if d.isoweekday() <= 5 and str(d) not in OFF_2021]
    assert len(days) == 81
    rows = [f"{school.code},七(1)班,{day},,," for day in days]
    for name, marks in pupils.items():
        for day, mark in marks:
            rows.append(f"{school.code},七(1)班,{day},{numbers[name]},{WORDS[mark]},")
    morning_after = at(TERM_2021[1] + timedelta(days=1), time(8))
    result = import_registers(file(*rows), "edfi.csv", by=office, at=morning_after)
    assert result.applied and result.registers == 81, result.rejected[:3]
    for day in days:
        flag_absences(day, make.region("539901"))
    return set(AbsenceAlert.objects.values_list("student__name", flat=True))


def test_three_in_a_row_are_flagged_and_broken_runs_are_not(settings):
    assert flagged_of(SMALL, settings) == {"1"}


if SAMPLE.exists():

    def test_the_published_sample_flags_exactly_two_pupils(settings):
        """127 pupils, 81 school days; what must be flagged was worked out apart from the portal."""
        expected = json.loads((CASES / "attendance_expected.json").read_text(encoding="utf-8"))
        pupils: dict[str, dict[date, str]] = defaultdict(dict)
        with SAMPLE.open(encoding="utf-8") as lines:
            for line in csv.DictReader(lines):
                day, mark = date.fromisoformat(line["date"]), line["mark"]
                if TERM_2021[0] <= day <= TERM_2021[1]:
                    pupils[line["student"]].setdefault(day, mark)
        found = flagged_of(
            {name: sorted(marks.items()) for name, marks in pupils.items()}, settings
        )
        assert found == {one["student"] for one in expected["flags_unexcused_3"]}


def test_two_numbers_of_two_children_mark_nobody(world):
    of, children, office = world
    children[1].id_no = make.id_number(2)
    children[1].save()
    row = f"{of.school.code},七(1)班,2026-11-19,{number(0)},{children[1].id_no},未到,"
    content = f"{HEADER.replace('学籍号', '学籍号,证件号')}\n{row}".encode()
    (rejected,) = import_registers(content, "考勤.csv", by=office, at=NOON).rejected
    assert rejected.column == "学籍号" and "不是同一个学生" in rejected.message
    assert not Absence.objects.exists()
