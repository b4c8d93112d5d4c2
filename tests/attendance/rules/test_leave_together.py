"""What hangs together over kinds, plans and pieces of leave; and the ends of 借读, spread."""

from datetime import date

import pytest

from attendance.rules.second_word import (
    AbsenceRequest,
    Span,
    fullest_week,
    treated_week,
    why_second,
)
from attendance.rules.spreading import spread_end
from students.enums import AbsenceKind
from tests.attendance.rules.test_absence_rules import PERSONAL, SICK, dec, nov, weekdays

TREATMENT, OFFICIAL = AbsenceKind.TREATMENT, AbsenceKind.OFFICIAL


@pytest.mark.parametrize(
    ("plans", "in_week"),
    [
        ([Span(nov(2), dec(18), "135")], 3),
        ([Span(nov(2), dec(18), "12345")], 5),
        ([Span(nov(2), dec(18), "135"), Span(nov(2), dec(18), "24")], 5),
        ([Span(nov(2), nov(4), "123"), Span(nov(5), nov(6), "45")], 5),
        ([Span(nov(2), nov(15), "135"), Span(nov(16), dec(18), "24")], 3),
        ([Span(nov(2), nov(2), "1")], 1),
    ],
)
def test_the_fullest_week_of_all_plans(plans, in_week):
    assert fullest_week(plans) == in_week
    asked = AbsenceRequest(TREATMENT, 42, 42, 42, proof=True, in_week=in_week)
    says = f"每周 {in_week} 天，超过学校可准的每周 3 天" if in_week > 3 else ""
    assert why_second(asked) == says


@pytest.mark.parametrize(
    ("wanted", "plans", "leave", "days"),
    [
        (Span(nov(5), nov(6)), [Span(nov(2), dec(18), "123")], [], 5),
        (Span(nov(6), nov(6)), [Span(nov(2), dec(18), "12")], [], 3),
        (Span(nov(6), nov(6)), [Span(nov(2), dec(18), "12")], [Span(nov(5), nov(5))], 4),
        (Span(nov(6), nov(6)), [], [Span(nov(2), nov(5))], 0),  # no treatment
        (Span(nov(6), nov(6)), [Span(nov(9), dec(18), "123")], [Span(nov(2), nov(5))], 0),
        (Span(nov(5), nov(8)), [Span(nov(2), dec(18), "1")], [], 3),  # no Saturday
        (Span(nov(6), nov(6)), [Span(nov(2), dec(18), "12")], [Span(nov(12), nov(13))], 3),
        (Span(nov(2), dec(18), "135"), [Span(nov(2), dec(18), "135")], [Span(nov(10), nov(10))], 4),
    ],
)
def test_all_leave_of_a_week_that_has_treatment(wanted, plans, leave, days):
    assert treated_week(wanted, plans, leave) == days


@pytest.mark.parametrize("kind", [SICK, PERSONAL, OFFICIAL, TREATMENT])
@pytest.mark.parametrize(
    ("days", "says"),
    [(3, ""), (4, "定期治疗连同其他请假，一周 4 天，超过学校可准的每周 3 天")],
)
def test_more_than_three_days_of_such_a_week_go_to_the_bureau(kind, days, says):
    assert why_second(AbsenceRequest(kind, 2, 2, 2, True, treated_week=days)) == says


@pytest.mark.parametrize(
    ("kind", "days", "together", "says"),
    [
        (SICK, 5, 10, ""),
        (SICK, 5, 11, "连同前后各种请假，共 11 个教学日，超过学校可准的 10 天"),
        (SICK, 11, 16, "11 个教学日，超过学校可准的 10 天"),
        (PERSONAL, 6, 6, "6 个教学日，超过学校可准的 5 天"),
        (PERSONAL, 5, 15, "连同前后各种请假，共 15 个教学日，超过学校可准的 10 天"),
        (OFFICIAL, 10, 12, "连同前后各种请假，共 12 个教学日，超过学校可准的 10 天"),
        (TREATMENT, 42, 60, ""),
    ],
)
def test_kinds_side_by_side_count_together(kind, days, together, says):
    assert why_second(AbsenceRequest(kind, days, days, days, True, together=together)) == says


def test_proof_is_due_over_three_days_of_all_kinds_together():
    assert not AbsenceRequest(SICK, 2, 2, 2, together=3).proof_is_due
    assert AbsenceRequest(SICK, 2, 2, 2, together=4).proof_is_due


@pytest.mark.parametrize(
    ("marked", "before", "says"),
    [
        (2, 0, ""),
        (0, 5, ""),
        (1, 1, ""),
        (1, 2, "补假：连同前后几份，涉及已登记未到 3 天"),
        (2, 2, "补假：连同前后几份，涉及已登记未到 4 天"),
        (3, 0, "补假：涉及已登记未到 3 天"),
    ],
)
def test_marks_explained_in_pieces_count_together(marked, before, says):
    asked = AbsenceRequest(SICK, 2, 2, 2, True, marked=marked, marked_before=before)
    assert why_second(asked) == says


def test_ends_are_spread_over_ten_school_days_of_the_next_term():
    term = weekdays(date(2027, 3, 1), date(2027, 4, 30))
    ends = [spread_end(date(2027, 1, 22), key, term) for key in range(400)]
    assert set(ends) == set(term[:10])
    assert max(map(ends.count, set(ends))) < 2 * 400 / 10, "no day takes twice its share"
    assert ends == [spread_end(date(2027, 1, 22), key, term) for key in range(400)]
    assert spread_end(date(2027, 1, 22), 1, []) == date(2027, 1, 22)
