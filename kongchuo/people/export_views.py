"""班主任与岗位, 岗位 as a workbook: the same lines as on the page, with who took them away and why."""

from datetime import date
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from accounts import access
from accounts.enums import Access
from accounts.file_door.pages import as_download
from accounts.gate import open_to, with_password
from accounts.models import User
from accounts.requests import Request
from kongchuo.people.home import home_of
from kongchuo.people.roster import READERS, Line, Section, sections_of
from regions.clock import local, now, today
from regions.days import place_rules_of
from regions.refusals import Refused
from reports.forms import PurposeForm
from reports.workbooks import Exported, checked, exported_by, write

HEADER = [
    "单位类别", "单位", "岗位", "姓名", "账号", "任职起", "任职止", "上次登录", "状态",
]  # fmt: skip


@open_to(*READERS)
@with_password("POST")
@require_http_methods(["GET", "POST"])
def export(request: Request) -> HttpResponse:
    """Asks why, and answers with the workbook."""
    user, on = request.user, today()
    place_rules = request.place_rules = place_rules_of(user.reach.seats[0].path)
    sections = sections_of(user, on, place_rules)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = _written(sections, form.cleaned_data["purpose"], user, on, request)
            return as_download(f"seats-{on:%Y%m%d}.xlsx", made.content)
        except Refused as refusal:
            form.add_error(None, str(refusal))
    page = {
        "form": form,
        "home": home_of(user),
        "lines": sum(len(section.lines) for section in sections),
    }
    return render(request, "people/export.html", page, status=409 if form.errors else 200)


@transaction.atomic
def _written(
    sections: list[Section], purpose: str, by: User, on: date, request: Request
) -> Exported:
    why = checked(purpose)
    rows = [row for section in sections for line in section.lines
            for row in _rows(section, line, on)]  # fmt: skip
    name = home_of(by).title
    title = f"{name}（{on:%Y-%m-%d}）"
    made = write(name, HEADER, rows, f"{title}：{exported_by(by, now(), why)}")
    access.log(Access.EXPORT, "seats", by=by, scope=title, reason=why, request=request)
    return made


def _rows(section: Section, line: Line, on: date) -> list[list[Any]]:
    """A row for each who holds the seat, and one where it is vacant or nobody was named."""
    at = [section.title, line.label]
    rows: list[list[Any]] = []
    if line.vacancy or not line.holders:
        state = "空岗" if line.vacancy else line.nobody
        since = line.vacancy.since if line.vacancy else None
        note = f"{state}（{since} 起）" if since else state
        rows.append([*at, line.role.label, "", "", None, None, "", note])
    for holder in line.holders:
        seat, user = holder.seat, holder.seat.user
        login = f"{local(user.last_login):%Y-%m-%d %H:%M}" if user.last_login else "未登录过"
        states = "、".join(state for _, state in holder.states(on))
        rows.append([*at, seat.role_label, user.name, user.username, seat.began, seat.until, login,
                     states])  # fmt: skip
    return rows
