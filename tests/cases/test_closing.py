"""销号: five conditions, three words in order, one approval; and its refusal."""

from datetime import date

import pytest

from accounts.enums import Role
from accounts.models import Attachment, User
from accounts.versions import Conflict
from attendance.enums import AlertState
from attendance.models import AbsenceAlert
from cases.enums.records import DeadlineKind
from cases.enums.states import AccessKind, CaseState, EventKind, OpinionOf
from cases.models import Case, CaseAccess, ClosingOpinion
from cases.returns.closing import (
    approve,
    closing_conditions,
    disagree,
    give_opinion,
    sent_back,
    why_not_close,
)
from cases.returns.observing import observe
from regions.refusals import Refused
from students.models import Student
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.cases.returned_child import DAYS, TENTH, observed, photo, registers, returned, version

pytestmark = pytest.mark.django_db
SCHOOL, TOWNSHIP, BUREAU = OpinionOf.SCHOOL, OpinionOf.TOWNSHIP, OpinionOf.BUREAU


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = DAYS[-1]
    return county()


@pytest.fixture
def ready(here):
    """Ten days in class, said by the job on the tenth."""
    case = observed(here)
    registers(here, "P" * 10)
    observe(TENTH, here.region)
    return case


def speak(case, opinion_of, by, on=TENTH, **more) -> ClosingOpinion:
    return give_opinion(case.uid, opinion_of, by=by, on=on, version=version(case), **more)


def close(case, by, on=TENTH):
    return approve(case.uid, by=by, on=on, version=version(case), note="材料齐全")


def standing(case) -> list[str]:
    return sorted(case.deadlines.standing().values_list("kind", flat=True))


def met(case, on=TENTH) -> dict[str, bool]:
    case.refresh_from_db()
    return {one.key: one.met for one in closing_conditions(case, on)}


def test_school_township_bureau_and_the_case_is_closed(here, ready):
    assert DeadlineKind.SCHOOL_OPINION in standing(ready)
    speak(ready, SCHOOL, here.office)
    assert DeadlineKind.TOWNSHIP_OPINION in standing(ready)
    assert DeadlineKind.SCHOOL_OPINION not in standing(ready)
    speak(ready, TOWNSHIP, here.officer, note="已上门核实")
    assert DeadlineKind.APPROVE in standing(ready)
    close(ready, here.bureau)
    ready.refresh_from_db()
    assert (ready.state, ready.closed_on) == (CaseState.CLOSED, TENTH)
    assert standing(ready) == []
    assert all(met(ready).values())
    assert Student.objects.get(pk=here.student.pk).case_since is None
    for by in (here.office, here.officer, here.bureau):
        assert Case.objects.visible_to(by).filter(pk=ready.pk).exists()
    roles = ready.events.filter(kind=EventKind.OPINION).values_list("role", flat=True)
    assert list(roles) == [Role.OFFICE, Role.TOWNSHIP, Role.BUREAU]


@pytest.mark.parametrize("opinion_of", [SCHOOL, TOWNSHIP])
def test_who_gave_the_seat_of_who_spoke_does_not_close(here, ready, opinion_of):
    speakers = {SCHOOL: here.office, TOWNSHIP: here.officer}
    speakers[opinion_of].seats.update(granted_by=here.bureau)
    for one, by in speakers.items():
        speak(ready, one, by)
    with pytest.raises(Refused, match=f"何志明办过{speakers[opinion_of].name}的账号或任职"):
        close(ready, here.bureau)
    close(ready, make.user(Role.BUREAU, here.region))
    ready.refresh_from_db()
    assert ready.state == CaseState.CLOSED


def test_the_township_gives_no_word_beside_one_whose_seat_it_gave(here, ready):
    here.office.seats.update(granted_by=here.officer)
    speak(ready, SCHOOL, here.office)
    with pytest.raises(Refused, match="李雯办过罗玉的账号或任职"):
        speak(ready, TOWNSHIP, here.officer)


def test_conditions_as_the_page_shows_them(here):
    case = observed(here)
    registers(here, "P" * 7)
    speak(case, SCHOOL, here.office, on=DAYS[6])
    shown = [(c.label, c.met, c.said) for c in closing_conditions(case, DAYS[6])]
    assert shown == [
        ("返校证明与到校照片", True, "12月9日"),
        ("学校意见", True, "罗玉 · 11月27日"),
        ("观察期 10 个教学日到校率 ≥ 90 %，没有未处理的预警", False, "7 / 10"),
        ("乡镇核实意见", False, ""),
        ("县教育体育局审批", False, ""),
    ]


def test_why_not_in_one_sentence(here):
    case = case_of(here.student, on=date(2026, 11, 18))
    assert why_not_close(case, TENTH) == "还不能报请销号：学生还没有返校。"
    assert (
        why_not_close(returned(here, case=case), TENTH) == "还不能报请销号：返校后还没有落实安置。"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "还不能报请销号：返校后还没有考勤，观察期共 10 个教学日。"),
        ("PPPP", "还不能报请销号：观察期第 4 天，共 10 个教学日。"),
        ("PPPPUUPPPP", "还不能报请销号：最近 10 个教学日到校 8 天，不到 90 %。"),
        ("PPPUUU", "还不能报请销号：返校后又有 3 个教学日无正当理由未到，按再次辍学办理。"),
        ("PPPPPPPPPP", None),
    ],
)
def test_why_not_while_it_is_watched(here, text, said):
    case = observed(here)
    registers(here, text)
    assert why_not_close(case, DAYS[max(len(text) - 1, 0)]) == said


def test_an_open_alert_stands_in_the_way(here, ready):
    AbsenceAlert.objects.create(
        student=here.student, path=here.school_class.path, state=AlertState.OPEN,
        opened_on=TENTH, as_of=TENTH, first=TENTH, last=TENTH, unexplained=1, grounds=["lost"],
    )  # fmt: skip
    speak(ready, SCHOOL, here.office)
    with pytest.raises(Refused, match="有一条未到校预警还没有处理"):
        speak(ready, TOWNSHIP, here.officer)
    assert not met(ready)["observation"]


def test_the_township_speaks_after_the_watch_and_after_the_school(here):
    case = observed(here)
    registers(here, "PPPP")
    with pytest.raises(Refused, match="观察期第 4 天"):
        speak(case, TOWNSHIP, here.officer, on=DAYS[3])
    registers(here, "P" * 6, first=4)
    with pytest.raises(Refused, match="缺学校意见"):
        speak(case, TOWNSHIP, here.officer)
    assert not case.events.filter(kind=EventKind.READY).exists()
    speak(case, SCHOOL, here.office)
    speak(case, TOWNSHIP, here.officer)
    assert case.events.get(kind=EventKind.READY).happened_from == TENTH


def test_the_bureau_waits_for_both_words(here, ready):
    for lacking, by, opinion_of in [
        ("缺学校意见", here.office, SCHOOL),
        ("缺乡镇核实意见", here.officer, TOWNSHIP),
    ]:
        with pytest.raises(Refused, match=lacking):
            close(ready, here.bureau)
        speak(ready, opinion_of, by)
    close(ready, here.bureau)


def test_a_word_without_evidence_is_refused(here, ready):
    Attachment.objects.all().delete()
    with pytest.raises(Refused, match="请先附上返校证明或到校照片"):
        speak(ready, SCHOOL, here.office)
    assert "没有返校证明或到校照片" in (why_not_close(ready, TENTH) or "")
    speak(ready, SCHOOL, here.office, file=photo())
    assert why_not_close(ready, TENTH) is None


def test_evidence_of_an_earlier_round_does_not_count(here):
    case = observed(here)
    registers(here, "PUUU")
    observe(DAYS[3], here.region)
    case.refresh_from_db()
    assert case.round == 1 and not met(case)["evidence"]


def test_words_of_an_earlier_round_are_spent(here):
    case = observed(here)
    registers(here, "PUUU")
    speak(case, SCHOOL, here.office, on=DAYS[0])
    assert met(case, DAYS[0])["school"]
    observe(DAYS[3], here.region)
    assert not met(case)["school"]
    assert ClosingOpinion.objects.filter(case=case, round=0, withdrawn_on=None).count() == 1


def test_who_gives_which_word(here, ready):
    for by, opinion_of in [
        (here.teacher, SCHOOL), (here.officer, SCHOOL), (here.bureau, SCHOOL),
        (here.office, TOWNSHIP), (here.bureau, TOWNSHIP), (here.cadre, TOWNSHIP),
    ]:  # fmt: skip
        with pytest.raises(Refused, match="签署"):
            speak(ready, opinion_of, by)
    for by in (here.office, here.officer, here.county_office):
        with pytest.raises(Refused, match="销号由县教育体育局审批"):
            close(ready, by)
    with pytest.raises(Refused, match="批准销号"):
        speak(ready, BUREAU, here.bureau)
    with pytest.raises(Case.DoesNotExist):
        speak(ready, TOWNSHIP, here.neighbour)
    assert not ClosingOpinion.objects.exists()


def test_a_word_is_given_once_and_on_a_day_that_fits(here, ready):
    with pytest.raises(Refused, match="早于返校日期"):
        speak(ready, SCHOOL, here.office, on=date(2026, 11, 18))
    speak(ready, SCHOOL, here.office)
    with pytest.raises(Refused, match="学校意见已经签署（12月2日）"):
        speak(ready, SCHOOL, here.office)
    speak(ready, TOWNSHIP, here.officer, on=DAYS[10])
    with pytest.raises(Refused, match="审批日期早于"):
        close(ready, here.bureau, on=TENTH)


def test_before_placing_the_school_has_nothing_to_say(here):
    case = returned(here)
    with pytest.raises(Refused, match="还没有落实安置"):
        speak(case, SCHOOL, here.office)


def test_the_later_of_two_hands_sees_who_was_first(here, ready):
    seen = version(ready)
    speak(ready, SCHOOL, here.office)
    with pytest.raises(Conflict, match="罗玉"):
        give_opinion(ready.uid, TOWNSHIP, by=here.officer, on=TENTH, version=seen)


def test_sent_back_the_words_are_withdrawn_with_the_reason(here, ready):
    speak(ready, SCHOOL, here.office)
    speak(ready, TOWNSHIP, here.officer)
    with pytest.raises(Refused, match="请写明退回销号意见的原因"):
        disagree(ready.uid, BUREAU, by=here.bureau, on=TENTH, version=version(ready), note="")
    disagree(ready.uid, BUREAU, by=here.bureau, on=TENTH, version=version(ready), note="缺到校照片")
    assert not ClosingOpinion.objects.filter(withdrawn_on=None).exists()
    assert DeadlineKind.SCHOOL_OPINION in standing(ready)
    assert DeadlineKind.APPROVE not in standing(ready)
    last = ready.events.last()
    assert (last.note, last.details["agrees"]) == ("退回销号意见：缺到校照片", False)
    with pytest.raises(Refused, match="没有可以退回"):
        disagree(
            ready.uid, BUREAU, by=here.bureau, on=TENTH, version=version(ready), note="缺到校照片"
        )
    speak(ready, SCHOOL, here.office)
    speak(ready, TOWNSHIP, here.officer)
    close(ready, here.bureau)


def test_a_township_that_does_not_agree_gives_no_word_and_the_school_speaks_again(here, ready):
    speak(ready, SCHOOL, here.office)
    told = {"by": here.officer, "on": TENTH}
    with pytest.raises(Refused, match="请写明核实后不同意"):
        disagree(ready.uid, TOWNSHIP, version=version(ready), note="", **told)
    event = disagree(
        ready.uid, TOWNSHIP, version=version(ready), note="到校核实，未见到本人", **told
    )
    assert (event.details["agrees"], event.note) == (
        False, "核实后不同意，退回学校：到校核实，未见到本人",
    )  # fmt: skip
    assert not met(ready)["school"] and not met(ready)["township"]
    assert sent_back(ready) == event.note and DeadlineKind.SCHOOL_OPINION in standing(ready)
    with pytest.raises(Refused, match="缺学校意见"):
        close(ready, here.bureau)
    speak(ready, SCHOOL, here.office)
    assert sent_back(ready) == ""


def test_nobody_gives_two_of_the_three_words(here, ready):
    """One account with the seats of school, township and bureau is still one pair of eyes."""
    for role, unit in ((Role.TOWNSHIP, here.township), (Role.BUREAU, here.region)):
        make.seat(here.office, role, unit)
    everything = User.objects.get(pk=here.office.pk)
    speak(ready, SCHOOL, everything)
    with pytest.raises(Refused, match="你已经签过学校意见"):
        speak(ready, TOWNSHIP, everything)
    speak(ready, TOWNSHIP, here.officer)
    with pytest.raises(Refused, match="你已经签过学校意见"):
        close(ready, everything)
    close(ready, here.bureau)


def test_referrals_end_with_the_case(here, ready):
    CaseAccess.objects.create(
        case=ready, kind=AccessKind.REFERRAL, role=Role.COURT, path=here.region.path,
        unit="县人民法院", began=DAYS[0],
    )  # fmt: skip
    speak(ready, SCHOOL, here.office)
    speak(ready, TOWNSHIP, here.officer)
    close(ready, here.bureau)
    assert ready.access_rows.get(kind=AccessKind.REFERRAL).until == TENTH
    assert ready.access_rows.filter(until=None).count() == 3
