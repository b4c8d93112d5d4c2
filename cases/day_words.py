"""How the pages of a case say a day, as of another; what is not sure stands in its own words."""

from datetime import date

from cases.fuzzy_dates import FuzzyDate
from regions.rules.day_words import day_in_words, dense_day


def day_said(day: date | None, on: date) -> str:
    """11月19日; with its year when that is another school year than the one of `on`; "" for no day."""
    return day_in_words(day, on) if day else ""


def happened_said(happened: FuzzyDate, on: date) -> str:
    """11月19日 where it is that day, else 约2026-11 as it was written."""
    return day_said(happened.exact, on) or happened.label()


def happened_dense(happened: FuzzyDate, on: date) -> str:
    """11-19 for the narrow column of a history."""
    return dense_day(happened.exact, on) if happened.exact else happened.label()
