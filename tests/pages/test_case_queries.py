"""How many statements the pages of cases, contracts and numbers take: the same for 2 and for 30."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from cases.contacts import notes, plans
from cases.contacts.recording import record_contact
from cases.enums.records import PaperKind
from cases.enums.states import ContactWay, Met
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.models import Case, Deadline, Escalation
from cases.papers import recording
from contracts.enums import ContractState, Line, Link
from contracts.models import Contract
from regions.clock import today
from regions.models import Region
from reports.counting.roll_up import roll_up
from tests import factories as make
from tests.cases.case_county import case_of
from tests.pages.test_queries import FEW, MANY, asked, told

pytestmark = pytest.mark.django_db
TODAY = make.THURSDAY
OPENED = TODAY - timedelta(days=20)


@pytest.fixture(autouse=True)
def on_thursday(settings):
    settings.KONGCHUO_TODAY = TODAY


def version(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version


def fill(numbers: range, wide: bool) -> None:
    """A case each, late and risen, with a contact, a paper and its village's contract: `wide` in
    townships of their own, else in villages and schools of the first."""
    county = make.region("539901")
    for number in numbers:
        code = f"5399010{number:02d}" if wide else "539901001"
        village = make.region(f"{code}{number:03d}")
        at = make.school(f"5399010{number:03d}", region_code=code)
        child = make.pupil(
            make.school_class(at), residence_region=village, residence_path=village.path
        )
        officer = make.user(Role.TOWNSHIP, village.parent)
        case = case_of(child, on=OPENED, note=f"测试{number}")
        a_visit(case, officer)
        a_paper(case, officer, number)
        Deadline.objects.filter(case=case).update(due_on=TODAY - timedelta(days=1))
        levels = {Role.BUREAU: county, Role.TOWNSHIP: village.parent, Role.COUNTY_OFFICE: county}
        for level, place in levels.items():
            Escalation.objects.create(
                kind="deadline", deadline=case.deadlines.first(), case=case,
                level=level, path=place.path, student=child, said="逾期", since=TODAY,
            )  # fmt: skip
        a_contract(village)


def a_visit(case: Case, by) -> None:
    record_contact(
        case.student, on=today(), way=ContactWay.VISIT, contacted_on=TODAY, met=Met.GUARDIAN, note="家长说过几天回来",
        by=by, client_key=uuid4(),
    )  # fmt: skip


def a_paper(case: Case, by, number: int):
    return recording.record_paper(
        case.uid, PaperKind.PERSUASION, on=today(), by=by, version=version(case), number=f"示例〔2026〕{number}号",
        issued=FuzzyDate.on(TODAY),
    )  # fmt: skip


def a_contract(village: Region) -> None:
    Contract.objects.create(
        year=2026, link=Link.TOWNSHIP_VILLAGE, line=Line.GOVERNMENT, title="责任书",
        upper_path=village.parent.path, upper_name=village.parent.name, lower_path=village.path,
        lower_name=village.name, state=ContractState.ISSUED, due_on=TODAY, issued_on=TODAY,
        text="甲方督促乙方。",
    )  # fmt: skip


def signed_in(role: Role, wide: bool) -> Client:
    unit = make.region("539901" if wide else "539901001")
    client = Client()
    client.force_login(make.user(role, unit))
    return client


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("cases:worklist", Role.TOWNSHIP),
        ("cases:worklist", Role.COUNTY_OFFICE),
        ("cases:escalations", Role.TOWNSHIP),
        ("contracts:index", Role.TOWNSHIP),
        ("contracts:index", Role.BUREAU),
        ("contracts:unsigned", Role.BUREAU),
        ("reports:overview", Role.TOWNSHIP),
        ("reports:overview", Role.BUREAU),
        ("reports:names", Role.BUREAU),
        ("reports:monthly", Role.BUREAU),
        ("reports:ledgers", Role.BUREAU),
    ],
)
def test_a_list_takes_as_many_statements_for_many_rows_as_for_few(name, role):
    make.term()
    wide = role is not Role.TOWNSHIP
    county, url = make.region("539901"), reverse(name)
    fill(range(1, FEW + 1), wide)
    roll_up(TODAY, county)
    client = signed_in(role, wide)
    few, page = asked(client, url), client.get(url).content
    fill(range(FEW + 1, MANY + 1), wide)
    roll_up(TODAY, county)
    many = asked(client, url)
    grown = len(client.get(url).content) - len(page)
    assert grown > 2 * MANY or name == "reports:ledgers", "the list did not grow"
    assert len(many) == len(few), f"few: {told(few)}\nmany: {told(many)}"


@pytest.mark.parametrize("role", [Role.TOWNSHIP, Role.COUNTY_OFFICE])
def test_a_case_takes_as_many_statements_with_a_long_history_as_with_a_short_one(role):
    make.term()
    fill(range(1, 2), wide=False)
    case = Case.objects.get()
    officer = make.user(Role.TOWNSHIP, make.region("539901001"))
    live(case, officer, range(2, FEW + 2))
    client, url = signed_in(role, role is not Role.TOWNSHIP), reverse("cases:case", args=[case.uid])
    few, page = asked(client, url), client.get(url).content
    live(case, officer, range(FEW + 2, MANY + 2))
    many = asked(client, url)
    assert len(client.get(url).content) > len(page) + 2 * MANY, "the history did not grow"
    assert len(many) == len(few), f"few: {told(few)}\nmany: {told(many)}"


def live(case: Case, by, numbers: range) -> None:
    """One more of everything that a case gathers."""
    for number in numbers:
        a_visit(case, by)
        a_paper(case, by, number)
        steps.criticise(
            case.uid, on=today(), by=by, happened=FuzzyDate.on(TODAY), version=version(case),
            note="当面批评教育监护人",
        )  # fmt: skip
        plans.add_task(
            case.uid, by=by, on=TODAY, version=version(case), who="班主任", what="补课",
            due_on=TODAY, standard="跟上进度",
        )  # fmt: skip
        notes.add_evidence(
            case.uid, SimpleUploadedFile("证明.pdf", b"%PDF-1.4"), by=by, on=TODAY,
            version=version(case), what="在读证明",
        )  # fmt: skip
