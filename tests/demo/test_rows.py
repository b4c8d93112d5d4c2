"""The builders that the demo, `make bench` and the tests share."""

from datetime import date
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

from accounts.enums import Role
from accounts.models import Seat
from attendance.models import Absence, Register
from demo.county.people import id_number
from demo.county.places import entry_year
from demo.load.rows import insert_units, nearest_holder
from regions.enums import Stage
from regions.models import Region, School, SchoolClass
from students.enrolments import roll_faults
from students.models import Enrolment, Student
from students.rules.identity import read_id
from tests import factories as make

LOAD = Path(__file__).resolve().parents[2] / "scripts" / "bench" / "load.py"


@pytest.mark.django_db
def test_units_get_the_path_of_the_unit_above_with_their_own_number_behind():
    township = make.region("539901001")
    villages = insert_units([Region(name=f"村{n}", level=5, parent=township) for n in range(2)])
    (school,) = insert_units([School(code="1", name="校", kind="primary", region=villages[1])])
    (first,) = insert_units(
        [SchoolClass(school=school, stage="primary", entry_year=2026, number=1, years=6)]
    )
    assert [village.path for village in villages] == [
        f"{township.path}{village.pk:06d}" for village in villages
    ]
    assert SchoolClass.objects.get().path == first.path
    assert first.path == f"{villages[1].path}S{school.pk:06d}C{first.pk:06d}"
    assert insert_units([]) == []


@pytest.mark.django_db
def test_the_nearest_holder_sits_at_the_place_or_above_it_never_beside_it():
    near, beside = make.region("539901001"), make.region("539901002")
    above = make.user(Role.BUREAU, near.parent)
    make.user(Role.TOWNSHIP, beside)
    assert nearest_holder(Role.BUREAU, near.path) == above
    with pytest.raises(IndexError):
        nearest_holder(Role.TOWNSHIP, near.path)
    here = make.user(Role.TOWNSHIP, near)
    assert nearest_holder(Role.TOWNSHIP, near.path) == here
    assert Seat.objects.get(user=here).region == near


@pytest.mark.parametrize(
    ("stage", "grade", "years", "entered"),
    [
        (Stage.PRIMARY, 1, 6, 2026), (Stage.PRIMARY, 5, 5, 2022), (Stage.JUNIOR, 7, 3, 2026),
        (Stage.JUNIOR, 9, 3, 2024), (Stage.JUNIOR, 6, 4, 2026), (Stage.JUNIOR, 9, 4, 2023),
    ],
)  # fmt: skip
def test_a_class_entered_its_stage_so_many_years_ago(stage, grade, years, entered):
    assert entry_year(stage, grade, years, 2026) == entered


def test_an_invented_number_passes_the_check_of_the_portal():
    assert read_id(id_number("20130506", "991"), "1", date(2026, 11, 19)).birth == date(2013, 5, 6)


@pytest.mark.django_db
def test_the_county_of_make_bench_is_whole():
    """100 children: two classes of 45 and one of 10; the first class has no register today."""
    spec = spec_from_file_location("bench_load", LOAD)
    load = module_from_spec(spec)
    spec.loader.exec_module(load)
    county = load.build(100)
    assert (len(county.classes), Student.objects.count()) == (3, 100)
    sizes = [Enrolment.objects.filter(school_class=row).count() for row in county.classes]
    assert sizes == [45, 45, 10]
    assert list(roll_faults()) == []
    registers = Register.objects.all()
    assert registers.count() == 3 * len(county.days) - 1
    assert not registers.filter(school_class=county.classes[0], on=load.TODAY).exists()
    assert Absence.objects.count() == sum(row.expected - row.present for row in registers)
    assert [user.seats.count() for user in (county.teacher, county.office, county.bureau)] == [
        1
    ] * 3
