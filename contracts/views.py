"""责任书: the two trees, who has not signed, one contract, its paper."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts import access
from accounts.enums import Access
from accounts.gate import open_to
from accounts.inline import show_file
from accounts.models import Attachment
from accounts.requests import Request
from contracts import contracts, listing, pages
from contracts.enums import Link
from contracts.forms import ContractIssueForm, ScanForm, SignForm
from contracts.models import Contract
from contracts.rights import DRAFTERS, NOT_A_PARTY, READERS, SIGNERS, seats_held
from contracts.rules import texts
from regions.clock import today
from regions.models import Region
from regions.paths import county_of
from regions.refusals import Refused
from regions.rules.classnames import school_year
from regions.rules.values import number_of

TO_SIGN = timedelta(days=14)
YEARS = range(2000, 2100)


def _year(request: Request) -> int:
    asked = number_of(request.GET.get("year", ""))
    return asked if asked is not None and asked in YEARS else school_year(today())


def _county(request: Request, roles) -> Region:
    paths = request.user.reach.paths(*roles)
    return get_object_or_404(Region, path=county_of(paths[0]) if paths else "")


@open_to(*READERS)
def index(request: Request) -> HttpResponse:
    """How much is signed, and both trees; the next step of whoever opens it on top."""
    year, day = _year(request), today()
    shelf = listing.contract_list(request.user, year, day)
    asked = request.GET.get("open")
    only = request.GET.get("only") == "unsigned"
    page = listing.index(
        shelf, opened=None if asked is None else set(asked.split(",")) - {""}, only_unsigned=only
    )
    missing = []
    if year == school_year(day) and request.user.reach.holds(*DRAFTERS):
        county = _county(request, DRAFTERS)
        missing = contracts.missing(county, year, by=request.user, on=day)
    access.log(
        Access.LIST, "contracts", by=request.user, scope=texts.year_label(year), request=request
    )
    context = pages.index_page(request.user, shelf, page, year, missing)
    context |= {"only": only, "form": ContractIssueForm(initial={"due_on": day + TO_SIGN})}
    return render(request, "contracts/index.html", context)


@open_to(*READERS)
def unsigned(request: Request) -> HttpResponse:
    """Who has not signed, by line, and why."""
    year, asked = _year(request), request.GET.get("link", "")
    link = Link(asked) if asked in set(Link) else None
    lines = listing.unsigned_lines(listing.contract_list(request.user, year, today()), link)
    access.log(
        Access.LIST,
        "contracts",
        by=request.user,
        scope=f"{texts.year_label(year)} 未签",
        request=request,
    )
    context = {
        "lines": lines,
        "year": year,
        "year_label": texts.year_label(year),
        "link": Link(link).label if link else "",
        "missing": sum(len(o.rows) for o in lines),
    }
    return render(request, "contracts/unsigned.html", context)


@open_to(*DRAFTERS)
@require_POST
def draft(request: Request) -> HttpResponse:
    """Draft this year's contracts that nobody has drafted."""
    day = today()
    county = _county(request, DRAFTERS)
    made = contracts.draft_year(county, school_year(day), by=request.user, on=day)
    messages.success(
        request, f"已起草 {made} 份。还没有签发，双方看不到签署按钮：看过文本，再定截止日期签发。"
    )
    return redirect("contracts:index")


@open_to(*DRAFTERS)
@require_POST
def issue(request: Request) -> HttpResponse:
    """Issue the drafts named in the form."""
    form = ContractIssueForm(request.POST)
    if not form.is_valid():
        raise Refused("；".join(map(str, form.errors["due_on"])))
    uids = request.POST.getlist("uid")
    done = contracts.issue(uids, by=request.user, on=today(), due_on=form.cleaned_data["due_on"])
    messages.success(request, f"已签发 {len(done)} 份。文本从现在起不再变动，双方可以签署。")
    return redirect("contracts:index")


def _contract(request: Request, uid: str) -> Contract:
    reached = Contract.objects.visible_to(request.user).select_related("replaces", "issued_by")
    return get_object_or_404(reached.prefetch_related("signatures"), uid=uid)


@open_to(*READERS)
def contract(request: Request, uid: str) -> HttpResponse:
    """One contract: its text, targets, both signatures, scans and history."""
    found = _contract(request, uid)
    access.log(Access.VIEW, "contract", uid, by=request.user, request=request)
    return render(request, "contracts/contract.html", _contract_page(request, found))


def _contract_page(request: Request, found: Contract, **forms) -> dict:
    page = pages.contract_page(request.user, found, today())
    return page | {
        "sign_form": forms.get("sign") or SignForm(),
        "scan_form": forms.get("scan") or ScanForm(),
        "issue_form": ContractIssueForm(initial={"due_on": today() + TO_SIGN}),
    }


@open_to(*SIGNERS)
@require_POST
def sign(request: Request, uid: str) -> HttpResponse:
    """Sign for one's own side."""
    found, form, day = _contract(request, uid), SignForm(request.POST), today()
    places = (Link(found.link), found.upper_path, found.lower_path)
    if not seats_held(request.user, *places, day):
        raise PermissionDenied(NOT_A_PARTY)
    if form.is_valid():
        try:
            contracts.sign(uid, by=request.user, on=day)
            messages.success(request, "你已签署。姓名、岗位和时间已经记下。")
            return redirect("contracts:contract", uid)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = _contract_page(request, _contract(request, uid), sign=form)
    return render(request, "contracts/contract.html", page, status=409)


@open_to(*SIGNERS)
@require_POST
def scan(request: Request, uid: str) -> HttpResponse:
    """Lay a scan beside the contract."""
    found, form = _contract(request, uid), ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            contracts.attach_scan(uid, file=form.cleaned_data["file"], by=request.user, on=today())
            messages.success(request, "扫描件已附上。")
            return redirect(f"{reverse('contracts:contract', args=[uid])}#scans")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = _contract_page(request, found, scan=form)
    return render(request, "contracts/contract.html", page, status=409)


@open_to(*READERS)
def scan_file(request: Request, uid: str, file_id: int) -> FileResponse:
    """A scan, for whoever reaches its contract."""
    found = _contract(request, uid)
    laid = Attachment.objects.filter(kind=contracts.KIND, uid=found.uid)
    file = get_object_or_404(laid, pk=file_id)
    return show_file(request, file, kind="contract", uid=uid, scope="扫描件")


@open_to(*READERS)
def print_page(request: Request, uid: str) -> HttpResponse:
    """The contract as paper, A4; a draft says on its face that it is one."""
    found = _contract(request, uid)
    access.log(Access.PRINT, "contract", uid, by=request.user, request=request)
    page = pages.contract_page(request.user, found, today())
    return render(request, "contracts/print.html", page)
