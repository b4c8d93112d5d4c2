"""A file of accounts as a difference: 新增, 换班, 改名, 不变, 名单外, 退回; what it shows is what it does."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from accounts.enums import Role, SeatState
from accounts.models import Change, ImportBatch, Seat, User
from accounts.seats.activating import activate
from accounts.seats.import_users import USERS, import_users
from regions.refusals import Refused
from tests import factories as make
from tests.accounts.seats.giving import reach_of
from tests.counties import TODAY

pytestmark = pytest.mark.django_db
HEAD = "用户名,姓名,角色,单位代码,班级,任职起,任职止"


def bring(by: User, *lines: str, apply: bool = True, **more):
    content = "\n".join([HEAD, *lines]).encode()
    return import_users(content, "users.csv", by=by, on=TODAY, apply=apply, **more)


def preview(by: User, *lines: str, **more):
    content = "\n".join([HEAD, *lines]).encode()
    return USERS.plan(USERS.read(content, "users.csv"), by=by, on=TODAY, **more)


def counts(outcome) -> tuple[int, int, int, int]:
    return outcome.unchanged, outcome.updated, outcome.created, outcome.missing


@pytest.fixture
def staffed():
    """A school with 18 classes of grade 7, each with its teacher, and a nineteenth without."""
    school = make.school("5399010001")
    teachers = {}
    for number in range(1, 20):
        school_class = make.school_class(school, 7, number)
        if number < 19:
            teachers[number] = make.user(
                Role.TEACHER, school_class, username=f"t{number}", name=f"教师{number}"
            )
    return school, teachers


def line(number: int, at: int | None = None, name: str = "") -> str:
    return f"t{number},{name or f'教师{number}'},班主任,5399010001,七({at or number})班,,"


# 15 the same, two who swap classes, one new; t18 is not in it.
SEPTEMBER = [line(n) for n in range(1, 16)] + [line(16, 17), line(17, 16), line(19)]


def test_15_the_same_2_moved_1_new_1_missing_and_nobody_ended(staffed, root, security):
    """Acceptance 3."""
    _, teachers = staffed
    outcome = bring(root, *SEPTEMBER)
    assert counts(outcome) == (15, 2, 1, 1) and outcome.applied
    assert not Seat.objects.exclude(until=None).exists(), "nobody ended"
    assert reach_of(teachers[16]), "the old class until the new one is let in"
    proposed = Seat.objects.waiting()
    assert {seat.granted_by for seat in proposed} == {root} and proposed.count() == 3
    answer = activate(proposed.values_list("pk", flat=True), by=security, on=TODAY)
    assert len(answer.seats) == 3
    assert Seat.objects.on(TODAY).filter(role=Role.TEACHER, user=teachers[16]).count() == 1


def test_the_same_file_again_changes_nothing_waiting_or_let_in(staffed, root, security):
    bring(root, *SEPTEMBER)
    before = list(Seat.objects.order_by("pk").values())
    again = bring(root, *SEPTEMBER)
    assert counts(again) == (18, 0, 0, 1) and again.already
    assert list(Seat.objects.order_by("pk").values()) == before
    activate(Seat.objects.waiting().values_list("pk", flat=True), by=security, on=TODAY)
    assert counts(bring(root, *SEPTEMBER, "")) == (18, 0, 0, 1)


def test_the_preview_is_what_is_done(staffed, root):
    plan = preview(root, *SEPTEMBER)
    assert not plan.outcome.applied and not Seat.objects.waiting().exists()
    told = [(one.username, one.term.path) for one in plan.wanted]
    bring(root, *SEPTEMBER)
    assert list(Seat.objects.waiting().order_by("pk").values_list("user__username", "path")) == told


def test_it_speaks_only_for_the_units_and_roles_it_names(staffed, root):
    elsewhere = make.school("5399010002")
    make.user(Role.TEACHER, make.school_class(elsewhere, 7, 1))
    make.user(Role.OFFICE, staffed[0])
    assert bring(root, *[line(n) for n in range(1, 19)]).missing == 0


def test_who_is_not_in_it_ends_only_when_asked_for(staffed, root):
    _, teachers = staffed
    outcome = bring(root, *SEPTEMBER, end_missing=True)
    assert (outcome.missing, outcome.ended) == (1, 1)
    seat = teachers[18].seats.get()
    assert (seat.until, seat.end_reason, seat.ended_by) == (TODAY, "名单外", root)
    assert Change.objects.filter(verb="seats.end", uid="t18").count() == 1
    again = bring(root, *SEPTEMBER, end_missing=True)
    assert (again.missing, again.ended) == (0, 0)


@pytest.mark.parametrize(("kept", "refused"), [(15, False), (14, True)])
def test_no_more_than_20_percent_end_with_a_file(staffed, root, kept, refused):
    """3 of 18 are 16.7 %, 4 are 22.2 %."""
    lines = [line(n) for n in range(1, kept + 1)]
    if refused:
        with pytest.raises(Refused, match=r"名单外 4 份，占这些单位 18 份任职的 22.2 %"):
            bring(root, *lines, end_missing=True)
        assert not Seat.objects.exclude(until=None).exists()
    else:
        assert bring(root, *lines, end_missing=True).ended == 3


def test_who_stands_in_a_rejected_row_is_not_missing(staffed, root):
    lines = [line(n) for n in range(1, 18)] + ["t18,教师18,班主任,5399010001,七(99)班,,"]
    outcome = bring(root, *lines, partial=True)
    assert outcome.rejected_rows == 1 and outcome.missing == 0


def test_a_new_name_of_the_same_account_in_its_seat_is_a_renaming(staffed, root):
    plan = preview(root, line(1, name="教师新名"))
    assert plan.renamed == [("t1", "教师1", "教师新名")] and plan.outcome.updated == 1
    bring(root, line(1, name="教师新名"))
    assert User.objects.get(username="t1").name == "教师新名"
    change = Change.objects.get(verb="users.rename")
    assert (change.before["name"], change.after["name"]) == ("教师1", "教师新名")


def test_another_name_for_a_seat_the_account_does_not_hold_is_another_person(staffed, root):
    (rejected,) = bring(root, "t1,别人,教务处,5399010001,,,").rejected
    assert rejected.column == "姓名" and "另一个人" in rejected.message


def test_two_teachers_of_one_class_in_a_file_are_rejected(staffed, root):
    (rejected,) = bring(root, line(19), "t20,李娜,班主任,5399010001,七(19)班,,").rejected
    assert rejected.column == "班级" and "教师19" in rejected.message


def test_one_after_the_other_in_a_file_is_right(staffed, root):
    early = "t19,教师19,班主任,5399010001,七(19)班,2026-11-19,2026-12-31"
    late = "t20,李娜,班主任,5399010001,七(19)班,2027-01-01,"
    assert bring(root, early, late).rejected == []


def test_a_class_that_still_has_a_teacher_is_said_before(staffed, root, security):
    outcome = bring(root, "t20,李娜,班主任,5399010001,七(1)班,,")
    assert outcome.warnings == ["七(1)班已有班主任教师1，先办离任或换班。"]
    (left,) = activate([Seat.objects.waiting().get().pk], by=security, on=TODAY).left
    assert left[1] == outcome.warnings[0]


@pytest.mark.parametrize(
    ("began", "until", "column"),
    [
        ("2026-10-01", "", "任职起"),
        ("2027-06-01", "", "任职起"),
        ("2026-11-20", "2026-11-19", "任职止"),
        ("2026-11", "", "任职起"),
        ("", "2206-09-01", "任职止"),
    ],
)
def test_days_that_cannot_be_are_rejected_at_their_cell(staffed, root, began, until, column):
    outcome = bring(root, f"t20,李娜,班主任,5399010001,七(19)班,{began},{until}")
    (rejected,) = outcome.rejected
    assert rejected.column == column and rejected.message.endswith("。")


def test_a_stand_in_needs_a_last_day_within_60(staffed, root):
    row = "t20,李娜,代班教师,5399010001,七(1)班,2026-11-20,"
    for until, bad in (("", True), ("2027-01-18", False), ("2027-01-19", True)):
        assert bool(bring(root, row + until, apply=False).rejected) is bad, until


def test_days_of_a_file_stand_in_the_seat(staffed, root):
    bring(root, "t20,李娜,教务处,5399010001,,2026年12月1日,2027-07-31")
    seat = Seat.objects.waiting().get()
    assert (str(seat.began), str(seat.until)) == ("2026-12-01", "2027-07-31")


def test_whom_the_submitter_files_himself_waits_and_reaches_nobody(world, root, security):
    """Acceptance 1, through the file."""
    code = world.here.county.codes.get().code
    outcome = bring(root, f"{root.username},段立新,县教育局,{code},,,")
    assert outcome.created == 1 and reach_of(root) == {""}
    seat = Seat.objects.waiting().get()
    (left,) = activate([seat.pk], by=security, on=TODAY).left
    assert left[1] == "三员要分开：这一份只能退回。"


def test_a_stopped_account_is_rejected(staffed, root):
    User.objects.filter(username="t1").update(is_active=False)
    (rejected,) = bring(root, "t1,教师1,教务处,5399010001,,,").rejected
    assert "停用" in rejected.message


def test_no_administrator_is_ever_missing(world, root):
    make.user(Role.AUDIT_ADMIN)
    outcome = bring(root, "au2,李娜,审计管理员,,,,", end_missing=True)
    assert (outcome.missing, outcome.created) == (0, 1)
    assert Seat.objects.filter(state=SeatState.ACTIVE, until=None).count() == 2


def test_a_seat_that_ends_by_itself_is_not_missing(staffed, root):
    _, teachers = staffed
    teachers[18].seats.update(until=TODAY + timedelta(days=7))
    assert bring(root, *SEPTEMBER).missing == 0


def test_the_page_shows_the_difference_and_does_what_it_showed(staffed, root):
    """Ticked, who is not in the file ends today; the seats wait for the security administrator."""
    client = Client()
    client.force_login(root)
    file = SimpleUploadedFile("users.csv", "\n".join([HEAD, *SEPTEMBER]).encode())
    answer = client.post("/bring/users/", {"file": file, "end_missing": "1"}, follow=True)
    shown = answer.content.decode()
    for words in ("换班：教师16", "名单外：教师18", "今天办离任", "提交启用"):
        assert words in shown
    (uid,) = ImportBatch.objects.values_list("uid", flat=True)
    done = client.post(f"/bring/users/{uid}/apply/")
    assert "Content-Disposition" not in done
    assert "新账号 1 个还没有密码" in done.content.decode()
    assert not User.objects.get(username="t19").has_usable_password()
    assert Seat.objects.waiting().count() == 3
    assert Seat.objects.get(end_reason="名单外").until == TODAY


def test_a_file_that_would_change_nothing_says_so_and_has_no_button(world, root, security):
    client = Client()
    client.force_login(root)
    text = "用户名,姓名,角色,单位代码,班级,任职起,任职止\nbzr9,陈海燕,班主任,5399010001,七(1)班,,\n"

    def upload() -> str:
        file = SimpleUploadedFile("users.csv", text.encode())
        return client.post("/bring/users/", {"file": file}, follow=True).content.decode()

    first = upload()
    assert "提交启用：新增 1" in first and "没有变化" not in first
    action = re.search(r'action="(/bring/users/[^"]+/apply/)"', first)[1]
    assert "已提交" in client.post(action).content.decode()
    again = upload()
    assert (
        "没有变化" in again
        and "提交启用" not in again
        and 'type="submit" class="btn btn-primary"' not in again
    )
