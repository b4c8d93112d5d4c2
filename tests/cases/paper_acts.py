"""Papers for tests: a case at its second step, and short ways to issue, serve and record."""

from datetime import date
from decimal import Decimal

from cases.enums.records import PaperKind, ServiceMode
from cases.enums.states import Step
from cases.fuzzy_dates import FuzzyDate
from cases.models import Case, Paper
from cases.papers import issuing, recording, serving
from regions.clock import today
from regions.models import LegalBasis
from tests import factories as make
from tests.cases.case_county import case_of

TODAY = make.THURSDAY
SERVED = date(2026, 11, 12)


def ordered(here) -> Case:
    """A case opened on 3 November that stands at 责令限期改正."""
    made = case_of(here.student, by=here.office, on=date(2026, 11, 3))
    Case.objects.filter(pk=made.pk).update(step=Step.ORDER, state="persuading")
    made.refresh_from_db()
    return made


def stands_at(case, step: Step) -> None:
    """The case on a later step, without the way there: for tests of the papers alone."""
    Case.objects.filter(pk=case.pk).update(step=step)


def issue(here, case, *, by=None, on=TODAY, days=None, addressee=None, version=None, **text):
    case.refresh_from_db()
    return issuing.issue(
        case.uid, PaperKind.ORDER, by=by or here.officer, on=on, days=days, text=text,
        version=case.version if version is None else version,
        addressee=addressee or here.guardian,
    )  # fmt: skip


def serve(here, paper, *, by=None, served=None, mode=ServiceMode.DIRECT, **more):
    given = {"recipient": "岩温"} | more
    return serving.serve(
        paper.uid, on=today(), by=by or here.officer, mode=mode,
        version=Case.objects.get(pk=paper.case_id).version,
        served=served or FuzzyDate.on(TODAY), **given,
    )  # fmt: skip


def words(paper: Paper) -> str:
    return "\n".join("".join(run[1] for run in runs) for runs in paper.text["paragraphs"])


def standing(case) -> dict:
    return dict(case.deadlines.standing().values_list("kind", "due_on"))


def local_law(here, **more) -> LegalBasis:
    fields = {
        "region": here.region, "title": "澜屏县义务教育条例", "issuer": "澜屏县人大常委会",
        "article": "第二十一条", "text": "可处罚款", "valid_from": date(2020, 1, 1),
        "allows_fine": True, "competent": "乡镇人民政府", "fine_min": Decimal(200),
        "fine_max": Decimal(1000), "verified_by": "罗律师",
    }  # fmt: skip
    return LegalBasis.objects.create(**(fields | more))


def record(here, case, kind=PaperKind.ORDER, *, by=None, **more):
    case.refresh_from_db()
    given = {
        "number": "澜白政罚〔2026〕3号", "issued": FuzzyDate.on(date(2026, 3, 2)),
        "addressee": here.guardian,
    } | more  # fmt: skip
    return recording.record_paper(
        case.uid, kind, on=today(), by=by or here.officer, version=case.version, **given
    )
