"""From an empty portal to a confirmed alert, as its people do it: one walk, page by page."""

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from playwright.sync_api import Page

from accounts.models import User
from accounts.seats.first_accounts import system_account
from accounts.workbooks import Sheet, write_workbook
from attendance.enums import AlertState, Mark
from attendance.models import AbsenceAlert, Register
from kongchuo import jobs
from regions.models import SchoolClass
from students.models import Finding, Student
from tests import factories as make
from tests.browser.conftest import PHONE, Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TODAY = make.THURSDAY
PASSWORD = "Lanping-2026"
CODE = "5399010001"
PLACES = f"""区划代码,名称,学校标识码,学校名称,办学类型
53,云南省,,,
5399,示例州,,,
539901,澜屏县,,,
539901001,白水镇,,,
539901001,,{CODE},白水中学,初级中学
"""
CALENDAR = [
    {
        "scope": "539901",
        "from": "2026-09-01",
        "to": "2027-01-22",
        "kind": "term",
        "reason": "秋季学期",
    }
]
USERS = "用户名,姓名,角色,单位代码,班级\n"
OFFICE = f"{USERS}ju1,李文强,县教育局,539901,\nzhou,周丽华,教务处,{CODE},\n"
TEACHERS = f"{USERS}he1,何志明,班主任,{CODE},七(1)班\nhe2,何文英,班主任,{CODE},七(2)班\n"
HEADER = ["姓名", "身份证件类型", "身份证件号", "班级"]
CHILDREN = [
    [name, "居民身份证", make.id_number(900 + n), "七(1)班" if n < 5 else "七(2)班"]
    for n, name in enumerate(make.NAMES[:9])
]
WRONG_ID, WRONG_CLASS = "539901201301159999", "快班"


def test_from_an_empty_portal_to_a_confirmed_alert(person, monkeypatch, tmp_path):
    monkeypatch.setenv("KONGCHUO_ADMIN_PASSWORD", PASSWORD)
    call_command("first_admin", "root1")
    call_command("first_admin", "sec1", role="security")
    admin = person()
    admin.log_in("root1", PASSWORD)
    bring(admin, "places", tmp_path / "places.csv", PLACES, says="新增 5")
    bring(admin, "calendar", tmp_path / "calendar.json", json.dumps(CALENDAR), says="已录入 1 条")
    bring_users(admin, tmp_path / "users.csv", OFFICE)
    security = person()
    security.log_in("sec1", PASSWORD)
    bureau = come_in_first(person(), "ju1", print_slips(security))
    office = come_in_first(person(), "zhou", print_slips(bureau))
    import_roster(office.page, tmp_path)

    bring_users(admin, tmp_path / "teachers.csv", TEACHERS)
    one, two = SchoolClass.objects.order_by("number")
    out_one, out_two = mark_the_days_before(one, two)
    assert run_the_job(TODAY - timedelta(days=1))["flagged"] == 0

    teacher = person(size=PHONE, has_touch=True, is_mobile=True)
    come_in_first(teacher, "he1", print_slips(office))
    assert take_todays_register(teacher.page, out_one) == 3
    register = Register.objects.get(school_class=one, on=TODAY)
    assert (register.expected, register.present, register.stand_in) == (5, 4, False)

    assert run_the_job(TODAY)["flagged"] == 2
    explain_one(office, out_one)
    confirm_one(office, out_two)
    finding = Finding.objects.get()
    assert finding.student == out_two
    states = dict(AbsenceAlert.objects.values_list("student", "state"))
    assert states == {out_one.pk: AlertState.OPEN, out_two.pk: AlertState.CONFIRMED}
    everyone = (admin, security, bureau, office, teacher)
    assert [said for one in everyone for said in one.complaints] == []


def preview(one: Person, door: str, file: Path, text: str) -> Page:
    """Upload a file at a door and stay on its preview."""
    file.write_text(text, encoding="utf-8")
    page = one.go(f"/bring/{door}/")
    page.set_input_files("#file", file)
    page.click("text=上传并核对")
    page.get_by_text("还没有改动任何数据").wait_for()
    return page


def bring(one: Person, door: str, file: Path, text: str, *, says: str) -> None:
    page = preview(one, door, file, text)
    page.click("form .btn-primary")
    page.locator(".note-ok", has_text=says).wait_for()


def bring_users(one: Person, file: Path, text: str) -> None:
    """Bring accounts in, and let their seats in; nobody is handed a password with it."""
    bring(one, "users", file, text, says="还没有密码")
    call_command("activate_seats", unit="539901", by="sec1")


def print_slips(one: Person) -> dict[str, str]:
    """发放初始密码 to all whom this person may give one; the passwords by user name, off the sheet."""
    page = one.go("/people/passwords/")
    page.click("text=打印密码条")
    slips = page.locator(".slips dd").all_inner_texts()
    return dict(zip(slips[::4], slips[1::4], strict=True))


def come_in_first(one: Person, username: str, slips: dict[str, str]) -> Person:
    """Log in with the slip, and change its password."""
    assert set(slips) >= {username}
    old = slips[username]
    one.log_in(username, old)
    page = one.page
    assert page.locator("h1").inner_text() == "先换一个密码"
    page.fill("#id_old", old)
    page.fill("#id_new1", PASSWORD)
    page.fill("#id_new2", PASSWORD)
    page.click("text=保存新密码")
    page.wait_for_load_state()
    assert page.locator("h1").inner_text() != "先换一个密码"
    return one


def upload_roster(page: Page, file: Path, rows: list[list[str]]) -> None:
    write_workbook(file, [Sheet("七年级", HEADER, rows, text_columns=[2])])
    page.click("text=名册导入")
    page.set_input_files("#file", file)
    page.click("text=上传并核对")
    page.locator("h1", has_text="核对名册").wait_for()


def import_roster(page: Page, tmp_path: Path) -> None:
    """Two bad cells are named and nothing is written; the mended file is applied."""
    bad = [row.copy() for row in CHILDREN]
    bad[2][2], bad[6][3] = WRONG_ID, WRONG_CLASS
    upload_roster(page, tmp_path / "bad.xlsx", bad)
    assert page.locator("#rejected .cell").all_inner_texts() == ["C4", "D8"]
    assert WRONG_CLASS in page.locator("#rejected").inner_text()
    assert WRONG_ID not in page.content()
    assert not Student.objects.exists()
    upload_roster(page, tmp_path / "good.xlsx", CHILDREN)
    assert page.get_by_text("没有退回。").is_visible()
    page.click("text=导入：新增 9 人")
    page.locator("h1", has_text="名册已导入").wait_for()
    assert Student.objects.count() == 9


def mark_the_days_before(one: SchoolClass, two: SchoolClass) -> tuple[Student, Student]:
    """Two registers in the first class, three in the second, a child of each absent on all."""
    chosen, three = [], make.weekdays(TODAY, 3)
    for school_class, username, days in ((one, "he1", three[:2]), (two, "he2", three)):
        child = Student.objects.filter(enrolments__school_class=school_class).first()
        by = User.objects.get(username=username)
        for day in days:
            make.take(school_class, day, by, **{child.uid: Mark.ABSENT})
        chosen.append(child)
    return chosen[0], chosen[1]


def take_todays_register(page: Page, out: Student) -> int:
    """Mark one child by thumb and submit; how many taps it took."""
    assert page.locator("h1").inner_text().startswith("七(1)班 11月19日")
    name = page.locator(f'.pupil[data-name="{out.name}"]')
    assert "已缺2天" in name.inner_text()
    taps = [name, page.locator("#sheet [data-set=absent]"), page.locator("[data-submit]")]
    for each in taps:
        each.tap()
    page.locator("p.t-ok[role=status]").wait_for()
    assert "实到 4，未到 1" in page.locator(".note-ok").inner_text()
    return len(taps)


def run_the_job(on: date) -> dict:
    system_account(on=on)
    (county,) = jobs.counties()
    summary = jobs.run("flag_absences", on, county, again=True)
    assert summary is not None
    return summary


def proof_of(one: Person, child: Student, press: str) -> Page:
    """From the school's day: the strip proves three days, one press leads to the act."""
    page = one.go("/school/")
    row = page.locator("#alerts tr", has_text=child.name)
    assert [mark.strip() for mark in row.locator(".d-un b").all_inner_texts()] == ["1", "2", "3"]
    row.get_by_role("link", name=press).click()
    page.locator("h1", has_text=child.name).wait_for()
    assert page.locator("#proof tbody tr").count() >= 3
    return page


def explain_one(one: Person, child: Student) -> None:
    page = proof_of(one, child, "说明原因")
    page.fill("#explain [name=until]", "2026-11-20")
    page.fill("#explain [name=proof]", "县医院诊断证明，11月17日")
    page.click("text=说明原因，报县批准")
    page.locator("main", has_text="等县批").wait_for()


def confirm_one(one: Person, child: Student) -> None:
    page = proof_of(one, child, "确认预警")
    page.fill("#confirm [name=note]", "家长电话打不通")
    page.click("text=确认预警：没有正当理由")
    page.locator("h2", has_text="四步法").wait_for()  # the case that opened from it
