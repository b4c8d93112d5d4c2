"""How days are said: with their year wherever it is not the one everybody has in mind."""

from datetime import date

import pytest

from regions.rules.day_words import dense_day, span_in_words

ON = date(2026, 11, 19)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (date(2026, 11, 19), date(2026, 11, 19), "11月19日"),
        (date(2026, 9, 1), date(2026, 12, 31), "9月1日 – 12月31日"),
        (date(2026, 11, 20), date(2027, 2, 1), "2026年11月20日 – 2027年2月1日"),
        (date(2027, 3, 1), date(2027, 7, 9), "3月1日 – 7月9日"),
        (date(2026, 6, 1), date(2026, 12, 1), "2026年6月1日 – 2026年12月1日"),
        (date(2026, 3, 1), date(2026, 6, 1), "2026年3月1日 – 2026年6月1日"),
        (date(2026, 6, 1), date(2026, 6, 1), "2026年6月1日"),
        (date(2027, 8, 1), date(2027, 9, 2), "2027年8月1日 – 2027年9月2日"),
    ],
)
def test_a_span(first, last, said):
    assert span_in_words(first, last, ON) == said


def test_a_span_in_a_sentence():
    assert span_in_words(ON, date(2026, 11, 24), ON, to=" 至 ") == "11月19日 至 11月24日"


@pytest.mark.parametrize(("day", "said"), [(ON, "11-19"), (date(2026, 5, 31), "2026-05-31")])
def test_a_narrow_column(day, said):
    assert dense_day(day, ON) == said
