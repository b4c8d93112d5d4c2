"""Leave and suspension at a browser: asked for, refused, granted, withdrawn; suspended to the end."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from attendance.enums import Mark
from attendance.models import AbsenceAlert
from kongchuo import jobs
from students.enums import AbsenceState
from students.models import AuthorisedAbsence
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_axe import violations
from tests.browser.test_layout import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON, MONDAY = make.THURSDAY, date(2026, 11, 23)


def address(absence: AuthorisedAbsence) -> str:
    return reverse("attendance:absence", args=[absence.pk])


def ask(
    page, *, kind: str, first: date, last: date, reason: str, proof: str = "", on_to: str = ""
) -> None:
    """Fill in and send; where it goes on to the bureau (`on_to`: why) that is read first."""
    page.select_option("#id_kind", label=kind)
    page.fill("#id_first", first.isoformat())
    page.fill("#id_last", last.isoformat())
    page.fill("#id_reason", reason)
    page.fill("#id_proof", proof)
    page.click("main button[type=submit]")
    if on_to:
        page.wait_for_selector("text=登记并报县批准")
        assert f"学校同意后还要报县教育体育局批准：{on_to}" in page.inner_text("main")
        page.click("main button[type=submit]")
    page.wait_for_url("**/students/**")


def press(page, name: str, **filled: str) -> str:
    """Fill in and send one of the forms of a request; what the page says of it then."""
    for field, value in filled.items():
        page.fill(f"#{name} [name={name}-{field}]", value)
    page.click(f"#{name} button[type=submit]")
    page.wait_for_load_state("load")
    return page.inner_text("main")


def test_leave_is_asked_for_refused_granted_and_withdrawn(county, person):
    child = county.children[5]
    form = reverse("attendance:ask_leave", args=[child.uid])
    phone = person(county.users[Role.TEACHER], PHONE)
    page = phone.go(form)
    assert not faults(page, form, PHONE["width"]) and not violations(page)
    ask(page, kind="病假", first=MONDAY, last=MONDAY, reason="发烧，家长来电话请假")
    first = AuthorisedAbsence.objects.get(student=child)

    desk = person(county.users[Role.OFFICE], PC)
    desk.go(address(first))
    assert "不同意" in press(desk.page, "refuse", note="家长说没有请过假")
    first.refresh_from_db()
    assert first.state == AbsenceState.REFUSED
    told = phone.go(reverse("cases:child", args=[child.uid])).inner_text("main")
    assert "家长说没有请过假" in told, told

    far = MONDAY + timedelta(days=15)
    ask(phone.go(form), kind="病假", first=MONDAY, last=far, reason="骨折，家长到校请假")
    second = AuthorisedAbsence.objects.get(student=child, state=AbsenceState.ASKED)
    desk.go(address(second))
    press(desk.page, "proof", proof="县医院诊断证明，11月18日")
    assert "报县教育体育局批准" in press(desk.page, "pass")

    bureau = person(county.users[Role.BUREAU], PC)
    page = bureau.go(address(second))
    assert not faults(page, address(second), PC["width"]) and not violations(page)
    assert "已批准" in press(page, "approve")
    second.refresh_from_db()
    assert second.state == AbsenceState.APPROVED

    assert "已撤销，就当没有办过" in press(page, "withdraw", note="证明不是这名学生的")
    second.refresh_from_db()
    assert second.state == AbsenceState.WITHDRAWN
    assert not (phone.complaints or desk.complaints or bureau.complaints)


def test_a_suspension_runs_to_its_end_and_the_child_is_looked_for_again(county, person, settings):
    child, office = county.children[6], county.users[Role.OFFICE]
    desk = person(office, PC)
    page = desk.go(reverse("attendance:ask_leave", args=[child.uid]))
    ask(
        page, kind="休学", first=ON, last=date(2026, 12, 4), reason="手术后需要休养一段时间",
        proof="县医院证明，休养三个月", on_to="休学由县教育体育局批准",
    )  # fmt: skip
    absence = AuthorisedAbsence.objects.get(student=child)
    assert absence.state == AbsenceState.PASSED, "the school's word is not enough"
    bureau = person(county.users[Role.BUREAU], PC)
    bureau.go(address(absence))
    press(bureau.page, "approve")
    assert child.name in bureau.go("/absences/?tab=ending").inner_text("main")

    days = make.weekdays(date(2026, 12, 9), 3)
    for day in days:
        settings.KONGCHUO_TODAY = day
        make.take(county.full, day, county.users[Role.TEACHER], **{child.uid: Mark.ABSENT})
    jobs.run("flag_absences", days[-1], make.region("539901"), again=True)
    alert = AbsenceAlert.objects.get(student=child)
    assert (alert.first, alert.unexplained) == (days[0], 3)
    assert child.name in bureau.go("/absences/?tab=overdue").inner_text("main")
    assert not (desk.complaints or bureau.complaints)
