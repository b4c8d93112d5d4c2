"""A day the calendar leaves open for some classes: said on each page, never counted as complete."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from regions.clock import today
from regions.models import CalendarRow
from tests import factories as make

pytestmark = pytest.mark.django_db
SAID = "1 个班无法核定：校历未定"


@pytest.fixture
def school(settings):
    """Two classes, both with their register: grade 7 has a term, grade 8 only on demand."""
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.term(grades="7")
    at = make.school()
    for grade in (7, 8):
        make.pupils(make.school_class(at, grade=grade), 3)
    return at


def shown(user, name: str, **context) -> str:
    client = Client()
    client.force_login(user)
    answer = client.get(reverse(name, **context))
    assert answer.status_code == 200
    return answer.content.decode()


def take(at, grade: int = 7) -> None:
    of = at.classes.get(entry_year=2026 - grade + 7)
    make.take(of, today(), make.user(Role.TEACHER, of))


def decide_grade_8() -> None:
    CalendarRow.objects.update(grades="")


def test_the_school_counts_what_is_decided_and_names_the_rest(school):
    office = make.user(Role.OFFICE, school)
    take(school)
    page = shown(office, "attendance:school", args=[school.code, today().isoformat()])
    assert SAID in page and "校历未定" in page and "1 个班未交" not in page
    decide_grade_8()
    page = shown(office, "attendance:school", args=[school.code, today().isoformat()])
    assert SAID not in page and "1 个班未交" in page


def test_the_bureau_reads_it_at_each_school(school):
    bureau = make.user(Role.BUREAU, make.region())
    take(school)
    page = shown(bureau, "attendance:schools_today")
    assert SAID in page and "1 班校历未定" in page and "个班未交" not in page
    decide_grade_8()
    assert "1 个班未交" in shown(bureau, "attendance:schools_today")


def test_an_empty_list_is_no_good_news_while_a_class_is_undecided(school):
    bureau = make.user(Role.BUREAU, make.region())
    take(school)
    page = shown(bureau, "cases:worklist")
    assert (
        "无法核定：校历未定（1 个班）" in page
        and "t-ok" not in page.split("没有在办个案")[0][-200:]
    )
    decide_grade_8()
    take(school, grade=8)
    page = shown(bureau, "cases:worklist")
    assert "无法核定" not in page and "已报 2 / 2 个班" in page
