"""A child that comes back on Thursday 19 November 2026, and registers of the days after."""

from datetime import date
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import Role
from accounts.models import User
from attendance.enums import Mark
from cases.enums.records import PlacementMode
from cases.models import Case
from cases.returns.returning import place, record_return
from regions.clock import today
from tests import factories as make
from tests.cases.case_county import County, case_of

BACK = date(2026, 11, 19)
DAYS = make.weekdays(date(2026, 12, 9), 15)  # 19 November … 9 December; the tenth is 2 December
TENTH = DAYS[9]


def photo(name: str = "课堂.jpg") -> SimpleUploadedFile:
    taken = BytesIO()
    Image.new("RGB", (8, 8), "green").save(taken, "JPEG")
    return SimpleUploadedFile(name, taken.getvalue(), content_type="image/jpeg")


def version(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version


def returned(
    county: County, *, on: date = BACK, by: User | None = None, file=None, case: Case | None = None
) -> Case:
    """A case opened the day before and the child back on `on`."""
    case = case or case_of(county.student, on=date(2026, 11, 18))
    return record_return(
        case.uid,
        on=today(),
        by=by or county.office,
        returned=on,
        version=version(case),
        file=file or photo(),
    )


def observed(county: County, **fields) -> Case:
    """Returned and placed in its own class."""
    case = returned(county, **fields)
    place(
        case.uid, on=today(), by=county.office, began=case.returned_on, version=version(case),
        mode=PlacementMode.OWN_CLASS,
    )  # fmt: skip
    return Case.objects.get(pk=case.pk)


def registers(county: County, text: str, *, first: int = 0) -> None:
    """Registers of the days from the return on: P present, U absent, S sick, L lost, - not taken.
    What takes a day from an alert is confirmed."""
    marks = {"U": Mark.ABSENT, "S": Mark.SICK, "L": Mark.LOST}
    for day, letter in zip(DAYS[first:], text, strict=False):
        if letter == "-":
            continue
        listed = {county.student.uid: marks[letter]} if letter in marks else {}
        make.take(county.school_class, day, county.teacher, **listed)
    make.confirm_marks(DAYS[min(first + len(text), len(DAYS)) - 1])


def school_beside(county: County, code: str = "5399010007"):
    """A class of the same grade at another school of the county, and its office."""
    of = make.school_class(make.school(code, name="青山中学", region_code="539901002"))
    return of, make.user(Role.OFFICE, of.school, name="周玉")
