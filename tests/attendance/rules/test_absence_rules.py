"""Explained days: kinds, chains, the bureau's second word, waiting and the weekly sample, as tables."""

from datetime import date, timedelta

import pytest

from attendance.enums import DayState
from attendance.rules.absence_kinds import KINDS, Unit, falls_on, weekdays_in_words
from attendance.rules.sampling import Grant, draw
from attendance.rules.second_word import (
    AbsenceRequest,
    LateLeave,
    Span,
    chain_of,
    count_days,
    why_refused,
    why_second,
    why_wrong_words,
)
from attendance.rules.waiting import Agreed, began, due_on, is_held, waited
from students.enums import AWAY, CAUSES, LEAVES, AbsenceKind

SICK, PERSONAL, LONG = AbsenceKind.SICK, AbsenceKind.PERSONAL, AbsenceKind.LONG_LEAVE
COUNTY = LateLeave(31, 756)


def nov(day: int) -> date:
    return date(2026, 11, day)


def dec(day: int) -> date:
    return date(2026, 12, day)


def weekdays(first: date, last: date) -> list[date]:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return [day for day in days if day.isoweekday() < 6]


def seen(*days: date) -> dict[date, DayState]:
    return dict.fromkeys(days, DayState.SEEN)


def weighed(kind, spans, wanted, school_days, states=None, **more) -> AbsenceRequest:
    """A request as it would be weighed among the others of its kind."""
    chain = chain_of(wanted, spans, states or {})
    return AbsenceRequest(
        kind,
        count_days(kind, [wanted], school_days),
        count_days(kind, chain, school_days),
        sum(any(day in one for one in chain) for day in school_days),
        **more,
    )


# ── the table ────────────────────────────────────────────────────────────────────────────────────


def test_every_kind_has_its_row_and_says_what_proof_it_asks_for():
    assert set(KINDS) == set(AbsenceKind)
    assert all(rule.proof and rule.instead for rule in KINDS.values())
    assert {kind for kind, rule in KINDS.items() if rule.away} == set(AWAY)
    assert {kind for kind, rule in KINDS.items() if rule.alone} == set(LEAVES)
    assert set(CAUSES) == set(AbsenceKind) and all(CAUSES[kind] for kind in LEAVES)


@pytest.mark.parametrize(
    ("kind", "alone", "longest", "chain", "unit", "proof_over"),
    [
        (SICK, 10, 15, 30, Unit.SCHOOL_DAYS, 3),
        (PERSONAL, 5, 5, 10, Unit.SCHOOL_DAYS, 3),
        (AbsenceKind.OFFICIAL, 10, 10, 20, Unit.SCHOOL_DAYS, 0),
        (LONG, 0, 60, 90, Unit.DAYS, 0),
    ],
)
def test_the_numbers_of_the_table(kind, alone, longest, chain, unit, proof_over):
    rule = KINDS[kind]
    assert (rule.alone, rule.longest, rule.chain) == (alone, longest, chain)
    assert (rule.unit, rule.proof_over) == (unit, proof_over)


def test_only_what_the_law_gives_the_township_is_lawful_without_the_bureau():
    lawful = {kind for kind, rule in KINDS.items() if rule.lawful}
    assert lawful == {AbsenceKind.SUSPENDED, AbsenceKind.DEFERRED}


@pytest.mark.parametrize(("weekdays", "falls"), [("", True), ("135", True), ("24", False)])
def test_weekdays_narrow_a_span(weekdays, falls):
    assert falls_on(nov(30), weekdays) is falls  # a Monday


def test_weekdays_in_words():
    assert (weekdays_in_words("135"), weekdays_in_words("")) == ("每周一、三、五", "")


# ── chains ───────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("between", "total"),
    [
        ((), 2),
        ((nov(17),), 2),
        ((nov(17), nov(18)), 2),
        ((nov(17), nov(18), nov(19)), 1),
    ],
)
def test_fewer_than_three_seen_days_between_spans_add_them_up(between, total):
    first, later = Span(nov(16), nov(16)), Span(nov(20), nov(20))
    assert len(chain_of(later, [first], seen(*between))) == total
    assert len(chain_of(first, [later], seen(*between))) == total, "in either order"


def test_only_seen_days_keep_spans_apart():
    states = dict.fromkeys((nov(17), nov(18), nov(19)), DayState.UNEXPLAINED)
    assert len(chain_of(Span(nov(20), nov(20)), [Span(nov(16), nov(16))], states)) == 2


def test_a_chain_goes_over_several_links():
    spans = [Span(nov(2), nov(3)), Span(nov(5), nov(6)), Span(nov(10), nov(11))]
    states = seen(nov(4), nov(9))
    assert len(chain_of(Span(nov(13), nov(13)), spans, states)) == 4


def test_spans_share_a_day_only_on_their_weekdays():
    plan = Span(nov(2), nov(30), "135")
    assert plan.crosses(Span(nov(16), nov(16)))
    assert not plan.crosses(Span(nov(17), nov(17)))
    assert not plan.crosses(Span(dec(2), dec(2)))


# ── refused and second: the acceptance rows ──────────────────────────────────────────────────────

NOVEMBER = weekdays(nov(2), dec(31))


def test_row_11_twelve_school_days_of_illness_go_to_the_bureau():
    asked = weighed(SICK, [], Span(nov(30), dec(15)), NOVEMBER, proof=True)
    assert asked.school_days == 12
    assert why_second(asked) == "12 个教学日，超过学校可准的 10 天"


def test_row_12_a_chain_is_one_span():
    asked = weighed(
        SICK, [Span(nov(2), nov(13))], Span(nov(18), nov(20)), NOVEMBER,
        seen(nov(16), nov(17)), proof=True,
    )  # fmt: skip
    assert why_second(asked) == "连同前后一段，共 13 个教学日，超过学校可准的 10 天"


def test_row_13_three_seen_days_break_the_chain():
    asked = weighed(
        SICK, [Span(nov(2), nov(13))], Span(nov(19), nov(20)), NOVEMBER,
        seen(nov(16), nov(17), nov(18)),
    )  # fmt: skip
    assert asked.school_days == 2 and why_second(asked) == ""


def test_row_14_leave_over_a_standing_alert_needs_proof_and_the_bureau():
    span = Span(nov(23), nov(27))
    bare = weighed(PERSONAL, [], span, NOVEMBER, marked=5, alert=True)
    assert why_second(bare) == "补假：涉及已登记未到 5 天，预警没有办结；没有证明"
    proven = weighed(PERSONAL, [], span, NOVEMBER, marked=5, alert=True, proof=True)
    assert why_second(proven) == "补假：涉及已登记未到 5 天，预警没有办结"


def test_row_15_two_long_leaves_in_a_row_are_refused():
    asked = weighed(
        LONG, [Span(date(2026, 9, 1), date(2026, 10, 30))], Span(nov(3), date(2027, 1, 1)),
        NOVEMBER, seen(date(2026, 10, 31), nov(2)),
    )  # fmt: skip
    assert asked.chained == 120
    said = why_refused(asked)
    assert "120 天，超过 90 天" in said and said.endswith("请办理休学。")


def test_row_27_a_school_that_grants_much_afterwards_goes_to_the_bureau():
    school = LateLeave(8, 44)
    assert (round(school.rate, 4), round(COUNTY.rate, 4)) == (0.1818, 0.0410)
    asked = weighed(
        SICK, [], Span(nov(2), nov(5)), NOVEMBER, proof=True, school=school, county=COUNTY
    )
    assert why_second(asked) == "学校本学期补假率超过全县两倍"


@pytest.mark.parametrize(
    ("school", "stands_out"),
    [
        (LateLeave(8, 44), True),
        (LateLeave(4, 10), False),  # too few to say anything
        (LateLeave(5, 61), False),  # 8.197 % is not over twice 4.1005 %
        (LateLeave(5, 60), True),
        (LateLeave(0, 0), False),
    ],
)
def test_when_a_schools_rate_stands_out(school, stands_out):
    assert school.stands_out(COUNTY) is stands_out


def test_row_29_treatment_on_three_weekdays_of_a_term_is_the_schools():
    days = weekdays(date(2026, 9, 7), date(2026, 12, 11))
    plan = Span(date(2026, 9, 7), date(2026, 12, 11), "135")
    asked = weighed(AbsenceKind.TREATMENT, [], plan, days, proof=True)
    assert asked.days == 42
    assert (why_refused(asked), why_second(asked)) == ("", "")


@pytest.mark.parametrize(
    ("kind", "days", "more", "says"),
    [
        (SICK, 3, {}, ""),
        (SICK, 4, {}, "没有证明"),
        (SICK, 4, {"proof": True}, ""),
        (SICK, 10, {"proof": True}, ""),
        (SICK, 11, {"proof": True}, "11 个教学日，超过学校可准的 10 天"),
        (PERSONAL, 3, {}, ""),
        (PERSONAL, 5, {"proof": True}, ""),
        (AbsenceKind.OFFICIAL, 1, {}, "没有证明"),
        (AbsenceKind.OFFICIAL, 1, {"proof": True}, ""),
        (SICK, 2, {"marked": 2}, ""),
        (SICK, 3, {"marked": 3, "proof": True}, "补假：涉及已登记未到 3 天"),
        (SICK, 3, {"marked": 3}, "补假：涉及已登记未到 3 天；没有证明"),
        (SICK, 1, {"alert": True, "proof": True}, "补假：预警没有办结"),
        (SICK, 1, {"false_sample": True}, "学校上月抽查有一份不实"),
        (LONG, 30, {"proof": True}, "长期请假由县教育体育局批准"),
        (AbsenceKind.SUSPENDED, 200, {}, "休学由县教育体育局批准；没有证明"),
    ],
)
def test_when_the_bureau_must_agree(kind, days, more, says):
    assert why_second(AbsenceRequest(kind, days, days, days, **more)) == says


def test_where_the_calendar_does_not_say_the_bureau_must_agree():
    asked = AbsenceRequest(SICK, 5, 5, None, proof=True)
    assert why_second(asked) == "校历未定，算不出教学日"


@pytest.mark.parametrize(
    ("kind", "days", "chained", "says"),
    [
        (SICK, 15, 15, ""),
        (SICK, 16, 16, "病假一次最长 15 个教学日，这里有 16 个教学日。请办理长期请假。"),
        (SICK, 15, 30, ""),
        (SICK, 15, 31, "共 31 个教学日，超过 30 个教学日。请办理长期请假。"),
        (PERSONAL, 6, 6, "事假一次最长 5 个教学日"),
        (PERSONAL, 5, 11, "超过 10 个教学日"),
        (LONG, 61, 61, "长期请假一次最长 60 天"),
        (AbsenceKind.TREATMENT, 90, 180, ""),
        (AbsenceKind.SUSPENDED, 367, 367, "休学一次最长 366 天"),
    ],
)
def test_what_is_too_long_is_refused(kind, days, chained, says):
    said = why_refused(AbsenceRequest(kind, days, chained, chained))
    assert said == says if says in ("",) else says in said


@pytest.mark.parametrize(
    ("kind", "cause", "words", "weekdays", "says"),
    [
        (SICK, "ill", "发烧三十九度", "", ""),
        (SICK, "", "发烧三十九度", "", ""),
        (SICK, "ill", "发烧", "", "至少 6 个字"),
        (SICK, "funeral", "爷爷去世回家", "", "病假没有“家中丧事”这一项"),
        (SICK, "ill", "发烧三十九度", "135", "病假不按星期办理"),
        (AbsenceKind.TREATMENT, "dialysis", "每周三次透析", "", "请选每周哪几天"),
        (AbsenceKind.TREATMENT, "dialysis", "每周三次透析", "135", ""),
    ],
)
def test_a_cause_is_from_the_list_and_has_words(kind, cause, words, weekdays, says):
    said = why_wrong_words(kind, cause, words, weekdays)
    assert said == says if not says else says in said


# ── waiting ──────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("on", "days", "held"),
    [
        (nov(27), 0, True),
        (nov(30), 1, True),
        (dec(4), 5, True),
        (dec(6), 5, True),
        (dec(7), 6, False),
    ],
)
def test_row_11_waiting_is_told_and_holds_five_school_days(on, days, held):
    assert waited(nov(27), on, NOVEMBER) == days
    assert is_held(True, days) is held
    assert not is_held(False, days), "without proof nothing is held"


ASKED = Agreed(Span(nov(10), nov(12)), nov(12))
RUN = Span(nov(3), nov(12))


@pytest.mark.parametrize(
    ("others", "unseen", "since"),
    [
        ([], RUN, nov(12)),
        ([Agreed(Span(nov(3), nov(5)), nov(5))], RUN, nov(5)),
        ([Agreed(Span(nov(3), nov(5)), nov(5))], None, nov(12)),  # seen since: another run
        ([Agreed(Span(nov(3), nov(5)), nov(5))], Span(nov(6), nov(12)), nov(12)),
        ([Agreed(Span(nov(11), nov(13)), nov(9))], None, nov(9)),  # the same days, not yet missed
        ([Agreed(Span(nov(3), nov(5)), nov(5), proven=False)], RUN, nov(12)),
        ([Agreed(Span(nov(3), nov(5)), nov(5), refused=True)], RUN, None),
        ([Agreed(Span(nov(3), nov(5)), nov(5), proven=False, refused=True)], RUN, None),
        ([Agreed(Span(nov(3), nov(5)), nov(5), refused=True)], Span(nov(6), nov(12)), nov(12)),
        ([Agreed(Span(nov(2), nov(30), "1"), nov(4))], Span(nov(10), nov(12)), nov(12)),
    ],
)
def test_the_wait_runs_once_while_a_child_is_unseen(others, unseen, since):
    assert began(ASKED, others, unseen) == since


def test_a_request_for_days_to_come_waits_on_its_own():
    ahead = Agreed(Span(nov(16), nov(18)), nov(12))
    assert began(ahead, [Agreed(Span(nov(3), nov(5)), nov(5))], RUN) == nov(12)


def test_the_bureau_is_due_on_the_second_school_day():
    assert due_on(nov(27), NOVEMBER) == dec(1)
    assert due_on(nov(27), [nov(30)]) is None


# ── the sample ───────────────────────────────────────────────────────────────────────────────────


SECOND_WEEK = nov(9)


def grants(count: int, schools: int, on: date = SECOND_WEEK) -> list[Grant]:
    return [Grant(n, f"S{n % schools}", on) for n in range(1, count + 1)]


@pytest.mark.parametrize(("count", "drawn"), [(0, 0), (1, 1), (10, 1), (11, 2), (54, 6), (420, 30)])
def test_row_28_a_tenth_of_a_week_and_thirty_at_most(count, drawn):
    assert len(draw(grants(count, 12), nov(11))) == drawn


def test_the_draw_is_the_same_for_everybody_and_another_each_week():
    one = draw(grants(200, 20), nov(9))
    assert one == draw(list(reversed(grants(200, 20))), nov(12))
    assert one != draw(grants(200, 20, nov(16)), nov(16))


def test_each_school_is_looked_at_once_a_month():
    month = [*grants(20, 1, nov(2)), *grants(20, 1, nov(9)), *grants(20, 1, nov(16))]
    month = [Grant(n, grant.school, grant.on) for n, grant in enumerate(month)]
    small = [Grant(900 + n, f"X{n}", nov(30)) for n in range(8)]
    drawn = draw([*month, *small], nov(30))
    assert len(drawn) == 8, "the last week owes one to every school nobody looked at"
    assert len(draw(small, nov(30))) == 8


def test_a_school_not_looked_at_yet_comes_first():
    early = [Grant(n, "S", nov(2)) for n in range(10)]
    later = [Grant(100 + n, "S", nov(9)) for n in range(19)] + [Grant(500, "T", nov(9))]
    assert 500 in draw([*early, *later], nov(9))
