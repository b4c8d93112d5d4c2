"""How the pages of a case say a day, as of today; what is not sure stands in its own words."""

from datetime import date

from cases.fuzzy_dates import FuzzyDate
from regions.clock import today
from regions.rules.day_words import day_in_words, dense_day


def day_said(day: date | None) -> str:
    """11月19日; with its year when that is another school year; "" for no day."""
    return day_in_words(day, today()) if day else ""


def happened_said(happened: FuzzyDate) -> str:
    """11月19日 where it is that day, else 约2026-11 as it was written."""
    return day_said(happened.exact) or happened.label()


def happened_dense(happened: FuzzyDate) -> str:
    """11-19 for the narrow column of a history."""
    return dense_day(happened.exact, today()) if happened.exact else happened.label()
