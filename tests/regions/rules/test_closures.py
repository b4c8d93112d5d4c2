"""How many days of a class may wait for an answer: two, whoever asked, whenever they lie."""

from datetime import date

import pytest

from regions.rules.closures import full_at

SCHOOL, ONE, TWO, OTHER = "RS000001", "RS000001C000001", "RS000001C000002", "RS000002"
MON, TUE, WED = (date(2026, 11, day) for day in (16, 17, 18))


@pytest.mark.parametrize(
    ("path", "held", "full"),
    [
        (ONE, [], None),
        (ONE, [(ONE, MON)], None),
        (ONE, [(ONE, MON), (ONE, TUE)], ONE),
        (ONE, [(SCHOOL, MON), (ONE, TUE)], ONE),
        (ONE, [(SCHOOL, MON), (SCHOOL, TUE)], ONE),
        (ONE, [(SCHOOL, MON), (ONE, MON)], None),
        (ONE, [(TWO, MON), (TWO, TUE)], None),
        (ONE, [(OTHER, MON), (OTHER, TUE)], None),
        (ONE, [(ONE, MON), (ONE, TUE), (ONE, WED)], None),
        (SCHOOL, [(SCHOOL, MON), (SCHOOL, TUE)], SCHOOL),
        (SCHOOL, [(ONE, MON), (ONE, TUE)], ONE),
        (SCHOOL, [(ONE, MON), (TWO, TUE)], None),
        (SCHOOL, [(SCHOOL, MON), (TWO, TUE)], TWO),
        (SCHOOL, [(OTHER, MON), (OTHER, TUE)], None),
    ],
)
def test_a_further_day(path, held, full):
    found = full_at(path, WED, held)
    assert (found.path if found else None) == full
    assert found is None or found.days == (MON, TUE)
