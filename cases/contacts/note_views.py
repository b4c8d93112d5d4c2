"""Pages to add a note, the school's report, a piece of evidence."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from accounts.gate import open_to
from cases.act_view import act_page, bind, case_for
from cases.contacts import notes
from cases.contacts.note_forms import EvidenceForm, SaidForm
from cases.permissions import MAY, CaseRight
from regions.clock import today


@open_to(*MAY[CaseRight.NOTE])
@require_http_methods(["GET", "POST"])
def note(request: HttpRequest, uid: str) -> HttpResponse:
    """情况说明."""
    case = case_for(request, uid, CaseRight.NOTE)
    form = bind(request, SaidForm, case)
    return act_page(
        request, case, form,
        lambda **told: notes.note(uid, by=request.user, on=today(), **told),
        title="写情况说明", button="写入经过", done="note",
    )  # fmt: skip


@open_to(*MAY[CaseRight.REPORT])
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, uid: str) -> HttpResponse:
    """The school's written report (未成年人保护法 28)."""
    case = case_for(request, uid, CaseRight.REPORT)
    form = bind(request, SaidForm, case)
    return act_page(
        request, case, form,
        lambda **told: notes.report(uid, by=request.user, on=today(), **told),
        title="写书面报告", button="提交书面报告", done="report",
        intro="未成年人保护法 第28条：写明最后到校日、已做的劝返、家长说的原因",
    )  # fmt: skip


@open_to(*MAY[CaseRight.NOTE])
@require_http_methods(["GET", "POST"])
def evidence(request: HttpRequest, uid: str) -> HttpResponse:
    """A file beside the case."""
    case = case_for(request, uid, CaseRight.NOTE)
    form = bind(request, EvidenceForm, case)

    def save(*, file, **told):
        notes.add_evidence(uid, file, by=request.user, on=today(), **told)

    return act_page(
        request, case, form, save, title="上传证据", button="上传这份材料", done="evidence"
    )
