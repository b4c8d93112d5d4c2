"""The pages 事项上报 and 移送个案: each level and body sees what rose or was referred to it."""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.enums import Role
from accounts.models import AccessLog
from attendance.enums import AlertState
from attendance.models import AbsenceAlert
from cases.escalation import escalations
from cases.escalation.views import standing_rises
from cases.intake import assignment
from cases.models import Escalation
from tests import factories as make
from tests.cases.case_county import ON, case_of, county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = ON


@pytest.fixture
def here():
    return county()


def page(user, url: str):
    client = Client()
    client.force_login(user)
    return client.get(url)


def rise(kind: str, level: Role, path: str, said: str, **about) -> Escalation:
    return Escalation.objects.create(
        kind=kind, level=level, path=path, said=said, since=ON, **about
    )


def hang(here, child, number: int = 0) -> None:
    """An alert, a duty and a register that rose, at every level they rise to."""
    alert = AbsenceAlert.objects.create(
        student=child, path=here.school_class.path, state=AlertState.OPEN, opened_on=ON,
        as_of=ON, first=ON, last=ON, unexplained=3, grounds=["unexplained"],
        proof={"policy": "县规则", "threshold": 3, "days": []},
    )  # fmt: skip
    case = case_of(child, note=f"rise{number}")
    township, bureau = (Role.TOWNSHIP, here.township.path), (Role.BUREAU, here.region.path)
    for level, path in (township, bureau):
        rise(escalations.ALERT, level, path, f"预警{number}甲", student=child, alert=alert)
    rise(
        escalations.DEADLINE, Role.COUNTY_OFFICE, here.region.path, f"期限{number}乙", student=child,
        case=case, deadline=case.deadlines.first(),
    )  # fmt: skip
    day = date(2026, 11, 16)
    of = make.school_class(here.school_class.school, number=number + 2)
    for level, path in ((Role.CENTRAL, here.school_class.school.path), bureau):
        rise(
            escalations.REGISTER, level, path, f"考勤{number}丙", school=of.school, school_class=of,
            on=day,
        )  # fmt: skip


def test_each_level_sees_what_rose_to_it(here):
    hang(here, here.student)
    central = make.user(Role.CENTRAL, here.school_class.school)
    other_central = make.user(Role.CENTRAL, make.school("5399010009"))
    far = make.user(Role.BUREAU, make.region("539902"))
    seen = {
        here.officer: {"甲"}, here.neighbour: set(), here.bureau: {"甲", "丙"},
        here.county_office: {"乙"}, central: {"丙"}, other_central: set(), far: set(),
    }  # fmt: skip
    for user, expected in seen.items():
        html = page(user, "/escalations/").content.decode()
        told = {"甲": "预警0甲", "乙": "期限0乙", "丙": "1 个班未报考勤"}
        assert {sign for sign, said in told.items() if said in html} == expected, user.name


def test_what_was_done_is_off_the_list(here):
    hang(here, here.student)
    Escalation.objects.update(ended_on=ON)
    html = page(here.bureau, "/escalations/").content.decode()
    assert "0甲" not in html and "没有上报到这一级的事项" in html


def test_every_row_leads_to_a_page_this_user_may_open(here):
    """Whoever a thing rose to can open it: the alert, the case, the school's day."""
    hang(here, here.student)
    central = make.user(Role.CENTRAL, here.school_class.school)
    for user in (here.officer, here.bureau, here.county_office, central):
        rows = page(user, "/escalations/").context["rows"]
        assert rows
        for row in rows:
            assert page(user, row.url).status_code == 200, (user.name, row.url)


def test_a_kind_can_be_chosen(here):
    hang(here, here.student)
    html = page(here.bureau, "/escalations/?kind=register").content.decode()
    assert "1 个班未报考勤" in html and "0甲" not in html


def test_the_registers_of_a_school_are_one_row_whatever_their_number(here):
    """A school that did not take twenty registers is one thing to look after, and one in the badge."""
    school, other = here.school_class.school, make.school("5399010007", name="青山中学")
    classes = [make.school_class(school, number=number) for number in (5, 6)]
    days = [date(2026, 11, day) for day in (9, 10, 11, 12)]
    lone = make.school_class(other)
    taken = [(one, day) for one in classes for day in days] + [(lone, days[0])]
    for one, day in taken:
        rise(
            escalations.REGISTER, Role.BUREAU, here.region.path, "没有报", school=one.school,
            school_class=one, on=day,
        )  # fmt: skip
    shown = page(here.bureau, "/escalations/")
    said = {row.about: (row.said, row.url) for row in shown.context["rows"]}
    assert said == {
        school.name: (
            "2 个班未报考勤，共 8 班次（11月9日至11月12日间 4 天）",
            f"/school/{school.code}/2026-11-09/",
        ),
        "青山中学": ("1 个班未报考勤，共 1 班次（11月9日）", "/school/5399010007/2026-11-09/"),
    }
    assert standing_rises(here.bureau) == 2 and ">2 件</b>" in shown.content.decode()
    Escalation.objects.filter(school=other).update(ended_on=ON)
    assert standing_rises(here.bureau) == 1


@pytest.mark.parametrize("role", [Role.TEACHER, Role.OFFICE, Role.VILLAGE, Role.COURT])
def test_others_have_no_such_page(here, role):
    units = {
        Role.TEACHER: here.school_class, Role.OFFICE: here.school_class.school,
        Role.VILLAGE: here.village, Role.COURT: here.region,
    }  # fmt: skip
    assert page(make.user(role, units[role]), "/escalations/").status_code == 403


def test_a_court_lists_what_is_referred_until_it_ends(here):
    case = case_of(here.student)
    court = make.user(Role.COURT, here.region)
    police = make.user(Role.POLICE, here.region)
    assert here.student.name not in page(court, "/referred/").content.decode()
    assignment.refer(
        case.uid, Role.COURT, by=here.officer, on=ON, version=case.version, reason="拟提起诉讼"
    )
    html = page(court, "/referred/").content.decode()
    assert here.student.name in html and "拟提起诉讼" in html and f"/cases/{case.uid}/" in html
    assert page(court, f"/cases/{case.uid}/").status_code == 200
    assert here.student.name not in page(police, "/referred/").content.decode()
    case.refresh_from_db()
    assignment.end_referral(case.uid, Role.COURT, by=here.officer, on=ON, version=case.version)
    assert here.student.name not in page(court, "/referred/").content.decode()
    assert page(court, f"/cases/{case.uid}/").status_code == 404


def test_each_look_leaves_one_row(here):
    page(here.bureau, "/escalations/?kind=alert")
    page(make.user(Role.COURT, here.region), "/referred/")
    assert list(AccessLog.objects.order_by("pk").values_list("action", "kind", "scope")) == [
        ("list", "rises", "事项上报：未到预警"),
        ("list", "cases", "移送个案"),
    ]


def asked(user, url: str) -> int:
    client = Client()
    client.force_login(user)
    client.get(url)
    with CaptureQueriesContext(connection) as caught:
        assert client.get(url).status_code == 200
    return len(caught)


def test_the_lists_take_as_many_statements_for_many_rows_as_for_few(here):
    court = make.user(Role.COURT, here.region)
    pages = [
        (here.bureau, "/escalations/"),
        (here.county_office, "/escalations/"),
        (court, "/referred/"),
    ]
    told = []
    for numbers in (range(2), range(2, 20)):
        for number in numbers:
            child = make.pupil(here.school_class, f"娃{number}", residence_path=here.village.path)
            hang(here, child, number)
            case = child.cases.get()
            assignment.refer(
                case.uid, Role.COURT, by=here.officer, on=ON, version=1, reason="拟提起诉讼"
            )
        told.append([asked(user, url) for user, url in pages])
    assert told[0] == told[1]
