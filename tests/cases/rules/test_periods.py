"""The periods of the law, row by row of the table, over the real calendar of 2026."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from cases.enums.records import DeadlineKind, PaperKind
from cases.law import periods
from cases.law.service_periods import NOT_TOLD, ON_A_WEEKEND, UNDECIDED, UNDECIDED_WORKDAYS, clocks
from cases.law.workdays import Workdays, national
from regions.refusals import NoCalendar
from regions.rules.national import national_rows, notices

WORK = national()
OFF, ON = WORK.is_holiday, WORK.is_working
SERVED = date(2026, 3, 2)


def day(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def test_the_worked_example_of_a_decision_served_on_a_monday_in_march():
    assert SERVED.isoweekday() == 1
    assert periods.fine_due(SERVED, OFF) == day("03-17")
    assert periods.natural(SERVED, 60) == day("05-01")
    assert periods.review_until(SERVED, OFF) == day("05-06")
    assert periods.suit_until(SERVED, OFF) == day("09-02")
    window = periods.court_window(day("09-02"), OFF)
    assert (window.first, window.last) == (day("09-03"), day("12-02"))
    assert window.holds(day("09-03")) and window.holds(day("12-02"))
    assert not window.holds(day("09-02")) and not window.holds(day("12-03"))


def test_a_demand_gives_ten_working_days():
    assert periods.demand_over(day("11-17"), ON) == day("12-01")
    assert periods.demand_over(day("11-18"), ON) == day("12-02")


def test_the_late_fee_of_a_thousand_is_thirty_a_day_and_full_on_its_thirty_fourth():
    fine, due = Decimal(1000), day("03-17")
    assert periods.late_fee(fine, due, due) == 0
    assert periods.late_fee(fine, due, due + timedelta(days=1)) == 30
    assert periods.late_fee(fine, due, due + timedelta(days=33)) == 990
    assert periods.late_fee(fine, due, due + timedelta(days=34)) == 1000
    assert periods.late_fee(fine, due, due + timedelta(days=400)) == 1000


def test_review_and_suit_stop_the_late_fee():
    due = day("03-17")
    assert periods.late_fee(Decimal(1000), due, due + timedelta(days=20), stopped=15) == 150
    assert periods.late_fee(Decimal(1000), due, due + timedelta(days=20), stopped=30) == 0


@pytest.mark.parametrize(
    ("ends", "expected", "why"),
    [
        (periods.order_due(day("11-12"), 7, OFF), "11-19", "day 0 is the day of service"),
        (periods.order_due(day("09-24"), 7, OFF), "10-08", "10-01 is 国庆节"),
        (periods.order_due(day("09-18"), 7, OFF), "09-28", "09-25 is 中秋节"),
        (periods.order_due(day("11-14"), 7, OFF), "11-21", "a Saturday is no statutory holiday"),
        (periods.order_due(day("11-12"), 15, OFF), "11-27", "the longest order"),
        (periods.hearing_request_until(day("04-30"), ON), "05-11", "holiday, then 05-09 works"),
        (periods.hearing_request_until(day("11-19"), ON), "11-26", "over a weekend"),
        (periods.hearing_notice_until(day("11-19"), ON), "11-09", "seven working days between"),
        (periods.decide_until(day("07-05"), OFF), "10-08", "10-03 is 国庆节"),
        (periods.serve_decision_until(day("02-12"), ON), "02-28", "two make-up Saturdays count"),
        (periods.fine_due(day("09-16"), OFF), "10-08", "10-01 is 国庆节"),
        (periods.court_accepts_until(day("12-02"), ON), "12-09", "five working days"),
        (periods.court_rules_until(day("12-09"), ON), "12-18", "seven working days"),
        (periods.court_rules_after_hearing_until(day("09-01"), OFF), "10-08", "thirty natural"),
        (periods.public_notice_effective(day("11-19")), "12-19", "thirty days, no rolling"),
        (periods.months(day("08-31"), 3), "11-30", "a month without such a day"),
    ],
)  # fmt: skip
def test_each_period_of_the_table(ends, expected, why):
    assert ends == day(expected), why


def test_the_order_takes_three_to_fifteen_days():
    assert (periods.ORDER_DAYS[0], periods.ORDER_DAYS[-1]) == (3, 15)


def test_two_years_run_from_the_end_of_an_act_that_goes_on():
    ended = date(2024, 3, 1)
    assert periods.limitation_until(ended) == date(2026, 3, 1)
    assert periods.may_be_punished(ended, date(2026, 3, 1))
    assert not periods.may_be_punished(ended, date(2026, 3, 2))
    assert periods.may_be_punished(None, date(2036, 3, 2))


def test_a_paper_that_does_not_tell_of_remedies_gives_a_year():
    served = date(2025, 3, 3)
    assert periods.review_until(served, OFF, told=False) == date(2026, 3, 3)
    assert periods.suit_until(served, OFF, told=False) == date(2026, 3, 3)


@pytest.mark.parametrize("days", range(25))
def test_working_days_agree_with_the_notices_counted_one_by_one(days):
    """The oracle lists the year's working days from the notice itself and takes the n-th."""
    notice = next(entry for entry in notices() if entry["year"] == 2026)
    off = {
        date.fromisoformat(first) + timedelta(days=n)
        for first, last, _ in notice["holidays"]
        for n in range((date.fromisoformat(last) - date.fromisoformat(first)).days + 1)
    }
    extra = {date.fromisoformat(one) for one, _ in notice["make_up"]}
    year = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    works = [one for one in year if one in extra or (one.isoweekday() <= 5 and one not in off)]
    for start in year[::9]:
        after = [one for one in works if one > start]
        if days == 0:
            assert periods.working(start, 0, ON) == start
        elif len(after) >= days:
            assert periods.working(start, days, ON) == after[days - 1]


def test_working_before_is_the_latest_day_that_leaves_enough_working_days():
    for end in (day("05-06"), day("10-12"), day("11-19"), day("02-28")):
        start = periods.working_before(end, 10, ON)
        assert periods.working(start, 10, ON) < end
        assert periods.working(start + timedelta(days=1), 10, ON) >= end


def test_a_year_nobody_decided_says_so():
    with pytest.raises(NoCalendar, match="2031年"):
        OFF(date(2031, 1, 1))
    with pytest.raises(NoCalendar, match="2031年"):
        periods.working(date(2031, 1, 1), 10, ON)
    with pytest.raises(NoCalendar):
        Workdays.of([]).is_working(SERVED)


def started(kind: PaperKind, effective: date, **more) -> dict:
    given = {"days": 7, "told": True, "work": WORK} | more
    return {clock.kind: clock for clock in clocks(kind, effective, **given)}


def test_an_order_starts_three_periods_and_only_the_first_is_the_bodys_duty():
    found = started(PaperKind.ORDER, SERVED)
    assert {kind: clock.due_on for kind, clock in found.items()} == {
        DeadlineKind.ORDER: day("03-09"),
        DeadlineKind.REVIEW: day("05-06"),
        DeadlineKind.SUIT: day("09-02"),
    }
    assert [kind for kind, clock in found.items() if clock.ours] == [DeadlineKind.ORDER]
    assert found[DeadlineKind.ORDER].article == "义务教育法 第58条；自送达之日起 7 日内"


def test_a_penalty_starts_fine_remedies_and_the_window_of_the_court():
    found = started(PaperKind.PENALTY, SERVED, days=None)
    assert {kind: (clock.starts_on, clock.due_on) for kind, clock in found.items()} == {
        DeadlineKind.FINE: (SERVED, day("03-17")),
        DeadlineKind.REVIEW: (SERVED, day("05-06")),
        DeadlineKind.SUIT: (SERVED, day("09-02")),
        DeadlineKind.COURT_WINDOW: (day("09-03"), day("12-02")),
    }


def test_a_demand_starts_ten_working_days_and_the_others_nothing():
    assert started(PaperKind.DEMAND, day("11-17"))[DeadlineKind.DEMAND].due_on == day("12-01")
    for kind in set(PaperKind) - {PaperKind.ORDER, PaperKind.PENALTY, PaperKind.DEMAND}:
        assert not started(kind, SERVED), kind


def test_an_order_without_days_starts_the_remedies_alone():
    assert set(started(PaperKind.ORDER, SERVED, days=None)) == {
        DeadlineKind.REVIEW, DeadlineKind.SUIT,
    }  # fmt: skip


def test_a_period_into_an_undecided_year_stays_as_it_falls_and_says_so():
    bare = Workdays.of(row for row in national_rows() if row.begins.year != 2027)
    found = started(PaperKind.ORDER, day("11-12"), work=bare)
    assert (found[DeadlineKind.ORDER].due_on, found[DeadlineKind.ORDER].note) == (day("11-19"), "")
    assert found[DeadlineKind.SUIT].due_on == date(2027, 5, 12)
    assert found[DeadlineKind.SUIT].note == UNDECIDED
    demand = started(PaperKind.DEMAND, day("12-28"), work=bare)[DeadlineKind.DEMAND]
    assert demand.note == UNDECIDED_WORKDAYS
    decided = started(PaperKind.DEMAND, day("12-28"))[DeadlineKind.DEMAND]
    assert decided.due_on <= demand.due_on, "never earlier than the truth turns out to be"


def test_a_year_for_remedies_not_told_is_noted_beside_the_date():
    found = started(PaperKind.PENALTY, date(2025, 3, 3), told=False)
    assert found[DeadlineKind.REVIEW].note == NOT_TOLD
    assert found[DeadlineKind.SUIT].due_on == date(2026, 3, 3)


def test_a_last_day_on_a_weekend_stays_and_is_noted():
    """11-21 is a Saturday outside the notice; 11-20 a Friday."""
    for served, noted in (("11-14", True), ("11-13", False)):
        order = started(PaperKind.ORDER, day(served))[DeadlineKind.ORDER]
        assert order.due_on == day(served) + timedelta(days=7)
        assert order.note == (ON_A_WEEKEND if noted else ""), served
