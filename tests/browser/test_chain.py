"""The whole chain in the demo county, as its people walk it: from an alert to 销号, to 再次辍学,
to a signed 责任书, and from the rate to the names behind it."""

import re
from datetime import date

import pytest
from django.urls import reverse
from openpyxl import load_workbook
from playwright.sync_api import Page

from accounts.enums import Access, Role
from accounts.models import AccessLog, User
from attendance.enums import Mark
from cases.models import Case, Deadline, Paper
from kongchuo import jobs
from students.models import Student
from tests import factories as make
from tests.browser.chain import (
    Walk,
    allow_fines,
    begin,
    child_at_the_town_school,
    choose,
    forbid_fines,
    officer_of,
    watched_child,
    words,
)
from tests.browser.conftest import PHONE
from tests.pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NO_FINE = "没有可罚款的法律依据（义务教育法第58条没有设定罚款）"
SERVED, LAPSED, BACK = date(2026, 11, 19), date(2026, 11, 27), date(2026, 11, 30)
OUT = [date(2026, 11, day) for day in (20, 23, 24, 25, 26)]
IN = [BACK] + [date(2026, 12, day) for day in (1, 2, 3, 4, 7, 8, 9, 10, 11)]
OUT_AGAIN = [date(2026, 12, day) for day in (14, 15, 16)]


def test_the_whole_chain(person, settings, tmp_path):
    walk = begin(settings, person)
    child, watched = child_at_the_town_school(), watched_child()
    case = the_school_confirms(walk, child)
    the_township_finds_it_on_its_list(walk, case)
    the_township_visits_with_a_phone(walk, case)
    paper = the_township_orders(walk, case)
    it_is_served(walk, case, paper)
    the_order_lapses(walk, case, watched)
    gone_again_within_the_watch_is_the_same_case(walk, watched)
    no_fine_without_a_clause(walk, case)
    the_child_comes_back(walk, case)
    closing_is_refused(walk, case)
    ten_days_are_watched_and_the_bureau_approves(walk, case)
    gone_again_after_closing_is_a_new_case(walk, case)
    a_contract_is_issued_and_signed(walk)
    from_the_rate_to_the_names_and_an_export(walk, child, tmp_path)
    assert walk.complaints() == []


def the_school_confirms(walk: Walk, child: Student) -> Case:
    office = User.objects.get(username="office")
    page = walk.open(office, "/")
    row = page.locator("#alerts tr", has_text=child.name)
    row.get_by_role("link", name="确认预警").click()
    page.fill("#confirm [name=note]", "家长电话打不通")
    walk.saved(page, "确认预警：没有正当理由")
    case = child.cases.get()
    assert page.url.endswith(reverse("cases:case", args=[case.uid]))
    last = Case.objects.exclude(pk=case.pk).order_by("-serial")[0].serial
    assert page.locator("h1").inner_text() == child.name
    assert f"澜屏控档〔2026〕{last + 1}号" in words(page)
    walk.follow(page, "写书面报告")
    page.fill("[name=said]", "连续三个教学日未到校，班主任电话联系家长未接通。")
    walk.saved(page, "提交书面报告")
    assert "学校书面报告" in page.locator(".log").inner_text()
    return case


def row_of(page: Page, case: Case):
    row = page.locator("table.work tr", has=page.locator(f"a[href='/cases/{case.uid}/']"))
    # What waits for a county role stands on top once more.
    assert row.count() == 1 + page.get_by_text("等你办理").count()
    return row.first


def case_page(walk: Walk, user: User, case: Case, size: dict | None = None) -> Page:
    address = reverse("cases:case", args=[case.uid])
    return walk.open(user, address, size) if size else walk.open(user, address)


def the_township_finds_it_on_its_list(walk: Walk, case: Case) -> None:
    page = walk.open(officer_of(walk, case), "/")
    said = row_of(page, case).inner_text()
    (due,) = Deadline.objects.filter(case=case, kind="verify").values_list("due_on", flat=True)
    assert f"还有 {(due - walk.today).days} 天" in said
    assert "白水镇 · 首次核查并定性" in said
    assert "尚无联系" in said


def the_township_visits_with_a_phone(walk: Walk, case: Case) -> None:
    page = walk.open(officer_of(walk, case), "/", PHONE)
    row_of(page, case).get_by_role("link", name="记家访").click()
    contact(walk, page, "见到家长", "父亲在家，说孩子不想读书，答应再劝。", then="3 天内")
    assert "已保存：11月19日 家访，见到家长" in page.inner_text(".note-ok")
    walk.follow(page, "看个案")
    assert "劝返 · 第1步" in words(page)
    assert "父亲在家，说孩子不想读书" in page.locator(".log").inner_text()


def contact(walk: Walk, page: Page, met: str, said: str, *, then: str) -> None:
    page.click(f"label:text-is('{met}')")
    page.fill("[name=note]", said)
    page.click(f"label:text-is('{then}')")
    walk.look(page)
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")


def the_township_orders(walk: Walk, case: Case) -> Paper:
    """批评教育, the second step, and the order; a carer is no one to order."""
    officer = officer_of(walk, case)
    page = case_page(walk, officer, case)
    walk.follow(page, "登记批评教育")
    page.fill("[name=note]", "向父亲讲明送子女入学是法定义务，父亲表示知道了。")
    walk.saved(page, "保存批评教育记录")
    walk.follow(page, "进入下一步")
    choose(page, "to", "第二步（责令限期改正）")
    walk.saved(page, "进入这一步")
    assert "劝返 · 第2步" in words(page)
    walk.follow(page, "制发文书")
    offered = page.locator("[name=addressee] option").all_inner_texts()
    parent = case.student.guardians.filter(kind="parent")[0]
    carer = case.student.guardians.get(kind="carer")
    assert parent.name in offered[0] and carer.name not in "".join(offered)
    numbers = list(
        Paper.objects.filter(number__startswith="澜白水").values_list("number", flat=True)
    )
    walk.saved(page, "制发责令限期改正通知书")
    highest = max(int(re.search(r"〔2026〕(\d+)号", one)[1]) for one in numbers)
    paper = case.papers.get()
    assert paper.number == f"澜白水控责改〔2026〕{highest + 1}号"
    assert page.locator(".docno").inner_text() == paper.number
    printed = page.locator("article.paper").inner_text()
    assert parent.name in printed and "7 日内" in printed and "罚款" not in printed
    return paper


def paper_row(page: Page, paper: Paper) -> str:
    link = page.get_by_role("link", name=paper.number, exact=True)
    return page.locator("tr", has=link).inner_text()


def it_is_served(walk: Walk, case: Case, paper: Paper) -> None:
    page = case_page(walk, officer_of(walk, case), case)
    assert "未送达" in paper_row(page, paper)
    walk.follow(page, paper.number)
    walk.follow(page, "登记送达")
    page.fill("[name=served_0]", SERVED.isoformat())
    page.fill("[name=relation]", "本人")
    page.fill("[name=servers]", "普品初、岩布勒")
    walk.saved(page, "登记送达")
    assert page.url.endswith(reverse("cases:case", args=[case.uid]))
    duty = page.locator("tr", has_text="限期改正届满").first.inner_text()
    assert "还有 7 天" in duty and "11月26日" in duty
    assert "11月19日 直接送达" in paper_row(page, paper)


def the_order_lapses(walk: Walk, case: Case, watched: Student) -> None:
    """The officer calls once more while the order runs; then it is a day late."""
    out = dict.fromkeys((case.student, watched), Mark.ABSENT)
    walk.days(out, OUT[:2])
    page = walk.open(officer_of(walk, case), "/", PHONE)
    row = row_of(page, case)
    assert "约定的下次联系" in row.inner_text() and "逾期 1 天" in row.inner_text()
    row.get_by_role("link", name="记家访").click()
    page.click("label:text-is('电话')")
    contact(walk, page, "未见到人", "电话关机，没有接通。", then="没有约")
    walk.days(out, OUT[2:])
    walk.on(LAPSED)
    walk.night()
    page = walk.open(officer_of(walk, case), "/")
    said = row_of(page, case).inner_text()
    assert "逾期 1 天" in said and "限期改正届满，核实是否返校" in said


def gone_again_within_the_watch_is_the_same_case(walk: Walk, watched: Student) -> None:
    """Another child, on the fifth day of its watch: three days out and the ladder starts again."""
    case = watched.cases.get()
    page = walk.open(officer_of(walk, case), "/")
    assert "第1步 宣传教育" in row_of(page, case).inner_text()
    walk.follow(page, watched.name)
    assert "再次辍学 1 次" in words(page)
    assert "返校后 3 个教学日无正当理由未到" in page.locator(".log").inner_text()
    assert case.round == 1 and case.returned_on is None


def no_fine_without_a_clause(walk: Walk, case: Case) -> None:
    """The third step is shut with its sentence; with a clause in force it would be open."""
    page = case_page(walk, officer_of(walk, case), case)
    assert NO_FINE in page.locator(".ladder").inner_text()
    walk.follow(page, "进入下一步")
    assert NO_FINE in page.locator("tr", has_text="第三步（行政处罚）").inner_text()
    assert page.locator("input[name=to][value=penalty]").count() == 0
    case.refresh_from_db()
    assert case.step == "order"
    allow_fines()
    page.goto(walk.people[-1].address + reverse("cases:advance", args=[case.uid]))
    assert "可以进入" in page.locator("tr", has_text="第三步（行政处罚）").inner_text()
    forbid_fines()


def the_child_comes_back(walk: Walk, case: Case) -> None:
    """The class is marked with the child in it, the school writes the return and the place down."""
    walk.days({case.student: None}, [BACK])
    page = walk.open(User.objects.get(username="office"), "/cases/")
    row_of(page, case).get_by_role("link", name="登记返校").click()
    page.fill("[name=note]", "由父亲和村干部送回。")
    page.set_input_files(
        "[name=file]", {"name": "返校.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    walk.saved(page, "登记返校，进入安置")
    walk.follow(page, "登记安置")
    choose(page, "mode", "原班就读")
    walk.saved(page, "保存安置，开始观察")
    assert "第 1 / 10 个教学日" in words(page)


def closing_is_refused(walk: Walk, case: Case) -> None:
    """Grey with its reason beside it for the township, and refused to the bureau that tries."""
    page = case_page(walk, officer_of(walk, case), case)
    assert page.locator("button:disabled", has_text="报请销号").is_visible()
    why = "还不能报请销号：观察期第 1 天，共 10 个教学日。"
    assert why in words(page)
    bureau = walk.who(Role.BUREAU, walk.county.path)
    page = walk.open(bureau, reverse("cases:approve", args=[case.uid]))
    assert why in words(page)
    case.refresh_from_db()
    assert case.state == "observing"


def ten_days_are_watched_and_the_bureau_approves(walk: Walk, case: Case) -> None:
    walk.days({case.student: None}, IN[1:])
    page = walk.open(User.objects.get(username="office"), "/cases/")
    row_of(page, case).get_by_role("link", name="签学校意见").click()
    page.fill("[name=note]", "天天到校，情绪稳定。")
    walk.saved(page, "签署意见")
    page = case_page(walk, officer_of(walk, case), case)
    walk.follow(page, "报请销号")
    page.fill("[name=note]", "12月11日到校核实，本人在班。")
    page.locator("form .btn-primary").click()
    page.wait_for_load_state()
    bureau = walk.who(Role.BUREAU, walk.county.path)
    page = walk.open(bureau, "/cases/")
    row_of(page, case).get_by_role("link", name="审批销号").click()
    walk.saved(page, "批准销号")
    assert "已销号" in words(page)
    page = walk.open(officer_of(walk, case), "/")
    assert page.locator(f"a[href='/cases/{case.uid}/']").count() == 0


def gone_again_after_closing_is_a_new_case(walk: Walk, case: Case) -> None:
    walk.days({case.student: Mark.ABSENT}, OUT_AGAIN)
    page = walk.open(User.objects.get(username="office"), "/")
    row = page.locator("#alerts tr", has_text=case.student.name)
    row.get_by_role("link", name="确认预警").click()
    walk.saved(page, "确认预警：没有正当理由")
    again = case.student.cases.get(previous=case)
    assert again.number in words(page)
    assert f"上一份档案：{case.number}，已销号 12月11日" in words(page)


def a_contract_is_issued_and_signed(walk: Walk) -> None:
    """A village whose committee is new signs with its township."""
    officer = User.objects.get(username="township")
    town = officer.seats.get().region.codes.get().code
    village = make.region(f"{town}099", "新寨村")
    cadre = make.user(Role.VILLAGE, village, name="岩布勒")
    page = walk.open(officer, "/contracts/")
    walk.saved(page, "起草 1 份责任书")
    walk.saved(page, "签发 1 份")
    page.locator("tr", has_text="新寨村").get_by_role("link", name="去签署").first.click()
    page.check("[name=read]")
    walk.saved(page, "以甲方身份签署")
    assert "你已签署" in words(page)
    page = walk.open(cadre, "/contracts/", PHONE)
    page.get_by_role("link", name="去签署").first.click()
    page.check("[name=read]")
    walk.saved(page, "以乙方身份签署")
    assert "双方已签" in words(page)


def from_the_rate_to_the_names_and_an_export(walk: Walk, child: Student, tmp_path) -> None:
    walk.on(OUT_AGAIN[-1])
    jobs.run("roll_up", walk.today, walk.county, again=True)
    county = walk.who(Role.COUNTY_OFFICE, walk.county.path)
    page = walk.open(county, "/")
    assert "年巩固率" in words(page)
    link = page.locator(".shares a", has_text="人").first
    count = int(re.search(r"\d+", link.inner_text())[0])
    link.click()
    page.wait_for_load_state()
    walk.look(page)
    listed = page.locator("tbody tr")
    assert listed.count() == count and str(count) in page.locator("h1").inner_text()
    name = listed.first.locator("th").inner_text()
    names = page.url
    listed.first.locator("th a").click()
    page.wait_for_load_state()
    walk.look(page)
    assert page.locator("h1").inner_text() == name
    page.goto(names)
    before = AccessLog.objects.filter(action=Access.EXPORT, kind="student").count()
    walk.follow(page, "导出（需填事由）")
    page.fill("[name=purpose]", "报送市教育体育局 12 月月报")
    with page.expect_download() as coming:
        page.get_by_role("button", name=f"导出 {count} 人").click()
    target = tmp_path / "names.xlsx"
    coming.value.save_as(target)
    cells = [str(cell) for sheet in load_workbook(target) for row in sheet.values for cell in row]
    assert name in cells and any("报送市教育体育局 12 月月报" in cell for cell in cells)
    assert not any(re.search(r"\d{17}[\dX]", cell) for cell in cells)
    logged = AccessLog.objects.filter(action=Access.EXPORT, kind="student").count()
    assert logged - before == count
