"""What a county makes of 责任书: its wording and targets of each link, and how far they go."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.gate import open_to
from accounts.requests import Request
from accounts.versions import Conflict
from contracts import wording
from contracts.enums import Link
from contracts.forms import ChoiceForm, TargetForms, WordingForm
from contracts.rights import CHOOSERS
from contracts.rules import texts
from regions.clock import today
from regions.models import Region
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.classnames import school_year
from regions.rules.values import number_of


def _county(request: Request) -> Region:
    return get_object_or_404(Region, path=county_of(request.user.reach.paths(*CHOOSERS)[0]))


@open_to(*CHOOSERS)
@require_http_methods(["GET", "POST"])
def choice(request: Request) -> HttpResponse:
    """Contracts with teachers, and the veto: both off until a county document says otherwise."""
    county = _county(request)
    row = wording.choice_of(county.path)
    form = ChoiceForm(
        request.POST or None,
        initial={name: getattr(row, name) for name in ChoiceForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        try:
            wording.choose(county.path, by=request.user, on=today(), **form.cleaned_data)
            messages.success(request, "已保存。以后起草和签发的责任书按这里的设定；已签发的不变。")
            return redirect("contracts:choice")
        except Conflict:
            form.add_error(None, "你打开之后，同事改过这一页。请刷新，看过再改。")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {"form": form, "county": county}
    return render(request, "contracts/choice.html", page, status=409 if form.errors else 200)


@open_to(*CHOOSERS)
@require_http_methods(["GET", "POST"])
def wordings(request: Request, name: str) -> HttpResponse:
    """The text and targets of one link: the portal's, until the county writes its own."""
    if name not in set(Link):
        raise Http404
    link, county, day = Link(name), _county(request), today()
    years = (school_year(day), school_year(day) + 1)
    asked = number_of(request.GET.get("year", ""))
    year = asked if asked in years else years[0]
    held = wording.Wordings(county.path, year, day)
    stands = held.of(link)
    form = WordingForm(request.POST or None, initial=_format_wording(stands))
    targets = TargetForms(request.POST or None, initial=list(stands.targets), prefix="target")
    if request.method == "POST" and form.is_valid() and targets.is_valid():
        try:
            wording.write_template(
                county.path,
                year,
                link,
                by=request.user,
                on=day,
                targets=[_target(one) for one in targets.cleaned_data if one.get("label")],
                **form.cleaned_data,
            )
            messages.success(request, "已保存。拟稿和以后起草的责任书用这份文本；已签发的不变。")
            return redirect(f"{request.path}?year={year}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    wrong = bool(form.errors) or (targets.is_bound and not targets.is_valid())
    page = {
        "form": form,
        "targets": targets,
        "wrong": wrong,
        "county": county,
        "own": link in held.own,
        "label": Link(link).label,
        "chosen": link,
        "links": Link.choices,
        "year": year,
        "years": [(one, texts.year_label(one)) for one in years],
    }
    return render(request, "contracts/wording.html", page, status=409 if wrong else 200)


def _format_wording(stands: texts.Wording) -> dict[str, str]:
    return {
        "title": stands.title,
        "clauses": "\n".join(stands.duties),
        "support": "\n".join(stands.support),
        "seen": texts.digest(stands),
    }


def _target(said: dict[str, str]) -> texts.Target:
    key = said["key"] or said["label"]
    return texts.target(key, said["label"], said["value"], said["unit"], said["source"])
