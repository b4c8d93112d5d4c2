"""How a day is said: 11月19日. Standard library only."""

from datetime import date

from regions.rules.classnames import school_year


def day_in_words(day: date, on: date) -> str:
    """11月19日; with its year when that is another school year than the one of `on`."""
    year = "" if school_year(day) == school_year(on) else f"{day.year}年"
    return f"{year}{day.month}月{day.day}日"


def whole_day(day: date) -> str:
    """2026年11月19日: in what is kept, since it will be read in other years."""
    return f"{day.year}年{day.month}月{day.day}日"


def dense_day(day: date, on: date) -> str:
    """11-19, for narrow columns; 2025-11-19 when that is another school year."""
    return f"{day:%m-%d}" if school_year(day) == school_year(on) else f"{day:%Y-%m-%d}"


def span_in_words(first: date, last: date, on: date, *, to: str = " – ") -> str:
    """11月19日 – 11月24日, or the one day; both with their years where either is of another school
    year than `on`, or where they lie in different years."""
    if first == last:
        return day_in_words(first, on)
    here = school_year(on)
    far = first.year != last.year or school_year(first) != here or school_year(last) != here
    return to.join(whole_day(day) if far else day_in_words(day, on) for day in (first, last))
