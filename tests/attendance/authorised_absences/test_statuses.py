"""休学, 送教上门, 借读 and long leave from a file, and what they do to the first night's alerts."""

import json
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.file_door.door import bring as bring_file
from accounts.models import Change
from attendance.authorised_absences.batches import decide_batch
from attendance.authorised_absences.statuses import STATUSES
from attendance.enums import Mark
from attendance.flagging import flag_absences
from regions.enums import DayKind
from regions.refusals import Refused
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence, Student
from tests import factories as make
from tests.files import outcome_of

ON = make.THURSDAY
pytestmark = pytest.mark.django_db
HEADER = "学籍号,学校标识码,班级,姓名,状态,开始日期,结束日期,证明,审批人"
NUMBER = "L539901201304150001"


@pytest.fixture
def world():
    make.term()
    of = make.school_class(make.school())
    child = make.pupil(of, "岩香", xueji_no=NUMBER)
    make.pupil(of, "玉叫")
    return of, child, make.user(Role.OFFICE, of.school)


def bring(by, *rows: str, apply: bool = True):
    content = "\n".join([HEADER, *rows]).encode()
    return outcome_of(STATUSES, content, "状态.csv", by=by, on=ON, apply=apply)


def test_a_child_is_named_by_number_or_by_class_and_name(world):
    of, child, office = world
    outcome = bring(
        office,
        f"{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,县教育体育局",
        f",{of.school.code},七(1)班,玉叫,送教,2026.9.1,2027年1月22日,残联评估,",
    )
    assert (outcome.created, outcome.rejected) == (2, [])
    status = AuthorisedAbsence.objects.get(student=child)
    assert (status.approver, status.path, status.first_by) == ("县教育体育局", of.path, office)
    paths = Change.objects.filter(verb="statuses.import").values_list("path", flat=True)
    assert list(paths) == [of.path, of.path]


def test_a_file_asks_and_another_person_of_the_bureau_approves_the_batch(world):
    of, _, _ = world
    clerk = make.user(Role.BUREAU, make.region("539901"), name="段文彬")
    row = f"{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,"
    content = "\n".join([HEADER, row, f",{of.school.code},七(1)班,玉叫,借读,2026.9.1,2027.1.22,,"])
    batch = bring_file(STATUSES, content.encode(), "状态.csv", by=clerk, on=ON).given
    states = {one.state for one in AuthorisedAbsence.objects.filter(batch=batch)}
    assert states == {"passed"}
    same = decide_batch(batch, by=clerk, on=ON)
    assert (same["approved"], same["refused"]) == (0, 2) and "本人" in same["refusals"][0]["why"]
    other = make.user(Role.BUREAU, make.region("539901"), name="何志明")
    answer = decide_batch(batch, by=other, on=ON)
    assert (answer["approved"], answer["refused"], answer["proof_due"]) == (2, 0, 1)
    later = AuthorisedAbsence.objects.get(proof="")
    assert later.proof_due_on == date(2026, 12, 19) and later.second_by == other
    with pytest.raises(Refused, match="没有等县批的手续"):
        decide_batch(batch, by=other, on=ON)


def test_the_door_of_a_batch_prints_one_json_object(world, capsys):
    content = f"{HEADER}\n{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,".encode()
    batch = bring_file(STATUSES, content, "状态.csv", by=world[2], on=ON).given
    bureau = make.user(Role.BUREAU, make.region("539901"))
    call_command("decide_absences", batch, by=bureau.username)
    answer = json.loads(capsys.readouterr().out)
    assert answer == {"approved": 1, "refused": 0, "proof_due": 0, "refusals": []}
    with pytest.raises(CommandError, match="没有等县批的手续"):
        call_command("decide_absences", batch, by=bureau.username)


def test_once_its_days_count_a_school_brings_no_row_without_proof(world):
    of, _, office = world
    of.school.registers_from = date(2026, 9, 1)
    of.school.save(update_fields=["registers_from"])
    (rejected,) = bring(office, f"{NUMBER},,,,休学,2026-09-10,2027-01-22,,").rejected
    assert rejected.column == "证明"


ROW = f"{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,县局"


def spans() -> list[tuple]:
    rows = AuthorisedAbsence.objects.order_by("first")
    return list(rows.values_list("last", "state", "proof", "approver", "asked_by__name"))


@pytest.mark.parametrize("approved", [True, False])
def test_a_longer_end_is_asked_for_anew(world, approved):
    """What stands, waiting or approved, is left as it was; only the days after it are asked for."""
    clerk = make.user(Role.BUREAU, make.region("539901"), name="段文彬")
    bring(world[2], ROW)
    if approved:
        make.second_words(ON)
    (before,) = spans()
    longer = ROW.replace("2027-01-22", "2027-06-30").replace("县医院证明", "十二月复查证明")
    assert bring(clerk, longer).updated == 1
    assert spans() == [before, (date(2027, 6, 30), "passed", "十二月复查证明", "县局", "段文彬")]
    assert bring(clerk, longer).unchanged == 1


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize(
    ("was", "told", "column"),
    [
        ("县医院证明", "另一张证明", "证明"),
        ("县局", "白水中学", "证明"),
        ("2027-01-22", "2026-12-31", "结束日期"),
    ],
)
def test_a_file_changes_nothing_that_somebody_asked_for_or_decided(
    world, approved, was, told, column
):
    clerk = make.user(Role.BUREAU, make.region("539901"), name="段文彬")
    bring(world[2], ROW)
    if approved:
        make.second_words(ON)
    before = spans()
    (rejected,) = bring(clerk, ROW.replace(was, told)).rejected
    assert rejected.column == column and "不改已有的手续" in rejected.message
    assert spans() == before


def test_a_file_takes_back_no_later_link_that_the_bureau_approved(world):
    bring(world[2], ROW)
    bring(world[2], ROW.replace("2027-01-22", "2027-06-30"))
    make.second_words(ON)
    before = spans()
    (rejected,) = bring(world[2], ROW).rejected
    assert "已有休学（已批）到 2027年6月30日" in rejected.message and spans() == before


@pytest.mark.parametrize("row", [ROW, ROW.replace("县医院证明,县局", "县医院证明,")])
def test_an_equal_row_changes_nothing(world, row):
    bring(world[2], ROW)
    before = spans()
    assert bring(world[2], row).unchanged == 1 and spans() == before


BORROWED = f"{NUMBER},,,,借读,2026-09-10,2027-01-22,昆明某校在读证明,"


def spring() -> None:
    """The holidays of 2027 and its first term are decided."""
    make.calendar_row(
        DayKind.YEAR, date(2027, 1, 1), date(2027, 12, 31), place=make.region("539901"), scope="2027"
    )  # fmt: skip
    make.term(begins=date(2027, 3, 1), ends=date(2027, 7, 9))


def test_borrowed_places_end_on_ten_days_of_the_next_term(world):
    of, _, office = world
    spring()
    others = [
        f",{of.school.code},七(1)班,{make.pupil(of, f'借{n}').name},借读,2026-09-10,2027-01-22,在读证明,"
        for n in range(12)
    ]
    outcome = bring(office, BORROWED, *others)
    assert outcome.created == 13 and "分散在下学期前 10 个教学日" in outcome.warnings[0]
    lasts = set(AuthorisedAbsence.objects.values_list("last", flat=True))
    assert len(lasts) > 3 and date(2027, 3, 1) <= min(lasts) <= max(lasts) <= date(2027, 3, 12)
    assert bring(office, BORROWED, *others).unchanged == 13, "the same file asks for nothing"


@pytest.mark.parametrize(
    "row", [BORROWED.replace("2027-01-22", "2026-12-18"), BORROWED.replace("借读", "休学")]
)
def test_within_a_term_and_of_other_kinds_an_end_stays_as_it_was_asked_for(world, row):
    spring()
    bring(world[2], row)
    asked = date.fromisoformat(row.split(",")[6])
    assert AuthorisedAbsence.objects.get().last == asked


def test_where_the_next_term_is_not_decided_the_end_stays_and_so_does_the_file(world):
    bring(world[2], BORROWED)
    assert AuthorisedAbsence.objects.get().last == date(2027, 1, 22)
    spring()
    assert bring(world[2], BORROWED).unchanged == 1


def test_a_batch_is_weighed_like_one_request(world):
    """Two long leaves in a row, each short enough, are too long together: the seen days that kept
    them apart when the file came were put right since."""
    content = "\n".join(
        [
            HEADER,
            f"{NUMBER},,,,长期请假,2026-09-10,2026-10-31,县医院证明,",
            f"{NUMBER},,,,长期请假,2026-11-05,2026-12-31,县医院证明,",
        ]
    ).encode()
    teacher = make.user(Role.TEACHER, world[0])
    for day in (2, 3, 4):
        make.take(world[0], date(2026, 11, day), teacher)
    batch = bring_file(STATUSES, content, "状态.csv", by=world[2], on=ON).given
    make.take(
        world[0], date(2026, 11, 4), world[2], reason="点错", version=1,
        **{world[1].uid: Mark.ABSENT},
    )  # fmt: skip
    answer = decide_batch(batch, by=make.user(Role.BUREAU, make.region("539901")), on=ON)
    assert (answer["approved"], answer["refused"]) == (0, 2)
    assert "请办理休学" in answer["refusals"][0]["why"]


def test_a_row_that_overlaps_what_stands_is_rejected(world):
    bring(world[2], f"{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,")
    (rejected,) = bring(world[2], f"{NUMBER},,,,借读,2026-10-01,2027-01-22,在读证明,").rejected
    assert rejected.column == "开始日期" and "已有休学" in rejected.message


@pytest.mark.parametrize(
    ("row", "column"),
    [
        (f"{NUMBER},,,,开除,2026-09-10,2027-01-22,证明材料,", "状态"),
        (f"{NUMBER},,,,休学,2026-09-10,,证明材料,", "结束日期"),
        (f"{NUMBER},,,,休学,2026-09-10,2026-09-01,证明材料,", "结束日期"),
        ("L539901201304159999,,,,休学,2026-09-10,2027-01-22,证明材料,", "学籍号"),
    ],
)
def test_a_bad_row_is_named_and_nothing_comes_in(world, row, column):
    good = f"{NUMBER},,,,借读,2026-09-10,2027-01-22,在读证明,"
    outcome = bring(world[2], good, row)
    assert [one.column for one in outcome.rejected] == [column]
    assert not outcome.applied and not AuthorisedAbsence.objects.exists()


def test_a_neighbours_child_is_not_found(world):
    other = make.user(Role.OFFICE, make.school("5399010002"))
    outcome = bring(other, f"{NUMBER},,,,休学,2026-09-10,2027-01-22,证明材料,")
    assert "找不到" in outcome.rejected[0].message


def test_a_teacher_enters_no_status(world):
    with pytest.raises(Refused):
        bring(make.user(Role.TEACHER, world[0]), f"{NUMBER},,,,休学,2026-09-10,2027-01-22,证明,")


def test_the_first_night_does_not_alarm_over_the_child_away(world):
    of, child, office = world
    bring(office, f"{NUMBER},,,,休学,2026-09-10,2027-01-22,县医院证明,")
    for day in (16, 17, 18, 19):
        make.take(of, date(2026, 11, day), office, **{child.uid: Mark.ABSENT})
    county = make.region("539901")
    assert flag_absences(make.THURSDAY, county)["flagged"] == 1, "asked is not approved"
    make.second_words()
    assert flag_absences(make.THURSDAY, county)["flagged"] == 0
    AuthorisedAbsence.objects.all().delete()
    assert flag_absences(make.THURSDAY, county)["flagged"] == 1


def test_a_school_counts_from_its_own_date(world):
    """Without a date the first register counts; with a later one, what came before does not."""
    of, child, office = world
    for day in (16, 17, 18, 19):
        make.take(of, date(2026, 11, day), office, **{child.uid: Mark.ABSENT})
    county = make.region("539901")
    of.school.alerts_from = date(2026, 11, 18)
    of.school.save(update_fields=["alerts_from"])
    assert flag_absences(make.THURSDAY, county)["flagged"] == 0
    of.school.alerts_from = None
    of.school.registers_from = date(2026, 11, 16)
    of.school.save(update_fields=["alerts_from", "registers_from"])
    assert flag_absences(make.THURSDAY, county)["flagged"] == 1


def test_two_numbers_of_two_children_name_nobody(world):
    _, child, office = world
    other = Student.objects.get(name="玉叫")
    child.id_no, other.id_no = make.id_number(1), make.id_number(2)
    child.save(), other.save()
    head = HEADER.replace("学籍号", "学籍号,证件号")

    def told(xueji_no: str, id_no: str):
        row = f"{xueji_no},{id_no},,,,休学,2026-09-10,2027-01-22,县医院证明,"
        content = "\n".join([head, row]).encode()
        return outcome_of(STATUSES, content, "状态.csv", by=office, on=ON, apply=False)

    for id_no in (other.id_no, make.id_number(9)):
        (rejected,) = told(NUMBER, id_no).rejected
        assert rejected.column == "学籍号" and "不是同一个学生" in rejected.message
    for id_no in (child.id_no, "无", "5.39901E+17"):
        assert told(NUMBER, id_no).created == 1, id_no
    child.id_no = ""
    child.save()
    assert told(NUMBER, make.id_number(9)).created == 1
    assert told(NUMBER, other.id_no).rejected


LONG = f"{NUMBER},,,,长期请假,{{}},{{}},县医院诊断证明,县局"
OVER = "长期请假连同前后相隔不到 3 个到校日的，共 {} 天，超过 90 天。请办理休学。"


def test_what_the_bureau_must_refuse_the_file_refuses(world):
    """A chain over the longest, with what stands and with the file's own rows."""
    make.status(world[1], AbsenceKind.LONG_LEAVE, date(2026, 9, 7), date(2026, 10, 31))
    (rejected,) = bring(world[2], LONG.format("2026-11-01", "2026-12-07")).rejected
    assert (rejected.column, rejected.message) == ("结束日期", OVER.format(92))
    assert bring(world[2], LONG.format("2026-11-01", "2026-12-05")).created == 1


def test_two_rows_of_one_file_hang_together(world):
    rows = (LONG.format("2026-09-07", "2026-10-31"), LONG.format("2026-11-01", "2026-12-07"))
    (rejected,) = bring(world[2], *rows).rejected
    assert rejected.message == OVER.format(92)


def test_a_longer_end_is_weighed_with_what_stands(world):
    make.status(world[1], AbsenceKind.LONG_LEAVE, date(2026, 9, 18), date(2026, 11, 16))
    one = LONG.format("2026-11-17", "2026-12-10")
    assert bring(world[2], one).created == 1
    (rejected,) = bring(world[2], one.replace("2026-12-10", "2026-12-20")).rejected
    assert rejected.message == OVER.format(94)


def test_seen_days_keep_two_long_leaves_apart(world):
    of, child, office = world
    make.status(child, AbsenceKind.LONG_LEAVE, date(2026, 9, 7), date(2026, 10, 31))
    teacher = make.user(Role.TEACHER, of)
    for day in (2, 3, 4):
        make.take(of, date(2026, 11, day), teacher)
    assert bring(office, LONG.format("2026-11-05", "2026-12-20")).created == 1


def test_chains_of_a_file_are_read_at_once(world):
    of, _, office = world
    children = [make.pupil(of, f"岩{name}") for name in "甲乙丙丁戊己"]
    for child in children:
        make.status(child, AbsenceKind.LONG_LEAVE, date(2026, 9, 7), date(2026, 10, 31))
    row = ",{},七(1)班,{},长期请假,2026-11-01,2026-12-07,县医院诊断证明,县局"
    rows = [row.format(of.school.code, child.name) for child in children]
    bring(office, rows[0])
    with CaptureQueriesContext(connection) as one:
        bring(office, rows[0])
    with CaptureQueriesContext(connection) as all_six:
        assert len(bring(office, *rows).rejected) == 6
    assert len(one) == len(all_six)
