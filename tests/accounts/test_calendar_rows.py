"""Calendar rows by hand: they begin, end, are asked for and decided; none ever changes or goes."""

import json
from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Change
from accounts.places import calendar_rows as rows
from accounts.places.calendar_rows import Draft
from accounts.places.calendars import import_calendar
from regions.enums import DayKind, RowState
from regions.models import CalendarChange, CalendarRow
from regions.refusals import Refused
from tests import factories as make

pytestmark = pytest.mark.django_db
ON = date(2026, 12, 3)
TOMORROW = ON + timedelta(days=1)
SCHOOL = "5399010001"


@pytest.fixture
def of():
    make.term()
    return make.school_class(make.school(SCHOOL))


@pytest.fixture
def bureau(of):
    return make.user(Role.BUREAU, make.region("539901"))


@pytest.fixture
def office(of):
    return make.user(Role.OFFICE, of.school)


@pytest.fixture
def central(of):
    head = make.school("5399010009", name="中心校")
    of.school.led_by = head
    of.school.save()
    return make.user(Role.CENTRAL, head)


def draft(begins=ON, ends=None, scope=SCHOOL, kind=DayKind.CLOSURE, reason="停水", source="X〔1〕"):
    return Draft(scope, kind, begins, ends or begins, reason, source)


def school_day(of, day=ON) -> bool:
    return make.place_rules().calendar.is_school_day(of.track(), day)


def by_a_file(wanted: Draft, *, by, on: date) -> None:
    told = {"scope": wanted.scope, "from": str(on), "to": str(on), "kind": wanted.kind}
    import_calendar(json.dumps([told]).encode(), by=by, on=on)


class TestAsking:
    def test_one_day_today_or_tomorrow_holds_its_day(self, of, office):
        for day in (ON, TOMORROW):
            row = rows.ask_closure(draft(day), by=office, on=ON)
            assert (row.state, row.holds_day) == (RowState.PROPOSED, True)
            assert school_day(of, day) and make.place_rules().calendar.is_held(of.track(), day)

    @pytest.mark.parametrize(("begins", "ends"), [(-1, -1), (0, 1), (2, 2), (-3, 0)])
    def test_a_longer_or_a_past_one_changes_nothing_before_approval(self, of, office, begins, ends):
        first, last = ON + timedelta(days=begins), ON + timedelta(days=ends)
        row = rows.ask_closure(draft(first, last), by=office, on=ON)
        assert not row.holds_day and not CalendarChange.objects.exists()
        assert not make.place_rules().calendar.is_held(of.track(), ON)

    def test_attendance_learns_of_it_at_once(self, office):
        row = rows.ask_closure(draft(), by=office, on=ON)
        assert CalendarChange.objects.get().row == row
        assert Change.objects.get(verb="calendar.ask").by == office

    def test_only_the_school_itself_and_only_a_closure(self, of, office, bureau):
        make.school("5399010002")
        for by, wanted in (
            (bureau, draft()), (office, draft(scope="5399010002")), (office, draft(scope="539901")),
            (office, draft(kind=DayKind.HOLIDAY)), (office, draft(reason="")),
        ):  # fmt: skip
            with pytest.raises(Refused):
                rows.ask_closure(wanted, by=by, on=ON)
        assert CalendarRow.objects.proposed().count() == 0

    def test_the_same_days_are_asked_for_once(self, office):
        rows.ask_closure(draft(), by=office, on=ON)
        with pytest.raises(Refused, match="已经申请过"):
            rows.ask_closure(draft(ON, TOMORROW), by=office, on=ON)

    def test_it_is_taken_back_by_the_school(self, of, office):
        row = rows.ask_closure(draft(), by=office, on=ON)
        rows.end_row(row.pk, reason="来水了，照常上课", by=office, on=ON)
        assert not make.place_rules().calendar.is_held(of.track(), ON)
        assert CalendarChange.objects.count() == 2
        rows.ask_closure(draft(), by=office, on=ON)


class TestAskingAgain:
    """After a no the same day is no longer held: it is asked for, and stays a school day."""

    def scope(self, of) -> str:
        return f"{SCHOOL}/class:{of.stage},{of.entry_year},{of.number}"

    def held(self, of) -> bool:
        return make.place_rules().calendar.is_held(of.track(), ON)

    @pytest.mark.parametrize("narrower", [False, True])
    def test_after_a_refusal_it_holds_no_more(self, of, office, bureau, narrower):
        row = rows.ask_closure(draft(), by=office, on=ON)
        rows.decide_closure(row.pk, agreed=False, words="当天没有停水", by=bureau, on=ON)
        again = rows.ask_closure(
            draft(scope=self.scope(of) if narrower else SCHOOL), by=office, on=ON
        )
        assert not again.holds_day and not self.held(of)
        rows.decide_closure(again.pk, agreed=True, words="", by=bureau, on=ON)
        assert not school_day(of)

    def test_nor_after_an_approved_one_was_taken_back(self, of, office, bureau):
        row = rows.ask_closure(draft(), by=office, on=ON)
        rows.decide_closure(row.pk, agreed=True, words="", by=bureau, on=ON)
        rows.end_row(row.pk, reason="当天没有停水", by=bureau, on=ON)
        assert not rows.ask_closure(draft(), by=office, on=ON).holds_day

    def test_another_day_another_class_and_a_withdrawn_one_hold(self, of, office, bureau):
        beside = make.school_class(of.school, number=2)
        row = rows.ask_closure(draft(scope=self.scope(of)), by=office, on=ON)
        rows.decide_closure(row.pk, agreed=False, words="当天没有停水", by=bureau, on=ON)
        assert rows.ask_closure(draft(TOMORROW), by=office, on=ON).holds_day
        mine = rows.ask_closure(draft(scope=self.scope(beside)), by=office, on=ON)
        assert mine.holds_day
        rows.end_row(mine.pk, reason="点错了，当天上课", by=office, on=ON)
        assert rows.ask_closure(draft(scope=self.scope(beside)), by=office, on=ON).holds_day

    @pytest.mark.parametrize("part", ["/junior", "/grade:7", "/boarders", "/community:傣族"])
    def test_only_for_the_whole_school_or_a_whole_class(self, of, office, part):
        for scope in (SCHOOL, self.scope(of)):
            with pytest.raises(Refused, match="全校或整班"):
                rows.ask_closure(draft(scope=scope + part), by=office, on=ON)
        assert rows.ask_closure(draft(scope=self.scope(of)), by=office, on=ON).holds_day

    def test_a_class_of_a_school_that_asked_waits_with_it(self, of, office):
        rows.ask_closure(draft(), by=office, on=ON)
        with pytest.raises(Refused, match="已经申请过"):
            rows.ask_closure(draft(scope=self.scope(of)), by=office, on=ON)


class TestDeciding:
    def test_approved_by_the_central_school_that_leads_it(self, of, office, central):
        row = rows.ask_closure(draft(), by=office, on=ON)
        rows.decide_closure(row.pk, agreed=True, words="属实", by=central, on=TOMORROW)
        row.refresh_from_db()
        assert (row.state, row.decided_by, row.decision) == ("active", central.username, "属实")
        assert not school_day(of) and CalendarChange.objects.count() == 2

    def test_refused_it_is_a_school_day_and_stays_on_file(self, of, office, bureau):
        row = rows.ask_closure(draft(), by=office, on=ON)
        with pytest.raises(Refused, match="不同意停课的原因"):
            rows.decide_closure(row.pk, agreed=False, words="", by=bureau, on=ON)
        rows.decide_closure(row.pk, agreed=False, words="当天没有停水", by=bureau, on=ON)
        assert school_day(of) and not make.place_rules().calendar.is_held(of.track(), ON)
        with pytest.raises(Refused, match="已经有人核定"):
            rows.decide_closure(row.pk, agreed=True, words="", by=bureau, on=ON)

    def test_nobody_decides_their_own(self, of, office, bureau):
        make.seat(office, Role.BUREAU, make.region("539901"))
        row = rows.ask_closure(draft(), by=office, on=ON)
        with pytest.raises(Refused, match="不能自己核定"):
            rows.decide_closure(row.pk, agreed=True, words="", by=office, on=ON)
        rows.decide_closure(row.pk, agreed=True, words="", by=bureau, on=ON)

    def test_a_central_school_does_not_decide_for_itself_nor_for_others(self, of, office, central):
        head = central.seats.get().school
        theirs = make.user(Role.PRINCIPAL, head)
        row = rows.ask_closure(draft(scope=head.code), by=theirs, on=ON)
        with pytest.raises(Refused, match="本校"):
            rows.decide_closure(row.pk, agreed=True, words="", by=central, on=ON)
        other = make.school("5399010003")
        row = rows.ask_closure(draft(scope=other.code), by=make.user(Role.OFFICE, other), on=ON)
        with pytest.raises(Refused, match="管辖"):
            rows.decide_closure(row.pk, agreed=True, words="", by=central, on=ON)
        with pytest.raises(Refused):
            rows.decide_closure(row.pk, agreed=True, words="", by=office, on=ON)

    def test_what_contradicts_a_row_that_came_meanwhile_is_not_approved(self, office, bureau):
        row = rows.ask_closure(draft(), by=office, on=ON)
        rows.add_row(draft(kind=DayKind.MAKE_UP), by=bureau, on=ON)
        with pytest.raises(Refused, match="冲突"):
            rows.decide_closure(row.pk, agreed=True, words="", by=bureau, on=ON)


class TestSuspension:
    def scope(self, of) -> str:
        return f"{SCHOOL}/class:{of.stage},{of.entry_year},{of.number}"

    def test_a_central_school_suspends_a_class_at_once_for_five_days(self, of, central):
        beside = make.school_class(of.school, number=2)
        last = ON + timedelta(days=4)
        rows.add_row(draft(ON, last, self.scope(of), source="疾控意见"), by=central, on=ON)
        assert not school_day(of) and school_day(beside)

    def test_not_six_days_not_without_an_opinion_and_not_a_school(self, of, central, office):
        six = ON + timedelta(days=5)
        for by, wanted, says in (
            (central, draft(ON, six, self.scope(of)), "最多停课 5 天"),
            (central, draft(ON, ON, self.scope(of), source=""), "依据"),
            (central, draft(ON, ON), "县教育体育局"),
            (office, draft(ON, ON, self.scope(of)), "中心校"),
            (central, draft(ON, ON, f"{SCHOOL}/class:junior,2026,9"), "没有这个班"),
        ):
            with pytest.raises(Refused, match=says):
                rows.add_row(wanted, by=by, on=ON)

    def test_not_in_the_past_not_in_pieces_and_not_its_own_school(self, of, central, bureau):
        yesterday, own = ON - timedelta(days=1), central.seats.get().school
        mine = make.school_class(own)
        scope = f"{own.code}/class:{mine.stage},{mine.entry_year},{mine.number}"
        for wanted, says in (
            (draft(yesterday, yesterday, self.scope(of)), "过去的日子"),
            (draft(ON, ON, scope), "本校"),
        ):
            with pytest.raises(Refused, match=says):
                rows.add_row(wanted, by=central, on=ON)
        rows.add_row(draft(ON, ON + timedelta(days=2), self.scope(of)), by=central, on=ON)
        more = draft(ON + timedelta(days=3), ON + timedelta(days=6), self.scope(of))
        with pytest.raises(Refused, match="连续停课最多"):
            rows.add_row(more, by=central, on=ON)
        rows.add_row(more, by=bureau, on=ON)


class TestEnding:
    def test_a_mistaken_closure_ends_and_is_kept(self, of, bureau):
        row = rows.add_row(draft(), by=bureau, on=ON)
        assert not school_day(of)
        rows.end_row(row.pk, reason="录错了学校，重录", by=bureau, on=TOMORROW)
        row.refresh_from_db()
        assert (row.state, row.ended_by, row.end_reason) == (
            "ended",
            bureau.username,
            "录错了学校，重录",
        )
        assert school_day(of) and CalendarChange.objects.filter(row=row).count() == 2
        rows.add_row(draft(), by=bureau, on=ON)

    def test_a_term_ends_earlier(self, of, bureau):
        term = CalendarRow.objects.get(kind="term")
        rest = rows.end_row(term.pk, last=ON, reason="全县提前放假", by=bureau, on=ON)
        assert (rest.replaces, rest.begins, rest.ends) == (term, term.begins, ON)
        assert school_day(of) and not school_day(of, TOMORROW)
        assert not CalendarChange.objects.exists(), "tomorrow was not judged yet"

    @pytest.mark.parametrize("last", [date(2026, 8, 30), date(2027, 1, 22), date(2027, 2, 1)])
    def test_not_earlier_than_it_began_nor_later(self, of, bureau, last):
        term = CalendarRow.objects.get(kind="term")
        with pytest.raises(Refused, match="提前结束的日期"):
            rows.end_row(term.pk, last=last, reason="录错了，要重录", by=bureau, on=ON)

    def test_who_may(self, of, bureau, office, central):
        row = rows.add_row(draft(), by=bureau, on=ON)
        term = CalendarRow.objects.get(kind="term")
        for by, pk in ((office, row.pk), (office, term.pk), (central, term.pk)):
            with pytest.raises(Refused):
                rows.end_row(pk, reason="录错了，要重录", by=by, on=ON)
        rows.end_row(row.pk, reason="录错了，要重录", by=central, on=ON)
        with pytest.raises(Refused, match="已经撤销"):
            rows.end_row(row.pk, reason="录错了，要重录", by=bureau, on=ON)

    def test_the_database_keeps_who_ended_it(self, of, bureau):
        row = rows.add_row(draft(), by=bureau, on=ON)
        with pytest.raises(IntegrityError), transaction.atomic():
            CalendarRow.objects.filter(pk=row.pk).update(state="ended")


class TestEntering:
    @pytest.mark.parametrize("turned", [False, True])
    @pytest.mark.parametrize("by_file", [False, True])
    def test_contradictions_are_refused_whichever_comes_first_and_by_whatever_door(
        self, bureau, turned, by_file
    ):
        one, two = draft(scope="539901"), draft(scope="539901", kind=DayKind.MAKE_UP)
        first, second = (two, one) if turned else (one, two)
        rows.add_row(first, by=bureau, on=ON)
        enter = by_a_file if by_file else rows.add_row
        with pytest.raises(Refused, match="冲突"):
            enter(second, by=bureau, on=ON)

    @pytest.mark.parametrize(
        ("wanted", "says"),
        [
            (draft(ends=date(2206, 9, 1)), "请核对年份：2206-09-01 太远，最晚 2028-08-31"),
            (draft(ON, ON - timedelta(days=1)), "早于"),
            (draft(scope="539901", source=""), "依据"),
            (draft(scope="539901/junior/grade:1"), "没有 1 年级"),
            (draft(scope="539909"), "没有代码为 539909 的区划"),
        ],
    )
    def test_what_cannot_be_is_refused(self, bureau, wanted, says):
        with pytest.raises(Refused, match=says):
            rows.add_row(wanted, by=bureau, on=ON)

    def test_a_province_s_row_is_followed_by_each_of_its_counties(self, of):
        make.region("539902")
        admin = make.user(Role.SYSTEM_ADMIN)
        rows.add_row(draft(scope="53"), by=admin, on=ON)
        paths = set(CalendarChange.objects.values_list("path", flat=True))
        assert paths == {make.region("539901").path, make.region("539902").path}
