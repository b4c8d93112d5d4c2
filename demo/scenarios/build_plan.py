"""The whole plan of a demo county: places, people, scenarios, registers."""

from datetime import date
from functools import lru_cache

from demo.county.people import plan_children, plan_staff
from demo.county.places import CountyPlaces, plan_places
from demo.county.plan import CountyPlan, random_stream
from demo.county.registers import add_chance_absences, count_attendance, plan_registers
from demo.scenarios.attendance_patterns import assign_patterns
from demo.scenarios.case_scenarios import assign_case_scenarios
from demo.scenarios.status_changes import assign_status_changes
from regions.rules.classnames import school_year

FEWEST, MOST = 300, 6000
# A class up to this size has no room for the scenarios of one without a register.
SMALL = 4


# The names of the random streams stay: with others every seed would make another county.
@lru_cache(maxsize=4)
def county_plan(seed: int, pupils: int, until: date) -> CountyPlan:
    """The county's children, registers and absences; the same for the same three arguments.

    The plan is shared between callers and not to be changed. Raises ValueError when `until` is no
    school day of a decided year.
    """
    places = plan_places(pupils, until, random_stream(seed, "land"))
    county = CountyPlan(
        seed=seed,
        until=until,
        places=places,
        children=plan_children(places, school_year(until), random_stream(seed, "people")),
        staff=plan_staff(places, random_stream(seed, "staff")),
    )
    copies = 2 + (pupils >= 1500) + (pupils >= 4000)
    assignment = assign_patterns(
        county, copies, _classes_silent_today(places, seed), random_stream(seed, "fates")
    )
    assign_status_changes(assignment, copies)
    assign_case_scenarios(assignment)
    plan_registers(county, assignment.needs, random_stream(seed, "registers"))
    add_chance_absences(county, random_stream(seed, "absences"))
    count_attendance(county)
    return county


def _classes_silent_today(places: CountyPlaces, seed: int) -> list[int]:
    """Classes without a register on the last day; the featured teacher's is one, to be taken."""
    others = [
        school_class.key
        for school_class in places.classes
        if school_class.size > SMALL and school_class.key
    ]
    return [0, *random_stream(seed, "silent").sample(others, max(2, len(places.classes) // 30))]
