"""Return and placement: which days are accepted, what they start, who may."""

from datetime import date

import pytest

from accounts.enums import Precision, Role
from accounts.models import Attachment
from accounts.versions import Conflict
from cases.case_deadlines import set_deadline
from cases.enums.records import DeadlineKind, PlacementMode
from cases.enums.states import CaseState, EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.lifecycle import school_days_after
from cases.models import Case, CaseAccess
from cases.returns.returning import place, record_return
from regions.clock import today
from regions.enums import DayKind
from regions.refusals import Refused
from students.enums import Began
from students.models import Enrolment
from students.trait_changes import TraitChange
from students.traits import keep_before, now_of
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.returned_child import BACK, photo, returned, school_beside, version

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = date(2026, 11, 20)
    return county()


@pytest.fixture
def case(here):
    return case_of(here.student, on=date(2026, 11, 18))


def back(case, by, on, **more) -> Case:
    return record_return(case.uid, on=today(), by=by, returned=on, version=version(case), **more)


def standing(case) -> dict[str, date]:
    return dict(case.deadlines.standing().values_list("kind", "due_on"))


def test_a_return_starts_placing_and_keeps_the_step_it_returned_from(here, case):
    Case.objects.filter(pk=case.pk).update(step="order")
    back(case, here.office, BACK, note="家长送回", file=photo())
    case.refresh_from_db()
    assert (case.state, case.returned_on, case.step) == (CaseState.RETURNED, BACK, "order")
    event = case.events.get(kind=EventKind.RETURNED)
    assert event.details == {"step": "order", "watched_from": "2026-11-19"}
    assert (event.by, event.role, event.note) == (here.office, Role.OFFICE, "家长送回")
    assert standing(case)[DeadlineKind.PLACE] == date(2026, 11, 25)  # three working days
    assert DeadlineKind.VERIFY not in standing(case)
    assert Attachment.objects.get(kind="case_evidence").uid == case.uid


def test_what_the_return_fulfils_is_met_and_a_fine_runs_on(here, case):
    for kind in (DeadlineKind.ORDER, DeadlineKind.CONTACT, DeadlineKind.FINE):
        set_deadline(case, kind, starts_on=BACK, due_on=BACK, who=None, article="义务教育法 第58条")
    back(case, here.officer, BACK)
    assert case.deadlines.get(kind=DeadlineKind.ORDER).met_on == BACK
    assert case.deadlines.get(kind=DeadlineKind.CONTACT).dropped_on
    assert set(standing(case)) == {DeadlineKind.FINE, DeadlineKind.PLACE, "school_report"}


@pytest.mark.parametrize(
    ("on", "said"),
    [
        (date(2026, 8, 1), "2026年8月1日不在学期内，返校日期应为上课日。"),
        (date(2026, 11, 15), "11月15日不是上课日，返校日期应为上课日。"),
        (date(2026, 10, 1), "10月1日不是上课日（中秋节、国庆节），返校日期应为上课日。"),
        (date(2026, 11, 21), "返校日期（2026年11月21日）还没有到，请填实际返校的那一天。"),
    ],
)
def test_a_return_is_on_a_school_day_that_has_come(here, case, on, said):
    make.calendar_row(
        DayKind.HOLIDAY, date(2026, 10, 1), place=here.region, reason="中秋节、国庆节"
    )
    Enrolment.objects.update(began=date(2026, 2, 1))
    with pytest.raises(Refused) as refused:
        back(case, here.office, on)
    assert str(refused.value) == said
    case.refresh_from_db()
    assert case.state == CaseState.VERIFYING and case.version == 1


def test_a_make_up_sunday_is_a_school_day(here, case):
    sunday = date(2026, 11, 15)
    make.calendar_row(DayKind.MAKE_UP, sunday, place=here.region)
    assert back(case, here.office, sunday).returned_on == sunday


def test_a_return_is_not_before_the_child_left(here, case):
    Case.objects.filter(pk=case.pk).update(
        left_from=date(2026, 11, 18), left_to=date(2026, 11, 18), left_precision="day"
    )
    with pytest.raises(Refused, match="早于离校日期"):
        back(case, here.office, date(2026, 11, 17))
    back(case, here.office, date(2026, 11, 18))


def test_a_historic_day_nobody_has_a_calendar_for_is_kept_and_says_so(here, case):
    Enrolment.objects.update(began=date(2017, 9, 1))
    back(case, here.officer, date(2017, 12, 10))
    assert case.events.get(kind=EventKind.RETURNED).note == "无法核定：校历未定"


@pytest.mark.parametrize(
    ("when", "watched_from"),
    [
        (FuzzyDate.not_later(date(2017, 12, 7)), date(2017, 12, 7)),
        (FuzzyDate.month(2026, 11), date(2026, 11, 20)),
        (FuzzyDate.about(date(2026, 11, 1)), date(2026, 11, 1)),
        (FuzzyDate.unknown(), date(2026, 11, 20)),
    ],
)
def test_a_return_nobody_can_date_is_kept_as_it_is_known(here, case, when, watched_from):
    back(case, here.officer, when)
    event = case.events.get(kind=EventKind.RETURNED)
    assert event.happened == when
    assert Case.objects.get(pk=case.pk).returned_on == watched_from


def test_only_a_month_that_has_begun_is_a_return(here, case):
    with pytest.raises(Refused, match="还没有到"):
        back(case, here.officer, FuzzyDate.month(2026, 12))


def test_who_may_record_a_return(here, case):
    for by in (here.teacher, here.cadre, here.county_office):
        with pytest.raises(Refused, match="返校由学校"):
            back(case, by, BACK)
    with pytest.raises(Case.DoesNotExist):
        back(case, here.neighbour, BACK)
    with pytest.raises(Conflict):
        record_return(case.uid, on=today(), by=here.office, returned=BACK, version=7)


def test_a_child_returns_once(here):
    case = returned(here)
    with pytest.raises(Refused, match="已返校，待安置，不用登记返校"):
        back(case, here.office, BACK)


def test_placing_in_the_own_class_leaves_the_roll_alone(here):
    case = returned(here)
    place(
        case.uid,
        on=today(),
        by=here.office,
        began=BACK,
        version=version(case),
        mode=PlacementMode.OWN_CLASS,
    )
    case.refresh_from_db()
    assert (case.state, case.placed_class) == (CaseState.OBSERVING, here.school_class)
    assert Enrolment.objects.count() == 1
    assert set(standing(case)) == {DeadlineKind.OBSERVE, DeadlineKind.SCHOOL_REPORT}
    assert standing(case)[DeadlineKind.OBSERVE] == date(2026, 12, 3)  # ten days from the 20th on


def test_placing_in_another_school_moves_the_roll_and_the_school_line(here):
    case = returned(here)
    of, office = school_beside(here)
    place(
        case.uid, on=today(), by=here.bureau, began=date(2026, 11, 20), version=version(case),
        mode=PlacementMode.OTHER_SCHOOL, school_class=of,
    )  # fmt: skip
    spell = here.student.enrolments.open().get()
    assert (spell.school_class, spell.how, spell.began) == (of, Began.PLACED, date(2026, 11, 20))
    assert Case.objects.visible_to(office).filter(pk=case.pk).exists()
    assert not Case.objects.visible_to(here.office).filter(pk=case.pk).exists()
    assert CaseAccess.objects.filter(case=case, kind="school", until=None).count() == 1


def test_a_child_on_no_roll_is_placed_on_one(here, case):
    Enrolment.objects.all().delete()
    back(case, here.officer, BACK)
    with pytest.raises(Refused, match="不在任何班级的名册上"):
        place(
            case.uid,
            on=today(),
            by=here.bureau,
            began=BACK,
            version=version(case),
            mode="own_class",
        )
    place(
        case.uid, on=today(), by=here.bureau, began=BACK, version=version(case),
        mode=PlacementMode.OTHER_SCHOOL, school_class=here.school_class,
    )  # fmt: skip
    assert here.student.enrolments.open().get().how == Began.PLACED


@pytest.mark.parametrize(
    ("mode", "said"),
    [
        (PlacementMode.OWN_CLASS, "原班就读"),
        (PlacementMode.OTHER_CLASS, "本校调班"),
        (PlacementMode.HOME_TEACHING, "依规办结"),
        (PlacementMode.VOCATIONAL, "依规办结"),
    ],
)
def test_the_way_of_placing_fits_the_class(here, mode, said):
    case = returned(here)
    of, _ = school_beside(here)
    with pytest.raises(Refused, match=said):
        place(
            case.uid,
            on=today(),
            by=here.office,
            began=BACK,
            version=version(case),
            mode=mode,
            school_class=of,
        )
    assert Case.objects.get(pk=case.pk).state == CaseState.RETURNED


def test_placing_waits_for_the_return_and_its_day(here, case):
    with pytest.raises(Refused, match="请先登记返校"):
        place(
            case.uid,
            on=today(),
            by=here.office,
            began=BACK,
            version=1,
            mode=PlacementMode.OWN_CLASS,
        )
    back(case, here.office, BACK)
    for on, said in [(date(2026, 11, 18), "早于返校日期"), (date(2026, 11, 23), "还没有到")]:
        with pytest.raises(Refused, match=said):
            place(
                case.uid,
                on=today(),
                by=here.office,
                began=on,
                version=version(case),
                mode=PlacementMode.OWN_CLASS,
            )


def test_a_class_of_another_county_is_refused(here):
    make.term("539902")
    far = make.school_class(make.school("5399020001", region_code="539902001"))
    case = returned(here)
    with pytest.raises(Refused, match="本县的学校"):
        place(
            case.uid, on=today(), by=here.bureau, began=BACK, version=version(case),
            mode=PlacementMode.OTHER_SCHOOL, school_class=far,
        )  # fmt: skip


def test_a_month_keeps_its_precision(here, case):
    back(case, here.officer, FuzzyDate.month(2026, 10))
    assert case.events.get(kind=EventKind.RETURNED).precision == Precision.MONTH


class TestTraitsOfTheDay:
    """On 19 November boarders had no school; the child boards from the 20th on."""

    @pytest.fixture
    def boards(self, here):
        place = make.region("539901")
        make.calendar_row(DayKind.HOLIDAY, BACK, place=place, boarders=True, reason="住校生放假")
        before = now_of(here.student)
        here.student.boarder = True
        here.student.save()
        keep_before(here.student, before, on=date(2026, 11, 20))
        return here

    def test_a_day_pupil_of_then_came_back_on_a_school_day(self, boards, case):
        back(case, boards.office, BACK, file=photo())
        assert Case.objects.get(pk=case.pk).returned_on == BACK

    def test_who_boarded_then_did_not(self, boards, case):
        TraitChange.objects.all().delete()
        with pytest.raises(Refused, match="住校生放假"):
            back(case, boards.office, BACK, file=photo())

    def test_the_next_school_day_is_that_of_then(self, boards):
        rules, day = make.place_rules(), date(2026, 11, 18)
        assert school_days_after(boards.student, day, 1, rules) == BACK
        TraitChange.objects.all().delete()
        assert school_days_after(boards.student, day, 1, rules) == date(2026, 11, 20)
