"""The demo county from its plan to the database."""

from datetime import date
from functools import lru_cache

from kongchuo.demo.days import chance_absences, keep_registers, settle
from kongchuo.demo.fates import assign
from kongchuo.demo.land import Land, survey
from kongchuo.demo.people import children, staff
from kongchuo.demo.plan import Plan, dice
from kongchuo.demo.stories import assign_stories
from kongchuo.demo.truth import truth
from kongchuo.demo.turns import assign_turns
from regions.classnames import school_year

FEWEST, MOST = 300, 6000
# A class up to this size has no room for the fates of a silent one.
SMALL = 4


@lru_cache(maxsize=4)
def plan(seed: int, pupils: int, until: date) -> Plan:
    """The county's children, registers and absences; the same for the same three arguments.

    The plan is shared between callers and not to be changed. Raises ValueError when `until` is no
    school day of a decided year.
    """
    land = survey(pupils, until, dice(seed, "land"))
    county = Plan(
        seed=seed,
        until=until,
        land=land,
        children=children(land, school_year(until), dice(seed, "people")),
        staff=staff(land, dice(seed, "staff")),
    )
    copies = 2 + (pupils >= 1500) + (pupils >= 4000)
    cast = assign(county, copies, _silent_today(land, seed), dice(seed, "fates"))
    assign_turns(cast, copies)
    assign_stories(cast)
    keep_registers(county, cast.needs, dice(seed, "registers"))
    chance_absences(county, dice(seed, "absences"))
    settle(county)
    return county


def _silent_today(land: Land, seed: int) -> list[int]:
    """Classes without a register on the last day; the featured teacher's is one, to be taken."""
    others = [klass.key for klass in land.classes if klass.size > SMALL and klass.key]
    return [0, *dice(seed, "silent").sample(others, max(2, len(land.classes) // 30))]


def truth_on(seed: int, pupils: int, until: date, on: date) -> tuple[list[str], list[str]]:
    """Flagged and undecidable uids of a plan on `on`, a day not after `until`."""
    return truth(plan(seed, pupils, until), on)
