"""A contact is written down once, also when nobody was met."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts.enums import Access, Role
from accounts.models import AccessLog, Attachment, Change
from attendance.enums import Mark
from attendance.models import AbsenceAlert, AlertEvent
from cases.contacts.recording import record_contact
from cases.enums.records import EVIDENCE, SENSITIVE_REASONS, DeadlineKind, Reason
from cases.enums.states import CaseState, ContactWay, EventKind, Met
from cases.fuzzy_dates import FuzzyDate
from cases.intake.assignment import hand_over
from cases.lifecycle import restart
from cases.models import Case, Contact
from regions.clock import today
from regions.refusals import Refused
from tests import factories as make
from tests.cases.case_county import case_of, county
from tests.pictures import jpeg, photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    settings.KONGCHUO_TODAY = make.THURSDAY
    make.term()
    of = make.school_class(make.school())
    child, teacher = make.pupil(of), make.user(Role.TEACHER, of)
    make.take(of, make.THURSDAY, teacher, **{child.uid: Mark.LOST})
    return child, teacher


def visit(child, by, *, on=make.THURSDAY, key=None):
    return record_contact(
        child, on=today(), way=ContactWay.VISIT, contacted_on=on, met=Met.NOBODY, note="门锁着", by=by,
        client_key=key or uuid4(),
    )  # fmt: skip


def record(child, by, *, on=None, met=Met.NOBODY, key=None, **more):
    return record_contact(
        child, on=today(), way=ContactWay.VISIT, contacted_on=on or make.THURSDAY, met=met, note="门锁着", by=by,
        client_key=key or uuid4(), **more,
    )  # fmt: skip


def due(case, *kinds):
    """The standing due dates of these kinds."""
    rows = case.deadlines.standing().filter(kind__in=list(kinds))
    return list(rows.values_list("due_on", flat=True))


def test_nobody_met_is_a_result_and_stands_beside_the_alert(world):
    child, teacher = world
    contact = visit(child, teacher)
    assert contact.alert == AbsenceAlert.objects.get()
    assert AlertEvent.objects.filter(kind="contact", note="家访，未见到人").exists()


def test_sent_twice_is_one_contact(world):
    child, teacher = world
    key = uuid4()
    assert visit(child, teacher, key=key) == visit(child, teacher, key=key)
    assert Contact.objects.count() == 1 and AlertEvent.objects.filter(kind="contact").count() == 1


def test_a_contact_in_the_future_is_refused(world):
    with pytest.raises(Refused, match="还没有到"):
        visit(*world, on=date(2026, 11, 20))


@pytest.mark.parametrize("on", [date(1026, 11, 19), date(2010, 12, 31)])
def test_a_year_mistyped_is_refused(world, on):
    with pytest.raises(Refused, match="核对年份"):
        visit(*world, on=on)


def test_a_contact_quiets_no_clock(world):
    child, teacher = world
    before = AbsenceAlert.objects.values().get()
    visit(child, teacher)
    assert AbsenceAlert.objects.values().get() == before


class TestOnACase:
    """Within a case a contact is an event; it answers what is due and moves no clock."""

    @pytest.fixture
    def county(self, settings, tmp_path):
        settings.KONGCHUO_TODAY, settings.MEDIA_ROOT = make.THURSDAY, tmp_path
        return county()

    @pytest.mark.parametrize("met", list(Met))
    def test_the_first_since_opening_moves_to_persuading_whoever_was_met(self, county, met):
        case = case_of(county.student)
        assert case.state == CaseState.VERIFYING and due(case, DeadlineKind.VERIFY)
        contact = record(county.student, county.cadre, met=met)
        case.refresh_from_db()
        assert contact.case == case and case.state == CaseState.PERSUADING
        assert not due(case, DeadlineKind.VERIFY)
        kinds = list(case.events.values_list("kind", flat=True))
        assert kinds == [EventKind.OPENED, EventKind.CONTACT, EventKind.VERIFIED]
        event = case.events.get(kind=EventKind.CONTACT)
        assert event.happened == FuzzyDate.on(make.THURSDAY) and event.by == county.cadre
        assert event.role == Role.VILLAGE and event.contact == contact

    def test_the_second_is_one_event_more_and_no_second_verification(self, county):
        case = case_of(county.student)
        record(county.student, county.cadre)
        record(county.student, county.officer)
        assert case.events.filter(kind=EventKind.CONTACT).count() == 2
        assert case.events.filter(kind=EventKind.VERIFIED).count() == 1

    def test_a_visit_before_the_opening_entered_after_it_does_not_verify(self, county):
        case = case_of(county.student)
        record(county.student, county.cadre, on=make.THURSDAY - timedelta(days=3))
        case.refresh_from_db()
        assert case.state == CaseState.VERIFYING and due(case, DeadlineKind.VERIFY)
        assert case.events.filter(kind=EventKind.CONTACT).exists()

    def test_the_same_key_twice_is_one_contact_one_event_one_photo(self, county):
        case, key = case_of(county.student), uuid4()
        first = record(county.student, county.cadre, key=key, photo=photo())
        again = record(county.student, county.cadre, key=key, photo=photo())
        assert first == again and Contact.objects.count() == 1
        assert case.events.filter(kind=EventKind.CONTACT).count() == 1
        assert Attachment.objects.count() == 1

    def test_somebody_elses_key_is_refused(self, county):
        key = uuid4()
        record(county.student, county.cadre, key=key)
        with pytest.raises(Refused, match="编号已用"):
            record(county.student, county.officer, key=key)

    def test_a_contact_moves_no_clock_and_no_version(self, county):
        case = case_of(county.student)
        names = (
            "version", "step", "step_on", "round", "opened_on", "left_from", "left_to",
            "suspected_on", "dropout_on", "returned_on",
        )  # fmt: skip
        before = {name: getattr(case, name) for name in names}
        record(county.student, county.officer, reasons=[Reason.WORK], whereabouts="县城")
        case.refresh_from_db()
        assert {name: getattr(case, name) for name in names} == before

    def test_what_is_due_next(self, county):
        case, on = case_of(county.student), make.THURSDAY
        record(
            county.student, county.office, next_on=on + timedelta(days=3),
            promised_on=on + timedelta(days=4),
        )  # fmt: skip
        rows = {d.kind: (d.due_on, d.who) for d in case.deadlines.standing()}
        assert rows[DeadlineKind.CONTACT] == (on + timedelta(days=7), Role.TOWNSHIP)
        assert rows[DeadlineKind.NEXT_CONTACT] == (on + timedelta(days=3), Role.OFFICE)
        assert rows[DeadlineKind.PROMISE] == (on + timedelta(days=4), Role.TOWNSHIP)
        assert case.deadlines.get(kind=DeadlineKind.CONTACT).article == "系统设定"

    def test_a_later_contact_answers_the_agreed_one_and_a_late_entry_pulls_nothing_back(
        self, county, settings
    ):
        case, on = case_of(county.student), make.THURSDAY
        record(county.student, county.office, next_on=on + timedelta(days=3))
        settings.KONGCHUO_TODAY = on + timedelta(days=2)
        record(county.student, county.cadre, on=on + timedelta(days=2))
        assert not due(case, DeadlineKind.NEXT_CONTACT)
        assert due(case, DeadlineKind.CONTACT) == [on + timedelta(days=9)]
        record(county.student, county.cadre, on=on + timedelta(days=1))
        assert due(case, DeadlineKind.CONTACT) == [on + timedelta(days=9)]
        assert case.deadlines.get(kind=DeadlineKind.NEXT_CONTACT).met_on == on + timedelta(days=2)

    def test_a_promise_is_looked_into_on_its_day_and_not_before(self, county, settings):
        case, on = case_of(county.student), make.THURSDAY
        record(county.student, county.cadre, promised_on=on + timedelta(days=2))
        for days, standing in ((1, True), (2, False)):
            settings.KONGCHUO_TODAY = on + timedelta(days=days)
            record(county.student, county.cadre, on=on + timedelta(days=days))
            assert bool(due(case, DeadlineKind.PROMISE)) is standing

    def test_reasons_add_up_and_whereabouts_are_the_last_known(self, county):
        case = case_of(county.student)
        record(county.student, county.cadre, reasons=[Reason.WORK, Reason.WORK], whereabouts="县城")
        record(county.student, county.cadre, reasons=[Reason.WEARY])
        case.refresh_from_db()
        assert case.reasons == ["work", "weary"] and case.whereabouts == "县城"

    @pytest.mark.parametrize("reason", list(Reason))
    def test_a_reason_to_protect_makes_the_event_sensitive_and_keeps_who_was_told(
        self, county, reason
    ):
        case = case_of(county.student)
        record(
            county.student, county.cadre, reasons=[reason], reported_to="派出所",
            reported_on=make.THURSDAY,
        )  # fmt: skip
        event = case.events.get(kind=EventKind.CONTACT)
        assert event.sensitive is (reason in SENSITIVE_REASONS)
        assert event.details["reported_to"] == "派出所"
        assert event.details["reported_on"] == make.THURSDAY.isoformat()

    def test_the_photo_lies_among_the_evidence_without_its_place(self, county):
        case, taken = case_of(county.student), jpeg()
        assert b"Exif" in taken
        record(county.student, county.cadre, photo=SimpleUploadedFile("家.jpg", taken))
        laid = Attachment.objects.get(kind=EVIDENCE, uid=case.uid)
        assert b"Exif" not in laid.file.read()
        assert case.events.get(kind=EventKind.CONTACT).file == laid

    def test_a_file_that_is_no_photo_takes_the_contact_back(self, county):
        case = case_of(county.student)
        with pytest.raises(Refused):
            record(county.student, county.cadre, photo=SimpleUploadedFile("a.jpg", b"<html>"))
        case.refresh_from_db()
        assert not Contact.objects.exists() and case.state == CaseState.VERIFYING

    def test_after_dropping_out_again_the_first_contact_answers_the_check(self, county):
        case = case_of(county.student)
        record(county.student, county.officer)
        case.refresh_from_db()
        case.round += 1
        restart(case, make.THURSDAY)
        assert due(case, DeadlineKind.VERIFY)
        record(county.student, county.officer)
        assert not due(case, DeadlineKind.VERIFY)
        assert case.events.filter(kind=EventKind.VERIFIED, round=1).count() == 1

    def test_after_the_return_a_contact_sets_no_dates(self, county):
        case = case_of(county.student)
        Case.objects.update(state=CaseState.RETURNED, returned_on=make.THURSDAY)
        record(county.student, county.cadre, next_on=make.THURSDAY + timedelta(days=3))
        assert not due(case, DeadlineKind.CONTACT, DeadlineKind.NEXT_CONTACT)
        assert case.events.filter(kind=EventKind.CONTACT).exists()

    @pytest.mark.parametrize("who", ["teacher", "office", "cadre", "officer", "bureau"])
    def test_who_may(self, county, who):
        case = case_of(county.student)
        assert record(county.student, getattr(county, who)).case == case

    @pytest.mark.parametrize("who", ["neighbour", "county_office"])
    def test_who_may_not(self, county, who):
        case_of(county.student)
        with pytest.raises(Refused, match="联系记录由"):
            record(county.student, getattr(county, who))
        assert not Contact.objects.exists()

    def test_a_township_reaches_the_child_through_a_case_handed_to_it(self, county, client):
        """The one it was handed to records; the one it was taken from reaches the child from home."""
        case = case_of(county.student)
        client.force_login(county.neighbour)
        url = reverse("cases:contact", args=[county.student.uid])
        assert client.get(url).status_code == 404
        hand_over(
            case.uid, county.other, by=county.bureau, on=make.THURSDAY, version=case.version,
            reason="监护人已迁居",
        )  # fmt: skip
        assert client.get(url).status_code == 200
        assert record(county.student, county.neighbour).case == case
        assert record(county.student, county.officer).case is None

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [("next_on", "下次联系"), ("promised_on", "承诺返校"), ("reported_on", "报告的日期")],
    )
    def test_days_that_cannot_be(self, county, wrong, said):
        days = {"next_on": -1, "promised_on": -1, "reported_on": 1}
        with pytest.raises(Refused, match=said):
            record(
                county.student, county.cadre,
                **{wrong: make.THURSDAY + timedelta(days=days[wrong])},
            )  # fmt: skip


class TestThePage:
    @pytest.fixture
    def county(self, settings, tmp_path, client):
        settings.KONGCHUO_TODAY, settings.MEDIA_ROOT = make.THURSDAY, tmp_path
        made = county()
        client.force_login(made.cadre)
        return made

    def send(self, client, county, **more):
        filled = {"way": "visit", "when": "2026-11-19", "met": "nobody", "note": "门锁着"}
        url = reverse("cases:contact", args=[county.student.uid])
        return client.post(url, filled | {"client_key": uuid4()} | more)

    def test_days_chosen_by_a_tap(self, county, client):
        answer = self.send(client, county, when="2026-11-18", next="2026-11-22")
        contact = Contact.objects.get()
        assert answer.status_code == 302 and answer["Location"].endswith(f"/contacts/{contact.pk}/")
        assert (contact.on, contact.next_on) == (date(2026, 11, 18), date(2026, 11, 22))
        said = client.get(answer["Location"]).content.decode()
        assert "已保存：11月18日 家访，未见到人。" in said and "11月22日" in said

    def test_another_day_is_the_one_in_the_calendar(self, county, client):
        self.send(client, county, when="other", on="2026-11-10", next="other", next_on="2026-11-30")
        contact = Contact.objects.get()
        assert (contact.on, contact.next_on) == (date(2026, 11, 10), date(2026, 11, 30))

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"when": "other"}, "请选哪一天"),
            ({"when": "gestern"}, "看不懂"),
            ({"met": ""}, "请选见到了谁"),
            ({"note": ""}, "不能为空"),
            ({"when": "other", "on": "2026-11-20"}, "还没有到"),
        ],
    )
    def test_what_is_wrong_is_said_and_the_input_stays(self, county, client, wrong, said):
        page = self.send(client, county, **{"reasons": ["work"], **wrong}).content.decode()
        assert said in page and not Contact.objects.exists()
        assert 'value="work" checked' in " ".join(page.split())

    def test_a_photo_before_any_case_is_seen_by_who_reaches_the_child(self, county, client):
        self.send(client, county, photo=photo())
        url = reverse("cases:contact_file", args=[county.student.uid, Contact.objects.get().pk])
        assert url in client.get(reverse("cases:child", args=[county.student.uid])).content.decode()
        shown = client.get(url)
        assert shown["Content-Type"] == "image/jpeg" and b"Exif" not in b"".join(shown)
        client.force_login(county.neighbour)
        assert client.get(url).status_code == 404

    def test_dialling_passes_through_the_server_and_leaves_a_row(self, county, client):
        county.guardian.phone = "13812342207"
        county.guardian.save()
        page = client.get(reverse("cases:contact", args=[county.student.uid])).content.decode()
        assert "138****2207" in page and "13812342207" not in page
        assert not AccessLog.objects.filter(action=Access.REVEAL).exists()
        url = reverse("cases:call", args=[county.student.uid])
        answer = client.post(url, {"order": "1"}).content.decode()
        assert 'href="tel:13812342207"' in answer
        row = AccessLog.objects.get(action=Access.REVEAL)
        assert (row.user, row.uid, row.reason) == (
            county.cadre,
            county.student.uid,
            "拨打监护人电话",
        )
        assert client.post(url, {"order": "2"}).status_code == 404
        assert client.get(url).status_code == 405

    @pytest.mark.parametrize(
        ("who", "reads"),
        [
            ("cadre", True),
            ("officer", True),
            ("bureau", True),
            ("teacher", False),
            ("office", False),
        ],
    )
    def test_the_words_of_a_contact_that_names_a_reason_to_protect(
        self, county, client, who, reads
    ):
        case_of(county.student)
        record(county.student, county.cadre, reasons=[Reason.MARRIAGE])
        client.force_login(getattr(county, who))
        url = reverse("cases:child", args=[county.student.uid])
        page = client.get(url).content.decode()
        assert ("门锁着" in page) is reads and ("只给经办的乡镇和县里看" in page) is not reads

    def test_the_words_of_any_other_contact_are_for_all(self, county, client):
        case_of(county.student)
        record(county.student, county.cadre, reasons=[Reason.WORK])
        client.force_login(county.teacher)
        url = reverse("cases:child", args=[county.student.uid])
        assert "门锁着" in client.get(url).content.decode()

    def test_the_county_office_reads_and_does_not_record(self, county, client):
        client.force_login(county.county_office)
        assert self.send(client, county).status_code == 403
        client.force_login(county.bureau)
        assert self.send(client, county).status_code == 302


def test_reasons_before_a_case_stand_beside_the_alert_but_for_those_to_protect(world):
    child, teacher = world
    record(child, teacher, reasons=[Reason.WEARY, Reason.MARRIAGE])
    assert AlertEvent.objects.get(kind="contact").note == "家访，未见到人；可能的原因：厌学"
    kept = Change.objects.get(verb="contacts.record").after
    assert kept["reasons"] == ["weary", "marriage"]
