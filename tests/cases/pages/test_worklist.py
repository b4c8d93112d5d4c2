"""The work list: who does what by when, in which group, for whom, at what cost."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from cases import history
from cases.enums.records import DeadlineKind
from cases.enums.states import CaseState, EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.models import Case, Deadline
from cases.worklist.waiting import waiting_cases
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.page_reader import (
    due,
    listed,
    signed_in,
    text,
    visit,
)
from tests.pages.test_queries import statements, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def test_a_row_says_who_does_what_by_when_under_which_article(here):
    case = case_of(here.student, by=here.office)
    shown = listed(here.officer)
    assert "1 件在办" in shown and "没有逾期" in shown
    for said in (
        here.student.name,
        "还有 1 天",
        "首次核查并定性",
        "地区539901001 ·",
        "系统设定",
        "核查中",
    ):
        assert said in shown, said
    assert reverse("cases:contact", args=[here.student.uid]) in shown
    assert reverse("cases:case", args=[case.uid]) in shown


@pytest.mark.parametrize(
    ("ahead", "group", "word"),
    [(-3, "已逾期 1", "逾期 3 天"), (0, "今天到期 1", "今天"), (7, "7 天内 1", "还有 7 天"),
     (8, "以后 1", "还有 8 天")],
)  # fmt: skip
def test_cases_stand_in_groups_by_their_due_date(here, ahead, group, word):
    due(case_of(here.student), ON + timedelta(days=ahead))
    shown = listed(here.officer)
    assert group in shown and word in shown


def test_the_list_is_ordered_by_date_and_never_by_name(here):
    for number, name in enumerate(["阿一", "阿二", "阿三"]):
        due(case_of(make.pupil(here.school_class, name)), ON + timedelta(days=9 - number))
    shown = listed(here.bureau)
    assert shown.index("阿三") < shown.index("阿二") < shown.index("阿一")


def test_phases_count_their_cases_and_those_late(here):
    due(case_of(here.student), ON - timedelta(days=1))
    other = case_of(make.pupil(here.school_class, "玉叫"))
    Case.objects.filter(pk=other.pk).update(state=CaseState.PERSUADING)
    assert "玉叫" not in listed(here.officer, phase="find")
    shown = listed(here.officer, phase="persuade")
    assert "玉叫" in shown and here.student.name not in shown.split("<main")[1].split("stats")[0]
    assert shown.count("1 件逾期") == 3, "the sentence, the whole, and the phase 发现"


def test_a_search_by_name_goes_by_post_and_stands_in_no_address(here):
    case_of(here.student)
    case_of(make.pupil(here.school_class, "玉叫", initials="yj"))
    for words in ("玉叫", "yj", "YJ"):
        shown = text(signed_in(here.officer).post(reverse("cases:worklist"), {"words": words}))
        assert "玉叫</a>" in shown and f"{here.student.name}</a>" not in shown
    assert "玉叫</a>" in listed(here.officer, words="岩香"), "a name in the address is not read"


def test_no_match_says_so_and_offers_the_way_back(here):
    case_of(here.student)
    shown = text(signed_in(here.officer).post(reverse("cases:worklist"), {"words": "没有这人"}))
    assert "没有符合筛选的个案" in shown and "清除筛选" in shown


def test_an_empty_list_is_honest_about_missing_registers(here):
    shown = listed(here.officer)
    assert "没有在办个案" in shown and "还差 1 个班未报考勤" in shown
    make.take(here.school_class, ON, here.teacher)
    shown = listed(here.officer)
    assert "1 / 1 个班" in shown and "还差" not in shown


def test_the_county_sees_what_is_to_be_assigned(here):
    lost = make.pupil(here.school_class, "娜妥")
    case = case_of(lost)
    link = reverse("cases:assign", args=[case.uid])
    assert link in listed(here.bureau) and "等你办理 1" in listed(here.county_office)
    assert waiting_cases(here.bureau, ON) == waiting_cases(here.county_office, ON) == 1
    assert link not in listed(here.officer)


def test_a_step_to_be_left_out_waits_for_the_county_office_alone(here):
    case = case_of(here.student)
    steps.ask_skip(
        case.uid, Step.PENALTY, by=here.officer, on=ON, version=1, reason="没有可罚款的法律依据"
    )
    link = reverse("cases:decide_skip", args=[case.uid])
    shown = listed(here.county_office)
    assert link in shown and "申请跳过第三步（行政处罚）：没有可罚款的法律依据" in shown
    assert link not in listed(here.bureau) and link not in listed(here.officer)
    assert waiting_cases(here.county_office, ON) == 1 and waiting_cases(here.bureau, ON) == 0


def test_what_waits_for_the_bureau_stands_above_what_it_looks_on_at(here):
    due(case_of(here.student), ON - timedelta(days=9))
    mine = case_of(make.pupil(here.school_class, "玉叫"))
    due(mine, ON + timedelta(days=3), DeadlineKind.APPROVE, Role.BUREAU)
    Case.objects.filter(pk=mine.pk).update(to_assign=False, state=CaseState.PERSUADING)
    shown = listed(here.bureau)
    assert "等你办理 1" in shown and shown.index("玉叫") < shown.index(here.student.name)
    assert "等你办理" not in listed(here.officer)


def test_a_period_that_ran_out_is_over_and_not_late(here):
    case = case_of(here.student)
    due(case, ON - timedelta(days=200), DeadlineKind.SUIT, Role.TOWNSHIP)
    Deadline.objects.update(who="")
    shown = listed(here.officer)
    assert "逾期 200" not in shown and "没有逾期" in shown and "继续劝返" in shown
    page = text(signed_in(here.officer).get(reverse("cases:case", args=[case.uid])))
    assert "已届满" in page and "逾期" not in page.split("<h2>期限</h2>")[1].split("</section>")[0]


@pytest.mark.parametrize(
    ("kind", "ahead", "button"),
    [
        (DeadlineKind.ORDER, 0, "登记返校"),
        (DeadlineKind.ORDER, -1, "进入下一步"),
        (DeadlineKind.PROMISE, 0, "登记返校"),
        (DeadlineKind.PROMISE, -1, "记家访"),
    ],
)
def test_once_the_day_of_return_has_passed_the_button_leads_on(here, kind, ahead, button):
    case = case_of(here.student)
    due(case, ON + timedelta(days=ahead), kind)
    assert f">{button}<span" in listed(here.officer)
    page = text(signed_in(here.officer).get(reverse("cases:case", args=[case.uid])))
    assert re.search(rf'class="btn btn-primary" href="[^"]+">{button}</a>', page)


def test_a_child_whom_the_registers_show_does_not_read_as_out(here):
    """The order's day has passed too, but first somebody is to say that the child is back."""
    case = case_of(here.student)
    due(case, ON - timedelta(days=2), DeadlineKind.ORDER)
    Deadline.objects.create(
        case=case, kind=DeadlineKind.RECORD_RETURN, starts_on=ON - timedelta(days=1),
        due_on=ON + timedelta(days=1), who=Role.OFFICE, article="系统设定",
    )  # fmt: skip
    shown = listed(here.officer)
    assert "考勤显示到校<small>11月18日起" in shown and "考勤显示到校，登记返校" in shown
    assert ">登记返校<span" in shown and "没有逾期" in shown
    page = text(signed_in(here.officer).get(reverse("cases:case", args=[case.uid])))
    assert "考勤显示 11月18日起到校" in page and "tag-warn" not in page.split("<dl")[0]


def test_a_row_says_that_the_child_dropped_out_again(here):
    case = case_of(here.student)
    due(case, ON)
    assert "再次辍学" not in listed(here.officer)
    Case.objects.filter(pk=case.pk).update(round=1)
    assert "再次辍学" not in listed(here.officer), "a lawful reason that ended is no dropping out"
    for _ in range(2):
        history.write(case, EventKind.RELAPSED, by=None, happened=FuzzyDate.on(ON))
    assert "核查中 · 再次辍学 2 次" in listed(here.officer)


def test_a_neighbour_sees_nothing_of_it(here):
    case_of(here.student)
    assert here.student.name not in listed(here.neighbour)


def test_the_badge_counts_what_is_late_or_due_today_and_ones_own(here):
    case = case_of(here.student)
    assert waiting_cases(here.officer, ON) == 0
    due(case, ON)
    assert waiting_cases(here.officer, ON) == 1
    assert waiting_cases(here.office, ON) == waiting_cases(here.neighbour, ON) == 0
    due(case, ON, DeadlineKind.PLACE, Role.OFFICE)
    assert waiting_cases(here.office, ON) == 1 and waiting_cases(here.officer, ON) == 0
    principal = make.user(Role.PRINCIPAL, here.school_class.school)
    assert waiting_cases(principal, ON) == 1, "office and principal stand in for each other"


@pytest.mark.parametrize(
    ("reader", "contact_in", "said"),
    [
        ("officer", 5, "再次联系监护人"),
        ("office", 5, "学校书面报告"),
        ("office", -5, "学校书面报告"),
        ("bureau", 5, "再次联系监护人"),
    ],
)
def test_the_next_step_is_ones_own_when_it_is_due_and_a_report_stands_aside(
    here, reader, contact_in, said
):
    """The school's report is late; the township's next contact is due later, or late as well."""
    case = case_of(here.student)
    due(case, ON + timedelta(days=contact_in))
    Deadline.objects.create(
        case=case, kind=DeadlineKind.SCHOOL_REPORT, starts_on=ON, article="未保法",
        due_on=ON - timedelta(days=2), who=Role.OFFICE,
    )  # fmt: skip
    shown = listed(getattr(here, reader))
    assert f"· {said}</b>" in shown
    assert ("写书面报告" in shown) is (reader == "office")


def test_the_county_looks_on_at_what_is_anothers_duty(here):
    case_of(here.student)
    assert "看个案" in listed(here.bureau) and "记家访" not in listed(here.bureau)
    assert "记家访" in listed(here.officer) and "记家访" in listed(here.cadre)


def test_each_row_has_one_button_for_what_this_reader_may_do(here):
    case = case_of(here.student)
    due(case, ON, DeadlineKind.PLACE, Role.OFFICE)
    assert "登记安置" in listed(here.office)
    assert "登记安置" not in listed(here.officer) and "看个案" in listed(here.officer)


@pytest.mark.parametrize("role", ["officer", "bureau", "office", "teacher", "cadre"])
def test_the_list_costs_the_same_for_two_cases_and_for_thirty(here, role):
    """A child more brings no statement more."""

    def more(numbers: range) -> None:
        for n in numbers:
            child = make.pupil(
                here.school_class, f"学生{n}", residence_region=here.village,
                residence_path=here.village.path,
            )  # fmt: skip
            case = case_of(child, by=here.office)
            visit(case, here.officer)

    client, url = signed_in(getattr(here, role)), reverse("cases:worklist")
    more(range(2))
    client.get(url)
    with statements() as few:
        client.get(url)
    more(range(2, 30))
    with statements() as many:
        client.get(url)
    assert len(few) == len(many), told(many)
