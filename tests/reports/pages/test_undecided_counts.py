"""A count of 疑似辍学 or 未到校 on a day nobody has decided is never 0 and never good news: the decided
part and what it lacks, or 无法核定 alone, through every page that shows one."""

from datetime import date
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from regions.enums import DayKind
from regions.models import School
from regions.rules.known_part import Lack
from reports.counting.roll_up import roll_up
from reports.models import Report
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = pytest.mark.django_db
MONDAY, MONTH = date(2027, 1, 4), "2027-01"
SAID, WHO = "无法核定：校历未定", "由县教育体育局补录校历"


class World:
    def __init__(self):
        self.base = county()
        self.school = self.base.school_class.school
        make.pupils(self.base.school_class, 3)
        self.next_class = make.school_class(self.school, grade=8)
        make.pupils(self.next_class, 3)
        self.principal = make.user(Role.PRINCIPAL, self.school, name="普文昌")
        self.teacher = make.user(Role.TEACHER, self.base.school_class, name="张海波")
        School.objects.update(alerts_from=date(2026, 9, 1))

    def decide(self, grades: str = "") -> None:
        """The year for all, or the day alone for a grade."""
        if grades:
            make.calendar_row(DayKind.MAKE_UP, MONDAY, place=self.base.region, grades=grades)
        else:
            year = date(2027, 1, 1), date(2027, 12, 31)
            make.calendar_row(DayKind.YEAR, *year, place=self.base.region)
        self.count()

    def count(self) -> None:
        roll_up(MONDAY, self.base.region)

    def get(self, user, name: str, *args, **asked) -> str:
        client = Client()
        client.force_login(user)
        answer = client.get(reverse(name, args=args), asked)
        assert answer.status_code == 200
        return " ".join(answer.content.decode().split())


@pytest.fixture
def world(settings) -> World:
    settings.KONGCHUO_TODAY = MONDAY
    made = World()
    made.count()
    return made


@pytest.mark.parametrize(
    ("lack", "count", "said"),
    [
        (Lack(), 0, "0 人"),
        (Lack(), 1203, "1,203 人"),
        (Lack(2, any_decided=False), 0, SAID),
        (Lack(2, any_decided=True), 0, f"0 人（缺 2 班，{SAID}）"),
        (Lack(2, any_decided=False), 3, f"3 人（缺 2 班，{SAID}）"),
    ],
)
def test_a_count_in_words(lack, count, said):
    assert lack.words(count) == said
    assert bool(lack) is (SAID in said) is (WHO in lack.who_decides)


@pytest.mark.parametrize("who", ["bureau", "office", "officer"])
def test_the_overview_shows_no_zero(world, who):
    by = getattr(world.base, who)
    page = world.get(by, "reports:overview")
    watched = page.split("另有")[1].split("，仍计在校")[0]
    assert watched.count(SAID) == 2 and "疑似辍学 <b" in watched and WHO in page
    world.decide()
    watched = world.get(by, "reports:overview").split("另有")[1].split("，仍计在校")[0]
    assert SAID not in watched and "0 人" in watched


def months_row(page: str, label: str) -> str:
    return page.split("辍学、复学，按月")[1].split(f">{label}</th>")[1].split("</tr>")[0]


def test_a_month_with_an_undecided_day_has_no_zero_of_suspected(world):
    page = world.get(world.base.bureau, "reports:overview")
    for label in ("1月", "本学年"):
        assert months_row(page, label).count(SAID) == 2, "小学 and 初中: 新增疑似 alone"
    assert SAID not in months_row(page, "12月")
    world.decide(grades="7")
    assert f"（缺 1 班，{SAID}）" in months_row(
        world.get(world.base.bureau, "reports:overview"), "1月"
    )
    world.decide()
    assert SAID not in months_row(world.get(world.base.bureau, "reports:overview"), "1月")


def test_the_decided_part_stands_with_what_it_lacks(world):
    world.decide(grades="7")
    page = world.get(world.base.bureau, "reports:overview")
    assert f"（缺 1 班，{SAID}）" in page.split("另有")[1].split("，仍计在校")[0]
    listed = world.get(world.base.bureau, "reports:names", student_status="suspected")
    assert f"疑似辍学 0 人（缺 1 班，{SAID}）</h1>" in listed


def test_who_is_known_is_not_hidden(world):
    case = case_of(world.base.student)
    case.suspected_on = MONDAY
    case.save(update_fields=["suspected_on"])
    world.count()
    listed = world.get(world.base.bureau, "reports:names", student_status="suspected")
    assert f"疑似辍学 1 人（缺 2 班，{SAID}）" in listed and world.base.student.name in listed


def test_a_sum_that_hangs_on_no_day_stands_alone(world):
    listed = world.get(world.base.bureau, "reports:names", student_status="dropout")
    assert "辍学未复学 0 人" in listed and SAID not in listed
    assert SAID not in world.get(world.base.bureau, "reports:names", student_status="kept")


@pytest.mark.parametrize("asked", ["suspected", "absent", ""])
def test_the_list_behind_the_number_is_not_empty_but_unknown(world, asked):
    listed = world.get(world.base.bureau, "reports:names", student_status=asked)
    assert "没有符合条件的学生" not in listed and "0 人" not in listed.split("</h1>")[0][-60:]
    assert SAID in listed and WHO in listed
    world.decide()
    assert "没有符合条件的学生" in world.get(
        world.base.bureau, "reports:names", student_status=asked
    )


class TestMonth:
    def drafted(self, world) -> str:
        client = Client()
        client.force_login(world.base.office)
        client.post(reverse("reports:month_draft", args=[world.school.code, MONTH]))
        return world.get(world.principal, "reports:month_report", world.school.code, MONTH)

    def test_a_draft_of_an_undecided_month_is_no_zero_report(self, world):
        page = self.drafted(world)
        assert "零报告" not in page and "没有学生。" not in page
        assert f"{SAID}（2027-01-01 起），月报告不能签发" in page
        assert "签发后数字" not in page
        assert f"<dt>疑似辍学</dt> <dd>{SAID}</dd>" in page

    def test_it_is_not_signed_even_by_a_page_that_was_open(self, world):
        self.drafted(world)
        client = Client()
        client.force_login(world.principal)
        answer = client.post(
            reverse("reports:month_sign", args=[world.school.code, MONTH]),
            {"seen": Report.objects.get().digest},
        )
        assert answer.status_code == 409 and not Report.objects.get().is_signed
        assert "月报告不能签发" in answer.content.decode()

    def test_decided_it_is_a_zero_report_again(self, world):
        world.decide()
        page = self.drafted(world)
        assert "零报告：没有辍学、疑似辍学、未到校的学生" in page and "签发零报告" in page


@pytest.mark.parametrize("who", ["bureau", "office", "officer", "teacher"])
def test_no_alerts_is_no_good_news(world, who):
    by = world.teacher if who == "teacher" else getattr(world.base, who)
    page = world.get(by, "attendance:alerts")
    assert "没有这一类预警" not in page and SAID in page and WHO in page
    world.decide()
    page = world.get(by, "attendance:alerts")
    assert "没有这一类预警" in page and SAID not in page


def test_the_ledger_of_suspected_says_what_it_lacks(world):
    page = world.get(world.base.bureau, "reports:ledgers")
    row = page.split("疑似辍学花名册")[1].split("</tr>")[0]
    assert SAID in row and "0 行" not in row
    assert "0 行" in page.split("辍学劝返台账")[1].split("</tr>")[0]
    assert WHO in world.get(world.base.bureau, "reports:ledger", "suspected")
    client = Client()
    client.force_login(world.base.bureau)
    made = client.post(
        reverse("reports:ledger", args=["suspected"]),
        {"on": MONDAY.isoformat(), "purpose": "报送市教育体育局月报"},
    )
    sheet = load_workbook(BytesIO(made.content)).active
    assert f"缺 2 班，{SAID}" in "".join(str(cell.value) for row in sheet for cell in row)


def test_the_weeks_of_the_term_show_a_gap(world):
    page = world.get(world.base.bureau, "reports:trend", "539901")
    assert SAID in page
    world.decide()
    assert SAID not in world.get(world.base.bureau, "reports:trend", "539901")


def test_the_page_of_a_day_uses_the_same_words(world):
    client = Client()
    client.force_login(world.base.office)
    answer = client.get(reverse("attendance:school", args=[world.school.code, MONDAY]))
    assert answer.status_code == 409
    assert SAID in answer.content.decode() and WHO[:1] in answer.content.decode()
