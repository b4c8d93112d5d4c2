"""班主任与岗位: vacancies lead, each seat is given, moved, ended and handed over by who may."""

import re
from datetime import timedelta
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.enums import Role
from accounts.models import AccessLog, Change, Seat, User
from accounts.seats.accounts import reopen, reset_password, stop
from cases.contacts.plans import add_task
from kongchuo.people.badge import vacancies
from kongchuo.people.roster import sections_of
from regions.models import CalendarRow
from students.models import Charge
from tests import factories as make
from tests.cases.case_county import case_of, county

pytestmark = pytest.mark.django_db
ON = make.THURSDAY
DAY = timedelta(days=1)


@pytest.fixture
def place(settings):
    settings.KONGCHUO_TODAY = ON
    return county()


@pytest.fixture
def vacant(place):
    """The class has stood without its teacher since the start of November."""
    Seat.objects.filter(user=place.teacher).update(until=ON - 18 * DAY)
    return place


def client_of(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user, name: str = "index", *args) -> str:
    answer = client_of(user).get(reverse(f"people:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def post(user, view: str, *args, **told):
    return client_of(user).post(reverse(f"people:{view}", args=args), told)


def said(user, view: str, *args, **told) -> str:
    client = client_of(user)
    answer = client.post(reverse(f"people:{view}", args=args), told, follow=True)
    assert answer.redirect_chain, answer.content.decode()[-3000:]
    return answer.content.decode()


@pytest.mark.parametrize("by_another", [True, False])
def test_a_first_password_another_gave_is_void_and_the_answer_says_so(vacant, by_another):
    place = vacant
    teacher = make.user(Role.TEACHER, make.school_class(place.school_class.school, number=9))
    other = make.user(Role.PRINCIPAL, place.school_class.school)
    reset_password(teacher.username, by=other if by_another else place.office, on=ON)
    told = {"role": "teacher", "username": teacher.username, "name": teacher.name, "began": str(ON)}
    shown = said(place.office, "appoint", place.school_class.path, **told)
    assert ("没有可用的密码，请另发密码条" in shown) is by_another


def test_a_vacant_class_leads_and_is_filled(vacant):
    place = vacant
    shown = page(place.office)
    assert "空岗" in shown and "安排班主任" in shown
    path = place.school_class.path
    made = post(place.office, "appoint", path, role="teacher", username="wangjh", name="王建华",
                began=ON.isoformat())  # fmt: skip
    seat = Seat.objects.get(user__username="wangjh")
    assert made.status_code == 200 and "初始密码" in made.content.decode()
    assert (seat.path, seat.granted_by) == (path, place.office)
    assert seat.user.reach.roles == {Role.TEACHER}
    shown = page(place.office)
    assert "王建华" in shown and "空岗" not in shown


def test_a_class_with_a_teacher_is_given_a_stand_in_and_the_other_way_round(place):
    shown = page(place.office)
    assert "安排代班" in shown and "安排班主任" not in shown
    path = place.school_class.path
    post(place.office, "appoint", path, role="stand_in", username="daiban", name="杨代班",
         began=ON.isoformat(), until=(ON + timedelta(days=14)).isoformat())  # fmt: skip
    assert Seat.objects.filter(user__username="daiban", role=Role.STAND_IN).exists()
    assert "安排代班" not in page(place.office)
    Seat.objects.filter(path=path, role=Role.TEACHER).update(until=ON - timedelta(days=1))
    assert "安排班主任" in page(place.office)


def test_a_second_teacher_of_a_class_is_refused_and_the_form_keeps_what_was_typed(place):
    answer = post(place.office, "appoint", place.school_class.path, role="teacher",
                  username="wangjh", name="王建华", began=ON.isoformat())  # fmt: skip
    assert answer.status_code == 409
    assert "已有班主任杨雪梅" in answer.content.decode() and "wangjh" in answer.content.decode()
    assert not User.objects.filter(username="wangjh").exists()


def test_a_stand_in_ends(place):
    told = {"role": "stand_in", "username": "lichunyan", "name": "李春燕", "began": ON.isoformat()}
    refused = post(place.office, "appoint", place.school_class.path, **told)
    assert refused.status_code == 409 and "代班要填任职止" in refused.content.decode()
    until = (ON + 20 * DAY).isoformat()
    post(place.office, "appoint", place.school_class.path, until=until, **told)
    seat = Seat.objects.get(user__username="lichunyan")
    assert seat.stands_in_for.user == place.teacher


def test_a_teacher_who_leaves_hands_over(place):
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    successor = make.user(Role.TEACHER, make.school_class(place.school_class.school, number=8),
                          name="王建华")  # fmt: skip
    Charge.objects.create(
        student=place.student, user=teacher, name="张海波", post="teacher", began=ON
    )
    case = case_of(place.student)
    label = f"张海波（{teacher.seats.get().unit_label(ON)} 班主任）"
    add_task(case.uid, by=place.officer, on=ON, version=case.version, who=label, what="家访",
             due_on=ON + DAY, standard="见到")  # fmt: skip
    seat = teacher.seats.get()
    early = post(place.office, "act", seat.pk, "hand", to=successor.username)
    assert early.status_code == 409 and "先办离任" in early.content.decode()
    last = (ON - DAY).isoformat()
    assert "已办离任" in said(place.office, "act", seat.pk, "end", last=last, reason="调动")
    shown = page(place.office)
    assert "张海波的交接没有办结" in shown and "包保 1 项、帮扶任务 1 项" in shown
    assert client_of(teacher).get("/register/").status_code in (302, 403)
    assert "已交接" in said(place.office, "act", seat.pk, "hand", to=successor.username)
    assert "交接没有办结" not in page(place.office)
    assert Charge.objects.get(until=None).user == successor
    again = post(place.office, "act", seat.pk, "hand", to=successor.username)
    assert again.status_code == 409 and "没有要移交的" in again.content.decode()
    assert Change.objects.filter(verb="seats.hand_over").count() == 1


def test_a_teacher_changes_class(place):
    """year: 七(1) → 八(2) from a Monday: the old class until the day before."""
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    other = make.school_class(place.school_class.school, grade=8, number=2)
    first = ON + 4 * DAY
    told = said(place.office, "act", teacher.seats.get().pk, "move", to=other.pk,
                first=first.isoformat())  # fmt: skip
    assert "起任" in told
    assert teacher.reach_on(first - DAY).seats[0].path == place.school_class.path
    assert [held.path for held in teacher.reach_on(first).seats] == [other.path]


def test_two_teachers_change_places_after_one_preview(place):
    """The class chosen has its teacher: what would be is shown first, and both move or neither."""
    one = make.user(Role.TEACHER, place.school_class, name="张海波").seats.get()
    place.teacher.seats.update(until=ON - DAY)
    eight = make.school_class(place.school_class.school, grade=8, number=2)
    other = make.user(Role.TEACHER, eight, name="王建华").seats.get()
    assert "八(2)班（王建华）" in page(place.office, "seat", one.pk)
    first = (ON + 4 * DAY).isoformat()
    preview = post(place.office, "act", one.pk, "move", to=eight.pk, first=first)
    words = preview.content.decode()
    assert preview.status_code == 200 and "还没有改动" in words and "两人对换" in words
    assert not Change.objects.filter(verb__startswith="seats.").exists()
    told = {"to": eight.pk, "first": first, "other": other.pk}
    done = said(place.office, "act", one.pk, "swap", **told)
    assert "张海波11月23日起任" in done and "王建华11月23日起任" in done
    again = post(place.office, "act", one.pk, "swap", **told)
    assert again.status_code == 409 and "不能对换" in again.content.decode()
    assert [held.path for held in one.user.reach_on(ON + 4 * DAY).seats] == [eight.path]


def test_an_account_is_looked_after(place):
    teacher = make.user(Role.TEACHER, place.school_class, name="张海波")
    pk = teacher.seats.get().pk
    assert "姓名已改为张海涛" in said(place.office, "act", pk, "rename", name="张海涛")
    assert "不能登录" in said(place.office, "act", pk, "stop", reason="病休")
    assert "账号已停用" in page(place.office)
    assert "可以登录" in said(place.office, "act", pk, "reopen")
    assert "已解除" in said(place.office, "act", pk, "unlock")
    fresh = post(place.office, "reset", pk)
    assert fresh.status_code == 200 and "初始密码" in fresh.content.decode()


def test_who_has_no_password_is_told_on_the_list_and_gets_a_slip(place):
    new = make.newcomer(Role.TEACHER, place.school_class)
    shown = page(place.office)
    assert "1 人还没有密码" in shown and "还没有密码</span>" in shown
    assert "还没有密码" in page(place.office, "seat", new.seats.get().pk)
    listed = page(place.office, "first_passwords")
    assert new.username in listed and "30 天内不能做本人的第二人" in listed
    sheet = post(place.office, "first_passwords", first=new.username)
    words = sheet.content.decode()
    assert sheet.status_code == 200 and sheet["Cache-Control"] == "no-store"
    assert new.name in words and "http://testserver/login/" in words
    password = re.search(r"<dd>([A-Z]\w+-\d+)</dd>", words)
    assert password and Client().login(username=new.username, password=password[1])
    again = post(place.office, "first_passwords", first=new.username)
    assert again.status_code == 409 and password[1] not in again.content.decode()
    assert "人还没有密码" not in page(place.office)


def test_the_security_administrator_is_told_where_seats_wait(place):
    security = make.user(Role.SECURITY_ADMIN)
    make.newcomer(Role.BUREAU, make.region("539901"))
    assert "1 人还没有密码" in page(security, "waiting")
    assert "1 人还没有密码" in page(security, "first_passwords")


@pytest.mark.parametrize("name", ["seat", "act"])
def test_what_another_gives_is_not_found(place, name):
    elsewhere = make.school("5399010299", region_code="539901002")
    teacher = make.user(Role.TEACHER, make.school_class(elsewhere))
    for pk in (teacher.seats.get().pk, place.office.seats.get().pk):
        args = (pk,) if name == "seat" else (pk, "end")
        client = client_of(place.office)
        url = reverse(f"people:{name}", args=args)
        answer = client.get(url) if name == "seat" else client.post(url)
        assert answer.status_code == 404
    assert (
        client_of(place.office).get(reverse("people:appoint", args=[elsewhere.path])).status_code
        == 404
    )


def test_the_bureau_gives_schools_and_sees_classes_long_vacant(vacant):
    place = vacant
    shown = page(place.bureau)
    assert "空岗满 3 个教学日" in shown and "由学校安排" in shown
    make.user(Role.TEACHER, place.school_class)
    assert "空岗满" not in page(place.bureau)


def test_a_township_gives_its_villages(place):
    assert "空岗" not in page(place.officer)
    Seat.objects.filter(user=place.cadre).update(until=ON - DAY)
    shown = page(place.officer)
    assert "村（社区）" in shown and "安排村干部" in shown


@pytest.mark.parametrize(
    ("who", "unit", "role"),
    [
        ("bureau", "school", "principal"),
        ("county_office", "township", "leader"),
        ("county_office", "village", "leader"),
        ("officer", "village", "village"),
    ],
)
def test_somebody_more_is_named_where_nobody_is_missing(place, who, unit, role):
    """A second officer of 教务处, a 校长 beside it, a village's head whom the county names."""
    giver = getattr(place, who)
    at = place.school_class.school if unit == "school" else getattr(place, unit)
    link = reverse("people:appoint", args=[at.path])
    assert f'href="{link}"' in page(giver)
    told = {"role": role, "username": "xin1", "name": "普文昌", "began": str(ON)}
    assert post(giver, "appoint", at.path, **told).status_code == 200, "its first password"
    assert Seat.objects.get(user__username="xin1").path == at.path
    assert "普文昌" in page(giver) and f'href="{link}"' in page(giver)


def test_every_link_to_a_seat_opens(place):
    """A township does not name the head of its village, and is offered nothing there."""
    make.user(Role.LEADER, place.village, name="岩罕")
    make.user(Role.LEADER, place.township, name="玉罕")
    for giver in (place.bureau, place.county_office, place.officer, place.office):
        for link in re.findall(r'href="(/people/[^"#?]+)', page(giver)):
            assert client_of(giver).get(link).status_code == 200, (giver.name, link)


def test_a_village_without_children_or_anybody_is_not_counted_as_held(place):
    make.region("539901001002")
    assert "2 个村，1 个有人在岗" in " ".join(page(place.officer).split())


def test_statements_do_not_grow_with_the_school(place, django_assert_max_num_queries):
    client = client_of(place.office)
    for number in range(2, 22):
        of = make.school_class(place.school_class.school, number=number)
        make.pupils(of, 2)
        if number % 3:
            make.user(Role.TEACHER, of)
    with django_assert_max_num_queries(24):
        assert "21 个班，14 个有人在岗" in client.get(reverse("people:index")).content.decode()


def test_administrators_look_after_accounts_from_the_list(place):
    """System: names, stopping, ending. Security: locks, and passwords of county seats."""
    system, security = make.user(Role.SYSTEM_ADMIN), make.user(Role.SECURITY_ADMIN)
    pk = place.bureau.seats.get().pk
    for who in (system, security):
        listed = client_of(who).get(reverse("accounts:users")).content.decode()
        assert reverse("people:seat", args=[pk]) in listed
    shown = page(system, "seat", pk)
    assert "停用账号" in shown and "重置密码" not in shown
    assert "姓名已改为何大明" in said(system, "act", pk, "rename", name="何大明")
    shown = page(security, "seat", pk)
    assert "重置密码" in shown and "停用账号" not in shown and "解锁" in shown
    assert "初始密码" in post(security, "reset", pk).content.decode()
    assert post(system, "reset", pk).status_code == 409


def test_the_list_is_taken_away_with_who_and_why(vacant):
    place = vacant
    new = make.newcomer(Role.TEACHER, make.school_class(place.school_class.school, number=8))
    make.pupils(new.seats.get().school_class, 1)
    assert post(place.office, "export", purpose="x").status_code == 409
    assert not AccessLog.objects.filter(kind="seats").exists()
    made = post(place.office, "export", purpose="报县教育体育局核对")
    sheet = load_workbook(BytesIO(made.content)).active
    mark, _, *rows = sheet.values
    assert "报县教育体育局核对" in mark[0] and "未成年人" not in mark[0]
    told = {row[1]: (row[2], row[3], row[-1]) for row in rows}
    gone = told[place.school_class.label(ON)]
    assert gone[0] == "班主任" and gone[2].startswith("空岗")
    assert told["七(8)班"][1:] == (new.name, "还没有密码"), told
    log = AccessLog.objects.get(kind="seats")
    assert (log.action, log.reason) == ("export", "报县教育体育局核对")


@pytest.mark.parametrize("role", [Role.OFFICE, Role.BUREAU, Role.COUNTY_OFFICE, Role.TOWNSHIP])
def test_the_badge_counts_what_the_page_shows_vacant(place, role):
    """Classes, schools, townships, villages: all of them, then one fewer."""
    Seat.objects.update(until=ON - DAY)
    other = make.school("5399010009", region_code="539901002")
    make.pupils(make.school_class(other), 2)
    unit = {Role.OFFICE: place.school_class.school, Role.TOWNSHIP: make.region("539901001")}
    who = make.user(role, unit.get(role, make.region("539901")))

    def filled() -> list:
        sections = sections_of(User.objects.get(pk=who.pk), ON, make.place_rules())
        return [line for section in sections if section.gives for line in section.vacant]

    lines = filled()
    badge = vacancies(User.objects.get(pk=who.pk), ON)
    assert badge == len(lines) > 0
    assert f">{badge}<" in re.sub(r"\s", "", page(who))
    make.user(lines[0].role, lines[0].unit)
    assert vacancies(User.objects.get(pk=who.pk), ON) == len(filled()) == badge - 1


@pytest.mark.parametrize("role", [Role.OFFICE, Role.COUNTY_OFFICE])
def test_the_badge_takes_a_constant_number_of_statements(place, role, django_assert_num_queries):
    unit = place.school_class.school if role is Role.OFFICE else make.region("539901")
    who = make.user(role, unit)
    assert who.reach
    with django_assert_num_queries(1):
        vacancies(who, ON)


def filled_by(user) -> list[str]:
    sections = sections_of(User.objects.get(pk=user.pk), ON, make.place_rules())
    return [line.label for section in sections if section.gives for line in section.vacant]


def test_the_class_of_a_stopped_account_is_vacant_until_it_is_reopened(place):
    """停用: the seat stays, and nobody answers for the class."""
    label = place.school_class.label(ON)
    before = vacancies(User.objects.get(pk=place.office.pk), ON)
    assert label not in filled_by(place.office)
    stop(place.teacher.username, reason="被借调", by=place.office, on=ON)
    shown = page(place.office)
    assert label in filled_by(place.office) and "账号已停用" in shown and "没有班主任" in shown
    assert vacancies(User.objects.get(pk=place.office.pk), ON) == before + 1
    reopen(place.teacher.username, by=place.office, on=ON)
    assert label not in filled_by(place.office)
    assert vacancies(User.objects.get(pk=place.office.pk), ON) == before


def test_a_school_whose_office_is_stopped_has_none(place):
    assert place.school_class.school.name not in filled_by(place.bureau)
    User.objects.filter(pk=place.office.pk).update(is_active=False)
    assert place.school_class.school.name in filled_by(place.bureau)


@pytest.mark.parametrize(("days", "told"), [(2, False), (3, True)])
def test_the_bureau_is_told_from_the_third_school_day(place, days, told):
    Seat.objects.filter(user=place.teacher).update(until=ON - days * DAY)
    shown = page(place.bureau)
    assert ("空岗满 3 个教学日的班" in shown) is told
    assert (f"已空 {days} 个教学日" in shown) is told


def test_a_vacancy_on_days_nobody_decided_is_told_as_such(place):
    """Not dropped, as if it were shorter than three days."""
    Seat.objects.filter(user=place.teacher).update(until=ON - DAY)
    assert "空岗满 3 个教学日" not in page(place.bureau)
    CalendarRow.objects.all().delete()
    shown = page(place.bureau)
    assert "天数无法核定的班" in shown and "空几天无法核定：校历未定" in shown
