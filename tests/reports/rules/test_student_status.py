"""Which one bucket a child is in, and what its year did to each place."""

from collections import Counter
from datetime import date
from itertools import product

import pytest

from cases.enums.records import ExitKind
from cases.enums.states import AbsenceLevel
from reports.enums import Flow, StudentStatus
from reports.rules.student_status import (
    EFFECTS,
    EXIT_AS,
    OpenCase,
    Standing,
    Stay,
    at_start,
    flows_of,
    places_of,
    student_status_of,
)
from students.enums import STATUSES, AbsenceKind, Began, Ended

OUT = OpenCase(returned=False, level=AbsenceLevel.DROPOUT)
BACK = OpenCase(returned=True, level=AbsenceLevel.DROPOUT)


@pytest.mark.parametrize(
    ("standing", "student_status"),
    [
        (Standing(), StudentStatus.IN_SCHOOL),
        (Standing(alert=True), StudentStatus.ABSENT),
        (Standing(case=OpenCase(False, AbsenceLevel.ABSENT)), StudentStatus.ABSENT),
        (Standing(case=OpenCase(False, AbsenceLevel.SUSPECTED)), StudentStatus.SUSPECTED),
        (Standing(case=OUT), StudentStatus.DROPOUT),
        (Standing(case=BACK), StudentStatus.OBSERVED),
        (Standing(exit=ExitKind.MISSING), StudentStatus.MISSING),
        (Standing(exit=ExitKind.TRANSFER_OUT), StudentStatus.TRANSFER_PENDING),
        (Standing(statuses=frozenset({AbsenceKind.LONG_LEAVE})), StudentStatus.LONG_LEAVE),
        (Standing(left=Ended.TRANSFER_OUT, destination=True), StudentStatus.TRANSFER_OUT),
        (Standing(left=Ended.TRANSFER_OUT), StudentStatus.TRANSFER_PENDING),
        (Standing(left=Ended.CLASS_CHANGE), StudentStatus.TRANSFER_PENDING),
        (Standing(left=Ended.DECEASED), StudentStatus.DECEASED),
    ],
)
def test_one_thing_on_file_says_where_a_child_stands(standing, student_status):
    assert student_status_of(standing) is student_status


@pytest.mark.parametrize(
    ("standing", "student_status"),
    [
        # a left roll before a case, a case before an exit, an exit before an alert, it before 休学
        (Standing(left=Ended.ABROAD, case=OUT, alert=True), StudentStatus.ABROAD),
        # but a certificate brings no child back
        (Standing(left=Ended.GRADUATED, case=OUT), StudentStatus.DROPOUT),
        (Standing(left=Ended.GRADUATED, case=BACK), StudentStatus.OBSERVED),
        (Standing(left=Ended.GRADUATED, exit=ExitKind.MISSING), StudentStatus.GRADUATED),
        (Standing(case=OUT, exit=ExitKind.SUSPENDED), StudentStatus.DROPOUT),
        (Standing(case=BACK, alert=True), StudentStatus.OBSERVED),
        (Standing(exit=ExitKind.MISSING, alert=True), StudentStatus.MISSING),
        (Standing(alert=True, statuses=frozenset({AbsenceKind.SUSPENDED})), StudentStatus.ABSENT),
        (
            Standing(statuses=frozenset({AbsenceKind.LONG_LEAVE, AbsenceKind.SUSPENDED})),
            StudentStatus.SUSPENDED,
        ),
    ],
)
def test_of_two_things_on_file_the_first_in_order_is_believed(standing, student_status):
    assert student_status_of(standing) is student_status


def test_every_combination_of_facts_has_a_bucket_with_a_label_and_an_effect():
    cases = [None, OUT, BACK, OpenCase(False, AbsenceLevel.ABSENT)]
    statuses = [frozenset(), *(frozenset({one}) for one in STATUSES)]
    for left, case, gone, alert, status in product(
        [None, *Ended], cases, [None, *ExitKind], [True, False], statuses
    ):
        student_status = student_status_of(Standing(left, True, case, gone, alert, status))
        assert student_status in EFFECTS
        assert StudentStatus(student_status).label


OF_KIND = {
    AbsenceKind.SICK: StudentStatus.IN_SCHOOL,
    AbsenceKind.TREATMENT: StudentStatus.IN_SCHOOL,
    AbsenceKind.PERSONAL: StudentStatus.IN_SCHOOL,
    AbsenceKind.OFFICIAL: StudentStatus.IN_SCHOOL,
    AbsenceKind.SUSPENDED: StudentStatus.SUSPENDED,
    AbsenceKind.DEFERRED: StudentStatus.DEFERRED,
    AbsenceKind.HOME_TEACHING: StudentStatus.HOME_TEACHING,
    AbsenceKind.STUDY_ELSEWHERE: StudentStatus.STUDY_ELSEWHERE,
    AbsenceKind.LONG_LEAVE: StudentStatus.LONG_LEAVE,
    AbsenceKind.LAWFUL: StudentStatus.LAWFUL,
}


@pytest.mark.parametrize("kind", AbsenceKind)
def test_every_kind_of_absence_has_its_bucket(kind):
    assert student_status_of(Standing(statuses=frozenset({kind}))) is OF_KIND[kind]


def test_a_kind_nobody_placed_is_out_of_school_and_not_kept():
    """As a kind that is added to the words and forgotten in the table."""
    status = student_status_of(Standing(statuses=frozenset({"new_kind"})))
    assert status is not StudentStatus.IN_SCHOOL
    assert (EFFECTS[status].expected, EFFECTS[status].retained) == (True, False)


def test_every_exit_and_every_bucket_is_decided():
    assert set(EXIT_AS) == set(ExitKind)
    assert set(EFFECTS) == set(StudentStatus)


def test_what_is_retained_or_excused_is_expected_too():
    for student_status, effect in EFFECTS.items():
        if effect.retained or effect.excused or effect.on_roll:
            assert effect.expected, student_status
        assert not (effect.retained and effect.excused), student_status
        assert effect.source


def flows(places: str, started: bool, student_status: StudentStatus, pending: bool = False):
    return sorted((p, f.value) for p, f in flows_of(list(places), started, student_status, pending))


def test_a_move_between_two_schools_goes_out_of_one_and_into_the_other():
    assert flows("AB", True, StudentStatus.IN_SCHOOL) == [
        ("A", "start"), ("A", "went_out"), ("B", "came_in"),
    ]  # fmt: skip


def test_a_move_inside_one_place_is_nothing_to_it():
    assert flows("AA", True, StudentStatus.IN_SCHOOL) == [("A", "start")]
    assert flows("ABA", True, StudentStatus.DROPOUT) == [
        ("A", "start"), ("B", "came_in"), ("B", "went_out"),
    ]  # fmt: skip


def test_who_came_and_left_again_is_both():
    assert flows("A", False, StudentStatus.TRANSFER_OUT) == [("A", "came_in"), ("A", "went_out")]


def test_who_left_for_nobody_knows_where_is_still_expected():
    assert flows("A", True, StudentStatus.TRANSFER_PENDING, pending=True) == [
        ("A", "start"), ("A", "unknown"),
    ]  # fmt: skip


@pytest.mark.parametrize("student_status", StudentStatus)
@pytest.mark.parametrize("places", ["A", "AB", "ABA", "ABCB"])
@pytest.mark.parametrize("started", [True, False])
def test_what_is_expected_at_a_place_is_start_plus_in_minus_out(student_status, places, started):
    """The balance of every place: its buckets that are expected, against its flows."""
    counts: dict[str, Counter] = {place: Counter() for place in places}
    for place, flow in flows_of(list(places), started, student_status, False):
        counts[place][flow] += 1
    for place, here in counts.items():
        standing = place == places[-1] and EFFECTS[student_status].expected
        assert standing == (
            here[Flow.START]
            + here[Flow.CAME_IN]
            - here[Flow.WENT_OUT]
            - here[Flow.DIED]
            - here[Flow.WENT_ABROAD]
        )


def test_a_roll_that_was_opened_late_is_no_arrival():
    opening = date(2026, 9, 1)
    late = date(2026, 10, 12)
    assert at_start([Stay("C1", opening, Began.TRANSFER_IN)], opening)
    assert at_start([Stay("C1", late, Began.ENTERED)], opening)
    assert not at_start([Stay("C1", late, Began.TRANSFER_IN)], opening)


def test_the_four_places_of_a_class():
    path = "000001000002000003000004S000007C000009"
    assert places_of(path, 18, 24) == (
        path, path[:31], "000001000002000003000004", "000001000002000003",
    )  # fmt: skip
    in_village = "000001000002000003000004000005S000007C000009"
    assert places_of(in_village, 18, 24)[2] == "000001000002000003000004"


def test_schools_of_the_county_itself_stand_in_a_township_of_their_own():
    path = "000001000002000003S000007C000009"
    assert places_of(path, 18, 24)[1:] == (
        "000001000002000003S000007", "000001000002000003S", "000001000002000003",
    )  # fmt: skip
