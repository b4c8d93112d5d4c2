"""Class names as people write them, and the school year a day belongs to. Standard library only."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from regions.enums import Stage
from regions.rules.values import BadValue, plain

# Statistics count the school year from 1 September (学年), but in many provinces classes meet from
# late August: a register of 26 August belongs to the new grade.
YEAR_BEGINS = (8, 15)
# 入学年月 knows no day: a class that entered in July or August entered for the autumn.
FIRST_ENTRY_MONTH = 7
LAST_GRADE = 9

DIGITS = "〇一二三四五六七八九"
NUMERALS = {char: value for value, char in enumerate(DIGITS)} | {"零": 0, "两": 2}
BRACKETS = str.maketrans("[]{}【】〔〕〈〉《》「」", "()" * 7)
STAGE_WORDS = {
    "小学": Stage.PRIMARY,
    "小": Stage.PRIMARY,
    "初中": Stage.JUNIOR,
    "初": Stage.JUNIOR,
}
NUMBER = rf"\d{{1,3}}|[{DIGITS}零十]{{1,3}}"
STAGE = r"(?P<stage>小学|初中|小|初)?"
BARE = re.compile(rf"\(?(?P<n>{NUMBER})\)?班?")
COHORT = re.compile(rf"{STAGE}(?P<year>20\d\d|\d\d)级(?P<rest>.*)")
GRADE = re.compile(rf"{STAGE}(?P<g>[{DIGITS[1:]}1-9])(?P<word>年级|年)?(?P<rest>.*)")
REST = re.compile(rf"[-·、_/—]?\(?(?P<n>{NUMBER})\)?班?")
CODED = re.compile(r"(?P<year>20\d\d|\d\d)(?P<n>\d\d)班?")
SHORT_CODE = re.compile(r"0?(?P<g>[1-9])(?P<n>\d\d)班?")


@dataclass(frozen=True, slots=True)
class ClassName:
    """A class of a school: its stage, the year it entered that stage, its number from 1."""

    stage: Stage
    entry_year: int
    number: int


@dataclass(frozen=True, slots=True)
class SchoolStages:
    """What the reading of a name has to know: the day, and the school's years in each stage."""

    on: date
    stages: Mapping[Stage, int]

    def first_grade(self, stage: Stage) -> int:
        return 1 if stage is Stage.PRIMARY else LAST_GRADE + 1 - self.stages[stage]

    def grades(self) -> dict[int, Stage]:
        """Every grade this school teaches, and its stage."""
        return {
            self.first_grade(stage) + step: stage
            for stage, years in self.stages.items()
            for step in range(years)
        }

    def cohort(self, grade: int, number: int) -> ClassName:
        stage = self.grades().get(grade)
        if stage is None:
            raise BadValue(f"本校没有{grade_label(grade)}，可填的年级是{self.described()}。")
        entered = school_year(self.on) - (grade - self.first_grade(stage))
        return ClassName(stage, entered, number)

    def described(self) -> str:
        return "、".join(grade_label(grade) for grade in sorted(self.grades()))


def school_year(day: date) -> int:
    """The school year a day belongs to, named by its first calendar year: from 15 August."""
    return day.year if (day.month, day.day) >= YEAR_BEGINS else day.year - 1


def grade_label(grade: int) -> str:
    """7 is 七年级."""
    return f"{DIGITS[grade]}年级" if 1 <= grade <= LAST_GRADE else f"{grade}年级"


def class_label(grade: int, number: int) -> str:
    """Grade 7, number 3 is 七(3)班."""
    return f"{DIGITS[grade] if 1 <= grade <= LAST_GRADE else grade}({number})班"


def read_grade(raw: object, on: date, stages: Mapping[Stage, int]) -> int | None:
    """The grade 1–9 in a grade cell (七年级, 七, 7, 初一, 2024级); None when blank. BadValue."""
    text = _text(raw)
    if not text:
        return None
    school = SchoolStages(on, stages)
    if found := COHORT.fullmatch(text):
        stage, entered = _entered(school, int(found["year"]), found["stage"])
        if not found["rest"]:
            return school.first_grade(stage) + school_year(on) - entered
    found = GRADE.fullmatch(text)
    if found is None or found["rest"]:
        raise BadValue(f"年级看不懂，请填{school.described()}之一。")
    grade = _grade(school, found["g"], found["stage"])
    school.cohort(grade, 1)
    return grade


def read_class(
    raw: object,
    on: date,
    stages: Mapping[Stage, int],
    *,
    grade: object = None,
    entry_month: date | None = None,
) -> ClassName:
    """The class a cell names, as it is called on the day `on` in a school of these stages.

    `grade` is the cell of a separate grade column; `entry_month` (its first day) is 入学年月, for
    sheets that only number their classes. A name that leaves the grade open raises BadValue.
    """
    text, school = _text(raw), SchoolStages(on, stages)
    in_column = read_grade(grade, on, stages)
    if found := BARE.fullmatch(text):
        number = _number(found["n"])
        if number is not None and (in_column or entry_month or len(found["n"]) < 3):
            return _numbered(school, number, in_column, entry_month)
    named = _named(text, school, in_column, entry_month)
    if in_column and school.cohort(in_column, named.number) != named:
        raise BadValue(f"班级与年级列不一致：年级列是{grade_label(in_column)}，请改成一致。")
    return named


def _text(raw: object) -> str:
    text = re.sub(r"[\s第]", "", plain(raw)).translate(BRACKETS)
    return re.sub(r"\.0+$", "", text)


def _named(
    text: str, school: SchoolStages, grade: int | None, entry_month: date | None
) -> ClassName:
    """A name that says grade or entry year itself."""
    if "届" in text:
        raise BadValue("“届”有两种算法，请改写成年级加班号，例如七(3)班，或入学年份加“级”。")
    if found := COHORT.fullmatch(text):
        stage, entered = _entered(school, int(found["year"]), found["stage"])
        return ClassName(stage, entered, _rest(found["rest"], school))
    if grade is None and entry_month is None and (found := SHORT_CODE.fullmatch(text)):
        return school.cohort(int(found["g"]), _in_range(int(found["n"])))
    if found := CODED.fullmatch(text):
        stage, entered = _entered(school, int(found["year"]), None, grade)
        return ClassName(stage, entered, _in_range(int(found["n"])))
    found = GRADE.fullmatch(text)
    if found is None or (
        found["g"].isdecimal()
        and re.match(r"\d", found["rest"])
        and not (found["word"] or found["stage"])
    ):
        raise _unreadable(school)
    says_grade = bool(found["word"] or (found["stage"] and not found["rest"]))
    if not says_grade and found["rest"] in ("", "班"):
        raise _open_grade(school)
    number = _rest(found["rest"], school)
    return school.cohort(_grade(school, found["g"], found["stage"]), number)


def _numbered(
    school: SchoolStages, number: int, grade: int | None, entry_month: date | None
) -> ClassName:
    """A bare number (3班, 03): the grade column decides, else the entry month."""
    _in_range(number)
    if grade is not None:
        return school.cohort(grade, number)
    if entry_month is None:
        raise _open_grade(school)
    entered = entry_month.year - (entry_month.month < FIRST_ENTRY_MONTH)
    return ClassName(*_entered(school, entered, None), number)


def _entered(
    school: SchoolStages, year: int, word: str | None, grade: int | None = None
) -> tuple[Stage, int]:
    """The stage that a class of this entry year is in on the day, where only one can be meant."""
    year += 2000 if year < 100 else 0
    elapsed = school_year(school.on) - year
    if grade is not None:
        fitting = [school.grades()[grade]]
    else:
        fitting = [stage for stage, years in school.stages.items() if 0 <= elapsed < years]
    if word:
        fitting = [stage for stage in fitting if stage is STAGE_WORDS[word]]
    if not fitting:
        raise BadValue(f"{year}级现在不在本校，可填的年级是{school.described()}。")
    if len(fitting) > 1:
        labels = "还是".join(f"{stage.label}{year}级" for stage in fitting)
        raise BadValue(f"分不清是{labels}，请改写成年级加班号，例如七(3)班。")
    return fitting[0], year


def _grade(school: SchoolStages, char: str, word: str | None) -> int:
    """一 after 初 is the first junior grade; without a stage, or counted through, it is itself."""
    grade = int(char) if char.isdecimal() else NUMERALS[char]
    stage = STAGE_WORDS.get(word or "")
    if stage is None:
        return grade
    if stage not in school.stages:
        raise BadValue(f"本校没有{stage.label}，可填的年级是{school.described()}。")
    if stage is Stage.JUNIOR and grade <= school.stages[stage]:
        grade += school.first_grade(stage) - 1
    if school.grades().get(grade) is not stage:
        raise BadValue(f"{stage.label}没有{grade_label(grade)}，请改正。")
    return grade


def _rest(rest: str, school: SchoolStages) -> int:
    """The class number after the grade; a grade with a single class may leave it out."""
    if rest in ("", "班"):
        return 1
    found = REST.fullmatch(rest)
    number = _number(found["n"]) if found else None
    if number is None:
        raise _unreadable(school)
    return _in_range(number)


def _number(text: str) -> int | None:
    """3, 03, 三, 十二 or 二十一 as a number; None where the characters form none (三二)."""
    if text.isdecimal() and text.isascii():
        return int(text)
    found = re.fullmatch(rf"([{DIGITS[1:]}])?(十)?([{DIGITS}零])?", text)
    if found is None or (found[1] and found[3] and not found[2]):
        return None
    ones = NUMERALS[found[3]] if found[3] else 0
    tens = NUMERALS[found[1]] if found[1] else 1
    return tens * 10 + ones if found[2] else (NUMERALS[found[1]] if found[1] else ones)


def _in_range(number: int) -> int:
    if not 1 <= number <= 99:
        raise BadValue("班号应在 1 至 99 之间，请改正。")
    return number


def _open_grade(school: SchoolStages) -> BadValue:
    return BadValue(f"只有班号，看不出年级，请写成“七(3)班”或填年级列（{school.described()}）。")


def _unreadable(school: SchoolStages) -> BadValue:
    return BadValue(
        "班级名称看不懂，请写成“七(3)班”“七年级3班”或“2025级3班”"
        f"（本校年级：{school.described()}）。"
    )
