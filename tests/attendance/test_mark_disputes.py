"""监护人要求更正: written down once, answered in 15 days, and only as the register says."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from accounts.enums import Role
from accounts.models import Change
from attendance.enums import DisputeState, Mark
from attendance.mark_disputes.answering import answer
from attendance.mark_disputes.asking import dispute
from attendance.mark_disputes.lists import dispute_page, waiting_disputes
from attendance.models import Absence, MarkDispute
from kongchuo.menu import waiting_alerts
from regions.clock import now
from regions.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TUESDAY, FRIDAY, DUE = date(2026, 11, 17), date(2026, 11, 20), date(2026, 12, 5)
SAID, ANSWER = "那天孩子在学校上课", "已问班主任和同学，当天在校"


class School:
    def __init__(self, settings) -> None:
        self.settings = settings
        self.go_to(FRIDAY)
        make.term()
        self.of = make.school_class(make.school())
        self.child = make.pupil(self.of, "岩香", listed_from=date(2026, 11, 1))
        self.teacher = make.user(Role.TEACHER, self.of, name="张海波")
        self.office = make.user(Role.OFFICE, self.of.school, name="罗玉")
        self.bureau = make.user(Role.BUREAU, make.region("539901"))
        self.go_to(TUESDAY)
        make.take(self.of, TUESDAY, self.teacher, **{self.child.uid: Mark.ABSENT})
        self.go_to(FRIDAY)

    def go_to(self, on: date) -> None:
        self.on = self.settings.KONGCHUO_TODAY = on

    def ask(self, by=None, **more) -> MarkDispute:
        told = {"day": TUESDAY, "asked_on": FRIDAY, "asker": "岩温（父亲）", "words": SAID} | more
        return dispute(self.child, by=by or self.teacher, on=self.on, **told)

    def answer(self, one, state, by=None, words=ANSWER) -> MarkDispute:
        return answer(one.pk, state=state, words=words, by=by or self.office, on=self.on, at=now())

    def correct(self, by=None) -> None:
        sent = {"version": 1, "reason": "同学证实当天在校"}
        make.take(self.of, TUESDAY, by or self.office, **sent)


@pytest.fixture
def at(settings) -> School:
    return School(settings)


def test_row_31_the_mark_of_the_17th_disputed_on_the_20th_is_due_on_the_5th(at):
    one = at.ask()
    assert (one.due_on, one.stood, one.state) == (DUE, Mark.ABSENT, DisputeState.OPEN)
    change = Change.objects.get(verb="disputes.ask")
    assert (change.uid, change.note, change.by) == (at.child.uid, SAID, at.teacher)


def test_told_twice_it_is_one_and_told_otherwise_the_first_stands(at):
    one = at.ask()
    assert at.ask() == one
    with pytest.raises(Refused, match="最晚 12月5日"):
        at.ask(words="那天孩子请了假的")
    assert MarkDispute.objects.count() == 1


def test_a_day_has_one_open_request_whoever_writes(at):
    one = at.ask()
    one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        one.save(force_insert=True)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"day": date(2026, 11, 18)}, "还没有登记考勤"),
        ({"day": FRIDAY + DAY}, "早于考勤那天"),
        ({"asked_on": TUESDAY - DAY}, "早于考勤那天"),
        ({"asked_on": FRIDAY + DAY}, "还没有到"),
        ({"day": date(2025, 11, 18)}, "请核对"),
        ({"words": "错了"}, "至少 6 个字"),
        ({"asker": "岩" * 41}, "监护人"),
    ],
)
def test_what_cannot_be_written_down_is_said(at, more, said):
    with pytest.raises(Refused, match=said):
        at.ask(**more)
    assert not MarkDispute.objects.exists()


def test_a_day_whose_correction_waits_is_not_disputed_meanwhile(at):
    Absence.objects.filter(student=at.child, on=TUESDAY).update(mark=Mark.PENDING)
    with pytest.raises(Refused, match="正在等确认"):
        at.ask()


def test_another_schools_register_is_asked_for_there(at):
    elsewhere = make.school("5399010002")
    stranger = make.user(Role.OFFICE, elsewhere)
    with pytest.raises(Refused, match=f"由{at.of.school.name}登记"):
        at.ask(by=stranger)


def test_a_child_in_school_may_be_disputed_too(at):
    at.correct()
    one = at.ask()
    assert one.stood == "" and one.stood_label == "到校"


class TestTheAnswer:
    def test_kept_where_the_register_stands(self, at):
        one = at.answer(at.ask(), DisputeState.KEPT)
        assert (one.state, one.answer, one.answered_by) == (DisputeState.KEPT, ANSWER, at.office)
        assert Change.objects.filter(verb="disputes.kept", note=ANSWER).count() == 1

    def test_corrected_only_after_the_register_was(self, at):
        one = at.ask()
        with pytest.raises(Refused, match="还是“未到”。请先更正"):
            at.answer(one, DisputeState.CORRECTED)
        at.correct()
        with pytest.raises(Refused, match="已经改为“到校”"):
            at.answer(one, DisputeState.KEPT)
        assert at.answer(one, DisputeState.CORRECTED).state == DisputeState.CORRECTED

    def test_nobody_keeps_what_he_wrote_himself(self, at):
        at.correct()
        one = at.ask()
        with pytest.raises(Refused, match="是你登记的"):
            at.answer(one, DisputeState.KEPT)
        assert at.answer(one, DisputeState.KEPT, by=at.bureau).answered_by == at.bureau

    def test_what_was_written_down_by_mistake_is_taken_back_by_another_hand(self, at):
        """Whatever the register says by now; a new request may follow."""
        one = at.answer(at.ask(), DisputeState.WITHDRAWN, words="登错了人，监护人没有提出")
        assert one.state == DisputeState.WITHDRAWN and Change.objects.filter(
            verb="disputes.withdrawn"
        )
        at.correct()
        again = at.ask()
        with pytest.raises(Refused, match="是你登记的"):
            at.answer(again, DisputeState.WITHDRAWN)
        at.answer(again, DisputeState.WITHDRAWN, by=at.bureau)

    def test_not_by_the_class_nor_by_another_school(self, at):
        one = at.ask()
        for who in (at.teacher, make.user(Role.OFFICE, make.school("5399010002"))):
            with pytest.raises(Refused, match="由本校教务处"):
                at.answer(one, DisputeState.KEPT, by=who)

    def test_once(self, at):
        one = at.answer(at.ask(), DisputeState.KEPT)
        with pytest.raises(Refused, match="答复过了"):
            at.answer(one, DisputeState.KEPT)
        assert at.ask().pk != one.pk, "a second request is a new one"

    @pytest.mark.parametrize("words", ["", "在校", "  在校  "])
    def test_with_words(self, at, words):
        with pytest.raises(Refused, match="至少 6 个字"):
            at.answer(at.ask(), DisputeState.KEPT, words=words)

    def test_a_correction_that_waits_for_its_second_person_is_waited_for(self, at):
        one = at.ask()
        Absence.objects.filter(student=at.child, on=TUESDAY).update(mark=Mark.PENDING)
        for state in (DisputeState.CORRECTED, DisputeState.KEPT):
            with pytest.raises(Refused, match="还在等确认"):
                at.answer(one, state)


class TestWhereItShows:
    def test_it_counts_for_who_may_answer_and_for_the_bureau_once_overdue(self, at):
        at.ask()
        assert [
            waiting_disputes(who, at.on).count() for who in (at.teacher, at.office, at.bureau)
        ] == [
            0,
            1,
            0,
        ]
        assert waiting_alerts(at.office) == 1
        assert not waiting_disputes(at.bureau, DUE)
        assert waiting_disputes(at.bureau, DUE + DAY).count() == 1
        assert dispute_page(at.bureau, DUE + DAY).late == 1

    def see(self, at, who, name, *args) -> str:
        client = Client()
        client.force_login(who)
        return client.get(reverse(name, args=args)).content.decode()

    def test_from_the_childs_page_to_the_answer(self, at):
        link = reverse("attendance:ask_correction", args=[at.child.uid])
        assert link in self.see(at, at.teacher, "cases:child", at.child.uid)
        client = Client()
        client.force_login(at.teacher)
        told = {"day": TUESDAY, "asked_on": FRIDAY, "asker": "岩温（父亲）", "words": "错"}
        short = client.post(link, told)
        assert short.status_code == 409 and "岩温（父亲）" in short.content.decode()
        said = client.post(link, told | {"words": SAID}, follow=True).content.decode()
        assert "12月5日前答复监护人" in said
        for who in (at.teacher, at.office, at.bureau):
            assert "记错，学校最晚" in self.see(at, who, "cases:child", at.child.uid)
        shown = self.see(at, at.office, "attendance:disputes")
        assert SAID in shown and "1 件等答复" in shown and "已过期限" not in shown
        assert "由本校教务处" in self.see(at, at.teacher, "attendance:disputes")
        one = MarkDispute.objects.get()
        client.force_login(at.office)
        url = reverse("attendance:answer_dispute", args=[one.pk])
        refused = client.post(url, {"state": "corrected", "words": ANSWER})
        assert refused.status_code == 409 and ANSWER in refused.content.decode()
        done = client.post(url, {"state": "kept", "words": ANSWER}, follow=True).content.decode()
        assert "维持原记录" in done and "没有等答复的" in done
        assert "记错" not in self.see(at, at.teacher, "cases:child", at.child.uid)

    def test_overdue_is_said(self, at):
        at.ask()
        at.go_to(DUE + DAY)
        assert "1 件已过期限" in self.see(at, at.office, "attendance:disputes")

    def test_a_list_takes_as_many_statements_for_many_as_for_one(
        self, at, django_assert_max_num_queries
    ):
        children = make.pupils(at.of, 12, listed_from=date(2026, 11, 1))
        for child in children:
            dispute(child, day=TUESDAY, asked_on=FRIDAY, asker="父亲", words=SAID, by=at.teacher,
                    on=at.on)  # fmt: skip
        with django_assert_max_num_queries(7):
            assert len(dispute_page(at.office, at.on).open) == 12
