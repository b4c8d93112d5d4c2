"""A small county in which every file door has something to do, and what stands in its tables."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from django.apps import apps
from django.db import connection, models

from accounts.enums import Role
from accounts.models import User
from regions.enums import SchoolKind
from regions.models import Region, School, SchoolClass
from students.models import Student
from students.rules.identity import check_digit
from tests import factories as make

TODAY = make.THURSDAY
COUNTY, TOWNSHIP, SCHOOL, PRIMARY = "539901", "539901001", "5399010001", "5399010002"
CLASS = "七(1)班"
# Rows a door writes about itself or about who looked: no part of what a file may change.
ASIDE = {
    "importbatch", "doorlock", "fileclaim", "session", "contenttype", "permission", "group",
    "accessattempt", "accesslog",
    "accessfailurelog", "accessattemptexpiration",
}  # fmt: skip


def id_number(n: int, born: str = "20130504") -> str:
    """An invented number of the unassigned area 539901 that passes its check."""
    first = f"539901{born}{n:03d}"
    return first + check_digit(first)


def xueji(n: int) -> str:
    return f"L53990120130504{n:04d}"


@dataclass
class County:
    """One school with two classes of the same grade, a primary beside it, and who brings files."""

    region: Region
    school: School
    school_class: SchoolClass
    sister: SchoolClass
    children: list[Student]
    people: dict[str, User] = field(default_factory=dict)


def county(pupils: int = 4) -> County:
    make.term()
    school = make.school(SCHOOL, name="白水中学")
    make.school(
        PRIMARY, region_code=f"{COUNTY}002", kind=SchoolKind.PRIMARY, primary=6, junior=0,
        name="青山小学",
    )  # fmt: skip
    of, sister = make.school_class(school), make.school_class(school, number=2)
    children = [
        make.pupil(
            of, make.NAMES[n], xueji_no=xueji(n), id_no=id_number(n), birth_on=date(2013, 5, 4),
            sex="1", id_doc_type="1",
        )
        for n in range(pupils)
    ]  # fmt: skip
    make.pupil(sister, "杨雨欣", xueji_no=xueji(90))
    region = make.region(COUNTY)
    people = {
        "admin": make.user(Role.SYSTEM_ADMIN, name="罗玉", username="root1"),
        "bureau": make.user(Role.BUREAU, region, name="何志明", username="ju1"),
        "office": make.user(Role.OFFICE, school, name="周丽华", username="jw1"),
        "clerk": make.user(Role.OFFICE, school, name="刀文华", username="jw2"),
        "teacher": make.user(Role.TEACHER, of, name="杨雪梅", username="bzr1"),
    }
    return County(region, school, of, sister, children, people)


def watched() -> list[type[models.Model]]:
    """Every table a file may change."""
    return [model for model in apps.get_models() if model._meta.model_name not in ASIDE]


def standing() -> dict[str, tuple[int, str]]:
    """Of each table, its rows and a digest of all they hold: two are equal when nothing changed."""
    return {model._meta.label: _rows_of(model) for model in watched()}


def _rows_of(model: type[models.Model]) -> tuple[int, str]:
    columns = [f.column for f in model._meta.concrete_fields if f.name != "last_login"]
    quoted = ", ".join(map(connection.ops.quote_name, columns))
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {quoted} FROM {table} ORDER BY 1")
        rows = cursor.fetchall()
    return len(rows), hashlib.sha256(repr(rows).encode("utf-8", "backslashreplace")).hexdigest()


def changed(before: dict, after: dict) -> list[str]:
    """What differs between two of `standing()`, as a person reads it."""
    return [
        f"{table}: {before[table][0]} → {rows} rows"
        + ("" if rows != before[table][0] else " (rewritten)")
        for table, (rows, digest) in after.items()
        if (rows, digest) != before[table]
    ]


BIRTHS, CLOSEST, FARTHEST = date(1900, 1, 1), date(1986, 1, 1), date(2040, 1, 1)


def foul() -> list[str]:
    """Texts no reader should have let in: control characters, halves of characters, too long ones,
    and years nobody can mean."""
    faults = []
    for model in watched():
        fields = model._meta.concrete_fields
        for row in model._base_manager.values_list(*[f.attname for f in fields]):
            faults += [
                f"{model._meta.label}.{f.name}: {fault}"
                for f, value in zip(fields, row, strict=True)
                if (fault := _fault(f, value))
            ]
    return faults


def _fault(of: models.Field, value: object) -> str:
    if isinstance(value, str):
        if any(_unseen(sign) for sign in value):
            return f"unseen characters in {value[:40]!r}"
        if of.max_length and len(value) > of.max_length:
            return f"{len(value)} characters, {of.max_length} fit"
    if type(value) is date:
        first = BIRTHS if "birth" in of.name else CLOSEST
        if not first <= value <= FARTHEST:
            return f"the day {value}"
    return ""


def _unseen(sign: str) -> bool:
    """Controls but the line breaks of a remark, surrogates, zero widths, marks of direction."""
    code = ord(sign)
    return (
        (code < 32 and sign not in "\n\r\t")
        or 127 <= code < 160
        or 0xD800 <= code <= 0xDFFF
        or code in (0xFEFF, 0xFFFE, 0xFFFF)
        or 0x200B <= code <= 0x200F
        or 0x202A <= code <= 0x202E
        or 0x2060 <= code <= 0x206F
    )
