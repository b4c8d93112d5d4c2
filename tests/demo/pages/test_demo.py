"""The demo county: the same for a seed, whole in itself, and judged by the portal as it is true."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import Count, F

from accounts.enums import Role, unit_of
from accounts.login.password_rule import ThreeOfFourClasses
from accounts.models import Seat, User
from accounts.seats.checking import check_seats
from attendance.enums import OUT_MARKS, AlertState, Verdict
from attendance.flagging import candidates_of, flag_absences
from attendance.models import Absence, AbsenceAlert, Register, UnseenRun
from attendance.records import assess
from cases.escalation.nightly import escalate
from cases.models import Case
from cases.returns.observing import observe
from demo.county.people import USERNAMES
from demo.county.registers import MISSING_SHARE
from demo.load.bulk_load import PASSWORD, load_plan
from demo.scenarios.build_plan import county_plan
from demo.scenarios.case_scenarios import CASE_SCENARIOS
from demo.scenarios.expected_alerts import expected_alerts, expected_verdict
from regions.days import place_rules_of
from regions.models import Region, RegionCode, School, SchoolClass
from regions.rules.calendar import tie
from reports.models import Report, Snapshot
from reports.monthly.reports import is_zero
from students.enrolments import roll_faults
from students.models import Guardian, Student
from students.rules.identity import read_id, read_phone, read_xueji
from tests.standing_world import standing

UNTIL = date(2026, 11, 19)
SEED, PUPILS = 7, 300
UNTILS = [UNTIL, date(2023, 3, 15), date(2024, 4, 9), date(2025, 2, 25), date(2026, 12, 31)]


def demo(**options) -> dict:
    out = StringIO()
    given = {"pupils": PUPILS, "seed": SEED, "until": UNTIL.isoformat()} | options
    call_command("demo", stdout=out, stderr=StringIO(), **given)
    return json.loads(out.getvalue())


def county() -> Region:
    return RegionCode.objects.get(code="539901").region


def verdicts_of_the_rule(on: date) -> tuple[list[str], list[str]]:
    """Flagged and undecidable uids as the portal judges them, without writing anything."""
    region = county()
    judged = assess(candidates_of(region.path, on), on, place_rules_of(region.path))
    uids = dict(Student.objects.values_list("pk", "uid"))
    found = defaultdict(list)
    for pk, assessment in judged.items():
        found[assessment.verdict].append(uids[pk])
    return sorted(found[Verdict.ALERT]), sorted(found[Verdict.CANNOT_JUDGE])


def kept_by_the_job() -> tuple[list[str], list[str], list[str]]:
    """Uids with an alerting run, with an undecidable run, and with an open alert."""
    runs = UnseenRun.objects.values_list("student__uid", "verdict")
    alerts = AbsenceAlert.objects.filter(state=AlertState.OPEN)
    return (
        sorted(uid for uid, verdict in runs if verdict == Verdict.ALERT),
        sorted(uid for uid, verdict in runs if verdict == Verdict.CANNOT_JUDGE),
        sorted(alerts.values_list("student__uid", flat=True)),
    )


def open_cases_now() -> list[str]:
    return sorted(Case.objects.open().values_list("student__uid", flat=True))


def test_a_plan_is_the_same_for_its_seed_and_another_for_another():
    county_plan.cache_clear()
    first = county_plan(SEED, PUPILS, UNTIL)
    county_plan.cache_clear()
    second = county_plan(SEED, PUPILS, UNTIL)
    assert first is not second
    assert first.children == second.children
    assert first.registers == second.registers
    assert first.staff == second.staff
    assert expected_alerts(first, UNTIL) == expected_alerts(second, UNTIL)
    other = county_plan(SEED + 1, PUPILS, UNTIL)
    assert {c.uid for c in other.children}.isdisjoint(c.uid for c in first.children)


EXPECTED = {
    "flagged": """
        three four five three_since_half_a_day three_and_a_missing_register three_across_closed_class
        teachers_word_four teachers_word_four_apart teachers_word_four_kinds approved_then_three
        three_with_leave_without_register refused pending suspension_ended
        study_elsewhere_ran_out lost lost_after_two three_across_weekend three_across_holiday
        three_across_closure three_across_make_up three_before_a_day_off_for_boarders class_change_within_three
        transfer_within_three late_enrolment_three late_enrolment_absent_at_once since_september
    """,
    "cannot_judge": """
        two_and_a_missing_register two_after_a_missing_register two_and_none_today
        one_and_two_missing transfer_known_late late_enrolment_never_seen
    """,
    "": """
        two one two_broken_by_late two_broken_by_left_early only_missing_registers
        two_across_closed_class teachers_word_three teachers_word_three_among_two approved
        came_during_leave approved_without_register refused_two suspended back_from_suspension
        home_teaching home_teaching_came_once study_elsewhere long_leave long_leave_came
        lost_and_back back_after_five back_after_three two_and_a_day_off_for_boarders
        late_enrolment_present new_arrival_two transferred_out
    """,
}


@pytest.mark.parametrize(
    ("name", "verdict"),
    [(name, verdict) for verdict, names in EXPECTED.items() for name in names.split()],
)
def test_several_children_bear_each_scenario_with_the_verdict_it_was_written_for(name, verdict):
    drawn = county_plan(SEED, PUPILS, UNTIL)
    told = [
        expected_verdict(drawn, child, UNTIL) for child in drawn.children if child.scenario == name
    ]
    assert len(told) >= 2
    assert set(told) == {verdict}


def test_no_scenario_is_left_without_an_expectation():
    names = {child.scenario for child in county_plan(SEED, PUPILS, UNTIL).children} - {""}
    names -= {scenario.name for scenario in CASE_SCENARIOS}
    assert names == set(" ".join(EXPECTED.values()).split())


def test_a_child_back_after_five_days_was_flagged_before():
    drawn = county_plan(SEED, PUPILS, UNTIL)
    yesterday = UNTIL - timedelta(days=1)
    back = {child.uid for child in drawn.children if child.scenario == "back_after_five"}
    assert back <= set(expected_alerts(drawn, yesterday)[0])


def test_the_truth_changes_when_the_missing_registers_are_filled_in():
    """A control: with every register there, nobody is left undecided but the late enrolled."""
    drawn = county_plan(SEED, PUPILS, UNTIL)
    sample = next(iter(drawn.registers.values()))
    every = {
        (school_class.key, day): replace(sample, class_key=school_class.key, on=day)
        for school_class in drawn.places.classes
        for day in drawn.places.calendar.days(school_class, False)
    }
    filled = replace(drawn, registers=every | drawn.registers)
    doubtful = set(expected_alerts(filled, UNTIL)[1])
    left = {child.scenario for child in drawn.children if child.uid in doubtful}
    assert left == {"transfer_known_late", "late_enrolment_never_seen"}


@pytest.mark.parametrize("until", UNTILS)
def test_registers_go_missing_about_as_often_as_published(until):
    drawn = county_plan(SEED, 900, until)
    days = sum(
        len(drawn.places.calendar.days(school_class, boarder=False))
        for school_class in drawn.places.classes
    )
    missing = 1 - len(drawn.registers) / days
    assert MISSING_SHARE / 2 < missing < MISSING_SHARE * 2


@pytest.mark.parametrize("pupils", [300, 900, 6000])
def test_the_county_has_exactly_the_children_asked_for_in_classes_of_3_to_48(pupils):
    drawn = county_plan(SEED, pupils, UNTIL)
    sizes = [school_class.size for school_class in drawn.places.classes]
    assert sum(sizes) == len(drawn.children) == pupils
    assert 3 <= min(sizes) <= max(sizes) <= 48


@pytest.mark.django_db
def test_the_open_cases_are_the_told_ones_before_and_after_the_night():
    told = demo(pupils=900)["truth"]["cases"]
    assert open_cases_now() == told
    drawn = county_plan(SEED, 900, UNTIL)
    played = {child.scenario for child in drawn.children} & {
        scenario.name for scenario in CASE_SCENARIOS
    }
    assert len(played) >= len(CASE_SCENARIOS) - 2
    for job in (flag_absences, observe, escalate):
        job(UNTIL, county())
    assert open_cases_now() == told


@pytest.mark.django_db
@pytest.mark.unmeasured
@pytest.mark.parametrize("until", UNTILS)
def test_the_portals_calendar_agrees_with_the_almanac_of_the_demo_but_for_closed_classes(until):
    drawn = county_plan(SEED, PUPILS, until)
    load_plan(drawn)
    calendar = place_rules_of(county().path).calendar
    assert [row for row in calendar.rows if tie(row, calendar.rows)] == []
    rows = {
        (row.school.code, row.stage, row.entry_year, row.number): row
        for row in SchoolClass.objects.select_related("school")
    }
    for school_class in drawn.places.classes:
        row = rows[
            school_class.school.code,
            school_class.stage,
            school_class.entry_year,
            school_class.number,
        ]
        assert row.grade(until) == school_class.grade
        for boarder in (False, True):
            track = row.track(boarder)
            told = calendar.school_days(track, drawn.places.first, until)
            days = drawn.places.calendar.days(school_class, boarder)
            assert told == [day for day in days if (school_class.key, day) not in drawn.closures]


@pytest.mark.django_db
@pytest.mark.parametrize(
    "make",
    [
        lambda: User.objects.create(username="first", name="管理员"),
        lambda: Region.objects.create(name="真县", level=3),
        lambda: Student.objects.create(name="学生"),
    ],
)
def test_one_row_of_anybody_else_is_enough_to_refuse(make):
    make()
    with pytest.raises(CommandError, match="空数据库"):
        demo()
    assert not School.objects.exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"pupils": 299}, "300"),
        ({"pupils": 6001}, "6000"),
        ({"until": "2026-11-21"}, "上课日"),
        ({"until": "2022-11-17"}, "上课日"),
        ({"until": "2027-03-02"}, "上课日"),
        ({"until": "2026-07-20"}, "上课日"),
        ({"until": "明天"}, "上课日"),
    ],
)
def test_what_cannot_be_built_is_said_in_a_sentence(options, sentence):
    with pytest.raises(CommandError, match=sentence):
        demo(**options)


@pytest.mark.django_db
@pytest.mark.unmeasured
@pytest.mark.parametrize("until", UNTILS)
@pytest.mark.parametrize("seed", [1])
def test_the_rule_agrees_with_the_truth_on_every_day_of_the_last_weeks(seed, until):
    drawn = county_plan(seed, PUPILS, until)
    load_plan(drawn)
    off = drawn.places.local_days.boarders_off
    days = {until - timedelta(days=back) for back in range(0, 40, 2)} | {off}
    for on in sorted(day for day in days if day and day >= drawn.places.first):
        assert verdicts_of_the_rule(on) == expected_alerts(drawn, on), on


@pytest.fixture(scope="class")
def told(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[dict]:
    with standing(django_db_blocker, tmp_path_factory.mktemp("demo")):
        yield demo()


@pytest.mark.django_db
class TestWhatTheCommandBuilds:
    """One county for all of them."""

    def test_demo_prints_its_counts_accounts_and_truth(self, told):
        assert list(told) == [
            "today", "password", "schools", "classes", "pupils", "users", "truth",
        ]  # fmt: skip
        assert told["today"] == UNTIL.isoformat()
        assert told["schools"] == School.objects.count()
        assert told["classes"] == SchoolClass.objects.count()
        assert told["pupils"] == Student.objects.count() == PUPILS
        flagged, doubtful = expected_alerts(county_plan(SEED, PUPILS, UNTIL), UNTIL)
        assert told["truth"] == {
            "flagged": flagged,
            "cannot_judge": doubtful,
            "cases": open_cases_now(),
        }
        assert set(Student.objects.values_list("uid", flat=True)) >= {*flagged, *doubtful}

    def test_every_role_has_an_account_that_may_come_in_and_sits_where_it_belongs(self, told):
        assert set(told["users"]) == set(Role) - {Role.SYSTEM}
        ThreeOfFourClasses().validate(told["password"], None)
        for role, username in told["users"].items():
            user = User.objects.get(username=username)
            assert user.check_password(PASSWORD)
            assert not user.must_change_password
            assert username not in PASSWORD.lower()
            seats = user.seats.on(UNTIL)
            assert [seat.role for seat in seats] == [role]
            assert seats[0].unit_label(UNTIL) or unit_of(Role(role)).value == "none"
        assert not Seat.objects.exclude(role__in=USERNAMES).exists()
        states = Counter(Seat.objects.values_list("state", flat=True))
        assert states["proposed"] == 3 and states["refused"] == 1
        assert Seat.objects.filter(until__lt=UNTIL).count() == 2
        stand_in = Seat.objects.get(role=Role.STAND_IN)
        assert stand_in.stands_in_for.role == Role.TEACHER
        assert check_seats(UNTIL) == []

    def test_children_bear_valid_numbers_of_nobody(self, told):
        for student in Student.objects.all():
            read = read_id(student.id_no, student.id_doc_type, UNTIL)
            if read:
                assert read.canonical.startswith("539901")
                assert read.birth == student.birth_on
                assert read.sex == {"1": "male", "2": "female"}[student.sex]
            assert read_xueji(student.xueji_no, UNTIL) == (student.xueji_no or None)
            assert len(student.initials) == len(student.name)
        assert all(read_phone(g.phone).startswith("1990000") for g in Guardian.objects.all())
        names = set(Student.objects.values_list("name", flat=True))
        assert {"鲁茸取扎西次仁", "王㛃", "李䶮", "赵𬱖"} <= names

    def test_rolls_and_registers_are_whole(self, told):
        assert list(roll_faults()) == []
        out = list(OUT_MARKS)
        for register in Register.objects.prefetch_related("absences"):
            absent = sum(absence.mark in out for absence in register.absences.all())
            if absent:
                assert register.expected - register.present <= absent
        assert not Absence.objects.exclude(on=F("register__on")).exists()
        firsts = Register.objects.values("school_class__school").annotate(n=Count("pk"))
        assert len(firsts) == School.objects.exclude(registers_from=None).count()
        for school in School.objects.all():
            first = Register.objects.filter(path__startswith=school.path).order_by("on")[0]
            assert school.registers_from == first.on
        plain_teacher = User.objects.get(username="teacher").seats.get().school_class
        assert not plain_teacher.registers.filter(on=UNTIL).exists()

    def test_nothing_is_built_where_something_stands(self, told):
        before = Student.objects.count(), Register.objects.count()
        with pytest.raises(CommandError, match="空数据库"):
            demo()
        assert (Student.objects.count(), Register.objects.count()) == before

    def test_the_job_finds_exactly_the_truth_twice_and_later_looks_at_earlier_days_too(self, told):
        truth = told["truth"]
        latest = dict(AbsenceAlert.objects.order_by("pk").values_list("student__uid", "state"))
        waiting = [uid for uid in truth["flagged"] if latest[uid] == AlertState.OPEN]
        assert len(waiting) > len(truth["flagged"]) // 2
        expected = (truth["flagged"], truth["cannot_judge"], waiting)
        assert truth["flagged"]
        assert truth["cannot_judge"]
        for _ in range(2):
            summary = flag_absences(UNTIL, county())
            assert kept_by_the_job() == expected
            assert (summary["flagged"], summary["cannot_judge"]) == (
                len(truth["flagged"]),
                len(truth["cannot_judge"]),
            )
        for back in (1, 9):
            on = UNTIL - timedelta(days=back)
            assert verdicts_of_the_rule(on) == expected_alerts(county_plan(SEED, PUPILS, UNTIL), on)

    def test_last_months_reports_are_signed_corrected_drafted_and_missing(self, told):
        reports = Report.objects.filter(period=date(2026, 10, 1))
        schools = School.objects.count()
        assert reports.values("school").distinct().count() == schools - 1, "one is missing"
        drafts = [one for one in reports if not one.is_signed]
        assert len(drafts) == 1
        signed = [one for one in reports if one.is_signed]
        assert [one.reason for one in signed if one.edition == 2] == ["情况说明漏写，补报一份"]
        assert {is_zero(one) for one in signed} == {True, False}
        assert Snapshot.objects.filter(on=date(2026, 10, 29), state="frozen").count() == 1
