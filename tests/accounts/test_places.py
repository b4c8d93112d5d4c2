"""Regions and schools from a file: what comes in, what is refused, and what a second file moves."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.places.import_places import import_places
from regions.enums import Level, Stage
from regions.models import Region, RegionCode, School
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.books import xlsx

pytestmark = pytest.mark.django_db
HEAD = "区划代码,名称,学校标识码,学校名称,办学类型,学制,中心校标识码,预警起算日期"
COUNTY = "539901,澜屏县,,,,,,"
TOWNSHIP = "539901001,白水镇,,,,,,"
SCHOOL = "539901001,,5399010001,白水中学,初级中学,,,"


@pytest.fixture
def root():
    return make.user(Role.SYSTEM_ADMIN)


def bring(root, *lines: str, apply: bool = True, partial: bool = False):
    content = "\n".join([HEAD, *lines]).encode()
    return import_places(
        content, "places.csv", by=root, on=make.THURSDAY, apply=apply, partial=partial
    )


def rows() -> tuple:
    regions = list(Region.objects.order_by("pk").values())
    return regions, list(RegionCode.objects.values()), list(School.objects.order_by("pk").values())


def test_a_place_stands_below_those_its_code_names(root):
    outcome = bring(root, "539901001001,下村,,,,,,", COUNTY, TOWNSHIP)
    assert (outcome.rows, outcome.created, outcome.rejected) == (3, 3, [])
    village = RegionCode.objects.get(code="539901001001").region
    chain = [village.parent.parent.parent.parent, village.parent.parent.parent]
    assert [one.level for one in chain] == [Level.PROVINCE, Level.PREFECTURE]
    assert [village.parent.parent.name, village.parent.name] == ["澜屏县", "白水镇"]
    assert village.path.startswith(village.parent.path) and len(village.path) == 5 * 6


@pytest.mark.parametrize(
    ("kind", "years", "stages"),
    [
        ("小学", "", {Stage.PRIMARY: 6}),
        ("教学点", "", {Stage.PRIMARY: 6}),
        ("初级中学", "", {Stage.JUNIOR: 3}),
        ("初中", "六三", {Stage.JUNIOR: 3}),
        ("九年一贯制学校", "", {Stage.PRIMARY: 6, Stage.JUNIOR: 3}),
        ("九年一贯制", "五四", {Stage.PRIMARY: 5, Stage.JUNIOR: 4}),
        ("小学", "五四制", {Stage.PRIMARY: 5}),
        ("完全中学", "", {Stage.JUNIOR: 3}),
        ("特殊教育学校", "", {Stage.PRIMARY: 6, Stage.JUNIOR: 3}),
    ],
)
def test_the_kind_of_school_says_which_years_it_teaches(root, kind, years, stages):
    bring(root, COUNTY, TOWNSHIP, f"539901001,,5399010001,白水中学,{kind},{years},,")
    assert School.objects.get().stages == stages


@pytest.mark.parametrize(
    ("line", "column"),
    [
        ("5399,,,,,,,", "名称"),
        ("53990,某地,,,,,,", "区划代码"),
        ("53990A,某地,,,,,,", "区划代码"),
        ("٥٣٩٩٠٢,某地,,,,,,", "区划代码"),
        ("539901001,,٥٣٩٩٠١٠٠٠٢,白水小学,小学,,,", "学校标识码"),
        ("539901,又一个,,,,,,", "区划代码"),
        ("٥٣٩٩٠١,某地,,,,,,", "区划代码"),
        ("५३९९०१००२,某地,,,,,,", "区划代码"),
        ("539901001,,539901001,白水小学,小学,,,", "学校标识码"),
        ("539901001,,53990100AB,白水小学,小学,,,", "学校标识码"),
        ("539901001,,5399010002,,小学,,,", "学校名称"),
        ("539901001,,5399010002,白水小学,大学,,,", "办学类型"),
        ("539901001,,5399010002,白水小学,,,,", "办学类型"),
        ("539901888,,5399010002,白水小学,小学,,,", "区划代码"),
        ("539901001,,5399010002,白水小学,小学,四五,,", "学制"),
        ("539901001,,5399010002,白水小学,小学,,,九月一日", "预警起算日期"),
        ("539901001,,5399010001,又一所,小学,,,", "学校标识码"),
    ],
)
def test_a_bad_row_is_named_and_the_whole_file_stays_out(root, line, column):
    before = rows()
    outcome = bring(root, COUNTY, TOWNSHIP, SCHOOL, line)
    (rejected,) = outcome.rejected
    assert (rejected.row, rejected.column) == (5, column)
    assert rejected.message.endswith("。")
    assert not outcome.applied and rows() == before


def test_the_good_rows_come_in_alone_only_when_asked_to(root):
    outcome = bring(root, COUNTY, TOWNSHIP, "539901001,,5399010002,,小学,,,", SCHOOL, partial=True)
    assert outcome.applied and len(outcome.rejected) == 1
    assert School.objects.get().code == "5399010001"


def test_a_dry_run_says_what_would_come_and_writes_nothing(root):
    before = rows()
    outcome = bring(root, COUNTY, TOWNSHIP, SCHOOL, apply=False)
    assert outcome.created == 3 and not outcome.applied
    assert rows() == before


def test_the_same_file_again_changes_nothing(root):
    bring(root, COUNTY, TOWNSHIP, SCHOOL)
    before = rows()
    outcome = bring(root, COUNTY, TOWNSHIP, SCHOOL)
    assert (outcome.created, outcome.updated, outcome.unchanged) == (0, 0, 3)
    assert rows() == before


@pytest.mark.parametrize(
    ("grade", "kind", "stays"),
    [
        (3, "初级中学", "小学"), (8, "小学", "初中"), (8, "教学点", "初中"),
        (3, "九年一贯制学校", ""), (8, "初级中学", ""), (8, "完全中学", ""),
    ],
)  # fmt: skip
def test_a_school_keeps_teaching_what_it_has_classes_of(root, grade, kind, stays):
    bring(root, COUNTY, TOWNSHIP, SCHOOL.replace("初级中学", "九年一贯制学校"))
    make.school_class(School.objects.get(), grade)
    before = rows()
    outcome = bring(root, COUNTY, TOWNSHIP, SCHOOL.replace("初级中学", kind))
    if not stays:
        assert not outcome.rejected
        return
    (rejected,) = outcome.rejected
    assert (rejected.column, outcome.applied) == ("办学类型", False)
    assert f"现有{stays}的班" in rejected.message and rows() == before


def test_classes_that_have_left_hold_no_school_to_its_kind(root):
    bring(root, COUNTY, TOWNSHIP, SCHOOL.replace("初级中学", "小学"))
    make.school_class(School.objects.get(), 6, on=date(2024, 11, 19))
    assert bring(root, COUNTY, TOWNSHIP, SCHOOL).updated == 1


def test_a_new_name_keeps_the_place_and_its_path(root):
    bring(root, COUNTY, TOWNSHIP, SCHOOL)
    paths = {one.path for one in Region.objects.all()} | {School.objects.get().path}
    renamed = SCHOOL.replace("白水中学", "白水初级中学")
    outcome = bring(root, "539901001,白水街道,,,,,,", renamed)
    assert outcome.updated == 2
    assert {one.path for one in Region.objects.all()} | {School.objects.get().path} == paths
    assert School.objects.get().name == "白水初级中学"


def test_a_central_school_may_stand_below_the_school_it_leads_in_the_file(root):
    led = "539901001,,5399010001,上村小学,小学,,5399010002,2026-09-07"
    central = "539901001,,5399010002,白水中心校,中心校,,,"
    bring(root, COUNTY, TOWNSHIP, led, central)
    school = School.objects.get(code="5399010001")
    assert school.led_by.name == "白水中心校"
    assert school.alerts_from == date(2026, 9, 7)


def test_a_file_without_its_headings_is_refused_with_a_sentence(root):
    with pytest.raises(Refused, match="表头"):
        import_places(
            "一,二\n三,四\n".encode(), "places.csv", by=root, on=make.THURSDAY, apply=True
        )


@pytest.mark.parametrize(
    "role", [Role.BUREAU, Role.COUNTY_OFFICE, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.OFFICE]
)
def test_only_the_system_administrator_brings_places(role):
    with pytest.raises(Refused, match="系统管理员"):
        bring(make.user(role), COUNTY)
    assert not Region.objects.exists()


def test_what_a_file_cannot_do_is_refused_and_not_left_out(root):
    """A leader that is nowhere, a school that would move: neither is passed over without a word."""
    bring(root, COUNTY, TOWNSHIP, "539901002,黑水乡,,,,,,", SCHOOL)
    lost = "539901001,,5399010007,上村小学,小学,,5399019999,"
    moved = SCHOOL.replace("539901001,", "539901002,")
    for line, column in ((lost, "中心校标识码"), (moved, "区划代码")):
        (rejected,) = bring(root, line).rejected
        assert rejected.column == column


def test_a_new_leader_is_a_change(root):
    led = "539901001,,5399010008,上村小学,小学,,,"
    central = "539901001,,5399010002,白水中心校,中心校,,,"
    bring(root, COUNTY, TOWNSHIP, led, central)
    outcome = bring(root, led.replace("小学,,,", "小学,,5399010002,"))
    assert (outcome.updated, School.objects.get(code="5399010008").led_by.code) == (1, "5399010002")


def test_two_columns_of_one_meaning_are_refused(root):
    with pytest.raises(Refused, match="A 列“区划代码”和 B 列“代码”意思相同"):
        import_places(
            "区划代码,代码,名称\n1,2,三\n".encode(), "p.csv", by=root, on=make.THURSDAY, apply=True
        )


def test_columns_nobody_reads_are_told(root):
    content = "区划代码,名称,人口\n539901,澜屏县,30万\n".encode()
    outcome = import_places(content, "p.csv", by=root, on=make.THURSDAY, apply=True)
    assert outcome.notes == ["没有用到的列：人口。"]


def test_a_school_comes_in_with_its_central_school_or_not_at_all(root):
    central = "539901001,,5399010003,白水中心校,大学,,,"
    point = "539901001,,5399010004,上寨教学点,教学点,,5399010003,"
    below = "539901001,,5399010005,下寨教学点,教学点,,5399010004,"
    outcome = bring(root, COUNTY, TOWNSHIP, below, SCHOOL, point, central, partial=True)
    told = [(one.row, one.column) for one in outcome.rejected]
    assert told == [(4, "中心校标识码"), (6, "中心校标识码"), (7, "办学类型")]
    assert outcome.applied and outcome.created == 3
    assert [one.code for one in School.objects.all()] == ["5399010001"]
    mended = bring(root, below, point, central.replace("大学", "小学"))
    assert mended.created == 3 and School.objects.get(code="5399010004").led_by.code == "5399010003"


def test_a_number_is_no_name_longer_than_its_column(root):
    content = xlsx({"表": [HEAD.split(","), ["539901001", 1e300, *[None] * 6]]})
    outcome = import_places(content, "a.xlsx", by=root, on=make.THURSDAY, apply=True)
    (rejected,) = outcome.rejected
    assert rejected.column == "名称" and "最多 60 个字" in rejected.message
