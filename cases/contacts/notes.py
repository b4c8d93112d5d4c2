"""情况说明 and the school's written report: words that belong to a case."""

from datetime import date

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from accounts.attachments import attach
from accounts.models import Attachment, User
from cases import history
from cases.case_deadlines import meet
from cases.enums.records import EVIDENCE, DeadlineKind
from cases.enums.states import EventKind
from cases.fuzzy_dates import FuzzyDate
from cases.law.articles import REPORT_ARTICLE
from cases.models import CaseEvent
from cases.permissions import CaseRight, fetch
from regions.refusals import Refused

SHORTEST_REPORT = 10


@transaction.atomic
def note(uid: str, *, by: User, on: date, version: int, said: str) -> CaseEvent:
    """Write a remark into the history of a case."""
    case = fetch(uid, CaseRight.NOTE, by=by, version=version)
    if not said.strip():
        raise Refused("请写明情况。")
    return history.write(case, EventKind.NOTED, by=by, happened=FuzzyDate.on(on), note=said.strip())


@transaction.atomic
def report(uid: str, *, by: User, on: date, version: int, said: str) -> CaseEvent:
    """The school's written report to the education department (未成年人保护法 28)."""
    case = fetch(uid, CaseRight.REPORT, by=by, version=version)
    if len(said.strip()) < SHORTEST_REPORT:
        raise Refused("书面报告请写明：最后到校日、已做的劝返、家长说的原因。")
    meet(case, DeadlineKind.SCHOOL_REPORT, on=on)
    return history.write(
        case,
        EventKind.NOTED,
        by=by,
        happened=FuzzyDate.on(on),
        note=said.strip(),
        details={"report": True},
        policy=REPORT_ARTICLE,
    )


@transaction.atomic
def add_evidence(
    uid: str, file: UploadedFile, *, by: User, on: date, version: int, what: str
) -> Attachment:
    """Lay a file beside the case: photo, certificate, scan."""
    case = fetch(uid, CaseRight.NOTE, by=by, version=version)
    if not what.strip():
        raise Refused("请写明这是什么材料，例如“返校当天课堂照片”。")
    laid = attach(file, kind=EVIDENCE, uid=case.uid, path=case.county_path, by=by)
    history.write(
        case, EventKind.NOTED, by=by, happened=FuzzyDate.on(on), note=what.strip(), file=laid
    )
    return laid
