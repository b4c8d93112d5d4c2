"""The four steps as a table: what each needs, and the one sentence that says what is missing."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import pytest

from accounts.enums import Role
from cases.enums.states import CaseState, Step
from cases.fuzzy_dates import FuzzyDate
from cases.law.conditions import (
    CONDITIONS,
    FOUND,
    CaseFacts,
    CheckState,
    DateRange,
    Decision,
    Enforceable,
    Evidence,
    FineBasis,
    Served,
)
from cases.law.steps import MAY_BE_LEFT_OUT, STEP_RULES, checks, why_not

TODAY = date(2026, 11, 19)
ON, UNKNOWN = FuzzyDate.on, FuzzyDate.unknown()
TOWNSHIP, BUREAU = {Role.TOWNSHIP}, {Role.BUREAU}


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


PERSUADED = CaseFacts(contacts=(ON(ago(40)),), criticisms=(ON(ago(30)),))
ORDERED = replace(
    PERSUADED,
    step=Step.ORDER,
    entered={Step.ORDER: ON(ago(25))},
    orders=(Served(ON(ago(20)), ago(13)),),
)
CLAUSE = FineBasis(
    "《某自治县义务教育条例》第二十条", "县教育体育局", frozenset({Role.BUREAU}), date(2020, 1, 1)
)
PENALISED = replace(
    ORDERED,
    step=Step.PENALTY,
    entered={Step.ORDER: ON(ago(300)), Step.PENALTY: ON(ago(280))},
    orders=(Served(ON(ago(295)), ago(288)),),
    bases=(CLAUSE,),
    decision=Decision(ON(ago(240)), ago(55), TODAY + timedelta(days=35)),
    demands=(Served(ON(ago(30)), ago(16)),),
)
ADVISED = replace(ORDERED, opinions=(ON(ago(5)),), left_out=frozenset({Step.PENALTY}))


def without(facts: CaseFacts, **fields) -> CaseFacts:
    return replace(facts, **fields)


# name, facts, step, roles, day, refusal (None: it may be entered)
BASIC = [
    ("1 is where a case begins", CaseFacts(), Step.PERSUADE, TOWNSHIP, TODAY, "已经在第一步"),
    ("nobody goes back to 1", ORDERED, Step.PERSUADE, TOWNSHIP, TODAY, "不能退回第一步"),
    ("2 after contact and criticism", PERSUADED, Step.ORDER, TOWNSHIP, TODAY, None),
    ("2 by the bureau", PERSUADED, Step.ORDER, BUREAU, TODAY, None),
    (
        "2 while still verifying, contacted by the school",
        without(PERSUADED, state=CaseState.VERIFYING),
        Step.ORDER,
        TOWNSHIP,
        TODAY,
        None,
    ),
    (
        "2 without contact",
        without(PERSUADED, contacts=()),
        Step.ORDER,
        TOWNSHIP,
        TODAY,
        "还没有联系监护人的记录（义务教育法第13条）",
    ),
    (
        "2 without criticism",
        without(PERSUADED, criticisms=()),
        Step.ORDER,
        TOWNSHIP,
        TODAY,
        "还没有作出批评教育（义务教育法第58条）",
    ),
    ("2 before the criticism", PERSUADED, Step.ORDER, TOWNSHIP, ago(31), "还没有作出批评教育"),
    ("2 before the contact", PERSUADED, Step.ORDER, TOWNSHIP, ago(41), "还没有联系监护人"),
    ("2 on the day of the criticism", PERSUADED, Step.ORDER, TOWNSHIP, ago(30), None),
    ("2 twice", ORDERED, Step.ORDER, TOWNSHIP, TODAY, "已经在第二步（责令限期改正）"),
    ("2 from 3", PENALISED, Step.ORDER, TOWNSHIP, TODAY, "不能退回第二步"),
    (
        "2 by a school",
        PERSUADED,
        Step.ORDER,
        {Role.PRINCIPAL},
        TODAY,
        "由责任乡镇或县教育体育局办理",
    ),
    ("2 by a village", PERSUADED, Step.ORDER, {Role.VILLAGE}, TODAY, "义务教育法 第58条"),
    ("2 by nobody", PERSUADED, Step.ORDER, set(), TODAY, "由责任乡镇或县教育体育局办理"),
    ("2 with the right left unasked", PERSUADED, Step.ORDER, None, TODAY, None),
    (
        "2 for a foreign child",
        without(PERSUADED, chinese=False),
        Step.ORDER,
        TOWNSHIP,
        TODAY,
        "中国国籍的适龄儿童、少年适用（义务教育法第4条）",
    ),
]
STATES = [
    (f"2 when {state}", without(PERSUADED, state=state), Step.ORDER, TOWNSHIP, TODAY, said)
    for state, said in [
        (CaseState.RETURNED, "学生已返校"), (CaseState.OBSERVING, "学生已返校"),
        (CaseState.CLOSED, "已经办结"), (CaseState.EXITED, "已经办结"),
        (CaseState.MISTAKE, "已经办结"),
    ]
]  # fmt: skip
THIRD = without(ORDERED, bases=(CLAUSE,))
PENALTIES = [
    ("3 with a clause, by the body it names", THIRD, Step.PENALTY, BUREAU, TODAY, None),
    ("3 without any clause", ORDERED, Step.PENALTY, BUREAU, TODAY,
     "不能进入：没有可罚款的法律依据（义务教育法第58条没有设定罚款）。"),
    ("3 by another body", THIRD, Step.PENALTY, TOWNSHIP, TODAY,
     "罚款由县教育体育局决定（《某自治县义务教育条例》第二十条）"),
    ("3 by a township that is named", without(THIRD, bases=(replace(CLAUSE, bodies=frozenset(TOWNSHIP)),)),
     Step.PENALTY, TOWNSHIP, TODAY, None),
    ("3 where the clause names a body without a seat",
     without(THIRD, bases=(replace(CLAUSE, competent="县人民政府", bodies=frozenset()),)),
     Step.PENALTY, TOWNSHIP | BUREAU, TODAY, "罚款由县人民政府决定"),
    ("3 under a clause not yet in force", without(THIRD, bases=(replace(CLAUSE, since=date(2027, 1, 1)),)),
     Step.PENALTY, BUREAU, TODAY, "没有可罚款的法律依据"),
    ("3 under a clause that ended", without(THIRD, bases=(replace(CLAUSE, until=ago(1)),)),
     Step.PENALTY, BUREAU, TODAY, "没有可罚款的法律依据"),
    ("3 on the last day of the clause", without(THIRD, bases=(replace(CLAUSE, until=TODAY),)),
     Step.PENALTY, BUREAU, TODAY, None),
    ("3 from 1", without(PERSUADED, bases=(CLAUSE,)), Step.PENALTY, BUREAU, TODAY, "还没有办第二步"),
    ("3 with 2 left out", without(PERSUADED, bases=(CLAUSE,), left_out=frozenset({Step.ORDER})),
     Step.PENALTY, BUREAU, TODAY, "还没有办第二步"),
    ("3 with an order nobody served", without(THIRD, orders=()), Step.PENALTY, BUREAU, TODAY,
     "还没有送达父母或者其他法定监护人"),
    ("3 before the order was served", THIRD, Step.PENALTY, BUREAU, ago(21), "还没有送达父母"),
    ("3 on the last day of the order", THIRD, Step.PENALTY, BUREAU, ago(13),
     "责令的期限还没有届满，2026年11月7日起可以（义务教育法第58条）"),
    ("3 the day after", THIRD, Step.PENALTY, BUREAU, ago(12), None),
    ("3 dated before step 2", THIRD, Step.PENALTY, BUREAU, ago(26), "日期早于进入第二步"),
    ("3 for one of two parents", without(THIRD, orders=(*THIRD.orders, Served(ON(ago(1)), TODAY))),
     Step.PENALTY, BUREAU, TODAY, None),
    ("3 by a school", THIRD, Step.PENALTY, {Role.OFFICE}, TODAY, "法律依据写明的有权机关"),
]  # fmt: skip
ENFORCED = [
    ("4a with all of it", PENALISED, Step.ENFORCE, TOWNSHIP, TODAY, None),
    ("4a without a decision", without(PENALISED, decision=None), Step.ENFORCE, TOWNSHIP, TODAY,
     "没有已送达、法院认可可执行的决定（本县：处罚决定；行政诉讼法第97条）"),
    ("4a within the appeals", PENALISED, Step.ENFORCE, TOWNSHIP, ago(55),
     "申请复议、提起诉讼的期限还没有过，2026年9月26日起可以（行政强制法第53条）"),
    ("4a without a demand", without(PENALISED, demands=()), Step.ENFORCE, TOWNSHIP, TODAY,
     "送达未满 10 个工作日"),
    ("4a within the demand", PENALISED, Step.ENFORCE, TOWNSHIP, ago(16),
     "送达未满 10 个工作日，2026年11月4日起可以（行政强制法第54条）"),
    ("4a the day after the demand", PENALISED, Step.ENFORCE, TOWNSHIP, ago(15), None),
    ("4a on the last day of the window", PENALISED, Step.ENFORCE, TOWNSHIP, TODAY + timedelta(35), None),
    ("4a after the window", PENALISED, Step.ENFORCE, TOWNSHIP, TODAY + timedelta(36),
     "已超过申请强制执行的 3 个月期限（行政强制法第53条）"),
    ("4a with a demand that ends after the window",
     without(PENALISED, demands=(Served(ON(TODAY), TODAY + timedelta(35)),)), Step.ENFORCE, TOWNSHIP,
     FuzzyDate(TODAY, TODAY + timedelta(60)), "已超过申请强制执行"),
    ("4a from 2 without leaving 3 out", without(PENALISED, step=Step.ORDER, entered={Step.ORDER: ON(ago(300))}),
     Step.ENFORCE, TOWNSHIP, TODAY, "还没有办第三步（行政处罚）；要跳过，须写明理由，报县控辍保学专班批准"),
    ("4a from 2 where the court takes the order",
     without(PENALISED, step=Step.ORDER, entered={Step.ORDER: ON(ago(300))},
             left_out=frozenset({Step.PENALTY}), enforceable=Enforceable.ORDER),
     Step.ENFORCE, TOWNSHIP, TODAY, None),
    ("4a without 2", without(PENALISED, entered={Step.PENALTY: ON(ago(280))}), Step.ENFORCE, TOWNSHIP, TODAY,
     "还没有办第二步（责令限期改正）（四步法，系统设定）"),
    ("4a after 4b", without(PENALISED, step=Step.SUE, entered={**PENALISED.entered, Step.SUE: ON(ago(9))}),
     Step.ENFORCE, TOWNSHIP, TODAY, None),
]  # fmt: skip
SUED = [
    ("4b with 3 left out", ADVISED, Step.SUE, TOWNSHIP, TODAY, None),
    ("4b with 2 and 3 left out",
     without(PERSUADED, opinions=(ON(ago(5)),), left_out=frozenset({Step.ORDER, Step.PENALTY})),
     Step.SUE, TOWNSHIP, TODAY, None),
    ("4b after 3", without(PENALISED, opinions=(ON(ago(5)),)), Step.SUE, TOWNSHIP, TODAY, None),
    ("4b without an opinion", without(ADVISED, opinions=()), Step.SUE, TOWNSHIP, TODAY,
     "没有法律意见书，说明原告资格和诉讼请求（未成年人保护法第106条）"),
    ("4b before the opinion", ADVISED, Step.SUE, TOWNSHIP, ago(6), "没有法律意见书"),
    ("4b with 3 neither done nor left out", without(ADVISED, left_out=frozenset()), Step.SUE, TOWNSHIP, TODAY,
     "还没有办第三步（行政处罚）；要跳过，须写明理由，报县控辍保学专班批准（四步法，系统设定）"),
    ("4b with 2 neither done nor left out",
     without(PERSUADED, opinions=(ON(ago(5)),), left_out=frozenset({Step.PENALTY})),
     Step.SUE, TOWNSHIP, TODAY, "还没有办第二步（责令限期改正）；要跳过"),
    ("4b within the order", without(ADVISED, orders=(Served(ON(ago(3)), TODAY),)), Step.SUE, TOWNSHIP, TODAY,
     "责令的期限还没有届满，2026年11月20日起可以"),
    ("4b with an order nobody served", without(ADVISED, orders=()), Step.SUE, TOWNSHIP, TODAY, "还没有送达"),
    ("4b without criticism", without(ADVISED, criticisms=()), Step.SUE, TOWNSHIP, TODAY, "批评教育"),
    ("4b without contact", without(ADVISED, contacts=()), Step.SUE, TOWNSHIP, TODAY, "联系监护人"),
    ("4b by the bureau", ADVISED, Step.SUE, BUREAU, TODAY, "由责任乡镇作原告"),
    ("4b after 4a", without(PENALISED, step=Step.ENFORCE, opinions=(ON(ago(2)),),
                            entered={**PENALISED.entered, Step.ENFORCE: ON(ago(9))}),
     Step.SUE, TOWNSHIP, TODAY, None),
    ("4b twice over 4a", without(PENALISED, step=Step.ENFORCE, opinions=(ON(ago(2)),),
                                 entered={**PENALISED.entered, Step.SUE: ON(ago(9)), Step.ENFORCE: ON(ago(8))}),
     Step.SUE, TOWNSHIP, TODAY, "不能退回第四步（提起诉讼）"),
]  # fmt: skip
UNSURE = [
    ("a month that reaches past the order's end", THIRD, Step.PENALTY, BUREAU, FuzzyDate.month(2026, 11), None),
    ("a month that ends before it", THIRD, Step.PENALTY, BUREAU, FuzzyDate.month(2026, 10), "还没有届满"),
    ("not later than a day after it", THIRD, Step.PENALTY, BUREAU, FuzzyDate.not_later(ago(12)), None),
    ("not later than its last day", THIRD, Step.PENALTY, BUREAU, FuzzyDate.not_later(ago(13)), "还没有届满"),
    ("about a day after it", THIRD, Step.PENALTY, BUREAU, FuzzyDate.about(ago(12)), None),
    ("an unknown day is not judged", THIRD, Step.PENALTY, BUREAU, UNKNOWN, None),
    ("no day at all is not judged", THIRD, Step.PENALTY, BUREAU, None, None),
    ("an unknown day does not make evidence", ORDERED, Step.PENALTY, BUREAU, UNKNOWN, "没有可罚款"),
    ("an order served on an unknown day", without(THIRD, orders=(Served(),)), Step.PENALTY, BUREAU, TODAY, None),
    ("criticism on an unknown day", without(PERSUADED, criticisms=(UNKNOWN,)), Step.ORDER, TOWNSHIP, TODAY, None),
    ("criticism in a month that began", without(PERSUADED, criticisms=(FuzzyDate.month(2026, 11),)), Step.ORDER,
     TOWNSHIP, date(2026, 11, 1), None),
    ("criticism in a later month", without(PERSUADED, criticisms=(FuzzyDate.month(2026, 11),)), Step.ORDER,
     TOWNSHIP, date(2026, 10, 31), "批评教育"),
    ("criticism not later than a day to come", without(PERSUADED, criticisms=(FuzzyDate.not_later(ago(0)),)),
     Step.ORDER, TOWNSHIP, ago(25), None),
    ("a decision of unknown day", without(PENALISED, decision=Decision()), Step.ENFORCE, TOWNSHIP, TODAY, None),
    ("a month that touches the window", PENALISED, Step.ENFORCE, TOWNSHIP, FuzzyDate.month(2026, 12), None),
    ("a month behind the window", PENALISED, Step.ENFORCE, TOWNSHIP, FuzzyDate.month(2027, 1), "3 个月期限"),
    ("enforcement on an unknown day", PENALISED, Step.ENFORCE, TOWNSHIP, UNKNOWN, None),
]  # fmt: skip
TABLE = BASIC + STATES + PENALTIES + ENFORCED + SUED + UNSURE


@pytest.mark.parametrize(
    ("facts", "step", "roles", "on", "said"),
    [row[1:] for row in TABLE],
    ids=[row[0] for row in TABLE],
)
def test_a_step_is_entered_or_refused_in_one_sentence(facts, step, roles, on, said):
    refusal = why_not(facts, step, roles, on)
    if said is None:
        assert refusal is None
    else:
        assert said in refusal
        assert refusal.count("。") == 1 and refusal.endswith("。")
        assert "（" in refusal, "it names its article"


def test_every_condition_has_its_words_its_judge_and_a_place_in_the_table():
    assert set(CONDITIONS) == set(FOUND) == set(Evidence)
    asked = {one for rung in STEP_RULES.values() for one in rung.needs}
    asked |= {
        one for rung in STEP_RULES.values() for needs in rung.needs_of.values() for one in needs
    }
    assert asked == set(Evidence)
    assert set(STEP_RULES) == set(Step)
    assert {Step.ORDER, Step.PENALTY} == MAY_BE_LEFT_OUT


def test_school_and_village_persuade_and_never_order():
    below = {Role.TEACHER, Role.OFFICE, Role.PRINCIPAL, Role.VILLAGE}
    assert below <= STEP_RULES[Step.PERSUADE].by
    assert not any(
        below & rung.by for step, rung in STEP_RULES.items() if step is not Step.PERSUADE
    )


def test_a_township_never_cites_the_law_that_speaks_of_the_education_department():
    order = STEP_RULES[Step.ORDER]
    assert order.article(Role.TOWNSHIP) == "义务教育法 第58条"
    assert order.article(Role.BUREAU) == "义务教育法 第58条，未成年人保护法 第83条"


FULL = without(PENALISED, opinions=(ON(ago(5)),))
TAKE_AWAY = {
    Evidence.CONTACT: {"contacts": ()},
    Evidence.CRITICISM: {"criticisms": ()},
    Evidence.ORDER_SERVED: {"orders": ()},
    Evidence.FINE_BASIS: {"bases": ()},
    Evidence.DECISION_SERVED: {"decision": None},
    Evidence.DEMAND_OVER: {"demands": ()},
    Evidence.LEGAL_OPINION: {"opinions": ()},
}


@pytest.mark.parametrize("step", [Step.ORDER, Step.PENALTY, Step.ENFORCE, Step.SUE])
@pytest.mark.parametrize("evidence", TAKE_AWAY, ids=lambda one: one.value)
def test_each_step_misses_what_the_table_says_it_needs_and_nothing_else(step, evidence):
    rung = STEP_RULES[step]
    on_the_way = {Step.ORDER: {}, Step.PENALTY: {Step.ORDER: UNKNOWN}}.get(step, FULL.entered)
    before = [one for one in Step if one in on_the_way] or [Step.PERSUADE]
    whole = without(FULL, entered=on_the_way, step=before[-1])
    assert why_not(whole, step, None, TODAY) is None
    asked = {*rung.needs, *(one for needs in rung.needs_of.values() for one in needs)}
    refusal = why_not(without(whole, **TAKE_AWAY[evidence]), step, None, TODAY)
    assert (refusal is not None) == (evidence in asked)


def test_why_not_and_checks_say_the_same():
    """Over every mix of evidence, on three days: refused exactly where a check is not met."""
    keys = list(TAKE_AWAY.values())
    for taken in product([False, True], repeat=len(keys)):
        gone = {k: v for take, one in zip(taken, keys, strict=True) if take for k, v in one.items()}
        facts = without(FULL, **gone)
        for step, on in product((Step.ENFORCE, Step.SUE), (TODAY, ago(100), UNKNOWN)):
            wanting = [one for one in checks(facts, step, on) if not one.met]
            assert (why_not(facts, step, None, on) is None) == (wanting == [])


def test_a_check_says_what_is_on_file_and_from_when_the_step_opens():
    found = {
        one.label: one
        for one in checks(without(ADVISED, orders=(Served(ON(ago(3)), TODAY),)), Step.SUE, TODAY)
    }
    waiting = found["责令的期限已届满，学生没有返校"]
    assert (waiting.state, waiting.opens_on) == (CheckState.WAIT, TODAY + timedelta(days=1))
    contact = found["家访或联系至少 1 次"]
    assert (contact.state, contact.count, contact.last) == (CheckState.DONE, 1, ON(ago(40)))
    assert found["已批准跳过第三步（行政处罚）"].met


def test_what_no_day_tells_is_marked_as_not_judged():
    marked = {one.state for one in checks(without(THIRD, orders=(Served(),)), Step.PENALTY, TODAY)}
    assert CheckState.UNDATED in marked
    assert CheckState.UNDATED not in {one.state for one in checks(THIRD, Step.PENALTY, TODAY)}


def days_of(span: FuzzyDate) -> list[date]:
    return [span.earliest + timedelta(n) for n in range((span.latest - span.earliest).days + 1)]


def test_a_span_of_days_is_judged_on_its_most_favourable_day():
    """Against the days one by one: allowed for the span exactly where it is for one of its days."""
    for first, length in product(range(-70, 40, 3), (0, 1, 7, 20, 45)):
        span = FuzzyDate(TODAY + timedelta(first), TODAY + timedelta(first + length))
        for facts, step in ((PENALISED, Step.ENFORCE), (THIRD, Step.PENALTY), (ADVISED, Step.SUE)):
            single = [why_not(facts, step, None, day) is None for day in days_of(span)]
            assert (why_not(facts, step, None, span) is None) == any(single), (span, step)


def test_an_open_span_reaches_whatever_it_may():
    assert DateRange.of(UNKNOWN).reaches(ON(TODAY)) and DateRange.of(TODAY).reaches(UNKNOWN)
    assert not DateRange.of(ago(1)).reaches(ON(TODAY))
