"""政策 by clicks: what holds and why, another value of one, its end; each with what it would do."""

from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.enums import EVERYONE, REFERRAL_ROLES, Role
from accounts.gate import open_to
from accounts.places.policies import (
    ChangedPolicy,
    EndedPolicy,
    comes_back,
    end_policy,
    refuse_policy,
    refuse_policy_end,
    refuse_withdrawal,
    said_by,
    set_policy,
    withdraw_policy,
)
from accounts.requests import Request
from accounts.rights import AdminRight, may
from attendance.next_check import next_check
from attendance.school_year.forms import PolicyEndForm, PolicyForm, WithdrawForm
from attendance.school_year.looking import look_or_act
from attendance.school_year.page import home_path
from attendance.school_year.policy_effects import (
    PolicyEffect,
    effect_of_end,
    effect_of_value,
    effect_of_withdrawal,
)
from attendance.school_year.policy_rows import in_words, lines_of
from regions.clock import now, today
from regions.days import PlaceRules, place_rules_of
from regions.models import Policy, Region
from regions.paths import county_of
from regions.rules.policies import THRESHOLDS, Setting, Stricter, Threshold, too_loose

READERS = EVERYONE - REFERRAL_ROLES
STRICTER = {Stricter.LOWER: "越小越严", Stricter.HIGHER: "越大越严", Stricter.FREE: ""}
EARLIER = "越早越严"
ONE_DAY = timedelta(days=1)
LOOSER = "比现在执行的宽。只有上级没有更严的规定时才生效。"


@open_to(*READERS)
def policy(request: Request) -> HttpResponse:
    """Every threshold in force today at this user's place, with its source, and what it overrules."""
    path = home_path(request.user)
    policies = place_rules_of(path).policies if path else None
    county = county_of(path)
    rows = []
    for threshold in THRESHOLDS.values():
        row = policies.setting(threshold.key, path, today()) if policies else None
        rows.append(
            {
                "threshold": threshold,
                "setting": row,
                "own": row is not None and bool(row.path),
                "ends": row is not None and bool(path) and row.path == county and not row.until,
                "coming": policies.coming(threshold.key, path, today()) if policies else [],
                "wrong": row.wrong if row else "",
                "stricter": _stricter(threshold),
                "overruled": policies.overruled(threshold.key, path, today()) if policies else [],
            }
        )
    may_change = bool(path) and may(AdminRight.POLICY, request.user, over=county)
    return render(request, "attendance/policy.html", {"rows": rows, "may_change": may_change})


def _stricter(threshold: Threshold) -> str:
    """Which way a threshold gets stricter, in words; an hour is earlier, not smaller."""
    is_hour = ":" in threshold.default
    return EARLIER if is_hour else STRICTER[threshold.stricter]


def _asked(request: Request, key: str) -> tuple[Threshold, Region]:
    """The threshold of an address, and the county of who asks; 404 where there is none."""
    threshold = THRESHOLDS.get(key)
    county = Region.objects.filter(path=county_of(home_path(request.user))).first()
    if threshold is None or county is None:
        raise Http404
    return threshold, county


@open_to(Role.BUREAU, Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def policy_change(request: Request, key: str) -> HttpResponse:
    """Another value of a threshold for one's county: first who would newly alert, then the act."""
    threshold, county = _asked(request, key)
    rules, by, on = place_rules_of(county.path), request.user, today()
    form = PolicyForm(request.POST or None, threshold=threshold, initial={"since": on})

    def wanted() -> ChangedPolicy:
        return ChangedPolicy(county, key, **form.cleaned_data)

    def effect() -> PolicyEffect:
        refuse_policy(wanted(), by=by, on=on)
        return effect_of_value(wanted().setting, rules, on=on)

    look = look_or_act(request, form, effect, lambda: set_policy(wanted(), by=by, on=on))
    if look.result:
        said = f"{look.result.since} 起 {look.result.value}"
        messages.success(request, f"已录入：{threshold.label}，{said}。")
        return redirect("attendance:policy")
    standing = rules.policies.setting(key, county.path, on)
    looser = look.effect and not standing.wrong and too_loose(wanted().setting, standing)
    context = {"form": form, "look": look, "caution": LOOSER if looser else "", "press": "录入"}
    if form.is_valid():
        context["when"] = _when(county, rules, form.cleaned_data["since"])
    return _page(request, threshold, standing, context | {"title": "改政策"})


@open_to(Role.BUREAU, Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def policy_end(request: Request, key: str) -> HttpResponse:
    """The end of a county's own value: it goes back to what holds above it, shown before the act."""
    threshold, county = _asked(request, key)
    rules, by, on = place_rules_of(county.path), request.user, today()
    form = PolicyEndForm(request.POST or None, initial={"last": on})

    def wanted() -> EndedPolicy:
        return EndedPolicy(county, key, **form.cleaned_data)

    def effect() -> PolicyEffect:
        refuse_policy_end(wanted(), by=by, on=on)
        ended = Setting(key, "", county.path, on, wanted().source, wanted().last)
        return effect_of_end(ended, rules, on=on)

    look = look_or_act(request, form, effect, lambda: end_policy(wanted(), by=by, on=on))
    if look.done:
        messages.success(request, f"已录入：{threshold.label}执行到 {wanted().last}。")
        return redirect("attendance:policy")
    standing = rules.policies.setting(key, county.path, on)
    context = {"form": form, "look": look, "caution": "", "press": "结束"}
    if form.is_valid():
        context["when"] = _when(county, rules, wanted().last + ONE_DAY)
    return _page(request, threshold, standing, context | {"title": "回到上级的标准"})


@open_to(*READERS)
def policy_rows(request: Request, key: str) -> HttpResponse:
    """经过: every row of a threshold at one's place and above it, those that were ended among them."""
    threshold, path = THRESHOLDS.get(key), home_path(request.user)
    if threshold is None or not path:
        raise Http404
    county = county_of(path)
    may_change = may(AdminRight.POLICY, request.user, over=county)
    lines = lines_of(key, path, on=today(), withdraws_at=county if may_change else "")
    context = {"threshold": threshold, "lines": lines}
    return render(request, "attendance/policy_rows.html", context)


@open_to(Role.BUREAU, Role.SYSTEM_ADMIN)
@require_http_methods(["GET", "POST"])
def policy_withdraw(request: Request, pk: int) -> HttpResponse:
    """撤销 a value that was entered wrongly: first who would come into an alert, then the act."""
    county = county_of(home_path(request.user))
    rows = Policy.objects.select_related("region", "replaces")
    row = get_object_or_404(rows, pk=pk, region__path=county)
    rules, by, on = place_rules_of(county), request.user, today()
    form, said = WithdrawForm(request.POST or None), said_by(row)

    def effect() -> PolicyEffect:
        refuse_withdrawal(row, reason=form.cleaned_data["reason"], by=by)
        again = comes_back(row)
        return effect_of_withdrawal(said, said_by(again) if again else None, rules, on=on)

    look = look_or_act(
        request, form, effect, lambda: withdraw_policy(pk, by=by, on=on, **form.cleaned_data)
    )
    threshold = THRESHOLDS[row.key]
    if look.done:
        messages.success(request, f"已撤销：{threshold.label}，{in_words(said)}。")
        return redirect("attendance:policy_rows", row.key)
    standing = rules.policies.setting(row.key, county, on)
    context = {"form": form, "look": look, "caution": "", "press": "撤销"}
    context |= {"title": "撤销", "row": in_words(said), "when": _when(row.region, rules, row.since)}
    return _page(request, threshold, standing, context)


def _when(county: Region, rules: PlaceRules, first: date) -> str:
    """When the alerts that a value in force from `first` brings are raised and taken back."""
    return next_check(county.path, rules.policies, at=now()).on(first)


def _page(
    request: Request, threshold: Threshold, standing: Setting, context: dict[str, Any]
) -> HttpResponse:
    told = {"row": "", "threshold": threshold, "stricter": _stricter(threshold)}
    return render(request, "attendance/policy_change.html", told | {"setting": standing} | context)
