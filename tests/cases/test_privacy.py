"""Reach by field: words and proofs of health, marriage and offence stay with who acts on the child."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from accounts.enums import Role
from attendance.flagging import flag_absences
from attendance.models import AbsenceAlert
from cases.contacts.recording import record_contact
from cases.enums.records import ExitKind, Reason
from cases.enums.states import ContactWay, Met
from cases.intake import assignment
from cases.intake.opening import open_from_alert
from cases.models import Case
from cases.permissions import withheld_from
from cases.returns.exits import leave_by_exit
from regions.clock import today
from regions.models import Region
from reports.counting.roll_up import roll_up
from tests import factories as make
from tests.cases.case_county import ON, case_of, county
from tests.cases.page_reader import page_of, signed_in, text
from tests.cases.returned_child import DAYS, registers

pytestmark = pytest.mark.django_db
WORDS, PROOF = "已怀孕三个月", "专门教育决定书〔2026〕9号"


@pytest.fixture
def here(settings):
    settings.KONGCHUO_TODAY = DAYS[-1]
    return county()


def visit(here, by, **more):
    return record_contact(
        here.student, on=today(), way=ContactWay.VISIT, contacted_on=DAYS[2], met=Met.GUARDIAN, note=WORDS, by=by,
        client_key=uuid4(), reasons=[Reason.MARRIAGE], reported_to="乡镇派出所", reported_on=DAYS[2],
        **more,
    )  # fmt: skip


def shown(user, url: str) -> tuple[int, bool]:
    answer = signed_in(user).get(url)
    return answer.status_code, WORDS in text(answer)


def urls(here, contact) -> list[str]:
    alert, case = AbsenceAlert.objects.get(), Case.objects.first()
    of_case = [f"/cases/{case.uid}/", f"/cases/{case.uid}/papers/visit/?contact={contact.pk}"]
    return [f"/students/{here.student.uid}/", f"/alerts/{alert.pk}/", *(of_case if case else [])]


def an_alert(here) -> AbsenceAlert:
    registers(here, "UUU")
    flag_absences(DAYS[2], here.region)
    return AbsenceAlert.objects.get()


def test_words_before_a_case_stay_with_who_wrote_them_and_who_will_act(here):
    an_alert(here)
    contact = visit(here, here.teacher)
    for url in [f"/students/{here.student.uid}/", f"/alerts/{AbsenceAlert.objects.get().pk}/"]:
        assert shown(here.teacher, url) == (200, True)
        assert shown(here.officer, url)[1] and shown(here.bureau, url)[1]
        assert shown(here.office, url) == (200, False)
    assert shown(here.cadre, f"/students/{here.student.uid}/") == (200, False)
    assert contact.sensitive


def test_the_case_takes_the_reasons_up_and_its_pages_keep_them(here):
    alert = an_alert(here)
    contact = visit(here, here.officer)
    case = open_from_alert(alert.pk, on=today(), by=here.office, version=alert.version)
    assert Case.objects.get(pk=case.pk).reasons == ["marriage"]
    for url in urls(here, contact):
        assert shown(here.officer, url) == (200, True), url
        for reader in (here.teacher, here.office, here.cadre):
            status, words = shown(reader, url)
            assert not words and status in (200, 403, 404), (reader.name, url)
    print_of_it = f"/cases/{case.uid}/papers/visit/?contact={contact.pk}"
    assert shown(here.teacher, print_of_it)[0] == 403


def test_a_township_that_does_not_act_on_the_case_reads_no_words(here):
    """The household lies elsewhere: that township knows the child, and no more."""
    other = make.region("539901002001")
    here.student.household_path, here.student.household_region = other.path, other
    here.student.save(update_fields=["household_path", "household_region"])
    case_of(here.student, on=DAYS[0])
    visit(here, here.officer)
    url = f"/students/{here.student.uid}/"
    assert shown(here.neighbour, url) == (200, False)
    assert shown(here.officer, url) == (200, True)
    case = Case.objects.get()
    assignment.hand_over(
        case.uid, Region.objects.get(path=here.other.path), by=here.officer, on=DAYS[3],
        version=case.version, reason="监护人已迁居",
    )  # fmt: skip
    assert shown(here.neighbour, url) == (200, True)


def left(here) -> Case:
    case = case_of(here.student, on=DAYS[0])
    return leave_by_exit(
        case.uid, ExitKind.CORRECTIONAL, on=today(), by=here.bureau, approved=DAYS[0], version=case.version,
        proof=PROOF, until=date(2027, 6, 30),
    )  # fmt: skip


def test_the_proof_of_a_sensitive_exit_is_on_no_page_of_who_only_knows_the_child(here):
    left(here)
    url = f"/students/{here.student.uid}/"
    for reader in (here.cadre, here.office, here.teacher):
        page = text(signed_in(reader).get(url))
        assert PROOF not in page and "依规不在校" in page and "专门学校" not in page
    assert PROOF in text(signed_in(here.bureau).get(url))


def test_a_school_reads_no_names_under_a_court_s_decision(here):
    left(here)
    roll_up(DAYS[-1], here.region)
    asked = "/names/?student_status=correctional&place="
    school = here.school_class.school.code
    page = signed_in(here.office).get(asked + school)
    assert page.context["listing"].counted == 1 and not page.context["rows"]
    assert here.student.name not in text(page)
    everybody = signed_in(here.office).get(f"/names/?student_status=expected&place={school}")
    assert here.student.name in text(everybody)
    row = next(r for r in everybody.context["rows"] if r.student == here.student)
    assert row.state == "依规不在校"
    assert here.student.name in text(signed_in(here.bureau).get(asked + "539901"))


def test_the_page_costs_no_statement_more_where_nothing_is_sensitive(
    here, django_assert_num_queries
):
    plain = record_contact(
        here.student, on=today(), way=ContactWay.CALL, contacted_on=ON - timedelta(days=1), met=Met.NOBODY,
        note="没人接", by=here.teacher, client_key=uuid4(),
    )  # fmt: skip
    with django_assert_num_queries(0):
        assert withheld_from(here.cadre, here.student, [plain]) == set()


@pytest.mark.parametrize(("role", "opens"), [(Role.COURT, False), (Role.BUREAU, True)])
def test_the_alert_of_a_case_is_linked_for_those_alone_who_may_open_it(here, role, opens):
    alert = an_alert(here)
    case = open_from_alert(alert.pk, on=today(), by=here.office, version=alert.version)
    reader = make.user(role, here.region)
    assignment.refer(
        case.uid, Role.COURT, by=here.bureau, on=today(), version=case.version, reason="拟提起诉讼"
    )
    address = reverse("cases:alert", args=[alert.pk])
    assert (address in page_of(case, reader)) is opens
    assert (signed_in(reader).get(address).status_code == 200) is opens
