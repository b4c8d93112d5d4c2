"""What the county's pages of cases, contracts and numbers are looked at with: one case, full."""

from dataclasses import dataclass
from uuid import uuid4

from accounts.enums import Role
from cases.contacts import notes, plans
from cases.contacts.named_people import Named, name_people
from cases.contacts.recording import record_contact
from cases.enums.records import PaperKind, PostKey
from cases.enums.states import ContactWay, Met, Step
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.intake.opening import open_case
from cases.ladder import steps
from cases.models import Case, Paper
from cases.papers import issuing
from contracts.enums import ContractState, Line, Link
from contracts.models import Contract
from regions.clock import today
from reports.counting.roll_up import roll_up
from students.enums import FindingKind
from students.models import Finding, Guardian, Student
from tests import factories as make
from tests.browser.county import County
from tests.pictures import photo

ON = make.THURSDAY
LAST = 50  # a child nothing else has happened to
LONG = "家长在外省务工，学生随祖父母生活，上学路程两小时，家里认为读完初中也要打工，愿意再谈一次。"


@dataclass
class Hung:
    """The case, its order and the contract of its village."""

    case: Case
    paper: Paper
    contract: Contract


def hang(county: County) -> Hung:
    child, village = county.children[LAST], make.region("539901001001")
    Student.objects.filter(pk=child.pk).update(
        residence_region=village, residence_path=village.path
    )
    guardian = Guardian.objects.create(student=child, name="鲁茸取扎西次仁之父", relation="父亲")
    officer = county.users[Role.TOWNSHIP]
    finding = Finding.objects.create(student=child, kind=FindingKind.TIP_OFF, on=ON, by=officer)
    case = open_case(finding, by=officer, on=ON)
    record_contact(
        child, on=today(), way=ContactWay.VISIT, contacted_on=ON, met=Met.GUARDIAN, note=LONG, by=officer,
        client_key=uuid4(), photo=photo(),
    )  # fmt: skip
    day = FuzzyDate.on(ON)
    steps.criticise(case.uid, on=today(), by=officer, happened=day, version=at(case), note=LONG)
    steps.advance(case.uid, Step.ORDER, on=today(), by=officer, happened=day, version=at(case))
    paper = issuing.issue(
        case.uid, PaperKind.ORDER, by=officer, on=ON, version=at(case), addressee=guardian,
        days=7, text={},
    )  # fmt: skip
    plans.save_plan(
        case.uid, by=officer, on=ON, version=at(case), diagnosis=LONG, goal="返校", measures=LONG
    )
    plans.add_task(
        case.uid, by=officer, on=ON, version=at(case), who="班主任", what=LONG, due_on=ON,
        standard="跟上进度",
    )  # fmt: skip
    cadre = Named("刀国强", "副镇长", "13987600011")
    name_people(child.uid, {PostKey.TOWNSHIP_CADRE: cadre}, by=officer, on=ON)
    notes.add_evidence(case.uid, photo(), by=officer, on=ON, version=at(case), what="证明")
    assignment.refer(case.uid, Role.COURT, by=officer, on=ON, version=at(case), reason=LONG)
    contract = Contract.objects.create(
        year=2026, link=Link.TOWNSHIP_VILLAGE, line=Line.GOVERNMENT, title="责任书",
        upper_path=village.parent.path, upper_name=village.parent.name, lower_path=village.path,
        lower_name=village.name, state=ContractState.ISSUED, text=LONG, due_on=ON,
        issued_on=ON,
    )  # fmt: skip
    roll_up(ON, make.region("539901"))
    return Hung(case, paper, contract)


def at(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version
