"""Who reaches a case: hand-over, referral, and what the neighbour never sees."""

from datetime import date, timedelta

import pytest

from accounts.enums import Role
from accounts.versions import Conflict
from attendance.enums import AlertState, Mark
from attendance.flagging import flag_absences
from attendance.handling import finding_of
from attendance.models import AbsenceAlert
from cases.contacts import notes
from cases.enums.states import AccessKind, CaseState, EventKind
from cases.intake import assignment
from cases.intake.opening import open_case, open_from_alert
from cases.models import Case, CaseAccess
from regions.refusals import Refused
from students.models import Student
from tests import factories as make
from tests.cases.case_county import ON, case_of, county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def here():
    return county()


@pytest.fixture
def case(here):
    return case_of(here.student)


def seen_by(user) -> list[str]:
    return list(Case.objects.visible_to(user).values_list("uid", flat=True))


def hand_over(case, here, **fields):
    given = {"by": here.officer, "on": ON, "version": case.version, "reason": "监护人迁居"}
    return assignment.hand_over(case.uid, here.other, **(given | fields))


def refer(case, here, role=Role.COURT, **fields):
    given = {"by": here.officer, "on": ON, "version": case.version, "reason": "拟提起诉讼"}
    return assignment.refer(case.uid, role, **(given | fields))


def test_a_township_never_sees_its_neighbours_case(here, case):
    assert seen_by(here.officer) == [case.uid]
    assert seen_by(here.neighbour) == []
    with pytest.raises(Case.DoesNotExist):
        hand_over(case, here, by=here.neighbour)


def test_after_a_hand_over_the_new_township_acts_and_the_old_one_only_reads(here, case):
    event = hand_over(case, here)
    case.refresh_from_db()
    assert event.kind == EventKind.HANDED_OVER and "监护人迁居" in event.note
    assert seen_by(here.officer) == seen_by(here.neighbour) == [case.uid]
    said = {"on": ON, "version": case.version, "said": "已上门"}
    with pytest.raises(Refused):
        notes.note(case.uid, by=here.officer, **said)
    notes.note(case.uid, by=here.neighbour, **said)
    kinds = set(case.access_rows.values_list("kind", "path", "until"))
    assert (AccessKind.OWNER, here.township.path, ON) in kinds
    assert (AccessKind.FORMER, here.township.path, None) in kinds
    assert (AccessKind.OWNER, here.other.path, None) in kinds


def test_a_former_township_whose_school_has_the_child_not_still_reads(here):
    """Its reach does not come from the school: the child's school is in a third place."""
    third = make.school_class(make.school("5399010009", region_code="539901009"))
    child = make.pupil(third, "娜妥", residence_path=here.village.path)
    case = case_of(child)
    assert seen_by(here.officer) == [case.uid]
    hand_over(case, here)
    assert seen_by(here.officer) == [case.uid]
    CaseAccess.objects.filter(case=case, kind=AccessKind.FORMER).delete()
    assert seen_by(here.officer) == []


def test_a_case_that_comes_back_has_one_owner_and_one_former(here, case):
    hand_over(case, here)
    case.refresh_from_db()
    assignment.hand_over(
        case.uid, here.township, by=here.neighbour, on=ON, version=case.version, reason="又迁回来"
    )
    standing = case.access_rows.filter(until=None, kind__in=[AccessKind.OWNER, AccessKind.FORMER])
    assert set(standing.values_list("kind", "path")) == {
        (AccessKind.OWNER, here.township.path),
        (AccessKind.FORMER, here.other.path),
    }


@pytest.mark.parametrize("reason", ["", "  ", "搬家"])
def test_a_hand_over_wants_a_reason(here, case, reason):
    with pytest.raises(Refused):
        hand_over(case, here, reason=reason)
    assert (
        case.access_rows.filter(kind=AccessKind.OWNER, until=None).get().path == here.township.path
    )


def test_a_case_stays_in_its_county_and_with_townships(here, case):
    for place in ("539902001", "539901", "539901001001"):
        with pytest.raises(Refused, match="本县的乡镇"):
            assignment.hand_over(
                case.uid, make.region(place), by=here.bureau, on=ON, version=1, reason="监护人迁居"
            )
    with pytest.raises(Refused, match="本来就由"):
        assignment.hand_over(
            case.uid, here.township, by=here.bureau, on=ON, version=1, reason="监护人迁居"
        )


def test_schools_and_villages_hand_nothing_over(here, case):
    for user in (here.office, here.teacher, here.cadre):
        with pytest.raises(Refused):
            hand_over(case, here, by=user)


def test_who_saved_in_between_wins(here, case):
    hand_over(case, here)
    with pytest.raises(Conflict):
        hand_over(case, here, by=here.bureau)


def test_a_case_without_an_address_is_assigned_by_the_county(here):
    child = make.pupil(here.school_class, "玉叫")
    case = case_of(child)
    assert case.to_assign
    given = {"on": ON, "version": case.version}
    with pytest.raises(Refused):
        assignment.assign(case.uid, here.other, by=here.officer, **given)
    assignment.assign(case.uid, here.other, by=here.bureau, **given)
    case.refresh_from_db()
    assert not case.to_assign
    assert case.access_rows.get(kind=AccessKind.OWNER, until=None).path == here.other.path
    assert seen_by(here.neighbour) == [case.uid]
    with pytest.raises(Refused, match="已有责任乡镇"):
        assignment.assign(case.uid, here.other, by=here.bureau, on=ON, version=case.version)


def test_assigning_the_township_that_has_it_only_settles_the_question(here):
    case = case_of(make.pupil(here.school_class, "玉叫"))
    assignment.assign(case.uid, here.township, by=here.county_office, on=ON, version=case.version)
    assert not Case.objects.get(pk=case.pk).to_assign
    assert case.access_rows.filter(kind=AccessKind.OWNER).count() == 1


def test_the_court_sees_a_case_only_between_referral_and_end(here, case):
    court = make.user(Role.COURT, here.region)
    police = make.user(Role.POLICE, here.region)
    far_court = make.user(Role.COURT, make.region("539902"))
    other = case_of(make.pupil(here.school_class, "玉叫", residence_path=here.village.path))
    assert seen_by(court) == []
    refer(case, here)
    assert seen_by(court) == [case.uid]
    assert seen_by(police) == seen_by(far_court) == []
    assert other.uid not in seen_by(court)
    case.refresh_from_db()
    assignment.end_referral(
        case.uid, Role.COURT, by=here.officer, on=ON, version=case.version, note="已撤回"
    )
    assert seen_by(court) == []
    kinds = list(case.events.values_list("kind", flat=True))
    assert kinds[-2:] == [EventKind.REFERRED, EventKind.REFERRAL_ENDED]


def test_the_same_body_again_after_the_end_but_not_twice_at_once(here, case):
    refer(case, here)
    case.refresh_from_db()
    with pytest.raises(Refused, match="已移送"):
        refer(case, here)
    assignment.end_referral(case.uid, Role.COURT, by=here.bureau, on=ON, version=case.version)
    case.refresh_from_db()
    with pytest.raises(Refused, match="没有移送"):
        assignment.end_referral(case.uid, Role.COURT, by=here.bureau, on=ON, version=case.version)
    refer(case, here)
    assert case.access_rows.filter(kind=AccessKind.REFERRAL, until=None).count() == 1


def test_referral_wants_a_body_of_the_list_and_a_reason(here, case):
    with pytest.raises(Refused, match="只能移送"):
        refer(case, here, role=Role.PRINCIPAL)
    with pytest.raises(Refused, match="理由"):
        refer(case, here, reason="诉")
    with pytest.raises(Refused):
        refer(case, here, by=here.office)


def test_a_referral_body_refers_nothing_itself(here, case):
    court = make.user(Role.COURT, here.region)
    refer(case, here)
    case.refresh_from_db()
    with pytest.raises(Refused):
        refer(case, here, role=Role.POLICE, by=court)


def test_a_day_before_the_case_is_refused_in_words(here, case):
    before = date(2026, 11, 1)
    with pytest.raises(Refused, match="早于"):
        refer(case, here, on=before)
    with pytest.raises(Refused, match="早于"):
        hand_over(case, here, on=before)


def test_a_mistake_ends_the_case_and_its_duties_and_stays_on_file(here, case):
    refer(case, here)
    case.refresh_from_db()
    given = {"on": ON + timedelta(days=1), "version": case.version, "reason": "重名，错认了学生"}
    with pytest.raises(Refused):
        assignment.set_mistake(case.uid, by=here.officer, **given)
    event = assignment.set_mistake(case.uid, by=here.bureau, **given)
    case.refresh_from_db()
    assert case.state == CaseState.MISTAKE and event.details == {"mistake": True}
    assert not case.deadlines.standing().exists()
    assert Student.objects.get(pk=here.student.pk).case_since is None
    assert seen_by(make.user(Role.COURT, here.region)) == []
    with pytest.raises(Refused, match="建档有误"):
        refer(case, here)
    assert case_of(here.student, note="again").pk != case.pk


@pytest.mark.parametrize("answered", [True, False])
def test_a_child_whose_case_was_a_mistake_is_seen_again_when_it_stays_away(here, answered):
    """建档有误 answers for the days until it is said, and for none after; also where the school never
    answered and the case opened by itself."""
    of, teacher = here.school_class, make.user(Role.TEACHER, here.school_class)
    days = make.weekdays(ON, 7)
    make.take(of, days[0], teacher)
    for day in days[1:4]:
        make.take(of, day, teacher, **{here.student.uid: Mark.ABSENT})
    flag_absences(days[3], make.region("539901"))
    alert = AbsenceAlert.objects.get()
    if answered:
        open_from_alert(alert.pk, by=here.office, on=days[3], version=alert.version)
    else:
        open_case(finding_of(alert, on=days[3], by=None), by=None, on=days[3])
    case = Case.objects.get()
    assignment.set_mistake(
        case.uid, by=here.bureau, on=days[3], version=case.version, reason="重名，错认了学生"
    )
    for day in days[4:]:
        make.take(of, day, teacher, **{here.student.uid: Mark.ABSENT})
    flag_absences(ON, make.region("539901"))
    fresh = AbsenceAlert.objects.get(state=AlertState.OPEN)
    assert (fresh.first, fresh.unexplained) == (days[4], 3)
