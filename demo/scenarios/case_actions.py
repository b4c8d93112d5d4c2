"""What people do in the demo's cases: the portal's own verbs, each on the day it happens."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from uuid import NAMESPACE_OID, uuid5

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from accounts.enums import Role
from accounts.models import User
from attendance.alerts import recompute
from cases.contacts import notes, plans
from cases.contacts.named_people import Named, name_people
from cases.contacts.recording import record_contact
from cases.enums.records import (
    CourtAct,
    ExitKind,
    PaperKind,
    PlacementMode,
    PostKey,
    Reason,
    ServiceMode,
)
from cases.enums.states import AccessKind, ContactWay, Met, OpinionOf, Step
from cases.fuzzy_dates import FuzzyDate
from cases.intake import assignment
from cases.intake.opening import open_case, open_from_alert
from cases.ladder import steps
from cases.models import Case
from cases.papers import issuing, recording, serving
from cases.returns import closing, exits, observing, returning
from demo.load.rows import nearest_holder
from regions.clock import today
from regions.days import PlaceRules
from regions.models import LegalBasis, Region
from regions.paths import township_of
from students.enums import FindingKind
from students.models import Finding, Student


@dataclass
class CaseDay:
    """One child, the day an action happens on, and the county it happens in."""

    student: Student
    on: date
    land: PlaceRules
    county: Region
    people: dict[tuple[Role, str], User]

    @property
    def case(self) -> Case:
        return self.student.cases.latest("pk")

    def holder(self, role: Role, path: str = "") -> User:
        """Who holds this role over the child's school, home or case."""
        place = path or self.student.school_path
        if (role, place) not in self.people:
            self.people[role, place] = nearest_holder(role, place)
        return self.people[role, place]

    @property
    def officer(self) -> User:
        return self.holder(
            Role.TOWNSHIP, self.case.access_rows.get(kind=AccessKind.OWNER, until=None).path
        )

    @property
    def office(self) -> User:
        return self.holder(Role.OFFICE)

    @property
    def bureau(self) -> User:
        return self.holder(Role.BUREAU, self.county.path)

    def confirm(self) -> None:
        """The alert of that day, confirmed by the school: a case opens. The five posts are named."""
        recompute(
            [self.student.pk], self.student.school_path, by=None, on=self.on, place_rules=self.land
        )
        alert = self.student.alerts.latest("pk")
        open_from_alert(
            alert.pk, on=today(), by=self.office, version=alert.version, note="家长说不清去向"
        )
        self._name_people()

    def _name_people(self) -> None:
        people = {
            PostKey.COUNTY_LEADER: (
                self.holder(Role.COUNTY_OFFICE, self.county.path),
                "县控辍保学专班",
            ),
            PostKey.TOWNSHIP_CADRE: (self.officer, "责任乡镇"),
            PostKey.SCHOOL_LEADER: (self.office, "学校"),
            PostKey.TEACHER: (self.holder(Role.TEACHER), "学校"),
        }
        wanted = {post: Named(who.name, unit) for post, (who, unit) in people.items()}
        name_people(self.student.uid, wanted, by=self.bureau, on=self.on)

    def report(self) -> None:
        notes.report(
            self.case.uid, by=self.office, on=self.on, version=self.case.version,
            said="该生连续三个教学日无故未到校，班主任家访未见到人，电话联系家长无果，特此报告。",
        )  # fmt: skip

    def visit(self, met: str, said: str, promised_in: int = 0, reasons: Iterable[str] = ()) -> None:
        promised = self.on + timedelta(days=promised_in) if promised_in else None
        self._contact(
            ContactWay.VISIT, Met(met), said, promised_on=promised, companions="村干部",
            reasons=[Reason(reason) for reason in reasons],
        )  # fmt: skip

    def call(self, said: str) -> None:
        self._contact(ContactWay.CALL, Met.GUARDIAN, said)

    def _contact(self, way: ContactWay, met: Met, said: str, **more) -> None:
        key = uuid5(NAMESPACE_OID, f"{self.student.uid} {self.on} {way}")
        record_contact(
            self.student, on=today(), way=way, contacted_on=self.on, met=met, note=said, by=self.officer,
            client_key=key, **more,
        )  # fmt: skip

    def plan(self) -> None:
        plans.save_plan(
            self.case.uid, by=self.officer, on=self.on, version=self.case.version,
            diagnosis="厌学，随亲戚外出", goal="11月底前返校", measures="结对辅导、心理老师跟进、申请资助",
        )  # fmt: skip
        plans.add_task(
            self.case.uid, by=self.officer, on=self.on, version=self.case.version, who="村干部",
            what="联系在外的父亲", due_on=self.on + timedelta(days=5), standard="本人通话并约定返校日",
        )  # fmt: skip

    def criticise(self, said: str) -> None:
        steps.criticise(
            self.case.uid, on=today(), by=self.officer, happened=FuzzyDate.on(self.on),
            version=self.case.version, note=said,
        )  # fmt: skip

    def order(self) -> None:
        """Into the second step where the case is not there yet, and the order issued."""
        if self.case.step == Step.PERSUADE:
            self._advance(Step.ORDER, "多次劝返无效")
        issuing.issue(
            self.case.uid, PaperKind.ORDER, by=self.officer, on=self.on,
            version=self.case.version, addressee=self.student.guardians.first(), days=7, text={},
        )  # fmt: skip

    def _advance(self, to: Step, said: str) -> None:
        steps.advance(
            self.case.uid, to, on=today(), by=self.officer, happened=FuzzyDate.on(self.on),
            version=self.case.version, note=said,
        )  # fmt: skip

    def serve(self) -> None:
        paper = self.case.papers.latest("pk")
        serving.serve(
            paper.uid, on=today(), by=self.officer, version=self.case.version, mode=ServiceMode.DIRECT,
            served=FuzzyDate.on(self.on), recipient=paper.addressee_name, relation="父亲",
            place="监护人住处", servers=f"{self.officer.name}、村干部",
        )  # fmt: skip

    def void(self) -> None:
        issuing.void(
            self.case.papers.latest("pk").uid, by=self.officer, on=self.on,
            version=self.case.version, reason="监护人姓名有误",
        )  # fmt: skip

    def ask_skip(self) -> None:
        steps.ask_skip(
            self.case.uid, Step.PENALTY, by=self.officer, on=self.on, version=self.case.version,
            reason="本地没有可罚款的法律依据，拟直接提起诉讼",
        )  # fmt: skip

    def grant_skip(self) -> None:
        steps.decide_skip(
            self.case.uid, Step.PENALTY, by=self.holder(Role.COUNTY_OFFICE, self.county.path),
            on=self.on, version=self.case.version, granted=True, opinion="同意",
        )  # fmt: skip

    def legal_opinion(self) -> None:
        self._paper(PaperKind.LEGAL_OPINION, "澜屏司法意见〔2026〕2号")

    def _paper(self, kind: PaperKind, number: str, **more) -> None:
        recording.record_paper(
            self.case.uid, kind, on=today(), by=self.officer, version=self.case.version, number=number,
            issued=FuzzyDate.on(self.on), **more,
        )  # fmt: skip

    def sue(self) -> None:
        self._advance(Step.SUE, "限期届满仍未返校")
        self._paper(PaperKind.COMPLAINT, "")
        self._court(CourtAct.FILED, "向县人民法院递交民事起诉状")

    def hearing(self) -> None:
        self._court(CourtAct.HEARING, "巡回法庭在乡镇开庭")

    def _court(self, action: CourtAct, said: str) -> None:
        steps.record_court(
            self.case.uid, action, on=today(), by=self.officer, happened=FuzzyDate.on(self.on),
            version=self.case.version, note=said,
        )  # fmt: skip

    def penalise(self) -> None:
        """The third step, on a clause invented for the demo."""
        basis = LegalBasis.objects.get(title=DEMO_CLAUSE)
        self._advance(Step.PENALTY, "限期届满仍未返校")
        self._paper(
            PaperKind.PENALTY, f"演示罚〔{self.on.year}〕1号", fine=Decimal(200),
            legal_basis=basis, addressee=self.student.guardians.first(),
        )  # fmt: skip
        self.serve()

    def enter_old_case(self) -> None:
        """A case from before the portal: its papers entered as they are, the court already asked."""
        finding = Finding.objects.create(student=self.student, kind=FindingKind.SURVEY, on=self.on)
        year = self.on.year - 1
        open_case(finding, by=self.bureau, on=self.on, left=FuzzyDate.month(year, 9))
        self.report()
        steps.record_persuasion(
            self.case.uid, on=today(), by=self.officer, happened=FuzzyDate.month(year, 10),
            version=self.case.version, note="多次上门，有纸质记录",
        )  # fmt: skip
        self._on_day(date(year, 10, 20)).criticise("乡镇约谈，批评教育")
        self._enter(Step.ORDER, date(year, 10, 26))
        self._old_paper(PaperKind.ORDER, "白政责改〔2025〕6号", date(year, 10, 27), days=7)
        self._enter(Step.PENALTY, date(year, 11, 20))
        self._old_paper(
            PaperKind.PENALTY, "白政罚〔2025〕1号", date(year, 12, 1), fine=Decimal(300)
        )
        self._old_paper(PaperKind.DEMAND, "白政催〔2026〕1号", date(year + 1, 6, 10))
        self._enter(Step.ENFORCE, date(year + 1, 7, 15))
        self._old_paper(
            PaperKind.ENFORCEMENT, "白政强申〔2026〕1号", date(year + 1, 7, 16), served=False
        )

    def _on_day(self, day: date) -> "CaseDay":
        return replace(self, on=day)

    def _enter(self, to: Step, day: date) -> None:
        self._on_day(day)._advance(to, "依纸质档案补录")

    def _old_paper(
        self, kind: PaperKind, number: str, day: date, *, served: bool = True, **more
    ) -> None:
        then = self._on_day(day)
        if kind is PaperKind.PENALTY:
            more["legal_basis"] = LegalBasis.objects.get(title=DEMO_CLAUSE)
        then._paper(kind, number, addressee=self.student.guardians.first(), **more)
        if served:
            then.serve()

    def hand_over(self) -> None:
        other = (
            Region.objects.filter(parent=self.county)
            .exclude(
                path=township_of(self.case.access_rows.get(kind=AccessKind.OWNER, until=None).path)
            )
            .order_by("path")[0]
        )
        assignment.hand_over(
            self.case.uid, other, by=self.officer, on=self.on, version=self.case.version,
            reason="监护人已迁往该乡镇居住",
        )  # fmt: skip

    def refer_to_police(self) -> None:
        assignment.refer(
            self.case.uid, Role.POLICE, by=self.officer, on=self.on, version=self.case.version,
            reason="失去联系，请协助查找",
        )  # fmt: skip

    def come_back(self) -> None:
        returning.record_return(
            self.case.uid, on=today(), by=self.office, returned=self.on, version=self.case.version,
            note="由村干部和父亲送回", file=photo(),
        )  # fmt: skip

    def place(self) -> None:
        returning.place(
            self.case.uid, on=today(), by=self.office, began=self.on, version=self.case.version,
            mode=PlacementMode.OWN_CLASS,
        )  # fmt: skip

    def observe(self) -> None:
        """The night's job, up to that day."""
        observing.observe(self.on, self.county)

    def school_opinion(self) -> None:
        self._opinion(OpinionOf.SCHOOL, self.office, "天天到校，情绪稳定")

    def township_opinion(self) -> None:
        self._opinion(OpinionOf.TOWNSHIP, self.officer, "到校核实，本人在班")

    def _opinion(self, opinion_of: OpinionOf, by: User, said: str) -> None:
        closing.give_opinion(
            self.case.uid, opinion_of, by=by, on=self.on, version=self.case.version, note=said
        )

    def approve(self) -> None:
        closing.approve(
            self.case.uid, by=self.bureau, on=self.on, version=self.case.version, note="同意销号"
        )

    def transfer_out(self) -> None:
        exits.leave_by_exit(
            self.case.uid, ExitKind.TRANSFER_OUT, on=today(), by=self.bureau, approved=self.on,
            version=self.case.version, proof="邻县学校接收证明，学籍已接续",
            where_to="邻县第一小学",
        )  # fmt: skip

    def note(self, said: str) -> None:
        notes.note(self.case.uid, by=self.officer, on=self.on, version=self.case.version, said=said)


DEMO_CLAUSE = "澜屏县义务教育条例（演示用，虚构）"


def photo() -> SimpleUploadedFile:
    """A plain picture: nobody is on it."""
    drawn = BytesIO()
    Image.new("RGB", (320, 240), "#DDE6EB").save(drawn, "JPEG")
    return SimpleUploadedFile("返校.jpg", drawn.getvalue(), "image/jpeg")
