"""Whom a calendar row speaks for, as a file writes it: 539901/primary/grade:1,2."""

import re
from collections.abc import Iterable, Mapping

from regions.enums import Stage
from regions.models import CalendarRow, RegionCode, School, SchoolClass
from regions.rules.calendar import GRADES
from regions.rules.values import BadValue

PLACE = "[0-9]{2}|[0-9]{4}|[0-9]{6}|[0-9]{9}|[0-9]{10}|[0-9]{12}"
SCOPE = re.compile(rf"(?P<place>{PLACE})(?P<narrow>(/[^/]{{1,60}})*)")
SCHOOL_CODE = 10
CLASS = re.compile(r"(primary|junior),([0-9]{4}),([0-9]{1,2})")
HOW = "的 scope 应是区划代码或学校标识码，可加 /primary 等范围。"
UNKNOWN = "的范围“{part}”不认识，可写 primary、junior、grade:1,2、boarders、community:民族名。"
TWICE = "的范围“{part}”看不懂：{what}写了两次。一条只能写一次，请分成几条。"
NO_SUCH_GRADE = "的范围看不懂：{stage}没有 {grades} 年级。"


def places_of(scopes: Iterable[str]) -> dict[str, str]:
    """The paths of the places that the scopes name, by code."""
    codes = {found["place"] for scope in set(scopes) if (found := SCOPE.fullmatch(scope))}
    schools = School.objects.filter(code__in=codes).values_list("code", "path")
    regions = RegionCode.objects.filter(code__in=codes).values_list("code", "region__path")
    return dict(schools) | dict(regions)


def read_scope(row: CalendarRow, places: Mapping[str, str]) -> None:
    """Set the place and the narrowing of the row's scope. Raises BadValue."""
    found = SCOPE.fullmatch(row.scope)
    if not found:
        raise BadValue(HOW)
    row.path = _path(found["place"], places)
    for part in found["narrow"].split("/")[1:]:
        _narrow(row, part)
    _must_have_grades(row)


def _path(code: str, places: Mapping[str, str]) -> str:
    if code in places:
        return places[code]
    if len(code) == SCHOOL_CODE:
        raise BadValue(f"：没有学校标识码为 {code} 的学校。")
    raise BadValue(f"：没有代码为 {code} 的区划。")


def _narrow(row: CalendarRow, part: str) -> None:
    key, _, value = part.partition(":")
    if key in set(Stage) and not value:
        _once(row.stage, part, "学段")
        row.stage = key
    elif key == "grade" and re.fullmatch(r"[1-9](,[1-9]){0,8}", value):
        _once(row.grades, part, "年级")
        _once(len(set(value) - {","}) < len(value.split(",")), part, "同一个年级")
        row.grades = value
    elif key == "class" and (found := CLASS.fullmatch(value)):
        _once("C" in row.path, part, "班级")
        row.path = _class_path(row.path, found)
    elif part == "boarders":
        _once(row.boarders, part, "住校生")
        row.boarders = True
    elif key == "community" and value.removesuffix("族") and len(value) <= 40:
        _once(row.community, part, "民族")
        row.community = value.removesuffix("族")
    else:
        raise BadValue(UNKNOWN.format(part=part))


def class_scope(of: SchoolClass) -> str:
    """How a file names one class: 5399010001/class:junior,2026,3."""
    return f"{of.school.code}/class:{of.stage},{of.entry_year},{of.number}"


def _class_path(school: str, found: re.Match[str]) -> str:
    rows = SchoolClass.objects.filter(
        school__path=school, stage=found[1], entry_year=found[2], number=found[3]
    )
    path = rows.values_list("path", flat=True).first()
    if path is None:
        raise BadValue("：这所学校没有这个班。")
    return path


def _once(before: object, part: str, what: str) -> None:
    if before:
        raise BadValue(TWICE.format(part=part, what=what))


def _must_have_grades(row: CalendarRow) -> None:
    """A grade its stage does not have would be left out without a word."""
    stage = Stage(row.stage) if row.stage else None
    grades = row.grades.split(",") if row.grades else []
    absent = [grade for grade in grades if int(grade) not in GRADES[stage]]
    if stage and absent:
        raise BadValue(NO_SUCH_GRADE.format(stage=stage.label, grades="、".join(absent)))
