"""A visit written down where the network is missing, or the script is."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse
from playwright.sync_api import Page

from accounts.enums import Role
from accounts.models import Attachment
from cases.contacts.named_people import Named, name_people
from cases.contacts.plans import add_task, save_plan
from cases.enums.records import PostKey
from cases.enums.states import ContactWay, Met
from cases.models import Contact
from students.models import Guardian, Student
from tests import factories as make
from tests.browser.conftest import PC, PHONE
from tests.browser.test_axe import violations
from tests.browser.test_layout import faults
from tests.cases.case_county import case_of
from tests.pictures import jpeg

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = """() => new Promise((done) => {
  const asked = indexedDB.open('kongchuo');
  asked.onsuccess = () => {
    const all = asked.result.transaction('contacts').objectStore('contacts').getAll();
    all.onsuccess = () => { asked.result.close(); done(all.result.length); };
  };
})"""
LEAST_TARGET = 44


@pytest.fixture
def child(county) -> Student:
    return county.children[0]


def address(child: Student) -> str:
    return reverse("cases:contact", args=[child.uid])


def give_a_phone(child: Student) -> None:
    guardian = Guardian(student=child, name="岩叫", relation="父亲")
    guardian.phone = "13812342207"
    guardian.save()


def fill(page: Page) -> None:
    page.click("label:text-is('未见到人')")
    page.fill("[name=note]", "门锁着，邻居说一家外出。")
    page.click("label:text-is('明天再去')")


def test_three_taps_and_a_sentence(county, person, child):
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    page.click("label:text-is('电话')")
    assert page.inner_text("[data-submit]") == "保存这次电话"
    fill(page)
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")
    contact = Contact.objects.get()
    assert (contact.way, contact.met, contact.on) == (ContactWay.CALL, Met.NOBODY, make.THURSDAY)
    assert "未见到人" in page.inner_text(".note-ok")
    assert not one.complaints


def test_it_works_without_javascript(county, person, child):
    one = person(county.users[Role.TEACHER], PHONE, java_script_enabled=False)
    page = one.go(address(child))
    fill(page)
    page.click("label:text-is('其他日子')")
    page.fill("[name=on]", "2026-11-17")
    page.set_input_files(
        "[name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    assert not page.is_visible("[name=reported_to]")
    page.click("label:text-is('早婚早孕')")
    page.fill("[name=reported_to]", "派出所")
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")
    assert Contact.objects.get().on.isoformat() == "2026-11-17"
    assert Attachment.objects.filter(media_type="image/jpeg").count() == 1


def test_without_network_it_waits_in_the_phone_with_its_photo_and_goes_up_once(
    county, person, child
):
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    fill(page)
    page.set_input_files(
        "[name=photo]", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": jpeg()}
    )
    assert "已拍 1 张" in page.inner_text("[data-photo-words]")
    key = page.input_value("[name=client_key]")
    one.context.set_offline(True)
    page.click("[data-submit]")
    page.get_by_text("现在没有网络。").wait_for()
    assert page.evaluate(KEPT) == 1 and not Contact.objects.exists()
    assert page.is_disabled("[name=note]"), "what is kept may not change under its key"
    one.context.set_offline(False)
    page.wait_for_url("**/contacts/*/")
    page.wait_for_load_state("networkidle")
    contact = Contact.objects.get()
    assert str(contact.client_key) == key
    assert Attachment.objects.filter(media_type="image/jpeg").count() == 1
    assert page.evaluate(KEPT) == 0


def test_what_was_kept_goes_up_from_the_page_of_another_child(county, person, child):
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    fill(page)
    one.context.set_offline(True)
    page.click("[data-submit]")
    page.get_by_text("现在没有网络。").wait_for()
    page.goto("about:blank")
    one.context.set_offline(False)
    page = one.go(address(county.children[3]))
    page.get_by_text("存在手机里的一次联系已上传。").wait_for()
    assert Contact.objects.get().student == child
    assert page.evaluate(KEPT) == 0


def test_an_upload_whose_answer_was_lost_is_one_contact(county, person, child):
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    fill(page)
    lost = []

    def lose_the_answer(route):
        if route.request.method == "POST" and not lost:
            lost.append(route.fetch(max_redirects=0).status)
            route.abort()
        else:
            route.continue_()

    page.route("**/contact/**", lose_the_answer)
    page.click("[data-submit]")
    page.get_by_text("现在没有网络。").wait_for()
    assert lost == [302] and Contact.objects.count() == 1
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")
    assert Contact.objects.count() == 1


def test_what_the_server_refuses_comes_back_filled_in(county, person, child):
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    fill(page)
    page.click("label:text-is('其他日子')")
    page.fill("[name=on]", "2026-11-25")
    page.click("[data-submit]")
    page.get_by_text("还没有到，请填实际的那一天").wait_for()
    assert page.input_value("[name=note]") == "门锁着，邻居说一家外出。"
    assert page.is_checked("[name=met][value=nobody]") and page.evaluate(KEPT) == 0


@pytest.mark.parametrize("size", [PHONE, PC], ids=["phone", "pc"])
def test_everything_is_under_the_thumb(county, person, child, size):
    give_a_phone(child)
    page = person(county.users[Role.TEACHER], size).go(address(child))
    page.click("label:text-is('早婚早孕')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if size is PHONE:
        for target in page.locator(".picks > label, .callrow .btn, .submitbar .btn").all():
            assert target.bounding_box()["height"] >= LEAST_TARGET, target.inner_text()
        bar = page.locator(".submitbar").bounding_box()
        assert bar["y"] + bar["height"] == PHONE["height"]
    page.click("text=拨打")
    page.locator("a[href='tel:13812342207']").wait_for()
    assert urlsplit(page.url).path == reverse("cases:call", args=[child.uid])


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_half_written_before_dialling_is_there_when_the_phone_has_dropped_the_page(
    county, person, child, scripts
):
    give_a_phone(child)
    one = person(county.users[Role.TEACHER], PHONE, java_script_enabled=scripts)
    page = one.go(address(child))
    fill(page)
    page.click("label:text-is('早婚早孕')")
    page.click(".callrow .btn")
    page.locator("a[href='tel:13812342207']").wait_for()
    assert page.locator(".btn:has-text('接着记')").bounding_box()["height"] >= LEAST_TARGET
    page.goto("about:blank")  # evicted: nothing of the page is left in the phone
    page = one.go(address(child))
    assert "刚才写的已填回。" in page.inner_text("main")
    assert page.input_value("[name=note]") == "门锁着，邻居说一家外出。"
    assert page.is_checked("[name=met][value=nobody]")
    assert page.locator("[name=reasons]:checked").count() == 1
    page.fill("[name=reported_to]", "派出所")
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")
    assert Contact.objects.get().note == "门锁着，邻居说一家外出。"
    assert not one.complaints


def test_enter_in_a_field_saves_and_does_not_dial(county, person, child):
    give_a_phone(child)
    page = person(county.users[Role.TEACHER], PHONE).go(address(child))
    fill(page)
    page.press("[name=whereabouts]", "Enter")
    page.wait_for_url("**/contacts/*/")
    assert Contact.objects.count() == 1


def test_without_network_dialling_says_so_and_loses_nothing(county, person, child):
    give_a_phone(child)
    one = person(county.users[Role.TEACHER], PHONE)
    page = one.go(address(child))
    fill(page)
    one.context.set_offline(True)
    page.click(".callrow .btn")
    page.get_by_text("联网才能显示号码").wait_for()
    assert page.input_value("[name=note]") == "门锁着，邻居说一家外出。"


@pytest.mark.parametrize("size", [PC, PHONE], ids=["1440", "390"])
def test_axe_and_the_layout_find_nothing_on_contact_plan_and_people(county, person, child, size):
    office, on = county.users[Role.OFFICE], make.THURSDAY
    case = case_of(child)
    said = {"diagnosis": "父母外出", "goal": "本月返校", "measures": "结对补课"}
    save_plan(case.uid, by=office, on=on, version=1, **said)
    task = {"who": child.name, "what": "家访两次" * 20, "due_on": on, "standard": "见到监护人"}
    add_task(case.uid, by=office, on=on, version=2, **task)
    named = {PostKey.TEACHER: Named(child.name, county.school.name)}
    name_people(child.uid, named, by=office, on=on)
    one = person(office, size)
    page, found = one.go(address(child)), []
    page.click("label:text-is('早婚早孕')")
    found += faults(page, "contact", size["width"]) + violations(page)
    fill(page)
    page.click("[data-submit]")
    page.wait_for_url("**/contacts/*/")
    found += faults(page, "done", size["width"]) + violations(page)
    for name in ("plan", "people"):
        page = one.go(reverse(f"cases:{name}", args=[case.uid]))
        found += faults(page, name, size["width"]) + violations(page)
    assert found + one.complaints == []
