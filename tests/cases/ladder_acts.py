"""Steps of a case through the verbs, by the day: what tests of the ladder share."""

from datetime import date, timedelta
from decimal import Decimal

from cases.enums.records import PaperKind, ServiceMode
from cases.enums.states import EventKind, Step
from cases.fuzzy_dates import FuzzyDate
from cases.ladder import steps
from cases.models import Case
from cases.papers.recording import record_paper
from cases.papers.serving import serve
from regions.clock import today
from regions.models import LegalBasis
from tests import factories as make
from tests.cases.case_county import ON


def ago(days: int) -> date:
    return ON - timedelta(days=days)


def at(case: Case) -> int:
    return Case.objects.get(pk=case.pk).version


def on(days: int) -> FuzzyDate:
    return FuzzyDate.on(ago(days))


def persuaded(case, world, days: int = 50) -> None:
    steps.record_persuasion(
        case.uid,
        on=today(),
        by=world.cadre,
        happened=on(days),
        version=at(case),
        note="村干部上门劝返",
    )
    criticised(case, world, days)


def criticised(case, world, days: int = 50, by=None) -> None:
    steps.criticise(
        case.uid,
        on=today(),
        by=by or world.officer,
        happened=on(days),
        version=at(case),
        note="当面批评教育岩温",
    )


def advanced(case, world, to: Step, happened: FuzzyDate, by=None):
    return steps.advance(
        case.uid, to, on=today(), by=by or world.officer, happened=happened, version=at(case)
    )


def recorded(case, world, kind: PaperKind, issued: FuzzyDate, by=None, **fields):
    return record_paper(
        case.uid, kind, on=today(), by=by or world.officer, version=at(case), number=f"{kind}-1",
        issued=issued, addressee=world.guardian, **fields,
    )  # fmt: skip


def served(paper, world, day: FuzzyDate, by=None):
    return serve(
        paper.uid, on=today(), by=by or world.officer, version=at(paper.case), mode=ServiceMode.DIRECT,
        served=day, recipient="岩温",
    )  # fmt: skip


def ordered(case, world, days: int = 45):
    persuaded(case, world, days + 5)
    advanced(case, world, Step.ORDER, on(days))
    paper = recorded(case, world, PaperKind.ORDER, on(days), days=7)
    served(paper, world, on(days - 1))
    return paper


def skipped(case, world, step: Step, days: int = 10, granted: bool = True) -> None:
    steps.ask_skip(
        case.uid, step, by=world.officer, on=ago(days), version=at(case), reason="没有可罚款的依据"
    )
    steps.decide_skip(
        case.uid, step, by=world.county_office, on=ago(days), version=at(case), granted=granted,
        opinion="同意起诉" if granted else "先完成上一步",
    )  # fmt: skip


def a_clause(competent: str = "县教育体育局", **fields) -> LegalBasis:
    return LegalBasis.objects.create(
        **{
            "region": make.region("539901"), "title": "某自治县义务教育条例", "issuer": "自治县人大",
            "article": "第二十条", "text": "可处五百元以上二千元以下罚款", "valid_from": date(2020, 1, 1),
            "allows_fine": True, "competent": competent, "fine_min": Decimal(500),
            "fine_max": Decimal(2000), "verified_by": "县司法局 刀文华",
        } | fields
    )  # fmt: skip


def events_of(case, kind: EventKind) -> list:
    return list(case.events.filter(kind=kind))
