"""四步法办理规则: the table of the steps as the rule has it, and the clauses that may be cited."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import COUNTY_ROLES, EVERYONE
from accounts.gate import open_to, require
from accounts.requests import Request
from cases import legal_basis
from cases.enums.records import PaperKind
from cases.enums.states import step_title
from cases.ladder.basis_form import BasisForm
from cases.ladder.diagram import articles_of, needs_of, skips_of
from cases.ladder.facts import enforceable
from cases.law.conditions import Enforceable
from cases.law.steps import STEP_RULES
from regions.clock import today
from regions.enums import Level
from regions.models import Region
from regions.paths import county_of
from regions.refusals import Refused

NOT_YOURS = "法律依据由县教育体育局或县控辍保学专班登记。"


@open_to(*EVERYONE)
@require_http_methods(["GET", "POST"])
def rules(request: Request) -> HttpResponse:
    """Read the steps and the clauses; the county's people register a clause here."""
    if request.method == "POST":
        require(request.user, COUNTY_ROLES, why=NOT_YOURS)
    form, status = BasisForm(request.POST or None), 200
    if form.is_valid():
        fields = dict(form.cleaned_data)
        try:
            legal_basis.register(fields.pop("title"), by=request.user, on=today(), **fields)
            messages.success(request, "法律依据已登记，办理文书时可以引用。")
            return redirect("cases:rules")
        except Refused as refusal:
            form.add_error(None, str(refusal))
            status = 409
    return render(request, "cases/rules.html", _page(request, form), status=status)


def _page(request: Request, form: BasisForm) -> dict:
    path = _county_path(request)
    accepted = enforceable(path, today()) if path else Enforceable.PENALTY
    clauses = legal_basis.in_force(path, today()).order_by("-allows_fine", "title", "article")
    return {
        "rungs": [_rung(step) for step in STEP_RULES],
        "enforceable": accepted.value,
        "bases": clauses,
        "fines": [row for row in clauses if row.allows_fine],
        "form": form if request.user.reach.holds(*COUNTY_ROLES) else None,
    }


def _county_path(request: Request) -> str:
    """The county of the reader's first unit, else the first county."""
    held = next((seat.path for seat in request.user.reach.seats if seat.path), "")
    first = Region.objects.filter(level=Level.COUNTY).order_by("path").first()
    return county_of(held) or (first.path if first else "")


def _rung(step) -> dict:
    rung = STEP_RULES[step]
    return {
        "title": step_title(step),
        "who": rung.who,
        "needs": needs_of(rung),
        "skips": skips_of(rung),
        "papers": [PaperKind(kind).label for kind in rung.papers],
        "clock": rung.clock,
        "cites": articles_of(rung),
    }
