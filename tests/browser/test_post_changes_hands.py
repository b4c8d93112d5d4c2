"""A post that changes hands, in the browser: the successor sees all that was open, the leaver none."""

from datetime import timedelta

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Seat, User
from students.models import Charge
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_layout import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ON = make.THURSDAY


def test_a_post_changes_hands(county, person):
    teacher, office = county.users[Role.TEACHER], county.users[Role.OFFICE]
    successor = make.user(Role.TEACHER, county.empty, name="王建华", username="wangjh")
    for child in county.children[:6]:
        Charge.objects.create(
            student=child, user=teacher, name=teacher.name, post="teacher", began=ON
        )
    desk, phone = person(office, PC), person(teacher, PHONE)
    assert "七(1)班" in phone.go("/register/").inner_text("main")

    seat = teacher.seats.get()
    page = desk.go(reverse("people:seat", args=[seat.pk]))
    page.fill("[name=last]", (ON - timedelta(days=1)).isoformat())
    page.select_option("[name=reason]", "调动")
    page.click("text=办离任")
    page.wait_for_url("**/people/")
    shown = page.inner_text("main")
    assert "空岗" in shown and "的交接没有办结" in shown and "包保 6 项" in shown

    assert "登录" in phone.go("/register/").title()

    page.click("text=安排班主任")
    page.fill("[name=username]", "wangjh")
    page.click("button:text-is('安排')")
    page.wait_for_url("**/people/")
    page.click("text=办交接")
    page.select_option("[name=to]", "wangjh")
    assert faults(page, "people", PC["width"]) == []
    page.click("button:text-is('办结交接')")
    page.wait_for_url("**/people/")
    assert "已交接：包保 6 项" in page.inner_text("main")
    assert "空岗" not in page.inner_text("main")

    held = Seat.objects.on(ON).filter(user=successor).values_list("path", flat=True)
    assert county.full.path in held
    assert Charge.objects.filter(user=successor, until=None).count() == 6
    assert Charge.objects.filter(user=teacher, until=None).count() == 0
    new = person(successor, PHONE)
    listed = new.go("/students/").inner_text("main")
    assert all(child.name in listed for child in county.children[:6])
    assert "七(1)班" in new.go("/register/").inner_text("main")
    assert User.objects.get(pk=teacher.pk).reach_on(ON).seats == ()
    assert not desk.complaints and not phone.complaints
