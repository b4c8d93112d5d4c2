"""Numbers as they are written: exact fractions, decimal half-up, no child rounded away.

Standard library only. 3 of 300,000 is 0.001 %, never 0.00 %; 299,997 of 300,000 is 99.999 %, never
100.00 %; nothing over nothing is —, never 100 %.
"""

from fractions import Fraction

NONE = "—"
DIGITS = 2
MOST_DIGITS = 12


def ratio(numerator: int | None, denominator: int) -> Fraction | None:
    """People over people, exactly; None when there is nobody to divide by or nothing to divide."""
    if numerator is None or denominator == 0:
        return None
    return Fraction(numerator, denominator)


def half_up(value: Fraction, digits: int) -> str:
    """`value` to `digits` decimals; a half goes away from zero, as people round by hand."""
    scale = 10**digits
    whole = (abs(value) * scale * 2 + 1) // 2
    sign = "-" if value < 0 and whole else ""
    units, rest = divmod(whole, scale)
    return f"{sign}{units}.{rest:0{digits}d}" if digits else f"{sign}{units}"


def digits_for(percent: Fraction, digits: int = DIGITS) -> int:
    """How many decimals keep what is there: the first one that is not 0, or that is not 9."""
    missing = min((abs(x) for x in (percent, percent - 100) if x), default=Fraction(0))
    if not missing:
        return digits
    while missing * 10**digits < 1 and digits < MOST_DIGITS:
        digits += 1
    return digits


def percent(value: Fraction | None, digits: int = DIGITS) -> str:
    """99.19 for 487 of 491; — for None."""
    if value is None:
        return NONE
    hundredfold = value * 100
    return half_up(hundredfold, digits_for(hundredfold, digits))


def rate_text(numerator: int | None, denominator: int, digits: int = DIGITS) -> str:
    """487 of 491 is 99.19 %, over 100 % as it is; nothing to divide by is —."""
    value = ratio(numerator, denominator)
    return NONE if value is None else f"{percent(value, digits)} %"
