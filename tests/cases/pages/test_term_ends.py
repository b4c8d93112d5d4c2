"""借读 to the end of a term, from the page 请假 and from a case: its end is spread over the next term."""

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from attendance.authorised_absences.term_ends import next_term
from cases.enums.states import CaseState
from cases.models import Case, Deadline
from regions.enums import DayKind
from students.enums import AbsenceKind
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.pages.test_case_acts import post

pytestmark = pytest.mark.django_db
END = date(2027, 1, 22)
PROOF = "县外学校在读证明，11月18日"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


def first_days(here) -> list[date]:
    """The first ten school days of the next term, as the calendar has them once it is decided."""
    year = {"place": make.region("539901"), "scope": "2027"}
    make.calendar_row(DayKind.YEAR, date(2027, 1, 1), date(2027, 12, 31), **year)
    make.term(begins=date(2027, 3, 1), ends=date(2027, 7, 9))
    track = here.school_class.track()
    days = next_term(track, END, make.place_rules().calendar)
    assert len(days) == 10 and days[0] == date(2027, 3, 1)
    return days


def leave(here, kind="study_elsewhere", until=END) -> Case:
    case = case_of(here.student)
    answer = post(
        case, here.bureau, "exit", kind=kind, proof=PROOF, until=until.isoformat(),
        where_to="邻县第一中学",
    )  # fmt: skip
    assert answer.status_code == 302, answer.content.decode()
    case.refresh_from_db()
    assert case.state == CaseState.EXITED
    return case


def test_an_exit_to_the_end_of_a_term_ends_on_a_first_day_of_the_next(here):
    days = first_days(here)
    case = leave(here)
    assert case.exit_until in days
    status = AuthorisedAbsence.objects.get(kind=AbsenceKind.STUDY_ELSEWHERE)
    assert status.last == case.exit_until
    told = Client()
    told.force_login(here.bureau)
    shown = told.get(reverse("cases:case", args=[case.uid])).content.decode()
    assert f"这一份到 {case.exit_until:%Y-%m-%d}" in shown
    assert Deadline.objects.get(kind="exit_ends").note == f"{case.exit_until:%Y-%m-%d} 到期"


def test_the_next_term_undecided_or_an_end_within_a_term_stays_as_said(here):
    assert leave(here).exit_until == END


def test_another_kind_ends_when_it_was_said_to(here):
    first_days(here)
    assert leave(here, "suspended").exit_until == END


def test_what_the_school_asks_for_on_the_page_ends_the_same_day(here):
    days = first_days(here)
    client = Client()
    client.force_login(here.office)
    sent = {
        "kind": "study_elsewhere", "first": ON.isoformat(), "last": END.isoformat(),
        "reason": "随父亲在邻县就读，有回执", "proof": PROOF,
    }  # fmt: skip
    url = reverse("attendance:ask_leave", args=[here.student.uid])
    told = client.post(url, sent).content.decode()
    sent["to_bureau"] = re.search(r'name="to_bureau" value="([^"]+)"', told).group(1)
    said = client.post(url, sent, follow=True).content.decode()
    asked = AuthorisedAbsence.objects.get()
    assert asked.last in days and "到期日分散在下学期前 10 个教学日，这一份到 3月" in said
    client.post(url, sent)
    assert AuthorisedAbsence.objects.count() == 1, "asked again, it is the one that stands"
