"""What hangs on each child of the two counties: a contact, a case with all that belongs to one.

Everything is done by the verbs, as the people of the spot; 责任书 stand as rows.
"""

from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.attachments import attach
from accounts.enums import REFERRAL_ROLES, Role
from accounts.models import Attachment, User
from cases.contacts import notes, plans
from cases.contacts.named_people import Named, name_people
from cases.contacts.recording import record_contact
from cases.enums.records import PaperKind, PostKey, ServiceMode
from cases.enums.states import ContactWay, Met, Step
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.intake.opening import open_case
from cases.ladder import steps
from cases.models import Case
from cases.papers import recording, serving
from cases.papers.permissions import FILES
from contracts.enums import ContractState, Line, Link
from contracts.models import Contract
from regions.clock import today
from reports.counting.roll_up import roll_up
from students.enums import FindingKind
from students.models import Finding, Guardian
from tests import factories as make
from tests.counties import COUNTIES, FIRST_OUT, TODAY, Spot, World, person
from tests.pictures import photo

SCHOOL_YEAR = 2026
NAMES = {
    Role.TOWNSHIP: "李雯", Role.BUREAU: "何志明", Role.OFFICE: "罗玉", Role.PRINCIPAL: "周玉",
    Role.TEACHER: "杨雪梅",
}  # fmt: skip


def version_of(at: Spot) -> int:
    return Case.objects.get(pk=at.case.pk).version


def scan() -> SimpleUploadedFile:
    return SimpleUploadedFile("扫描件.pdf", b"%PDF-1.4 scan")


def someone(role: Role, at: Spot) -> User:
    """The person of a role at a spot, as `hang_cases` seated them."""
    return at.people[role]


def officer(at: Spot) -> User:
    return someone(Role.TOWNSHIP, at)


def hang_cases(world: World) -> None:
    """On each child a case at its first step; those `here` and `far` are referred to every body."""
    for at in world.spots:
        at.people = {role: person(role, at, name=name) for role, name in NAMES.items()}
        at.contact = _contact(at)
        finding = Finding.objects.create(
            student=at.child, kind=FindingKind.TIP_OFF, on=FIRST_OUT,
            by=officer(at),
        )  # fmt: skip
        at.case = open_case(finding, by=officer(at), on=FIRST_OUT)
        _contact(at)
        _acts(at)
        _paper(at)
        _plan(at)
    for at in (world.here, world.far):
        for role in REFERRAL_ROLES:
            assignment.refer(
                at.case.uid, role, by=officer(at), on=TODAY, version=version_of(at),
                reason="疑似使用童工，请查处",
            )  # fmt: skip


def _contact(at: Spot):
    return record_contact(
        at.child, on=today(), way=ContactWay.VISIT, contacted_on=TODAY, met=Met.GUARDIAN, note="家长说过几天回来",
        by=officer(at), client_key=uuid4(), photo=photo(),
    )  # fmt: skip


def _acts(at: Spot) -> None:
    steps.criticise(
        at.case.uid, on=today(), by=officer(at), happened=FuzzyDate.on(TODAY), version=version_of(at),
        note="当面批评教育监护人",
    )  # fmt: skip
    at.evidence = notes.add_evidence(
        at.case.uid, photo("课堂.jpg"), by=officer(at), on=TODAY, version=version_of(at),
        what="返校当天课堂照片",
    )  # fmt: skip


def _paper(at: Spot) -> None:
    """An order made outside the portal, served, with both scans; the case stands at step 1 again."""
    cases = Case.objects.filter(pk=at.case.pk)
    cases.update(step=Step.ORDER)
    at.paper = recording.record_paper(
        at.case.uid, PaperKind.ORDER, on=today(), by=officer(at), version=version_of(at), days=7, file=scan(),
        number=f"示例责改〔2026〕{at.serial}号", issued=FuzzyDate.on(TODAY),
        addressee=at.child.guardians.first(), addressee_name=f"{at.child.name}之父",
    )  # fmt: skip
    serving.serve(
        at.paper.uid, on=today(), by=officer(at), version=version_of(at), mode=ServiceMode.DIRECT, file=scan(),
        served=FuzzyDate.on(TODAY), recipient=f"{at.child.name}之父", servers="李雯、周勇",
    )  # fmt: skip
    cases.update(step=Step.PERSUADE)
    mother = {"name": f"{at.child.name}之母", "relation": "母亲", "order": 2}
    at.mother = Guardian.objects.create(student=at.child, **mother)  # no paper was sent to her
    at.paper_scan = Attachment.objects.filter(kind=FILES, uid=at.paper.uid).first()


def _plan(at: Spot) -> None:
    by, on = officer(at), TODAY
    plans.save_plan(
        at.case.uid, by=by, on=on, version=version_of(at), diagnosis="父母外出", goal="返校",
        measures="补课",
    )  # fmt: skip
    at.task = plans.add_task(
        at.case.uid, by=by, on=on, version=version_of(at), who="班主任", what="补课", due_on=TODAY,
        standard="跟上进度",
    )  # fmt: skip
    cadre = Named("刀国强", "副镇长", f"139876{at.serial:05d}")
    name_people(at.child.uid, {PostKey.TOWNSHIP_CADRE: cadre}, by=by, on=on)


def hang_contracts(world: World) -> None:
    """An issued contract of the village with a scan, and the school's draft, at each spot."""
    for at in world.spots:
        at.contract = Contract.objects.create(
            year=SCHOOL_YEAR, link=Link.TOWNSHIP_VILLAGE, line=Line.GOVERNMENT,
            upper_path=at.township.path, upper_name="示例乡镇", lower_path=at.village.path,
            lower_name=f"示例村{at.serial}", state=ContractState.ISSUED, title="责任书",
            text="甲方督促乙方。", due_on=TODAY, issued_on=TODAY,
        )  # fmt: skip
        at.draft, _ = Contract.objects.get_or_create(
            year=SCHOOL_YEAR, link=Link.BUREAU_SCHOOL, lower_path=at.school.path,
            defaults={
                "line": Line.EDUCATION, "upper_path": at.county.path, "upper_name": "示例局",
                "lower_name": at.school.name, "title": "责任书",
            },
        )  # fmt: skip
        at.scan = attach(
            scan(), kind="contract", uid=at.contract.uid, path=at.village.path, by=officer(at)
        )


def count_both() -> None:
    """The numbers of both counties as of today."""
    for code in COUNTIES:
        roll_up(TODAY, make.region(code))
